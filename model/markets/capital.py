"""The capital market: deals are drawn, lenders outside and managers lend, and both buy shares (P8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.rules.rationing import pro_rata
from ...agents.rules.valuing import wanted_outside
from ...agents.state.arrays import TINY, Floats, anywhere, positive, ratio, seldom, total
from ...agents.state.population import Population
from ...agents.state.quantity import ParameterGroup, parameter
from ..accounting.borrowers import of_borrowers, split_by_kind
from ..deals.earmarks import bind
from ..deals.term_loans import has_own_terms, lend_on_own_terms, pooled
from .capital_calls import call_savers, count_draw
from .credit import lend_outside, note_lending, open_round
from .leasing import set_aside

if TYPE_CHECKING:
    from ..market_model import MarketModel

Where = np.ndarray | bool
"""Replicates, shape (R,) of truth values, or all of them."""

PASSES = 3
"""How often managers offer again what they could not place (specification P8)."""

WITHOUT_END = 1e6
"""How many times its requests a market asks for in which managers could place all that their mandates allow."""


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
    equity_depth = parameter(
        0.2,
        "yr",
        0.05,
        0.5,
        "labs' rounds of 10-16 bn a quarter in 2025 (lab_revenue.csv); assumption",
        "shares that buyers outside want for each point of return beyond the required one, of the last round's value",
    )
    rights_limit = parameter(
        0.25,
        "1/quarter",
        0.0,
        0.5,
        "European banks raised a fifth to a half of their value by rights in 2008-09 (general knowledge); assumption",
        "most that holders of shares put into a lab that is out of cash, of its value; 0: they never do",
    )
    called_part = parameter(
        0.5,
        "1",
        0.0,
        1.0,
        "assumption: how much of a deal is raised for it is not observed",
        "part of what managers give to a deal that is newly called from savers for it",
        "k",
    )
    ready_cash_share = parameter(
        0.60, "1", 0.3, 0.9, ASSUMPTION, "part of a manager's cash a deal may take; the rest is called: in large deals"
    )
    income_paid_out = parameter(
        0.9,
        "1",
        0.0,
        1.0,
        "funds that have to distribute 90 % of their income (general knowledge)",
        "part of their interest that managers pay out to savers",
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
    """Draw deals, then let lenders outside and managers lend, and place what is left in shares (P8)."""
    for firms in market.borrowers:
        nothing = np.zeros(firms.cash.shape)
        firms.commit(debt_raised=nothing, equity_raised=nothing)
    market.managers.commit(placed=np.zeros_like(market.managers.cash), called=np.zeros_like(market.managers.cash))
    market.economy.commit(deal_draw=np.zeros_like(market.economy.deal_draw))
    open_round(market)
    wish = market.managers.decide("allocate_capital", market.signals)
    budget = np.minimum(positive(wish.budget - _draw_deals(market)), positive(market.managers.cash))
    room = _room(market)
    loans = _make_loans(market, room, budget * market.parameters.debt_mandate, wish.appetite)
    left = np.minimum(budget - total(loans, 1), budget * market.parameters.equity_mandate)
    _sell_shares(market, positive(room - loans), left, wish.appetite)
    _cover_shortfalls(market)
    economy = market.economy
    economy.commit(funding=total(of_borrowers(market, "debt_raised")) + total(of_borrowers(market, "equity_raised")))


def _make_loans(market: MarketModel, room: Floats, budget: Floats, appetite: Floats) -> Floats:
    """Let lenders outside take their part of requests and managers lend the rest; return the latter's loans.

    What managers could have lent to the same borrowers if they had asked without end shows how short money is.
    """
    requested, outside = of_borrowers(market, "debt_request"), lend_outside(market)
    asked = positive(requested - outside)
    loans = _place(room, budget, appetite, asked)
    could = _place(room, budget, appetite, WITHOUT_END * asked)
    note_lending(market, asked, total(could), total(loans) + outside, outside)
    _lend(market, "lending", np.concatenate([loans, outside[None]]))
    return loans


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
        of_borrowers(market, "loans")[:, :-1]
        + of_borrowers(market, "equity_held") * positive(of_borrowers(market, "value"))[:, None]
    )
    exposure = exposure.transpose(1, 0, 2).copy()
    limit = market.parameters.concentration * (market.managers.cash + total(exposure, 1))
    return positive(limit[:, None] - exposure)


def _lend(market: MarketModel, row: str, placed: Floats, where: Where = True) -> None:
    """Pay out loans and move each firm's rate towards the quoted one.

    Args:
        market: the model.
        row: the row of the flow matrix.
        placed: USD bn, shape (lenders, borrowers, R); the last lender is the outside sector.
        where: the replicates in which there is such lending, shape (R,); in the others rates keep their bits.
    """
    for firms, amount in zip(market.borrowers, split_by_kind(market, placed.transpose(1, 0, 2)), strict=True):
        new, old = total(amount, 1), total(pooled(market, firms), 1)
        rate = ratio(firms.interest_rate * old + firms.quoted_rate * new, old + new)
        rate = np.where(old + new > TINY, rate, firms.quoted_rate)
        firms.commit(interest_rate=np.where(where, rate, firms.interest_rate), debt_raised=firms.debt_raised + new)
        market.ledger.lend(row, market.managers, firms, amount.copy())
    market.managers.commit(placed=market.managers.placed + total(placed[:-1], 1))


def _sell_shares(market: MarketModel, room: Floats, budget: Floats, appetite: Floats) -> None:
    """Let buyers outside take what their expected return makes them want, and managers what they have left."""
    p, value = market.parameters, of_borrowers(market, "value")
    wanted = of_borrowers(market, "equity_request") * (value > 0.0)
    attracted = wanted_outside(of_borrowers(market, "round_value"), value, p.equity_depth) * (1.0 - p.credit_crunch)
    by_outside = np.minimum(attracted, wanted)
    placed = _place(room, budget, appetite, wanted - by_outside)
    _issue(market, placed, by_outside)


def _cover_shortfalls(market: MarketModel) -> None:
    """Let holders put in what labs still lack, each by its stake, where a lab is worth far more than it lacks.

    They give all that it lacks or nothing, up to a part of its value, and in a crunch less; money bound to a use pays
    for no other. A manager gives as far as its cash goes, holders outside give the rest.
    """
    p, labs, managers = market.parameters, market.labs, market.managers
    lacking = positive(-labs.all.free_cash)
    raised = lacking * (lacking <= p.rights_limit * labs.value * (1.0 - p.credit_crunch))
    if not seldom(raised):
        return
    rights = np.zeros((market.borrower_count, market.replicates), like=raised)
    rights[: len(labs)] = raised
    asked = of_borrowers(market, "equity_held").transpose(1, 0, 2) * rights
    able = np.minimum(1.0, ratio(positive(managers.cash), total(asked, 1)))
    bought = asked * able[:, None]
    _issue(market, bought, positive(rights - total(bought)), where=total(rights) > 0.0)


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
        market.ledger.issue(buyers, firms, bought.copy(), outside, strategic, where=where)
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
    facilities = market.facilities
    if not len(facilities):
        return np.zeros_like(market.managers.cash)
    due = _due(market)
    if not anywhere(due):
        return set_aside(market)
    by_funder = facilities.holdings(market) * due[:, None]
    loans, shares, credit = (facilities.is_a[kind] for kind in ("loan", "equity", "vendor"))
    own = _pay_out(market, by_funder * loans[:, None], by_funder * shares[:, None])
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
    count_draw(market, due, due * loans)
    economy.commit(deal_bound=economy.deal_bound + total(paid * facilities.bound))
    return own + set_aside(market)


def _due(market: MarketModel) -> Floats:
    """Return what each facility pays out or promises by its schedule, USD bn, shape (facilities, R); leases wait."""
    facilities, p = market.facilities, market.parameters
    scale = (facilities.amounts * facilities.scheduled()) * p.deal_scale * p.price_level
    return facilities.part * facilities.to.of(market, "active") * scale * (1.0 - facilities.is_a["lease"])


def _pay_out(market: MarketModel, loans: Floats, shares: Floats) -> Floats:
    """Let funders lend and buy shares, USD bn, shape (facilities, funders, R); return what was managers' own cash.

    Replicates in which no deal pays keep their bits, whatever is paid in others of the batch.
    """
    count, facilities = len(market.managers), market.facilities
    own = call_savers(market, loans + shares)
    if anywhere(loans):
        usual = loans * (1.0 - facilities.own_terms)[:, None]
        lent = _on_borrowers(market, facilities.of_lenders(usual)).swapaxes(0, 1)
        _lend(market, "deal", lent, total(total(loans)) > 0.0)
        if has_own_terms(market):
            lend_on_own_terms(market, loans - usual)
    if anywhere(shares):
        by_outside = _on_borrowers(market, shares[:, -1])
        sold = total(total(shares)) > 0.0
        by_managers = _on_borrowers(market, shares[:, :count]).swapaxes(0, 1)
        _issue(market, by_managers, by_outside, shares[:, count:-1], sold)
    return own


def _on_borrowers(market: MarketModel, amount: Floats) -> Floats:
    """Add up an amount by facility, shape (facilities, ..., R), by recipient among all borrowers."""
    found = np.zeros((market.borrower_count, *amount.shape[1:]), like=amount)
    for firms in market.owners:
        found[market.borrower_rows[market.borrowers.index(firms)]] = market.facilities.to.on(firms, amount)
    return found
