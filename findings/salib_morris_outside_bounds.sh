#!/usr/bin/env bash
# SALib 1.6.0: a sample may lie outside the bounds of its problem, by one unit in the last place.
# One would guess: every value of a sample lies within [low, high], so that a model may check its range exactly.
# Seen: on a grid that holds both ends, Morris' sampler scales 1 to low + (high - low), which rounds above high.
# Exit 1 if that has changed.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
"${PYTHON:-python3}" -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check SALib==1.6.0 numpy==2.3.5 pandas==2.3.3 scipy==1.16.3
"$dir/venv/bin/python" - <<'P'
from SALib.sample import morris

low, high = 0.08, 0.225
problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[low, high]] * 2}
sample = morris.sample(problem, 20, seed=1)
print(f"SALib 1.6.0: the largest value of a sample over [{low}, {high}] is {float(sample.max())!r}")
raise SystemExit(0 if sample.max() > high else 1)
P
