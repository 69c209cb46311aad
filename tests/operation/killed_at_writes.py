"""Kill a sweep at every moment at which it writes: ``python tests/operation/killed_at_writes.py FOLDER``.

Each time a process is forked that runs a cheap sweep and kills itself when it has come that far: before a file has
reached the disk, before it gets its name, and after. What it left is looked at and taken up again. What was wrong is
printed, as JSON, after the number of kills.
"""

import json
import os
import signal
import sys
from pathlib import Path

import numpy as np

from aimarket.experiments.designs.factors import Factor
from aimarket.experiments.sweeps.outcomes import Outcome
from aimarket.experiments.sweeps.study import study
from aimarket.experiments.sweeps.sweep import run_sweep

NOT_DATA = ("log.jsonl", ".lock")


def cheap():
    """Return a study of a function, in three chunks."""
    factors = [Factor(name, -np.pi, np.pi) for name in ("x", "y")]
    function = lambda points: {"z": np.sin(points["x"].to_numpy()) + points["y"].to_numpy()}  # noqa: E731
    return study("?", factors, [Outcome("z")], method="latin_hypercube", size=6, chunk=2, function=function)


def data(folder):
    """Return every file that has a final name, byte by byte."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in NOT_DATA]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if not path.name.endswith(".part")}


def run(folder, kill_at=None):
    """Run a sweep in a process of its own, or take it up; return whether it came to its end."""
    process = os.fork()
    if process:
        return os.waitpid(process, 0)[1] == 0
    code = 1
    try:
        if kill_at is not None:
            killed_at(kill_at)
        run_sweep(cheap(), folder, workers=0, resume=True)
        code = 0
    finally:
        os._exit(code)


def killed_at(moment):
    """Let this process be killed at its so-manieth moment of writing."""
    left, fsync, replace = [moment], os.fsync, Path.replace

    def comes():
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def reaching(descriptor):
        comes()
        fsync(descriptor)

    def named(path, target):
        comes()
        replace(path, target)
        comes()

    os.fsync, Path.replace = reaching, named


def main(place):
    """Kill a sweep at every moment, one after the other, and tell what was wrong."""
    wrong, moment = [], 0
    run_sweep(cheap(), place / "whole", workers=0)  # here, so that what is found out once is known to all that fork
    whole = data(place / "whole")
    while not run(folder := place / str(moment), kill_at=moment):
        parts = {name: content for name, content in data(folder).items() if name.endswith(".parquet")}
        half = [name for name, content in parts.items() if content != whole[name]]
        half += [name for name, content in data(folder).items() if name.endswith(".json") and not json.loads(content)]
        if half:
            wrong.append(f"killed at {moment}: {half} are not whole")
        if not run(folder) or data(folder) != whole or [*folder.rglob("*.part")]:
            wrong.append(f"killed at {moment}: taken up again it is another sweep")
        moment += 1
    print(json.dumps([moment, wrong]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
