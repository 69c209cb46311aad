"""The long run keeps to trends that are observed over many years."""

import numpy as np

from aimarket import MarketModel

YEARS = 10
OBSERVED = (0.30, 0.49)
"""Growth of performance per dollar a year: hardware trend, and AI chips purchased (unit_economics.csv)."""


def test_performance_per_dollar_rises_as_it_has_risen():
    model = MarketModel("baseline", rng=7, replicates=64)
    vendors, sold = model.vendors, model.vendors.active > 0.0
    before = np.log(vendors.performance / vendors.price)
    for _ in range(4 * YEARS):
        model.step()
    grown = np.exp((np.log(vendors.performance / vendors.price) - before) / YEARS) - 1.0
    typical = np.median(grown[sold.all(1)].mean(0))
    assert OBSERVED[0] < typical < OBSERVED[1], f"{typical:.0%} a year"
