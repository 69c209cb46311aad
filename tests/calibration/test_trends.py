"""The long run keeps to trends that are observed over many years."""

import numpy as np

import aimarket
from aimarket import MarketModel
from aimarket.experiments.calibration.start_files import STARTS

YEARS = 10
OBSERVED = (0.30, 0.49)
"""Growth of performance per dollar a year: hardware trend, and AI chips purchased (unit_economics.csv)."""


def test_performance_per_dollar_rises_as_it_has_risen():
    """Of all chips sold, as what customers pay for a unit of performance is what is observed."""
    model = MarketModel("baseline", rng=7, replicates=64)
    vendors = model.vendors
    before = np.log((vendors.capacity * vendors.performance).sum(0) / (vendors.capacity * vendors.price).sum(0))
    for _ in range(4 * YEARS):
        model.step()
    after = np.log(vendors.shipped.sum(0) / vendors.sales.sum(0))
    typical = np.median(np.exp((after - before) / YEARS) - 1.0)
    assert OBSERVED[0] < typical < OBSERVED[1], f"{typical:.0%} a year"


def test_runs_from_every_start_agree_on_what_nobody_decides():
    found = []
    for start in STARTS:
        model = MarketModel("baseline", start=aimarket.load_start(start), rng=7)
        for _ in range(-model.elapsed):
            model.step()
        assert (model.date, model.elapsed) == ("2026Q1", 0)
        economy = model.economy
        found.append([economy.outside_growth, economy.rental_growth, economy.in_house_growth])
        assert np.allclose(np.log(economy.outside_demand), 0.0, atol=0.2)  # an assumption of each start
    assert np.allclose(found, found[-1], rtol=1e-12)
    assert np.allclose(np.ravel(found[-1]), [0.07, 0.25, 0.22])


def test_what_enterprises_and_products_asked_for_grew_as_the_starts_have_it():
    """Stocks of three starts, made from observations, against the trend that is declared for the end of 2025."""
    uses = {name: [stock_sum(start, name) for start in STARTS] for name in ("short_let", "in_house")}
    p = aimarket.parameters()
    for name, declared in (("short_let", "rental_demand_growth"), ("in_house", "in_house_demand_growth")):
        early, late = np.diff(np.log(uses[name])) / 4.0
        at = {back: p[declared].default * p["growth_memory"].default ** -back for back in (6, 2)}
        assert early > late > p[declared].default
        assert np.allclose([at[6], at[2]], [early, late], atol=0.13), name


def stock_sum(start, name):
    """Return what all clouds use for something when a start begins, M H100e."""
    return aimarket.load_start(start).array("clouds", name).sum()
