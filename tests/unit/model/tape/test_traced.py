"""Traced arrays: what they write down is what NumPy does, and what they cannot write down they refuse by name."""

import contextlib

import numpy as np
import pytest

from aimarket.agents.state.arrays import anywhere, power, present, seldom, total
from aimarket.model.tape.reckoning import FLOAT, lifted, traced
from aimarket.model.tape.refusal import UntraceableError
from aimarket.model.tape.tape import Tape

LANES, FIRMS = 61, 3


@pytest.fixture
def tape():
    return Tape(LANES)


@pytest.fixture
def x(tape):
    """An input of three firms."""
    return traced(tape, tape.given("x", FIRMS), FLOAT, lanes=True)


REFUSED = {
    "a branch": (lambda x: 1.0 if x[0] > 0.0 else 0.0, "branches on a value"),
    "a branch on any": (lambda x: 1.0 if (x > 0.0).any(0) else 0.0, "branches on a value"),
    "a float": (lambda x: float(x[0]), "Python number"),
    "a whole number": (lambda x: int(x[0]), "Python number"),
    "a text": (lambda x: f"{x[0]:.2f}", "into a text"),
    "a plain array": (np.asarray, "plain array"),
    "a list of arrays": (lambda x: np.array([x, x]), "plain array"),
    "writing into a plain array": (lambda x: np.add(x, 1.0, out=np.zeros((FIRMS, LANES))), "not traced"),
    "a sum over all": (lambda x: x.sum(), "puts all axes together"),
    "a sum over replicates": (lambda x: x.sum(-1), "puts replicates together"),
    "one replicate": (lambda x: x[..., :1] + 1.0, "picks replicates"),
    "replicates turned round": (lambda x: x[..., ::-1] + 1.0, "moves replicates"),
    "a place that depends on a value": (lambda x: x[(x > 0.0)], "places that depend on a value"),
    "a power of a value": (lambda x: x**x, "power"),
    "a function without a tape": (lambda x: np.median(x, 0), "np.median"),
    "a universal function without a tape": (np.arctan, "np.arctan"),
    "an array that differs": (lambda x: x + np.arange(float(LANES)), "differs between replicates"),
    "asking what is there": (lambda x: 1.0 in x, "asks whether"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_tape_can_hold_is_refused_with_method_and_line(name, x, tape):
    rule, why = REFUSED[name]
    with pytest.raises(UntraceableError, match=why) as caught:
        rule(x)
    here = rule.__code__.co_filename if hasattr(rule, "__code__") else __file__
    assert str(caught.value).partition(" (")[2].startswith(f"{here.rpartition('/')[2]}, line ")


def test_a_rule_that_catches_its_errors_does_not_hide_a_refusal(x, tape):
    def careless(values):
        try:
            return float(values[0])
        except Exception:  # noqa: BLE001 - so careless that it hides all errors
            return 0.0

    with pytest.raises(UntraceableError):
        careless(x)
    with contextlib.suppress(BaseException):
        careless(x)
    assert len(tape.refused) == 2


def test_guards_are_written_down_in_any_case_and_seldom_ones_in_one_course(x, tape):
    assert anywhere(x)
    assert seldom(x)
    tape.usual = True
    assert anywhere(x)
    assert not seldom(x)
    assert [guard.shape for guard in tape.seldom] == [(FIRMS, LANES)]


def test_what_is_nothing_may_be_left_out_of_a_record(x, tape):
    kept = present({"x": x})
    assert tape.is_optional(kept["x"])
    assert not tape.is_optional(x + 1.0)


def test_guards_of_numpy_say_what_is_there():
    nothing, something = np.zeros((2, 3)), np.array([[0.0, 0.0], [0.0, 1.0]])
    assert (anywhere(nothing), seldom(nothing), anywhere(something), seldom(something)) == (False, False, True, True)
    assert list(present({"a": nothing, "b": something})) == ["b"]


def test_what_is_repeated_is_there_once(x, tape):
    first, again = power(x, 2.5) + total(x), power(x, 2.5) + total(x)
    assert first.rows().tolist() == again.rows().tolist()
    assert len(tape.steps) == 5


def test_in_place_writing_reaches_views_and_stops_at_what_is_read_only(x):
    own = x.copy()
    view = own[1:]
    own[1] = 7.0
    assert view[0].rows() == lifted(x.tape, 7.0).rows()
    assert own[0].rows() == x[0].rows()
    x.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        x[0] = 1.0


def test_a_tape_is_the_same_each_time_it_is_written():
    def rows(tape):
        x = traced(tape, tape.given("x", FIRMS), FLOAT, lanes=True)
        return (np.where(x > 0.0, np.exp(x), total(x)) * np.array([[1.0], [0.3], [7.0]])).rows()

    one, other = Tape(LANES), Tape(LANES)
    assert rows(one).tolist() == rows(other).tolist()
    assert [str(step) for step in one.steps] == [str(step) for step in other.steps]
