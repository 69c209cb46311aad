"""The lock file names one version of every library, for every extra and Python; pyproject.toml gives the ranges."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = "constraints.txt"
PYTHONS = [kind.rsplit(" ", 1)[1] for kind in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", kind)]


def environment(python):
    """Return what the markers of a requirement ask about, on Linux."""
    return {"python_version": python, "python_full_version": f"{python}.9", "sys_platform": "linux", "extra": ""}


def locked(text, python):
    """Return the one version of every library that is meant for a Python."""
    lines = [Requirement(line.partition("#")[0]) for line in text.splitlines() if line and not line.startswith("#")]
    meant = [line for line in lines if line.marker is None or line.marker.evaluate(environment(python))]
    versions = {canonicalize_name(line.name): str(line.specifier).removeprefix("==") for line in meant}
    assert len(versions) == len(meant), f"a library is locked twice for Python {python}"
    return versions


def asked(extra):
    """Return what a plain installation, or one with an extra, asks for of others."""
    listed = PROJECT["dependencies"] if extra is None else PROJECT["optional-dependencies"][extra]
    return [one for one in map(Requirement, listed) if one.name != PROJECT["name"]]


def unsuited(text, extra, python):
    """Return the requirements that the lock file does not satisfy."""
    versions = locked(text, python)
    meant = [one for one in asked(extra) if one.marker is None or one.marker.evaluate(environment(python))]
    return [str(one) for one in meant if versions.get(canonicalize_name(one.name), "0") not in one.specifier]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("extra", [None, *PROJECT["optional-dependencies"]])
def test_every_library_is_locked_at_a_version_that_its_range_allows(extra, python):
    text = (ROOT / LOCK).read_text("utf-8")
    assert unsuited(text, extra, python) == [], "pyproject.toml asks for what is not locked; run: make lock"


@pytest.mark.parametrize("text", ["", "mesa==2.4.0\nnumpy==2.4.6\n"])
def test_what_is_missing_or_outside_its_range_is_seen(text):
    assert any(one.startswith("mesa") for one in unsuited(text, None, PYTHONS[0]))


def test_the_lock_file_holds_versions_and_no_place_to_get_them_from():
    lines = [line.partition("#")[0].split(";")[0].strip() for line in (ROOT / LOCK).read_text("utf-8").splitlines()]
    assert [line for line in lines if line and not re.fullmatch(r"[a-z0-9-]+==[\w.]+", line)] == []


def test_make_installs_by_the_lock_file():
    text = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    installs = [line for line in text.splitlines() if "pip install" in line and "--editable" in line]
    assert f"LOCK := {LOCK}\n" in text
    assert installs
    assert all("--constraint $(LOCK)" in line for line in installs)
    assert re.findall(r"^\$\(INSTALLED\w*\): pyproject.toml(?! \$\(LOCK\))", text, re.MULTILINE) == []
