"""Sessions of nox cover the Pythons and the Mesas that pyproject.toml allows, and their results make one table."""

import importlib.util
import json
import re
import tomllib
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement

from ..architecture.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REPORT = '<testsuites><testsuite tests="{}" failures="{}" errors="0" skipped="{}"/></testsuites>'


@pytest.fixture(scope="module")
def sessions():
    """Return the module with the sessions, which nox reads from the root."""
    spec = importlib.util.spec_from_file_location("noxfile", ROOT / "noxfile.py")
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        spec.loader.exec_module(module)
    return module


@pytest.fixture
def noxfile(sessions, tmp_path, monkeypatch):
    """Return the module, which works in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    sessions.RESULTS.mkdir(parents=True)
    sessions.DOCUMENT.parent.mkdir()
    sessions.DOCUMENT.write_text("before\n<!-- versions -->old<!-- /versions -->\nafter\n")
    return sessions


@pytest.fixture
def tried(noxfile):
    """Return what keeps the results of an environment."""

    def keep(python, title, mesa, report):
        record, given = noxfile.kept(python, title)
        record.write_text(json.dumps({"": title, "Python": f"{python}.1", "mesa": mesa}))
        if report:
            given.write_text(report)

    return keep


def warned_by(session):
    """Return what a session warns of."""
    warnings = []
    session(SimpleNamespace(warn=warnings.append))
    return warnings


def test_every_python_from_the_lowest_on_has_sessions(noxfile):
    assert f">={noxfile.PYTHONS[0]}" == PROJECT["requires-python"]
    assert noxfile.PYTHONS[:3] == ["3.11", "3.12", "3.13"]
    assert noxfile.tests.python == noxfile.package.python == noxfile.PYTHONS


def test_mesas_reach_from_the_lowest_to_the_newest(noxfile):
    (mesa,) = [one for one in map(Requirement, PROJECT["dependencies"]) if one.name == "mesa"]
    assert f">={noxfile.MESAS[0]}" in map(str, mesa.specifier)
    assert {"3.5", "newest"} <= set(noxfile.MESAS)
    assert all(version in mesa.specifier for version in noxfile.MESAS[:-1])


def test_make_asks_for_sessions_that_there_are(noxfile):
    asked = re.findall(r"/nox --session (.*)", (ROOT / "Makefile").read_text("utf-8"))
    assert {name for words in asked for name in words.split()} == set(noxfile.nox.options.sessions)


def test_the_table_has_a_column_for_every_environment(noxfile, tried):
    tried("3.11", "newest", "3.3.1", REPORT.format(9, 0, 2))
    tried("3.12", "newest", "3.5.1", None)
    tried("3.11", "lowest", "3.3.1", REPORT.format(9, 3, 2))
    tried("3.13", "newest", "3.5.1", REPORT.format(9, 0, 0))
    assert warned_by(noxfile.table.func) == []
    before, *rows, after = [line for line in noxfile.DOCUMENT.read_text().splitlines() if line]
    assert (before, after) == ("before", "after")
    assert rows[1] == "|  | lowest | newest | newest | newest |"
    assert rows[3:5] == ["| Python | 3.11.1 | 3.11.1 | 3.12.1 | 3.13.1 |", "| mesa | 3.3.1 | 3.3.1 | 3.5.1 | 3.5.1 |"]
    assert rows[-2] == "| tests | 3 failed, 4 passed, 2 skipped | 7 passed, 2 skipped | did not run | 9 passed |"


def test_a_python_that_is_not_there_is_named(noxfile, tried):
    tried("3.12", "Mesa 3.5", "3.5.1", REPORT.format(1, 0, 0))
    assert warned_by(noxfile.table.func) == [
        "docs/versions.md says nothing of Python 3.11 and 3.13: there was no such interpreter"
    ]
