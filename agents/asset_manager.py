"""Asset managers: they lend to firms, buy their shares and catch one another's moods."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .firm import ASSUMPTION
from .state.arrays import Floats, clip, paired
from .state.column import Column
from .state.population import MarketAgent, decision
from .state.quantity import parameter
from .state.shown import shown
from .state.signals import Signals


@shown()
class Allocation(NamedTuple):
    """How managers want to place their money.

    Attributes:
        budget: money to place this quarter, USD bn, shape (managers, R).
        appetite: relative weight of each borrower, shape (managers, borrowers, R).
    """

    budget: Floats
    appetite: Floats


class AssetManager(MarketAgent):
    """An asset manager with money set aside for AI infrastructure; its loans and shares stand with the borrowers.

    Examples:
        >>> import aimarket
        >>> class Hoarder(aimarket.AssetManager):
        ...     def allocate_capital(self, signals):
        ...         usual = super().allocate_capital(signals)
        ...         return usual._replace(budget=0.1 * usual.budget)
        >>> careful = aimarket.run_ensemble("baseline", replicates=2, quarters=4, rng=7, firms={"Apollo": Hoarder})
        >>> usual = aimarket.run_ensemble("baseline", replicates=2, quarters=4, rng=7)
        >>> bool((careful.values("funding")[-1] < usual.values("funding")[-1]).all())
        True
    """

    group = "asset_managers"

    cash = Column("USD bn", "money not yet placed", ledger=True, symbol="cashM")
    sentiment = Column("1", "mood, in (-1, 1)", symbol="z")
    assets = Column("USD bn", "cash, loans and shares at market value", symbol="AUM")
    return_rate = Column("1/quarter", "return on assets, net of savers' flows")
    placed = Column("USD bn/quarter", "loans and shares taken up this quarter, the deal's included")
    notes_taken = Column("USD bn", "own cash given for notes of vehicles since managers last shared out their budgets")
    opening_cash = Column("USD bn", "money not yet placed before this quarter's income")
    called = Column("USD bn/quarter", "money called from savers for the deal this quarter")
    returned = Column("USD bn/quarter", "called money and its interest given back to savers this quarter")
    interest_returned = Column("USD bn/quarter", "the interest of it")
    distributed = Column("USD bn/quarter", "income paid out to savers this quarter")
    subscriptions = Column("USD bn/quarter", "net money from savers this quarter")
    news = Column("1", "push that an announced deal gives to sentiment this quarter")

    risk_free_rate = parameter(
        0.04, "1/yr", 0.03, 0.05, "Treasury yields of 2025-26", "risk-free rate", "rf", shared=True
    )
    loss_given_default = parameter(
        0.5, "1", 0.3, 0.7, ASSUMPTION, "part of a loan lost when the borrower fails", "LGD", shared=True
    )
    premium_sentiment = parameter(
        0.8, "1", 0.3, 1.5, ASSUMPTION, "fall of the premium with sentiment", "lam_z", shared=True
    )
    crunch_spread = parameter(0.08, "1/yr", 0.0, 0.2, ASSUMPTION, "spread that a full credit crunch adds", shared=True)
    deployment = parameter(
        0.20,
        "1/quarter",
        0.1,
        0.4,
        "assumption, after the specification's prototype",
        "part of the money on hand placed in a quarter",
        "deploy",
    )
    highest_deployment = parameter(
        0.6,
        "1/quarter",
        0.4,
        0.9,
        ASSUMPTION,
        "most of the money on hand placed a quarter; reached in the best moods where deployment is high",
    )
    deployment_sentiment = parameter(0.7, "1", 0.0, 1.5, ASSUMPTION, "response of deployment to sentiment")
    debt_mandate = parameter(1.0, "1", 0.0, 1.0, ASSUMPTION, "part of its budget a manager may lend", "mD")
    equity_mandate = parameter(0.5, "1", 0.0, 1.0, ASSUMPTION, "part of its budget it may put into shares", "mE")
    concentration = parameter(
        0.25, "1", 0.1, 0.5, "mandates limit single names; assumption", "most of its assets in one firm", "conc"
    )
    selectivity = parameter(20.0, "yr", 5.0, 40.0, ASSUMPTION, "response of lending to the return on a loan")
    risk_aversion = parameter(1.0, "1", 0.0, 3.0, ASSUMPTION, "charge for default risk beyond its expected cost", "ra")
    risk_attitude = parameter(1.0, "1", 0.1, 3.0, ASSUMPTION, "a manager's risk aversion relative to others")
    herding = parameter(1.0, "1", 0.0, 3.0, ASSUMPTION, "pull of what others have lent to a firm", "herd")
    momentum = parameter(
        6.0, "quarters", 0.0, 12.0, ASSUMPTION, "managers that follow returns: response of appetite to a value's trend"
    )
    momentum_memory = parameter(0.7, "1", 0.0, 0.95, ASSUMPTION, "managers that follow returns: memory of that trend")
    dry_powder = parameter(
        1.0, "1", 0.25, 2.0, ASSUMPTION, "managers' money at the start, as a factor", "dry", opening=True
    )
    management_fee = parameter(0.0025, "1/quarter", 0.0, 0.01, "1 % a year; assumption", "fee on money not placed")
    announcement_effect = parameter(
        0.0,
        "1",
        0.0,
        1.2,
        "assumption, and a treatment of claim C1",
        "push that the announcement of a deal gives to sentiment",
        "z_news",
    )

    @decision(result=Allocation, over={"appetite": "borrowers"}, signed=("budget",))
    def allocate_capital(self, signals: Signals) -> Allocation:
        """Return how much managers place and how much they like each borrower (specification P8).

        w = exp(20 (r - rf - (1 + ra exp(-z)) PD LGD)) (1 + herd s): return over expected loss, with an aversion to
        risk that fades in good times, and a pull of what managers have already lent. Income of the quarter waits for
        the next.
        """
        pace = self.deployment * self.parameter_value("capital_available")
        pace = pace * np.exp(self.deployment_sentiment * self.sentiment)
        open_for_business = 1.0 - self.parameter_value("credit_crunch")
        budget = self.active * self.opening_cash * clip(pace * open_for_business, 0.0, self.highest_deployment)
        fear = 1.0 + self.risk_aversion * self.risk_attitude * np.exp(-self.sentiment)
        expected_loss = signals.default_probability * self.loss_given_default
        excess = signals.quoted_rate - self.risk_free_rate - fear[:, None] * expected_loss
        return Allocation(
            budget, np.exp(paired(self.selectivity) * excess) * (1.0 + paired(self.herding) * signals.loan_share)
        )
