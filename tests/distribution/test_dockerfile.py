"""The image serves the pages as an ordinary user, with the locked versions, and says when it is well."""

import fnmatch
import json
import re
import tomllib

import pytest

from aimarket.server.web.asgi import PORT

from ..architecture.source import PACKAGE, ROOT
from .test_build import BESIDE

LINES = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
STEPS = [tuple(line.split(maxsplit=1)) for line in LINES if line and not line.startswith("#")]
LAST = STEPS[max(number for number, step in enumerate(STEPS) if step[0] == "FROM") :]
"""What the image itself is made of; stages before it are left behind."""


def said(instruction):
    """Return what the last of an image's instructions of a kind says."""
    return [words for kind, words in LAST if kind == instruction][-1]


USER = re.search(r"useradd (?:--create-home )?--uid (\d+) (\w+)", said("RUN"))
"""The user that is made: a number and a name."""


def test_every_stage_is_a_python_that_the_project_supports():
    tags = {re.fullmatch(r"python:(3\.\d+)-slim(?: AS \w+)?", words)[1] for kind, words in STEPS if kind == "FROM"}
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
    assert len(tags) == 1
    assert f"Programming Language :: Python :: {tags.pop()}" in classifiers


def test_nothing_comes_from_an_address():
    assert not any(kind == "ADD" or re.search(r"https?://(?!127\.0\.0\.1)", words) for kind, words in STEPS)


def test_versions_are_those_of_the_lock_file():
    installs = [words for kind, words in STEPS if kind == "RUN" and "pip install" in words]
    assert installs
    assert all("--constraint constraints.txt" in words for words in installs)


def test_an_ordinary_user_runs_it():
    kinds = [kind for kind, _ in LAST]
    assert said("USER") == USER[1] != "0"
    assert kinds.index("USER") > kinds.index("RUN")
    assert "RUN" not in kinds[kinds.index("USER") :]


def test_the_folder_of_runs_is_a_volume_that_the_user_may_write():
    assert said("VOLUME") == said("WORKDIR")
    assert f"--owner {USER[2]} --group {USER[2]} {said('VOLUME')}" in said("RUN")


def test_its_port_is_the_server_s_and_its_health_is_asked_there():
    assert said("EXPOSE") == str(PORT)
    assert f"http://127.0.0.1:{PORT}/readyz" in json.loads(said("HEALTHCHECK").partition("CMD ")[2])[-1]


def test_it_starts_the_server_for_everybody():
    command = [*json.loads(said("ENTRYPOINT")), *json.loads(said("CMD"))]
    assert command == ["aimarket", "serve", "--host", "0.0.0.0"]


@pytest.mark.parametrize("place", ["pyproject.toml", "constraints.txt", "README.md", "LICENSE", *BESIDE, *PACKAGE])
def test_what_the_package_is_built_from_is_sent_to_docker(place):
    assert f"!{place}" in (ROOT / ".dockerignore").read_text("utf-8").splitlines()


@pytest.mark.parametrize("place", [".git", ".venv", "tests", "build", ".env", "docs/images", "constraints.txt.bak"])
def test_nothing_else_is_sent_to_docker(place):
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in lines
    assert not any(fnmatch.fnmatch(place, line[1:]) for line in lines if line.startswith("!"))
