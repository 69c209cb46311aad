"""The long run keeps to trends that are observed over many years."""

import numpy as np

from aimarket import MarketModel

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
