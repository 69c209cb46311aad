"""P8: deals are drawn, managers lend and buy shares, the outside sector buys shares too."""

from math import exp
from typing import Any

from .world import TINY, Firm, World, debt, debt_apart, pay

USES = ("clusters", "chips", "halls", "research", "rent")
Pairs = list[list[float]]  # by manager, then by borrower


def raise_capital(w: World) -> None:
    """Deals first, then loans, then shares."""
    for firm in w.borrowers:
        firm.debt_raised = firm.equity_raised = 0.0
    for manager in w.managers:
        manager.placed = manager.called = 0.0
    w.market.deal_draw = 0.0
    deployable = [to_place(w, manager) for manager in w.managers]
    appetite = [[liking(w, manager, firm) for firm in w.borrowers] for manager in w.managers]
    own_cash_given = draw_deals(w)
    budget = [
        min(max(ready - given, 0.0), max(manager.cash, 0.0))
        for ready, given, manager in zip(deployable, own_cash_given, w.managers, strict=True)
    ]
    room = [[room_for(w, manager, firm) for firm in w.borrowers] for manager in w.managers]
    lent = lend(w, budget, appetite, room)
    buy_shares(w, budget, appetite, room, lent)
    w.market.funding = sum(firm.debt_raised + firm.equity_raised for firm in w.borrowers)


def to_place(w: World, manager: Firm) -> float:
    """cashM clip(deploy exp(.7 z) (1 - crunch), 0, .6)."""
    p = w.p
    pace = p.deployment * p.capital_available * exp(p.deployment_sentiment * manager.sentiment)
    pace = min(max(pace * (1.0 - p.credit_crunch), 0.0), p.highest_deployment)
    return manager.cash * pace if manager.active else 0.0


def liking(w: World, manager: Firm, firm: Firm) -> float:
    """w = exp(20 (rnew - rf - (1 + ra exp(-z)) PD LGD)) (1 + herd share of peers' loans)."""
    p = w.p
    fear = 1.0 + p.risk_aversion * p.risk_attitude[manager.row] * exp(-manager.sentiment)
    excess = firm.quoted_rate - p.risk_free_rate - fear * firm.default_risk * p.loss_given_default
    peers = debt(firm) if w.departures.own_loans_among_peers else debt(firm) - firm.loans[manager.row]
    everything = sum(debt(other) for other in w.borrowers)
    return exp(p.selectivity * excess) * (1.0 + p.herding * peers / max(everything, TINY))


def draw_deals(w: World) -> list[float]:
    """Draw this quarter's instalments; return what each manager gave of its own cash."""
    before = [manager.cash for manager in w.managers]
    for deal in w.source.case.deals:
        since = w.source.now - deal.start
        if 0 <= since < len(deal.draw):
            draw_deal(w, deal, deal.amount * deal.draw[since] * w.p.deal_scale * w.p.price_level)
    return [cash - manager.cash for cash, manager in zip(before, w.managers, strict=True)]


def draw_deal(w: World, deal: Any, instalment: float) -> None:
    """dd[m, l] = instalment recip_l funder_m, bound to uses; a vendor deal promises credit on deliveries instead."""
    shares = [part_taken(w, deal, owner) if owner.active else 0.0 for owner in w.owners]
    w.market.deal_drawn += instalment * sum(shares)
    w.market.deal_draw += instalment * sum(shares)
    if deal.instrument == "vendor":
        for owner, share in zip(w.owners, shares, strict=True):
            owner.vendor_credit_line += instalment * share
        return
    by_manager = [instalment * deal.funders.get(manager.name, 0.0) for manager in w.managers]
    for manager, amount in zip(w.managers, by_manager, strict=True):
        call_savers(w, manager, amount * sum(shares))
    for owner, share in zip(w.owners, shares, strict=True):
        placed = [amount * share for amount in by_manager]
        if deal.instrument == "equity":
            issue_shares(w, owner, placed, 0.0)
        elif deal.rate is not None or deal.term is not None:
            lend_apart(w, owner, deal, placed)
        else:
            take_loans(w, owner, placed)
        for use, name in enumerate(USES):
            owner.restricted_cash[use] += sum(placed) * deal.earmark.get(name, 0.0)
            owner.restricted_received[use] += sum(placed) * deal.earmark.get(name, 0.0)


def part_taken(w: World, deal: Any, owner: Firm) -> float:
    """A deal for a housed lab is its parent's."""
    takers = {firm.name: firm.parent if firm in w.labs and firm.parent else firm for firm in w.owners}
    return sum(part for name, part in deal.recipients.items() if takers[name] is owner)


def call_savers(w: World, manager: Firm, due: float) -> None:
    """What exceeds 60 % of a manager's cash is called from savers."""
    call = max(due - w.p.ready_cash_share * max(manager.cash, 0.0), 0.0)
    pay(w.outside, manager, call)
    manager.called += call


