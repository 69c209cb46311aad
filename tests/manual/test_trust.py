"""docs/trust.md is what its command writes of the last figures, and every library's licence has been judged."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
TARGET = re.compile(r"make (\w+)")


def module(name):
    """Return a module of docs/manual."""
    spec = importlib.util.spec_from_file_location(name, DOCS / "manual" / f"{name}.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture(scope="module")
def trust():
    return module("trust")


def test_the_page_has_the_last_figures(trust):
    kept = json.loads((DOCS / "trust.json").read_text(encoding="utf-8"))
    assert (DOCS / "trust.md").read_text(encoding="utf-8") == trust.page(kept)


def test_every_target_that_it_names_is_one_of_make(trust):
    made = (DOCS.parent / "Makefile").read_text(encoding="utf-8")
    named = {target for point in trust.POINTS.values() for target in TARGET.findall(point.command)}
    assert {target for target in named if f"\n{target}:" not in made} == set()


def test_every_library_that_a_run_needs_has_a_licence_that_was_judged():
    licences = module("licences")
    names = set(licences.needed()) - {"aimarket"}
    assert {"numpy", "mesa", "solara", "pyarrow"} <= names
    there = {name: about for name in names if (about := licences.installed(name)) is not None}
    kinds = {
        name: licences.JUDGED_ALONE.get(name) or licences.judgement(licences.licence_of(there[name])) for name in there
    }
    assert [name for name, kind in kinds.items() if not kind] == []


@pytest.mark.parametrize(
    ("licence", "kind"), [("MIT", "permissive"), ("MPL-2.0", "weak copyleft"), ("GNU GPL 3", ""), ("says nothing", "")]
)
def test_a_licence_is_told_by_its_name(licence, kind):
    assert module("licences").judgement(licence) == kind
