"""A manager that follows returns: it likes firms better whose value rose lately (Jegadeesh and Titman 1993)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..asset_manager import Allocation, AssetManager
from ..rules.expectations import adapted
from ..state.arrays import Floats, paired
from ..state.column import Column
from ..state.signals import Signals


class MomentumManager(AssetManager):
    """An asset manager whose appetite for a firm grows with the trend of the firm's value, and shrinks when it falls.

    The value is that of all the firm's shares, so that money newly raised counts as a rise, too.

    Examples:
        >>> import aimarket
        >>> firms = dict.fromkeys(aimarket.load_start().names("asset_managers"), aimarket.MomentumManager)
        >>> runs = aimarket.run_ensemble("baseline", replicates=2, quarters=4, rng=7, firms=firms)
        >>> runs.values("funding").shape
        (4, 2)
    """

    last_value = Column("USD bn", "value of each firm's shares when the manager last placed money", over="borrowers")
    value_trend = Column("1/quarter", "smoothed growth of each firm's value", over="borrowers")

    def trend(self, signals: Signals) -> Floats:
        """Return the trend of each firm's value with the latest news, 1/quarter, shape (managers, borrowers, R).

        m' = memory m + (1 - memory) dln value; a firm that was worth nothing before has no news.
        """
        news = adapted(self.value_trend, signals.firm_value, self.last_value, 1.0 - paired(self.momentum_memory))
        return np.where(self.last_value > 0.0, news, self.value_trend)

    def allocate_capital(self, signals: Signals) -> Allocation:
        """Return the usual budget, and the usual appetite times exp(momentum x trend of the firm's value)."""
        usual = super().allocate_capital(signals)
        return usual._replace(appetite=usual.appetite * np.exp(paired(self.momentum) * self.trend(signals)))

    def remember(self, signals: Signals) -> Mapping[str, Floats]:
        """Return values and trends as the manager saw them this quarter, shape (managers, borrowers, R)."""
        seen = np.broadcast_to(signals.firm_value, self.last_value.shape)
        return {"last_value": seen, "value_trend": self.trend(signals)}
