"""Files and functions stay small enough to be read in one sitting."""

import ast

import pytest

from .source import PACKAGE, assert_allowed, assert_kept, assert_seen, files, functions, modules

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 50
PACKED = "# fmt: " + "skip"
PLACES_PACKED = 20


def long_file(module):
    lines = len(module.text.splitlines())
    if lines > LINES_OF_A_FILE:
        yield module.at(module.tree, f"has {lines} lines")


def example_lines(function):
    """Return how many lines of a docstring are its examples: they are read by users, and run by tests."""
    said = ast.get_docstring(function, clean=False) or ""
    return len(said.partition("Examples:\n")[2].rstrip().splitlines()) + 2 if "Examples:\n" in said else 0


def long_function(module):
    for function in functions(module.tree):
        lines = function.end_lineno - function.lineno + 1 - example_lines(function)
        if lines > LINES_OF_A_FUNCTION:
            yield module.at(function, f"{function.name} has {lines} lines")


@pytest.mark.parametrize("folder", PACKAGE)
def test_every_layer_has_source_to_judge(folder):
    assert any(True for _ in modules(folder))


def test_no_file_is_longer_than_400_lines():
    assert_kept(long_file, (*PACKAGE, "tests", "benchmarks"), "Split it: 50 to 250 lines read well, 400 are the wall.")


def test_no_function_is_longer_than_50_lines():
    assert_kept(long_function, PACKAGE, "Split it: about 10 lines read well, 50 are the wall.")


def test_the_walls_stand_where_they_are_said_to():
    assert_seen(long_file, "x = 1\n" * 401)
    assert_allowed(long_file, "x = 1\n" * 400)
    assert_seen(long_function, "def f():\n" + "    x = 1\n" * 50)
    assert_allowed(long_function, "def f():\n" + "    x = 1\n" * 49)


def test_examples_of_a_docstring_do_not_count_as_lines_of_a_function():
    said = 'def f():\n    """Say it.\n\n    Examples:\n        >>> f()\n        1\n    """\n'
    assert_allowed(long_function, said + "    x = 1\n" * 46)
    assert_seen(long_function, said + "    x = 1\n" * 48)


def test_few_lines_are_packed_by_hand():
    """A table reads better in rows of its own; nearly everything else as the formatter sets it."""
    texts = [path.read_text(encoding="utf-8") for path in files("*.py", *PACKAGE, "tests", "benchmarks", "docs")]
    packed = sum(text.count(PACKED) for text in texts)
    assert 0 < packed < PLACES_PACKED
