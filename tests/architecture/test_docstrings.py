"""Everything public says what it is, in a sentence."""

import ast

import pytest

from .source import PACKAGE, assert_allowed, assert_kept, assert_seen, name_of

WITHOUT = {"overload", "override", "setter", "deleter"}
DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public(body):
    """Yield the public definitions of a body, and those in its public classes."""
    for node in body:
        if isinstance(node, DEFINITIONS) and not node.name.startswith("_"):
            yield node
            yield from public(node.body) if isinstance(node, ast.ClassDef) else ()


def says_nothing(module):
    for node in public(module.tree.body):
        if WITHOUT & {name_of(decorator) for decorator in node.decorator_list}:
            continue
        first_line = (ast.get_docstring(node) or "").split("\n")[0]
        if not first_line.endswith("."):
            yield module.at(node, node.name)


def test_everything_public_says_in_a_sentence_what_it_is():
    why = "Begin the docstring with one line that is a sentence and ends with a full stop."
    assert_kept(says_nothing, PACKAGE, why)


@pytest.mark.parametrize(
    "text",
    [
        "def plan(): pass",
        "class Lab:\n    '''A lab.'''\n    def plan(self): pass",
        "def plan():\n    '''Return what\n    is planned.'''",
        "async def plan():\n    '''Return'''",
    ],
)
def test_the_rule_sees(text):
    assert_seen(says_nothing, text)


def test_private_and_overloaded_definitions_need_none():
    assert_allowed(says_nothing, "def _f(): pass\n@overload\ndef g(): ...")
    assert_allowed(says_nothing, "class A:\n    '''One.'''\n    def __len__(self): ...")
