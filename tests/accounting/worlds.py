"""Worlds with parameters drawn at random, and what one looks at in them every quarter."""

import zlib

import numpy as np

import aimarket
from aimarket.model.parameters import parameters

LOGS = {"log_efficiency", "first_efficiency", "capability", "brand", "strength", "fringe_brand", "first_lead"}
SIGNED = {*LOGS, "adoption_growth", "markup", "sentiment", "leader", "outside_cash"}
"""Stocks that may lie below zero: logs, growth, moods, and the position of whoever is on the other side of payments."""


ROUNDING = 1e-12


def drawn(seed, replicates, case):
    """Return a draw a replicate of every continuous parameter that the scenario leaves alone, from its whole range."""
    chance = np.random.default_rng(seed)
    changed = {change.parameter for change in case.changes}
    return {
        name: chance.uniform(item.low, item.high, replicates)
        for name, item in parameters().items()
        if not item.structural and name not in changed
    }


def structural(end):
    """Return every structural parameter at one end of its range, low or high; chance stays on."""
    ends = {name: int(getattr(item, end)) for name, item in parameters().items() if item.structural}
    return ends | {"chance": 1}


def ruin(model, firms, row, replicates=slice(None)):
    """Let a firm lose all that it has in cash and as much again to the rest of the world, in some replicates."""
    lost = 0.0 * firms.cash
    lost[row, replicates] = 2.0 * abs(firms.cash[row, replicates]) + 1.0
    model.ledger.transfer("operating_costs", firms, model.economy, paid=lost * firms.active)


def is_stock(name, column):
    return name not in SIGNED and not column.unit.endswith(("/quarter", "/yr"))


def seed_of(scenario):
    """Return a seed of the scenario's own, so that each meets other parameters."""
    return zlib.crc32(scenario.encode())


class Watched:
    """A run that is looked at every quarter.

    Attributes:
        infinite: table, column and quarter of every value that is no finite number.
        negative: table, column and quarter of every stock below zero.
        residuals: the largest relative residual of every identity.
    """

    def __init__(self, model, quarters):
        self.infinite, self.negative = [], []
        for _ in range(quarters):
            date = model.date
            model.step()
            for title, table in model.ledger.tables.items():
                for name, values in table.columns.items():
                    self._look(f"{title}.{name} in {date}", values, is_stock(name, table.declared[name]))
        self.residuals = model.checks()

    def _look(self, where, values, stock):
        if not np.isfinite(values).all():
            self.infinite.append(where)
        if stock and values.min() < -ROUNDING * (1.0 + values.max()):
            self.negative.append(f"{where}: {values.min():g}")


def watched(scenario, seed, replicates, quarters, **more):
    """Run a scenario with drawn parameters, some of them given."""
    case = aimarket.load_scenario(scenario)
    values = drawn(seed, replicates, case) | more
    model = aimarket.MarketModel(case, rng=seed, replicates=replicates, parameters=values, record=())
    return Watched(model, quarters)
