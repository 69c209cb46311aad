"""What happened is told when it begins: what lasts is not told every quarter."""

import itertools

import numpy as np
import pytest

import aimarket
from aimarket.model.records.events import IDLE, OVER, SIGNED, Lasting, begun

STEPS = 14


def quarters_reported(amounts, limit=1.0):
    """The quarters in which something is told that has these amounts, counted from 0."""
    held = {}
    each = [begun(held, {"it": Lasting(np.array([amount]), np.array([limit]))})["it"][0] for amount in amounts]
    return [quarter for quarter, mark in enumerate(each) if mark]


def test_what_lasts_is_reported_when_it_begins():
    assert quarters_reported([0.0, 2.0, 2.0, 3.0, 0.0, 2.0]) == [1, 5]


def test_what_sways_about_its_limit_is_reported_once():
    assert quarters_reported([1.1, 0.9, 1.1, 0.6, 1.1]) == [0]
    assert quarters_reported([1.1, OVER - 0.01, 1.1]) == [0, 2]


def test_each_replicate_has_its_own_beginning():
    held = {}
    first = begun(held, {"it": Lasting(np.array([2.0, 0.0]), np.ones(2))})
    second = begun(held, {"it": Lasting(np.array([2.0, 2.0]), np.ones(2))})
    assert (first["it"].tolist(), second["it"].tolist()) == ([1.0, 0.0], [0.0, 1.0])


@pytest.fixture(scope="module")
def run():
    """A run, and by quarter what might be told of it: contracts signed and capacity idle."""
    model, seen = aimarket.MarketModel("baseline", rng=7, record=["events"]), []
    for _ in range(STEPS):
        model.step()
        labs, clouds = model.labs, model.clouds
        much = labs.signed.sum(1) > SIGNED * labs.all.compute_at_hand
        seen.append({"signed": much[:, 0], "idle": (clouds.idle > IDLE * clouds.own_compute)[:, 0]})
    return model, seen


@pytest.mark.parametrize("kind", ["signed", "idle"])
def test_the_events_of_a_run_are_fewer_than_its_quarters(run, kind):
    model, seen = run
    names = model.labs.names if kind == "signed" else model.clouds.names
    for row, name in enumerate(names):
        marks = model.history.arrays("events")[f"{kind}|{name}"][:, 0]
        there = [bool(quarter[kind][row]) for quarter in seen]
        assert marks.sum() <= 1 + sum(now and not before for before, now in itertools.pairwise(there))
        assert not (marks.any() and not any(there))
        assert bool(marks.any()) == any(there)


def test_a_lab_that_signs_quarter_after_quarter_is_reported_once(run):
    """Wherever one that had not signed much the quarter before signs much in two in a row."""
    model, seen = run
    output, found = model.history.arrays("events"), 0
    for row, name in enumerate(model.labs.names):
        much = [bool(quarter["signed"][row]) for quarter in seen]
        for first in range(len(much) - 1):
            if much[first] and much[first + 1] and not any(much[:first]):
                assert output[f"signed|{name}"][first : first + 2, 0].tolist() == [1.0, 0.0]
                found += 1
    assert found > 0


def test_a_run_taken_up_again_does_not_tell_twice_what_goes_on(tmp_path, run):
    model = aimarket.MarketModel("baseline", rng=7, record=["events"])
    for _ in range(3):
        model.step()
    model.save(tmp_path / "run.npz")
    again = aimarket.MarketModel.restore(tmp_path / "run.npz")
    again.step()
    told_whole, told_again = (one.history.arrays("events") for one in (run[0], again))
    assert all((told_again[name][:, 0] == told_whole[name][:4, 0]).all() for name in told_again)
