"""No number hides in a rule: a value is a declared parameter or a named constant."""

import ast

import pytest

from .source import assert_allowed, assert_kept, assert_seen, assigned, name_of

PLAIN = {0, 1}
DECLARATIONS = {"parameter", "Column", "Mirror"}
AXIS_NAMES = {"axis", "axes", "source", "destination", "ndim"}
COUNTS = {"maxsplit", "stacklevel"}
NO_RULE = {
    "agents/state/": "the machinery of tables holds no rule",
    "model/inputs/": "it reads texts, letter by letter",
    "model/kernel/": "the machinery of kernels holds no rule",
    "model/tape/": "the machinery of tapes holds no rule",
    "model/scenarios/toml_reader.py": "it reads files, letter by letter",
}
# Functions that take an axis without its name.
TAKE_AN_AXIS = {
    "total", "accumulate", "all", "any", "argmax", "argmin", "argsort", "cumsum", "expand_dims", "flip", "max", "min",
    "moveaxis", "repeat", "roll", "sort", "squeeze", "swapaxes", "take", "take_along_axis", "transpose",
}  # fmt: skip
LAST_AXIS = 3


def is_number(node):
    return isinstance(node, ast.Constant) and type(node.value) in (int, float, complex)


def is_named_constant(node):
    targets = [part for target in assigned(node) for part in getattr(target, "elts", [target])]
    return bool(targets) and all(isinstance(target, ast.Name) and target.id.isupper() for target in targets)


def is_axis(node):
    """Tell whether an expression names an axis, or several: 2, -1, (0, 2)."""
    parts = node.elts if isinstance(node, ast.Tuple) else [node.operand if isinstance(node, ast.UnaryOp) else node]
    return all(is_number(part) and type(part.value) is int and part.value <= LAST_AXIS for part in parts)


def axis_defaults(arguments):
    """Yield the default values of arguments that are called axis."""
    positional = [*arguments.posonlyargs, *arguments.args]
    given = [*zip(reversed(positional), reversed(arguments.defaults), strict=False)]
    given += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return [default for argument, default in given if default is not None and argument.arg in AXIS_NAMES]


def excused(node):
    """Return the parts of a node in which a number is no quantity."""
    if isinstance(node, ast.Subscript):
        return [node.slice]
    if isinstance(node, ast.Module):
        return list(filter(is_named_constant, node.body))
    if isinstance(node, ast.FunctionDef | ast.ClassDef):  # a member of an enumeration is named, too
        constants = node.body if isinstance(node, ast.ClassDef) else ()
        return [*node.decorator_list, *filter(is_named_constant, constants)]
    if isinstance(node, ast.arguments):
        return axis_defaults(node)
    if isinstance(node, ast.keyword) and node.arg in AXIS_NAMES | COUNTS:
        return [node.value]
    if isinstance(node, ast.Call) and name_of(node.func) in DECLARATIONS:
        return [*node.args, *node.keywords]
    if isinstance(node, ast.Call) and name_of(node.func) in TAKE_AN_AXIS:
        return [argument for argument in node.args if is_axis(argument)]
    return []


def numbers(node):
    """Yield the numbers below a node that nothing excuses."""
    if is_number(node):
        yield node
        return
    skipped = excused(node)
    for child in ast.iter_child_nodes(node):
        if child not in skipped:
            yield from numbers(child)


def number_in_a_rule(module):
    for node in numbers(module.tree):
        if node.value not in PLAIN:
            yield module.at(node, f"{node.value}")


def test_no_rule_holds_a_number_of_its_own():
    why = "Declare it as parameter(...) with unit, range and source, or name it as a CONSTANT of the module."
    assert_kept(number_in_a_rule, ("agents", "model"), why, NO_RULE)


@pytest.mark.parametrize(
    "text",
    [
        "class Lab:\n    def plan(self):\n        return 0.5 * self.fleet",
        "def ration(x):\n    return x / 3",
        "def price(x, floor=1e-9): return x",
        "markup = 0.3",
        "class Notes:\n    rate: float = 0.07",
        "y = np.maximum(x, 2)",
        "y = total(x * 7, 0)",
        "y = x ** 2",
    ],
)
def test_the_rule_sees(text):
    assert_seen(number_in_a_rule, text)


def test_axes_declarations_and_named_constants_are_allowed():
    text = """
TINY: float = 1e-12
FIRST, SECOND, THIRD = range(3)
class Stream(IntEnum):
    ALGORITHMS, RELEASES = 1, 2
    GENERATIONS = 3
class Lab:
    hurdle = parameter(0.12, "1/yr", low=0.0, high=0.6)
    @shaped(2)
    def plan(self, x, axis: int = 2):
        return -1 + total(x[:, 2, -3:], 2) + x.max(axis=(0, 2)) * 1.0 + np.moveaxis(x, 2, -2)
"""
    assert_allowed(number_in_a_rule, text)
