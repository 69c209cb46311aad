"""The guards stand where the source is: a place that a rule names exists."""

import ast
import re

import pytest

from .source import PACKAGE, ROOT, assert_kept, files, functions, modules

PLACE = re.compile(rf"(?:{'|'.join((*PACKAGE, 'tests', 'benchmarks'))})/[\w./]*(?: \w+)?")
"""A folder, a file, or a function in a file: model/inputs/, model/dates.py, model/dates.py quarter_of."""

UNIT = ROOT / "tests" / "unit"
TOY = "toy"
"""Source that tests of the rules make up has this in its name."""


def places_in(module):
    """Return the places that a file names in whole strings."""
    texts = [node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and PLACE.fullmatch(text) and TOY not in text}


def is_there(place):
    """Tell whether a folder, a file, or a function of a file is there."""
    file, _, function = place.partition(" ")
    path = ROOT / file
    defined = path.is_file() and re.search(rf"^ *def {function}\(", path.read_text("utf-8"), re.MULTILINE)
    return bool(defined) if function else path.exists()


def test_every_place_that_a_guard_names_is_there():
    named = {place for module in modules("tests/architecture") for place in places_in(module)}
    assert named
    assert [place for place in sorted(named) if not is_there(place)] == [], "a rule names what was moved or renamed"


@pytest.mark.parametrize(
    "place", ["model/no_such_toy/", "model/no_such_toy.py", "model/dates.py no_such_toy", "model/no_such_toy.py f"]
)
def test_what_is_gone_is_seen(place):
    assert not is_there(place)


def has_its_file(path):
    """Tell whether a test in a folder of tests/unit is about a file, or a folder of files, of the room it names."""
    room, name = path.relative_to(UNIT).parent, path.stem.removeprefix("test_")
    return (ROOT / room / f"{name}.py").is_file() or (ROOT / room / name).is_dir()


def test_tests_of_one_file_lie_where_the_file_does():
    tests = [path for path in files("test_*.py", "tests/unit") if path.parent != UNIT]
    assert tests
    assert [path.relative_to(ROOT).as_posix() for path in tests if not has_its_file(path)] == []


@pytest.mark.parametrize(
    ("room", "name"), [("model", "test_toy.py"), ("toy", "test_dates.py"), ("agents", "test_dates.py")]
)
def test_a_test_that_was_left_behind_is_seen(room, name):
    assert not has_its_file(UNIT / room / name)


def functions_that_look_up(module):
    return (module.at(node, node.name) for node in functions(module.tree) if node.name == "quarter_of")


@pytest.mark.parametrize("place", ["model/", "model/dates.py", "model/dates.py quarter_of"])
def test_a_place_is_excepted_with_all_that_lies_in_it(place):
    assert_kept(functions_that_look_up, ("model",), "None may.", {place: "this test"})


@pytest.mark.parametrize("place", ["model/inputs/", "model/quarter.py", "model/dates.py quarter_date"])
def test_other_places_are_not_excepted(place):
    with pytest.raises(AssertionError, match=r"None may.\n  model/dates.py:\d+ quarter_of"):
        assert_kept(functions_that_look_up, ("model",), "None may.", {place: "this test"})


def test_an_exception_that_excepts_nothing_is_named():
    with pytest.raises(AssertionError, match="no exception is needed here any more: model/inputs/"):
        assert_kept(lambda module: (), ("model",), "None may.", {"model/inputs/": "this test"})


def test_a_rule_for_what_is_not_there_is_seen():
    with pytest.raises(AssertionError, match="a rule stands for model/toy, and there is no source"):
        assert_kept(lambda module: (), ("model/toy",), "None may.")


@pytest.mark.parametrize("place", ["model/inputs/", "model/dates.py", "model/dates.py quarter_of"])
def test_what_is_there_is_found(place):
    assert is_there(place)
