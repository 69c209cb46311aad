"""The capital market: deals are drawn, managers lend and buy shares, the outside sector buys shares too (P8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.rules.rationing import pro_rata
from ...agents.state.arrays import TINY, Floats, positive, ratio, total
from ...agents.state.population import Population
from ...agents.state.quantity import ParameterGroup, parameter
from ..accounting.borrowers import of_borrowers, split_by_kind
from ..deals.earmarks import bind
from ..deals.term_loans import has_own_terms, lend_on_own_terms, pooled
from .capital_calls import call_savers, count_draw
from .leasing import set_aside

if TYPE_CHECKING:
    from ..market_model import MarketModel

Where = np.ndarray | bool
"""Replicates, shape (R,) of truth values, or all of them."""

PASSES = 3
"""How often managers offer again what they could not place (specification P8)."""


class CapitalMarket(ParameterGroup):
    """Terms that all financing shares."""

    group = "capital"

    amortisation = parameter(
        0.04,
        "1/quarter",
        0.03,
        0.06,
        "five to six years of amortisation (financing_deals.csv)",
        "part of a loan paid back in a quarter",
        "amort",
    )
    outside_equity_share = parameter(
        0.40, "1", 0.2, 0.6, ASSUMPTION, "part of share issues that parents and the public buy", "x_eq"
    )
    ready_cash_share = parameter(
        0.60,
        "1",
        0.3,
        0.9,
        ASSUMPTION,
        "part of a manager's cash a deal may take; the rest is called from savers: in the largest deals",
    )
    vendor_finance_share = parameter(
        0.05,
        "1",
        0.0,
        0.5,
        "vendor equity and credit of 2025 (financing_deals.csv); assumption",
        "part of a delivery that vendors finance",
        "vf_share",
    )
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
    loans = _place(room, budget * market.parameters.debt_mandate, wish.appetite, of_borrowers(market, "debt_request"))
    _lend(market, "lending", loans)
    left = np.minimum(budget - total(loans, 1), budget * market.parameters.equity_mandate)
    _sell_shares(market, positive(room - loans), left, wish.appetite)
    economy = market.economy
    economy.commit(funding=total(of_borrowers(market, "debt_raised")) + total(of_borrowers(market, "equity_raised")))


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
    exposure = (
        of_borrowers(market, "loans")
        + of_borrowers(market, "equity_held") * positive(of_borrowers(market, "value"))[:, None]
    )
    exposure = np.ascontiguousarray(exposure.transpose(1, 0, 2))
    limit = market.parameters.concentration * (market.managers.cash + total(exposure, 1))
    return positive(limit[:, None] - exposure)


def _lend(market: MarketModel, row: str, placed: Floats, where: Where = True) -> None:
    """Pay out loans, shape (managers, borrowers, R), and move each firm's rate towards the quoted one.

    Args:
        market: the model.
        row: the row of the flow matrix.
        placed: USD bn, shape (managers, borrowers, R).
        where: the replicates in which there is such lending, shape (R,); in the others rates keep their bits.
    """
    for firms, amount in zip(market.borrowers, split_by_kind(market, placed.transpose(1, 0, 2)), strict=True):
        new, old = total(amount, 1), total(pooled(market, firms), 1)
        rate = ratio(firms.interest_rate * old + firms.quoted_rate * new, old + new)
        rate = np.where(old + new > TINY, rate, firms.quoted_rate)
        firms.commit(interest_rate=np.where(where, rate, firms.interest_rate), debt_raised=firms.debt_raised + new)
        market.ledger.lend(row, market.managers, firms, np.ascontiguousarray(amount))
    market.managers.commit(placed=market.managers.placed + total(placed, 1))


def _sell_shares(market: MarketModel, room: Floats, budget: Floats, appetite: Floats) -> None:
    """Let the outside sector take its part of share issues and managers what they have left."""
    p = market.parameters
    wanted = of_borrowers(market, "equity_request") * (of_borrowers(market, "value") > 0.0)
    outside = wanted * p.outside_equity_share
    by_outside = outside * (1.0 - p.credit_crunch)
    placed = _place(room, budget, appetite, wanted - outside)
    _issue(market, placed, by_outside)


def _issue(
    market: MarketModel, placed: Floats, by_outside: Floats, by_vendors: Floats | None = None, where: Where = True
) -> None:
    """Issue shares, shapes (managers, borrowers, R), (borrowers, R) and, for deals, (facilities, vendors, R)."""
    parts = zip(
        market.borrowers,
        split_by_kind(market, placed.transpose(1, 0, 2)),
        split_by_kind(market, by_outside),
        strict=True,
    )
    for firms, bought, outside in parts:
        strategic = _strategic(market, firms, by_vendors)
        buyers = market.managers, market.vendors, market.economy
        market.ledger.issue(buyers, firms, np.ascontiguousarray(bought), outside, strategic, where=where)
        raised = firms.equity_raised + total(bought, 1) + outside
        firms.commit(equity_raised=raised if strategic is None else raised + total(strategic, 1))
    market.managers.commit(placed=market.managers.placed + total(placed, 1))


def _strategic(market: MarketModel, firms: Population[Any], by_vendors: Floats | None) -> Floats | None:
    """Return what vendors pay for shares of labs or clouds, shape (n, vendors, R); none where no deal says so."""
    if by_vendors is None or firms not in market.owners or not market.facilities.to.any_of(firms):
        return None
    return market.facilities.to.on(firms, by_vendors)


def _draw_deals(market: MarketModel) -> Floats:
    """Draw what deals pay this quarter; return what managers gave or set aside of their own cash, (managers, R)."""
    facilities, managers = market.facilities, market.managers
    before = managers.cash
    if not len(facilities):
        return np.zeros_like(before)
    due = _due(market)
    if not due.any():
        return set_aside(market)
    by_funder = facilities.holdings(market) * due[:, None]
    loans, shares, credit = (facilities.is_a[kind] for kind in ("loan", "equity", "vendor"))
    _pay_out(market, by_funder * loans[:, None], by_funder * shares[:, None])
    paid = due * (loans + shares)
    facilities.commit(
        drawn=facilities.drawn + paid,
        draw=facilities.draw + paid,
        given=facilities.given + by_funder * (loans + shares)[:, None],
        given_so_far=facilities.given_so_far + by_funder * (loans + shares)[:, None],
        line=facilities.line + due * credit,
        restricted=facilities.restricted + paid[:, None] * facilities.earmark,
        untied=facilities.untied + paid * (1.0 - facilities.bound),
    )
    economy = market.economy
    for firms in filter(facilities.to.any_of, market.owners):
        promised = facilities.to.on(firms, due * credit)
        firms.commit(vendor_credit_line=firms.vendor_credit_line + promised)
        bind(firms, facilities.to.on(firms, paid[:, None] * facilities.earmark))
    count_draw(market, total(due))
    economy.commit(deal_bound=economy.deal_bound + total(paid * facilities.bound))
    return before - managers.cash + set_aside(market)


def _due(market: MarketModel) -> Floats:
    """Return what each facility pays out or promises by its schedule, USD bn, shape (facilities, R); leases wait."""
    facilities, p = market.facilities, market.parameters
    scale = (facilities.amounts * facilities.scheduled()) * p.deal_scale * p.price_level
    return facilities.part * facilities.to.of(market, "active") * scale * (1.0 - facilities.is_a["lease"])


def _pay_out(market: MarketModel, loans: Floats, shares: Floats) -> None:
    """Let funders lend and buy shares, USD bn, shape (facilities, funders, R).

    Replicates in which no deal pays keep their bits, whatever is paid in others of the batch.
    """
    count, facilities = len(market.managers), market.facilities
    call_savers(market, total((loans + shares)[:, :count]))
    if loans.any():
        usual = loans * (1.0 - facilities.own_terms)[:, None]
        _lend(market, "deal", _by_manager(market, usual), total(total(loans)) > 0.0)
        if has_own_terms(market):
            lend_on_own_terms(market, loans - usual)
    if shares.any():
        by_outside = _on_borrowers(market, shares[:, -1])
        sold = total(total(shares)) > 0.0
        _issue(market, _by_manager(market, shares), by_outside, shares[:, count:-1], sold)


def _by_manager(market: MarketModel, given: Floats) -> Floats:
    """Return what managers give to all borrowers, shape (managers, borrowers, R), of (facilities, funders, R)."""
    return _on_borrowers(market, given[:, : len(market.managers)]).swapaxes(0, 1)


def _on_borrowers(market: MarketModel, amount: Floats) -> Floats:
    """Add up an amount by facility, shape (facilities, ..., R), by recipient among all borrowers."""
    found = np.zeros((market.borrower_count, *amount.shape[1:]))
    for firms in market.owners:
        found[market.borrower_rows[market.borrowers.index(firms)]] = market.facilities.to.on(firms, amount)
    return found
