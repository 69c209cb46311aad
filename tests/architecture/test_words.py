"""Names say what a thing is, and modules keep no state."""

import ast
import re

import pytest

from .source import PACKAGE, assert_allowed, assert_kept, assert_seen, assigned, name_of

EMPTY_WORDS = re.compile(r"(^|_)(helpers?|utils?)(_|$)|^_?(process|do)_|Helper|Utils?(?![a-z])")
CONTAINERS = {"list", "dict", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict", "WeakKeyDictionary"}
DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


def names_given(module):
    """Yield the file's name, and each name that it defines with its node."""
    yield module.tree, module.place.rsplit("/", 1)[-1].removesuffix(".py")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node, node.name
        elif isinstance(node, ast.arg):
            yield node, node.arg
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node, name_of(node)


SHARED = {
    "model/kernel/engine.py": "kernels are compiled once a process, and hold no model",
    "model/kernel/kernel.py": "random numbers of runs side by side, which no model can change",
    "model/kernel/structure.py": "the text of the last start that was asked for",
}


def empty_word(module):
    for node, name in names_given(module):
        if EMPTY_WORDS.search(name):
            yield module.at(node, name)


def is_mutable(value):
    return isinstance(value, DISPLAYS) or (isinstance(value, ast.Call) and name_of(value.func) in CONTAINERS)


def module_state(module):
    for node in module.tree.body:
        for name in map(name_of, assigned(node)):
            if is_mutable(node.value) and not name.isupper() and not name.startswith("__"):
                yield module.at(node, name)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Global):
            yield module.at(node, "global")


def test_names_say_what_a_thing_is():
    assert_kept(empty_word, (*PACKAGE, "tests", "benchmarks"), "Nouns for state, verbs for what is done.")


def test_no_module_keeps_state():
    assert_kept(module_state, PACKAGE, "State hangs on the model, so that two models never meet.", SHARED)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (empty_word, "def process_orders(): pass"),
        (empty_word, "def f(order_helper): pass"),
        (empty_word, "class TableUtils: pass"),
        (empty_word, "do_it = 1"),
        (module_state, "seen = []"),
        (module_state, "cache: dict[str, int] = {}"),
        (module_state, "orders = defaultdict(list)"),
        (module_state, "def f():\n    global n\n    n = 1"),
    ],
)
def test_the_rule_sees(rule, text):
    assert_seen(rule, text)


def test_a_file_is_judged_by_its_name_too():
    assert_seen(empty_word, "x = 1", "model/toy_utils.py")


def test_good_words_and_constants_are_allowed():
    text = "__all__ = ['a']\nKINDS = {}\nutility = 1\nprocessor = 2\nasset_manager = 3\ndormant = ()"
    assert_allowed(empty_word, text)
    assert_allowed(module_state, text)
