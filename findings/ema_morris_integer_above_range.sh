#!/usr/bin/env bash
# ema_workbench 2.5.3: Morris' sampler asks for a whole number one above the range of an IntegerParameter.
# One would guess: IntegerParameter("n", 1, 4) is sampled from 1, 2, 3 and 4.
# Seen: the upper bound is widened by one for uniform sampling and rounding down, and Morris' grid holds that end itself.
# Exit 1 if that has changed.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
"${PYTHON:-python3}" -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check ema_workbench==2.5.3 SALib==1.6.0 numpy==2.3.5 pandas==2.3.3
"$dir/venv/bin/python" -W ignore - <<'P'
from ema_workbench import IntegerParameter, RealParameter
from ema_workbench.em_framework.salib_samplers import MorrisSampler

parameters = [IntegerParameter("n", 1, 4), RealParameter("x", 0, 1)]
values = sorted({int(n) for n in MorrisSampler(num_levels=4).generate_samples(parameters, 20)["n"]})
print(f"ema_workbench 2.5.3: Morris samples of IntegerParameter('n', 1, 4) are {values}")
raise SystemExit(0 if max(values) == 5 else 1)
P