def take_loans(w: World, firm: Firm, placed: list[float]) -> None:
    """New loans at the quoted rate; the rate on the debt is the average by balance."""
    old, new = debt(firm) - sum(debt_apart(w, firm, manager) for manager in w.managers), sum(placed)
    if old + new > TINY:
        firm.interest_rate = (firm.interest_rate * old + firm.quoted_rate * new) / (old + new)
    else:
        firm.interest_rate = firm.quoted_rate
    for manager, amount in zip(w.managers, placed, strict=True):
        pay(manager, firm, amount)
        firm.loans[manager.row] += amount
        manager.placed += amount
    firm.debt_raised += new


def lend_apart(w: World, lab: Firm, deal: Any, placed: list[float]) -> None:
    """Its own rate, or the average of those quoted at its draws; each draw adds its term-th part to the instalment."""
    loan = next((loan for loan in w.apart if loan.to is lab and loan.deal is deal), None)
    if loan is None:
        nothing = [0.0] * len(placed)
        loan = Firm(to=lab, deal=deal, held=nothing, instalment=list(nothing), rate=deal.rate or 0.0, term=deal.term)
        w.apart.append(loan)
    old, new = sum(loan.held), sum(placed)
    if deal.rate is None and new > 0.0:
        loan.rate = (loan.rate * old + lab.quoted_rate * new) / (old + new)
    for manager, amount in zip(w.managers, placed, strict=True):
        pay(manager, lab, amount)
        lab.loans[manager.row] += amount
        manager.placed += amount
        loan.held[manager.row] += amount
        loan.instalment[manager.row] += amount / loan.term if loan.term else 0.0
    lab.debt_raised += new


def room_for(w: World, manager: Firm, firm: Firm) -> float:
    """max(conc AUM_m - exposure_mf, 0)."""
    exposures = [exposure(manager, other) for other in w.borrowers]
    limit = w.p.concentration * (manager.cash + sum(exposures))
    return max(limit - exposure(manager, firm), 0.0)


def exposure(manager: Firm, firm: Firm) -> float:
    return firm.loans[manager.row] + firm.equity_held[manager.row] * max(firm.value, 0.0)


def place(budget: list[float], appetite: Pairs, room: Pairs, requests: list[float]) -> Pairs:
    """Three passes: a = left w rem / sum_f(w rem), capped by room, scaled down where a firm gets too much."""
    managers, firms = range(len(budget)), range(len(requests))
    placed = [[0.0 for _ in firms] for _ in managers]
    for _ in range(3):
        rest = [max(requests[f] - sum(placed[m][f] for m in managers), 0.0) for f in firms]
        offers = []
        for m in managers:
            left = budget[m] - sum(placed[m])
            claims = [appetite[m][f] * rest[f] for f in firms]
            share = left / max(sum(claims), TINY)
            offers.append([min(claims[f] * share, room[m][f] - placed[m][f]) for f in firms])
        for f in firms:
            offered = sum(offers[m][f] for m in managers)
            scale = min(1.0, rest[f] / max(offered, TINY))
            for m in managers:
                placed[m][f] += offers[m][f] * scale
    return placed


def lend(w: World, budget: list[float], appetite: Pairs, room: Pairs) -> Pairs:
    """Loans: every manager's budget times its debt mandate."""
    for_loans = [ready * part for ready, part in zip(budget, w.p.debt_mandate, strict=True)]
    placed = place(for_loans, appetite, room, [firm.debt_request for firm in w.borrowers])
    for f, firm in enumerate(w.borrowers):
        take_loans(w, firm, [by_manager[f] for by_manager in placed])
    return placed


def buy_shares(w: World, budget: list[float], appetite: Pairs, room: Pairs, lent: Pairs) -> None:
    """Shares: x_eq of the requests by X, the rest by managers with what they have left, within the equity mandate."""
    p = w.p
    left = [
        min(ready - sum(loans), ready * part) for ready, loans, part in zip(budget, lent, p.equity_mandate, strict=True)
    ]
    still = [
        [max(r - used, 0.0) for r, used in zip(rooms, loans, strict=True)]
        for rooms, loans in zip(room, lent, strict=True)
    ]
    wanted = [firm.equity_request if firm.value > 0.0 else 0.0 for firm in w.borrowers]
    placed = place(left, appetite, still, [(1.0 - p.outside_equity_share) * want for want in wanted])
    for f, firm in enumerate(w.borrowers):
        by_outside = p.outside_equity_share * wanted[f] * (1.0 - p.credit_crunch)
        issue_shares(w, firm, [by_manager[f] for by_manager in placed], by_outside)


def issue_shares(w: World, firm: Firm, bought: list[float], by_outside: float) -> None:
    """Part issued = a / (val + a); old holders are diluted."""
    after = firm.value + sum(bought) + by_outside
    if after > TINY:
        firm.equity_held = [
            (held * firm.value + amount) / after for held, amount in zip(firm.equity_held, bought, strict=True)
        ]
    firm.value = after
    for manager, amount in zip(w.managers, bought, strict=True):
        pay(manager, firm, amount)
        manager.placed += amount
    pay(w.outside, firm, by_outside)
    firm.equity_raised += sum(bought) + by_outside
