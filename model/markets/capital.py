"""The capital market: deals are drawn, managers lend and buy shares, the outside sector buys shares too (P8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.rules.rationing import pro_rata
from ...agents.state.arrays import TINY, Floats, positive, ratio, total
from ...agents.state.quantity import ParameterGroup, parameter
from ..earmarks import USES, bind
from ..stacks import split, stack

if TYPE_CHECKING:
    from ..market_model import MarketModel
    from ..scenario import Deal

PASSES = 3
"""How often managers offer again what they could not place (specification P8)."""


class CapitalMarket(ParameterGroup):
    """Terms that all financing shares."""

    group = "capital"

    amortisation = parameter(
        0.04, "1/quarter", 0.03, 0.06, "five to six years of amortisation (financing_deals.csv)",
        "part of a loan paid back in a quarter", "amort",
    )  # fmt: skip
    outside_equity_share = parameter(
        0.40, "1", 0.2, 0.6, ASSUMPTION, "part of share issues that parents and the public buy", "x_eq"
    )
    ready_cash_share = parameter(
        0.60, "1", 0.3, 0.9, ASSUMPTION, "part of a manager's cash a deal may take; the rest is called from savers"
    )
    vendor_finance_share = parameter(
        0.05, "1", 0.0, 0.5, "vendor equity and credit of 2025 (financing_deals.csv); assumption",
        "part of a delivery that vendors finance", "vf_share",
    )  # fmt: skip
    vendor_finance_rate = parameter(0.02, "1/quarter", 0.01, 0.04, ASSUMPTION, "interest on vendor finance")
    vendor_finance_amortisation = parameter(
        0.10, "1/quarter", 0.03, 0.25, ASSUMPTION, "part of vendor finance paid back in a quarter", "vf_amort"
    )


def raise_capital(market: MarketModel) -> None:
    """Draw deals, then let managers place their money in loans and shares (P8)."""
    for firms in market.borrowers:
        nothing = np.zeros(firms.cash.shape)
        firms.commit(debt_raised=nothing, equity_raised=nothing)
    market.managers.commit(placed=np.zeros_like(market.managers.cash), called=np.zeros_like(market.managers.cash))
    market.economy.commit(deal_draw=np.zeros_like(market.economy.deal_draw))
    wish = market.managers.decide("allocate_capital", market.signals)
    budget = np.minimum(positive(wish.budget - _draw_deals(market)), positive(market.managers.cash))
    room = _room(market)
    loans = _place(room, budget * market.parameters.debt_mandate, wish.appetite, stack(market, "debt_request"))
    _lend(market, "lending", loans)
    left = np.minimum(budget - total(loans, 1), budget * market.parameters.equity_mandate)
    _sell_shares(market, positive(room - loans), left, wish.appetite)
    economy = market.economy
    economy.commit(funding=total(stack(market, "debt_raised")) + total(stack(market, "equity_raised")))


def _place(room: Floats, budget: Floats, appetite: Floats, requested: Floats) -> Floats:
    """Share budgets among borrowers by appetite, within each manager's limit for a single name.

    Args:
        room: how much more each manager may have with each borrower, USD bn, shape (managers, borrowers, R).
        budget: USD bn, shape (managers, R).
        appetite: shape (managers, borrowers, R).
        requested: USD bn, shape (borrowers, R).
    """
    placed = np.zeros_like(appetite)
    for _ in range(PASSES):
        wanting = positive(requested - total(placed))
        claim = appetite * wanting
        part = ratio(budget - total(placed, 1), total(claim, 1))
        offer = np.minimum(claim * part[:, None], room - placed)
        placed = placed + pro_rata(offer, wanting)
    return placed


def _room(market: MarketModel) -> Floats:
    """Return how much more each manager may have with each borrower, USD bn, shape (managers, borrowers, R)."""
    exposure = stack(market, "loans") + stack(market, "equity_held") * positive(stack(market, "value"))[:, None]
    exposure = np.ascontiguousarray(exposure.transpose(1, 0, 2))
    limit = market.parameters.concentration * (market.managers.cash + total(exposure, 1))
    return positive(limit[:, None] - exposure)


def _lend(market: MarketModel, row: str, placed: Floats) -> None:
    """Pay out loans, shape (managers, borrowers, R), and move each firm's rate towards the quoted one."""
    for firms, amount in zip(market.borrowers, split(market, placed.transpose(1, 0, 2)), strict=True):
        new, old = total(amount, 1), firms.all.debt
        rate = ratio(firms.interest_rate * old + firms.quoted_rate * new, old + new)
        firms.commit(
            interest_rate=np.where(old + new > TINY, rate, firms.quoted_rate), debt_raised=firms.debt_raised + new
        )
        market.ledger.lend(row, market.managers, firms, np.ascontiguousarray(amount))
    market.managers.commit(placed=market.managers.placed + total(placed, 1))


