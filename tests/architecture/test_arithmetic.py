"""Arithmetic that gives the same bits for one replicate as for a thousand."""

import ast

import pytest

from .source import assert_allowed, assert_kept, assert_seen, name_of

SAME_BITS = "Replicate 3 alone must equal replicate 3 of a batch, bit for bit: "
SUMS = {"sum", "nansum", "mean", "nanmean", "average", "std", "nanstd", "var", "nanvar", "median"}
PRODUCTS = {"matmul", "dot", "vdot", "inner", "einsum", "tensordot", "multi_dot"}
POWERS = {"power", "float_power", "pow"}
FROM_NUMPY = {"np", "numpy", "math"}
OWN_SUMS = {
    "agents/state/arrays.py total": "sums are made here",
    "model/accounting/sector_books.py _frame": "means over replicates, and sums of sectors, for people",
}
PLAIN = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult, ast.FloorDiv, ast.Mod)


def attribute_calls(module):
    nodes = ast.walk(module.tree)
    return (node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))


def operations(module):
    nodes = ast.walk(module.tree)
    return (node for node in nodes if isinstance(node, ast.BinOp | ast.AugAssign))


def is_literal(node):
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant)


def blocked_sum(module):
    for call in attribute_calls(module):
        if call.func.attr in SUMS:
            yield module.at(call, f".{call.func.attr}(")
        if call.func.attr == "reduce" and name_of(call.func.value) == "add":
            yield module.at(call, "add.reduce(")


def blocked_product(module):
    for call in attribute_calls(module):
        if call.func.attr in PRODUCTS:
            yield module.at(call, f".{call.func.attr}(")
    for node in operations(module):
        if isinstance(node.op, ast.MatMult):
            yield module.at(node, "@")


def shortcut_power(module):
    for call in attribute_calls(module):
        if call.func.attr in POWERS and name_of(call.func.value) in FROM_NUMPY:
            yield module.at(call, f"{call.func.attr}(")
    for node in operations(module):
        exponent = node.right if isinstance(node, ast.BinOp) else node.value
        if isinstance(node.op, ast.Pow) and not is_literal(exponent):
            yield module.at(node, "** with an exponent that is no literal")


def arithmetic_in_the_quarter(module):
    for node in ast.walk(module.tree):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, PLAIN):
            yield module.at(node, "calculates")


def test_sums_go_through_total():
    why = SAME_BITS + "NumPy adds in another order; use total(x, axis)."
    assert_kept(blocked_sum, ("agents", "model"), why, OWN_SUMS)


def test_no_matrix_product_is_used():
    assert_kept(blocked_product, ("agents", "model"), SAME_BITS + "it blocks by size; use total(a * b, axis).")


def test_powers_go_through_power():
    why = SAME_BITS + "** takes short cuts for scalars; use power(x, p)."
    assert_kept(shortcut_power, ("agents", "model"), why)


def test_the_quarter_lists_phases_without_arithmetic():
    assert_kept(arithmetic_in_the_quarter, ("model/quarter.py",), "The quarter is a table of contents.")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (blocked_sum, "y = x.sum(0)"),
        (blocked_sum, "y = np.mean(x)"),
        (blocked_sum, "y = np.add.reduce(x)"),
        (blocked_product, "y = a @ b"),
        (blocked_product, "a @= b"),
        (blocked_product, "y = np.einsum('ij,j->i', a, b)"),
        (shortcut_power, "y = x ** p"),
        (shortcut_power, "x **= -p"),
        (shortcut_power, "y = np.power(x, p)"),
        (arithmetic_in_the_quarter, "QUARTER = FIRST + SECOND"),
    ],
)
def test_the_rule_sees(rule, text):
    assert_seen(rule, text)


def test_literal_powers_and_the_house_s_own_functions_are_allowed():
    assert_allowed(shortcut_power, "y = x ** 2 + x ** -0.5 + power(x, p)")
    assert_allowed(blocked_sum, "y = total(x, 0)")
