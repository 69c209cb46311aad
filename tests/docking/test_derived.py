"""What a firm derives from its columns is the same on a single firm as in the whole population."""

import inspect

import numpy as np
import pytest

import aimarket
from aimarket.agents.state.population import MarketAgent

GIVEN = {"quarters": 5, "wanted": 10.0, "target": 10.0, "rate": 0.1}
"""What methods are asked for that take more than the signals: a horizon, M H100e, and a rate a year."""

OF_ANY_AGENT = {name for name, item in vars(MarketAgent).items() if isinstance(item, property)}


def derived(cls):
    """Return the properties and the methods of the signals that a kind of firm declares."""
    found = {}
    for base in cls.__mro__:
        if base.__module__.startswith("aimarket.agents") and base is not MarketAgent:
            for name, item in vars(base).items():
                looks = inspect.isfunction(item) and "signals" in inspect.signature(item).parameters
                if not name.startswith("_") and (isinstance(item, property) or looks):
                    found.setdefault(name, item)
    return {n: i for n, i in found.items() if not hasattr(i, "declaration") and n not in OF_ANY_AGENT}


def read(firm, name, item, market):
    """Return a property, or call a method with what it takes."""
    if isinstance(item, property):
        return getattr(firm, name)
    asked = [GIVEN[word] for word in inspect.signature(item).parameters if word in GIVEN]
    return getattr(firm, name)(*asked, market)


@pytest.mark.parametrize("replicates", [1, 3, 4, 6])
def test_a_handle_reads_what_the_population_reads_in_its_row(replicates):
    model = aimarket.MarketModel("deal_35bn", rng=5, replicates=replicates)
    model.step()
    compared = 0
    for firm in model.agents:
        for name, item in derived(type(firm)).items():
            alone = read(firm, name, item, model.signals)
            together = read(firm.population.all, name, item, model.signals)[firm.row]
            paired = together.ndim > 1  # by a second firm, as in what is on order with each vendor
            there = np.where(firm.population.active[firm.row] > 0.0, together, np.nan)
            expected = there[..., 0] if paired and replicates == 1 else there
            assert np.array_equal(np.atleast_1d(alone), expected, equal_nan=True), f"{firm.name}.{name}"
            assert isinstance(alone, float) == (replicates == 1 and not paired), f"{firm.name}.{name}"
            compared += 1
    assert compared > 100


def test_mesa_adds_up_what_firms_derive():
    model = aimarket.MarketModel(rng=5)
    labs = model.agents_by_type[aimarket.AILab]
    assert labs.agg("compute", sum) == pytest.approx(float(model.labs.all.compute.sum()))


def test_nobody_can_write_into_what_everybody_sees():
    model = aimarket.MarketModel(rng=5)
    model.step()
    for name, value in vars(model.signals).items():
        assert not isinstance(value, np.ndarray) or not value.flags.writeable, name


class Meddling(aimarket.AILab):
    def remember(self, signals):
        return {"cash": self.cash + 1.0}


class Careless(aimarket.AILab):
    seen = aimarket.Column("1")

    def remember(self, signals):
        return {"seen": np.ones(3)}


class Greedy(aimarket.AILab):
    greed = aimarket.parameter(1.0, "1", 0.0, 2.0, source="assumption", doc="more")


class Otherwise(aimarket.AILab):
    seen = aimarket.Column("1", initial=2.0)


@pytest.mark.parametrize(
    ("firms", "error", "said"),
    [
        ({"xAI": Meddling}, ValueError, "Meddling.remember: cash is no column that Meddling adds"),
        ({"xAI": Careless}, ValueError, r"Careless.remember: seen has shape \(3,\), expected \(1, 1\)"),
        ({"xAI": Greedy}, TypeError, "Greedy.greed: only kinds of firms declare parameters"),
        ({"xAI": Careless, "Meta": Otherwise}, TypeError, "seen is declared otherwise by another class"),
        ({"xAI": 1}, TypeError, "xAI is one of ai_labs: 1 is no subclass of AILab"),
    ],
)
def test_a_subclass_that_does_what_it_may_not_is_named(firms, error, said):
    with pytest.raises(error, match=said):
        aimarket.MarketModel(firms=firms).step()


@pytest.mark.parametrize(("name", "value"), [("price", float("nan")), ("price", float("inf"))])
def test_a_firm_takes_no_value_that_is_not_finite(name, value):
    lab = next(iter(aimarket.MarketModel().agents_by_type[aimarket.AILab]))
    with pytest.raises(ValueError, match="is not a finite number"):
        setattr(lab, name, value)


def test_a_firm_leaves_by_remove_alone():
    lab = next(iter(aimarket.MarketModel().agents_by_type[aimarket.AILab]))
    with pytest.raises(AttributeError, match=r"remove\(\)"):
        lab.active = 0.0