def _sell_shares(market: MarketModel, room: Floats, budget: Floats, appetite: Floats) -> None:
    """Let the outside sector take its part of share issues and managers what they have left."""
    p = market.parameters
    wanted = stack(market, "equity_request") * (stack(market, "value") > 0.0)
    outside = wanted * p.outside_equity_share
    by_outside = outside * (1.0 - p.credit_crunch)
    placed = _place(room, budget, appetite, wanted - outside)
    _issue(market, placed, by_outside)


def _issue(market: MarketModel, placed: Floats, by_outside: Floats) -> None:
    """Issue shares, shapes (managers, borrowers, R) and (borrowers, R)."""
    parts = zip(market.borrowers, split(market, placed.transpose(1, 0, 2)), split(market, by_outside), strict=True)
    for firms, bought, outside in parts:
        market.ledger.issue(market.managers, market.economy, firms, np.ascontiguousarray(bought), outside)
        firms.commit(equity_raised=firms.equity_raised + total(bought, 1) + outside)
    market.managers.commit(placed=market.managers.placed + total(placed, 1))


def _draw_deals(market: MarketModel) -> Floats:
    """Draw what deals pay this quarter; return what managers gave of their own cash, shape (managers, R)."""
    before = market.managers.cash
    for deal in market.case.deals:
        if deal.drawn_in(market.now) > 0.0:
            _draw(market, deal)
    return before - market.managers.cash


def _draw(market: MarketModel, deal: Deal) -> None:
    """Draw one deal's instalment: by managers, to recipients, bound to uses."""
    p, labs, economy = market.parameters, market.labs, market.economy
    scale = deal.drawn_in(market.now) * p.deal_scale * p.price_level
    to = market.shares_of(labs, deal.recipients) * labs.active * scale
    if deal.instrument == "vendor":
        labs.commit(vendor_credit_line=labs.vendor_credit_line + to)
    else:
        _pay_out(market, deal, to)
        bind(labs, to[:, None] * _earmark(deal))
        economy.commit(deal_bound=economy.deal_bound + total(to) * sum(deal.earmark.values()))
    drawn = total(to)
    economy.commit(deal_drawn=economy.deal_drawn + drawn, deal_draw=economy.deal_draw + drawn)


def _pay_out(market: MarketModel, deal: Deal, to: Floats) -> None:
    """Let the funders of a deal lend or buy shares, USD bn to each lab, shape (labs, R)."""
    managers = market.managers
    amount = to[:, None] * market.shares_of(managers, deal.funders)
    _call_savers(market, total(amount, 0))
    by_manager = np.zeros((len(managers), market.borrower_count, market.replicates))
    by_manager[:, : len(to)] = amount.transpose(1, 0, 2)
    if deal.instrument == "equity":
        _issue(market, by_manager, np.zeros(by_manager.shape[1:]))
    else:
        _lend(market, "deal", by_manager)


def _call_savers(market: MarketModel, amount: Floats) -> None:
    """Let managers call from savers what a deal takes beyond the ready part of their cash."""
    managers, p = market.managers, market.parameters
    called = positive(amount - p.ready_cash_share * positive(managers.cash))
    market.ledger.transfer("capital_calls", market.economy, managers, received=called)
    managers.commit(called=managers.called + called)


def _earmark(deal: Deal) -> Floats:
    """Return the parts of a deal by use, shape (1, uses, 1)."""
    return np.array([deal.earmark.get(use, 0.0) for use in USES])[None, :, None]
