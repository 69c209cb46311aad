#!/usr/bin/env bash
# Mesa 3.5.1: batch_run does not hand a swept `rng` to the model.
# One would guess: batch_run(Model, {"rng": [1, 2, 3]}) makes three models, seeded 1, 2 and 3, as in Mesa 3.3.
# Seen: since 3.4 rng is an argument of batch_run itself; among the parameters it reaches every model as None.
# Needs Python 3.12 or newer, as that Mesa does. Exit 1 if that has changed, 2 without such a Python.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python=${PYTHON:-python3.12}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' || { echo "name a Python of 3.12 or newer: PYTHON=..."; exit 2; }
"$python" -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check mesa==3.5.1 networkx==3.6.1 numpy==2.3.5 pandas==2.3.3
cat > "$dir/batch.py" <<'P'
import mesa


class Asked(mesa.Model):
    """A model that reports which seed it was given."""

    def __init__(self, rng=None):
        super().__init__(rng=rng)
        self.given = rng
        self.datacollector = mesa.DataCollector({"given": "given"})

    def step(self):
        self.datacollector.collect(self)


if __name__ == "__main__":
    rows = mesa.batch_run(Asked, {"rng": [1, 2, 3]}, number_processes=1, max_steps=1, display_progress=False)
    given = [row["given"] for row in rows]
    print(f"Mesa 3.5.1: batch_run with rng = 1, 2, 3 among the parameters gave the models {given}")
    raise SystemExit(0 if given == [None, None, None] else 1)
P
"$dir/venv/bin/python" -W ignore "$dir/batch.py"
