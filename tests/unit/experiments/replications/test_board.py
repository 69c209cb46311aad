"""Published results with a closed form come out, and one that does not is told."""

import numpy as np
import pytest

from aimarket.experiments.replications import exact
from aimarket.experiments.replications.board import PUBLISHED, UnknownResultError, replicate
from aimarket.experiments.replications.published import Figure, exactly


@pytest.mark.parametrize("name", exact.EXACT)
def test_what_has_a_closed_form_comes_out(name):
    wrong = [figure for figure in replicate(name).figures if not figure.agrees]
    assert wrong == []


def test_another_rule_does_not_give_what_was_published(monkeypatch):
    monkeypatch.setattr(exact, "wright", lambda made, first, rate: (made / first) ** -rate)
    found = replicate("wright")
    assert not found.agrees
    assert [figure.agrees for figure in found.figures] == [False, True, True]


def test_margins_that_forget_shares_are_told(monkeypatch):
    monkeypatch.setattr(exact, "lerner_index", lambda share, weight, *_: 1.0 / weight + 0.0 * share)
    assert not replicate("lerner").agrees


def test_every_result_names_who_found_it():
    assert all(any(letter.isdigit() for letter in result.reference) for result in PUBLISHED.values())


def test_a_figure_agrees_up_to_its_tolerance():
    assert exactly("x", 2.0, 2.0 + 1e-9, 1e-8).agrees
    assert not exactly("x", 2.0, 2.0 + 1e-7, 1e-8).agrees
    assert not Figure("x", "any", np.nan, -np.inf, np.inf).agrees


def test_a_name_that_is_none_names_the_nearest():
    with pytest.raises(UnknownResultError, match="did you mean 'logit'"):
        replicate("logti")
