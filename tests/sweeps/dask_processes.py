"""A Dask scheduler and its workers, as processes on this machine."""

import contextlib
import json
import os
import subprocess
import sys
import time

DASK = [sys.executable, "-m", "dask"]
QUIET = ("--no-dashboard", "--host", "127.0.0.1")


def started(folder, name, *words, **environment):
    """Start a part of Dask that writes what it says to a file."""
    with open(folder / f"{name}.log", "wb") as log:
        return subprocess.Popen([*DASK, *words], stdout=log, stderr=log, cwd=folder, env={**os.environ, **environment})


@contextlib.contextmanager
def scheduler(folder, **environment):
    """Run a scheduler on any free port, and give its process and its address."""
    file = folder / "scheduler.json"
    words = ("scheduler", *QUIET, "--port", "0", "--scheduler-file", str(file))
    with ended(started(folder, "scheduler", *words, **environment)) as process:
        yield process, _address(file, process)


@contextlib.contextmanager
def workers(folder, address, count=2, **environment):
    """Run some workers with one thread each, which are started anew when they die."""
    words = ("worker", address, *QUIET, "--nworkers", str(count), "--nthreads", "1", "--local-directory", str(folder))
    with ended(started(folder, "workers", *words, **environment)) as process:
        yield process


@contextlib.contextmanager
def ended(process):
    """End a process in the end, by force if it does not listen."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(file, process):
    deadline = time.monotonic() + 60.0
    while time.monotonic() < deadline:
        assert process.poll() is None, "the scheduler has ended"
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return json.loads(file.read_text())["address"]
        time.sleep(0.1)
    raise AssertionError("the scheduler does not start")
