"""Only the ledger moves money, and it always moves both sides."""

import ast

import pytest

from .source import PACKAGE, assert_allowed, assert_kept, assert_seen, assigned, modules, name_of

WHY = "Use the ledger: it changes both sides and the flow matrix."
ALWAYS = {"cash", "loans", "equity_held", "vendor_finance", "prepaid"}


def declared_for_the_ledger(module):
    """Yield the names of columns that are declared with ledger=True."""
    for node in ast.walk(module.tree):
        for keyword in getattr(getattr(node, "value", None), "keywords", ()):
            if keyword.arg == "ledger" and ast.unparse(keyword.value) == "True":
                yield from map(name_of, assigned(node))


LEDGER_COLUMNS = ALWAYS.union(*map(declared_for_the_ledger, modules("agents", "model")))


def keywords_of(call):
    """Return the names a call gives, written out or in a literal dictionary after **."""
    named = {keyword.arg for keyword in call.keywords if keyword.arg}
    dicts = [keyword.value for keyword in call.keywords if keyword.arg is None and isinstance(keyword.value, ast.Dict)]
    return named | {key.value for each in dicts for key in each.keys if isinstance(key, ast.Constant)}


def commits_money(module):
    calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))
    for call in calls:
        given = keywords_of(call) if name_of(call.func) == "commit" else set()
        if name_of(call.func) == "setattr" and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
            given = {call.args[1].value}
        for column in sorted(given & LEDGER_COLUMNS):
            yield module.at(call, f"writes {column}")


def assigns_money(module):
    for node in ast.walk(module.tree):
        match node:
            case ast.Attribute(attr=column, ctx=ast.Store() | ast.Del()) if column in LEDGER_COLUMNS:
                yield module.at(node, f"assigns .{column}")
            case ast.Subscript(value=ast.Attribute(attr=column), ctx=ast.Store()) if column in LEDGER_COLUMNS:
                yield module.at(node, f"assigns into .{column}")


def test_no_money_is_committed_outside_the_ledger():
    assert_kept(commits_money, PACKAGE, WHY)


def test_no_money_is_assigned_outside_the_ledger():
    assert_kept(assigns_money, PACKAGE, WHY)


def test_the_columns_of_money_are_declared_as_the_ledgers():
    declared = set().union(*map(declared_for_the_ledger, modules("agents", "model")))
    assert declared >= ALWAYS


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (commits_money, "labs.commit(fleet=f, cash=c)"),
        (commits_money, "commit(labs, loans=x)"),
        (commits_money, "labs.commit(**{'prepaid': x})"),
        (commits_money, "setattr(labs, 'cash', x)"),
        (assigns_money, "lab.cash = 3"),
        (assigns_money, "lab.cash -= price"),
        (assigns_money, "table.loans[0] = x"),
    ],
)
def test_the_rule_sees(rule, text):
    assert_seen(rule, text)


def test_declaring_and_reading_money_is_allowed():
    text = "class Firm:\n    cash = Column('USD bn')\nspare = lab.cash - 1\nlabs.commit(fleet=fleet, served=labs.cash)"
    assert_allowed(commits_money, text)
    assert_allowed(assigns_money, text)
