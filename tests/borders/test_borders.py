"""Whatever strangers bring: success, or one line and exit code 2; no traceback, no partial file, no endless work.

``make borders`` tries 100,000 cases at each border. A failure names its case; ``AIMARKET_CASE=<seed>`` tries it again.
"""

import os
import random
import signal
import time
import warnings
from contextlib import contextmanager

import pytest

from .strangers import BORDERS

FEW = {"links": 200, "tables of observations": 30, "messages of browsers": 60, "scenario files": 40}
USUALLY = 25
"""Cases in the suite, always the same: some seconds in all."""

LONGEST = 20
"""Seconds that a case may take."""

PARTIAL = ("tmp", "part", "aside")
"""How names of files end that are not whole yet."""


@contextmanager
def no_longer_than(seconds):
    """Break off what takes longer."""

    def late(*_):
        raise TimeoutError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def cases(border):
    """Return the seeds of the cases to try: a few, or as many as are asked for, or one."""
    if one := os.environ.get("AIMARKET_CASE"):
        return [int(one)]
    asked = int(os.environ.get("AIMARKET_CASES", "0"))
    first = int(time.time()) * 1_000_000 if asked else 0
    return range(first, first + (asked or FEW.get(border, USUALLY)))


def tried(border, stranger, seed):
    """Try a case; return what was wrong with it, and nothing if it ended as it may."""
    try:
        with no_longer_than(LONGEST), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            stranger.attempt(random.Random(f"{border} {seed}"))
    except Exception as error:  # noqa: BLE001 - whatever comes is the finding
        return f"AIMARKET_CASE={seed}: {type(error).__name__}: {str(error)[:300]}"
    return ""


@pytest.mark.skipif(os.name != "posix", reason="alarms of POSIX")
@pytest.mark.parametrize("border", BORDERS)
def test_strangers_get_success_or_one_line(border, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    stranger, found, most = BORDERS[border](tmp_path), [], 5
    for seed in cases(border):
        if wrong := tried(border, stranger, seed):
            found.append(wrong)
        if len(found) == most:
            break
    assert found == []
    assert [path.name for path in tmp_path.rglob("*") if path.name.endswith(PARTIAL)] == []
