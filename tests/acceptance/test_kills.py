"""A sweep may be killed at any moment: taken up again, it ends with the very bytes of a sweep that nobody disturbed."""

import os
import random
import subprocess
import sys
import time

import psutil
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="signals of POSIX"),
]
MANY = int(os.environ.get("AIMARKET_KILLS", "20"))
KILLS = [2, pytest.param(MANY, marks=pytest.mark.acceptance)]
CHUNKS = 5
"""For every kill, so that a sweep is seldom done before it is killed; if it is, another is begun."""

FEWEST = 16

STUDY = """
question = "Does a sweep survive?"
quarters = 6
seed = 7
chunk = 1
[design]
method = "latin_hypercube"
size = {chunks}
parameters = ["announcement_effect", "deployment"]
[outcomes]
compute = {{ quantity = "ai_labs.powered_compute", firm = "recipient", at = "2027Q1", versus = "twin" }}
"""
NOT_DATA = {"log.jsonl", ".lock"}
"""When chunks were computed, and by which process: all else is the same whatever happens."""


@pytest.fixture(scope="module", params=KILLS)
def study(request, tmp_path_factory):
    """Return a study file, how often its sweeps shall be killed, and the data that it gives if they are not."""
    folder = tmp_path_factory.mktemp("undisturbed")
    file = folder / "study.toml"
    file.write_text(STUDY.format(chunks=max(FEWEST, CHUNKS * request.param)))
    finish(started(file, folder / "out"))
    return file, request.param, data(folder / "out")


@pytest.fixture
def chance(request):
    """Return chance of one's own for each test, the same every time."""
    return random.Random(request.node.name)


def test_a_sweep_that_is_killed_and_resumed_gives_the_same_bytes(study, chance, tmp_path):
    file, kills, undisturbed = study
    folders = [tmp_path / "0"]
    while kills:
        with started(file, folders[-1]) as sweep:
            wait_a_while(sweep, folders[-1], chance)
            if sweep.poll() is None:
                sweep.kill()
                kills -= 1
            else:
                folders.append(tmp_path / str(len(folders)))
    finish(started(file, folders[-1]))
    assert [folder for folder in folders if data(folder) != undisturbed] == []


def test_a_sweep_whose_workers_are_killed_gives_the_same_bytes(study, chance, tmp_path):
    file, kills, undisturbed = study
    folders = []
    while kills:
        folders.append(tmp_path / str(len(folders)))
        sweep = started(file, folders[-1])
        while kills and sweep.poll() is None:
            wait_a_while(sweep, folders[-1], chance)
            kills -= kill_one(workers_of(sweep), chance)
        finish(sweep)
    assert [folder for folder in folders if data(folder) != undisturbed] == []


def started(file, out):
    """Start a sweep, or take it up again, as a command of its own."""
    words = ["sweep", str(file), "--out", str(out), "--workers", "2", "--resume"]
    return subprocess.Popen(
        [sys.executable, "-m", "aimarket.server.cli.main", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def finish(sweep):
    """Wait until a sweep is done, which it has to be without an error."""
    _, output = sweep.communicate(timeout=600)
    assert sweep.returncode == 0, output.decode()


def wait_a_while(sweep, out, chance):
    """Wait until a few more parts are there and for a moment more, or, now and then, for a moment only."""
    wanted = parts(out) + chance.choice([0, 1, 2, 3])
    while parts(out) < wanted and sweep.poll() is None:
        time.sleep(0.01)
    time.sleep(chance.uniform(0.0, 0.5))


def parts(out):
    """Count the parts that a folder holds."""
    return len([*out.glob("parts/*.parquet")])


def workers_of(sweep):
    """Return the worker processes of a sweep."""
    try:
        children = psutil.Process(sweep.pid).children()
        return [child for child in children if "--process-name" in child.cmdline()]
    except psutil.NoSuchProcess:
        return []


def kill_one(workers, chance):
    """Kill one of some processes, and count it."""
    if not workers:
        return 0
    chance.choice(workers).kill()
    return 1


def data(folder):
    """Return every data file of a sweep, byte by byte."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in NOT_DATA]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
