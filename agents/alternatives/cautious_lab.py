"""A cautious lab: it keeps a runway, raises money before it is short, and trims plans that would eat into it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..ai_lab import AILab
from ..fleet_owner import ComputePlan
from ..rules.expectations import smoothed
from ..state.arrays import Floats, positive, ratio, total
from ..state.column import Column
from ..state.signals import Signals


class CautiousLab(AILab):
    """An AI lab that keeps cash for `runway` quarters of net burn, and plans no more than what is left beside it.

    Net burn is what plant, people and debts take beyond sales, apart from what earmarked money pays; news of it weighs
    `news_weight`, as in all that labs expect. Other labs fund a few quarters of operating losses alone, and plan before
    they have the money.

    Examples:
        >>> import aimarket
        >>> model = aimarket.MarketModel("baseline", rng=7, firms={"Anthropic": aimarket.CautiousLab})
        >>> model.step()
        >>> print(*(lab.name for lab in model.agents_by_type[aimarket.CautiousLab]))
        Anthropic
    """

    net_burn = Column("USD bn/quarter", "smoothed spending beyond sales, apart from what earmarked money paid")
    earmarks_used = Column("USD bn", "earmarked money spent by the end of the last quarter")

    @property
    def reserve(self) -> Floats:
        """Cash that the lab wants to keep: runway x net burn, USD bn, shape (labs, R)."""
        return self.runway * positive(self.net_burn)

    def plan_compute(self, signals: Signals) -> ComputePlan:
        """Return the usual plans, trimmed to what is left of cash and one issue of shares.

        Left is what neither the reserve takes nor that part of undelivered orders that has to be funded now.
        """
        plan = super().plan_compute(signals)
        cost = plan.compute * self.landed_price(signals) + plan.halls * signals.hall_cost
        owed = self.reserve + self.due_share * self.undelivered(signals)
        spare = positive(self.free_cash + self.usual_issue(signals) - owed)
        part = np.where(cost > spare, ratio(spare, cost), 1.0)
        return ComputePlan(compute=part * plan.compute, halls=part * plan.halls)

    def affordable_rent(self, signals: Signals) -> Floats:
        """Return the usual limit to new rent, held to what cash and one issue pay over the runway, shape (labs, R).

        As in plans the reserve is left alone, and what is signed already comes first.
        """
        spare = positive(self.free_cash + self.usual_issue(signals) - self.reserve)
        left = positive(ratio(spare, self.runway) - total(self.owed_value, 1))
        return np.minimum(super().affordable_rent(signals), left)

    def funding_need(self, signals: Signals) -> Floats:
        """Return what the lab has to raise: at least what its reserve lacks once its plans are paid, USD bn."""
        lacking = self.planned_spending(signals) + self.due_share * self.undelivered(signals)
        lacking = lacking + self.reserve - self.free_cash
        return np.maximum(super().funding_need(signals), lacking)

    def remember(self, signals: Signals) -> Mapping[str, Floats]:
        """Return the smoothed net burn after this quarter, and the earmarked money spent so far, shape (labs, R)."""
        burn = self.capex - self.operating_cash_flow - (self.spent_sum - self.earmarks_used)
        weight = np.where(signals.quarter > 0, self.news_weight, 1.0)
        return {"net_burn": smoothed(self.net_burn, burn, weight), "earmarks_used": self.spent_sum}
