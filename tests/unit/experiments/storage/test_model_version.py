"""The checksum of the model: whatever computes something else changes it, whatever reads better does not."""

import ast

import pytest

from aimarket.experiments.storage.model_version import rules_of

RULE = '''"""Prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .firm import Firm

SPEED = 0.25
"""How fast prices move, 1/quarter."""


def price(firm: Firm, gap):
    """Return the price."""
    from .rules import limit

    assert gap.size, f"{gap:<{SPEED}} is empty"
    return limit(firm.price * (1.0 + SPEED * gap))  # section 4
'''


def checked(*changes, source=RULE):
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return sorted(rules_of(source))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  # section 4", ""),
        ('    """Return the price."""', '    """Return what is asked."""'),
        ('"""How fast prices move, 1/quarter."""', ""),
        ("from .rules import limit", "from ..rules.pricing import limit"),
        ("import numpy as np", "import scipy"),
        ("from .firm import Firm", "from ..agents.firm import Firm"),
        ("0.25", "0.250"),
        (
            "    return limit(firm.price * (1.0 + SPEED * gap))",
            "    return limit(\n        firm.price * (1.0 + SPEED * gap)\n    )",
        ),
    ],
)
def test_what_reads_otherwise_is_the_same_model(old, new):
    assert checked((old, new)) == checked()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.25", "0.26"),
        ("1.0 +", "1.0 -"),
        ("firm.price *", "firm.cost *"),
        ("limit(firm", "floor(firm"),
        ("gap.size", "not gap.size"),
        (" is empty", " is short"),
        ("def price(firm: Firm, gap)", "def price(firm: Firm, gap=None)"),
        ("SPEED = 0.25", "SPEED = 0.25\nSLOW = 0.1"),
    ],
)
def test_what_computes_otherwise_is_another_model(old, new):
    assert checked((old, new)) != checked()


def test_a_rule_may_stand_in_another_file_and_in_another_order():
    speed, price = RULE[RULE.index("SPEED =") : RULE.index("def price")], RULE[RULE.index("def price") :]
    assert sorted([*rules_of(price), *rules_of(speed)]) == checked()


def test_a_tree_that_another_thread_has_spoilt_is_made_again(monkeypatch):
    expected, parse, spoilt = rules_of(RULE), ast.parse, [True, True]

    def sometimes(source):
        if spoilt:
            spoilt.pop()
            raise SystemError("AST constructor recursion depth mismatch")
        return parse(source)

    monkeypatch.setattr(ast, "parse", sometimes)
    assert rules_of(RULE) == expected
    assert spoilt == []
