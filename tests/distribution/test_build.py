"""What strangers install holds the whole package, every module, table, style and script, and nothing else."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from ..architecture.source import PACKAGE, ROOT, tracked

BESIDE = ("__init__.py", "__main__.py", "py.typed", "docs/odd.md")
WHAT_BUILDS_IT = ("pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "PKG-INFO", "setup.cfg")
BUILD = "import sys, setuptools.build_meta as backend; print(backend.build_{}(sys.argv[1]))"


def built(kind, source, target):
    """Build a wheel or an sdist with the setuptools that is there, and return its file."""
    command = [sys.executable, "-c", BUILD.format(kind), target]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def sources():
    """Return the files of the repository that belong to the package, from its root."""
    places = [path.relative_to(ROOT) for path in tracked()]
    return {place.as_posix() for place in places if place.parts[0] in PACKAGE or place.as_posix() in BESIDE}


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    """Return the sdist of a clean copy, unpacked."""
    place = tmp_path_factory.mktemp("built")
    for path in tracked():
        if path.is_file():
            (place / "copy" / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place / "copy" / path.relative_to(ROOT))
    with tarfile.open(built("sdist", place / "copy", place)) as archive:
        archive.extractall(place, filter="data")
    (unpacked,) = place.glob("aimarket-*/")
    return unpacked


@pytest.fixture(scope="module")
def wheel(sdist):
    """Return what is in the wheel that the sdist makes, each name with its content."""
    with ZipFile(built("wheel", sdist, sdist.parent)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_sdist_holds_the_package_and_what_builds_it(sdist, sources):
    there = {path.relative_to(sdist).as_posix() for path in sdist.rglob("*") if path.is_file()}
    others = {place for place in there - sources if not place.startswith("aimarket.egg-info/")}
    assert sources - there == set()
    assert others == {*WHAT_BUILDS_IT, "CHANGELOG.md", "CITATION.cff"}


def test_the_wheel_holds_the_package_and_nothing_else(wheel, sources):
    assert {name for name in wheel if ".dist-info/" not in name} == {f"aimarket/{place}" for place in sources}


def test_the_wheel_holds_every_file_as_it_is(wheel, sources):
    assert [place for place in sources if wheel[f"aimarket/{place}"] != (ROOT / place).read_bytes()] == []


@pytest.mark.parametrize("kind", [".py", ".toml", ".csv", ".parquet", ".vue", ".css", ".js", ".html"])
def test_files_of_every_kind_are_among_them(sources, kind):
    assert any(Path(place).suffix == kind for place in sources)


def test_the_wheel_brings_licence_and_command(wheel):
    (licence,) = [content for name, content in wheel.items() if name.endswith(".dist-info/licenses/LICENSE")]
    (commands,) = [content for name, content in wheel.items() if name.endswith(".dist-info/entry_points.txt")]
    assert licence == (ROOT / "LICENSE").read_bytes()
    assert commands.startswith(b"[console_scripts]\naimarket = aimarket.")
