"""P8: deals are drawn, lenders outside and managers lend, and both buy shares."""

from math import exp, log
from typing import Any

from .credit import PRIVATE, lend_outside, note_lending
from .world import TINY, Firm, World, bent, bound_cash, debt, debt_apart, part_of, pay

USES = ("clusters", "chips", "halls", "research", "rent")
Pairs = list[list[float]]  # by manager, then by borrower


def raise_capital(w: World) -> None:
    """Deals first, then loans, then shares."""
    for firm in w.borrowers:
        firm.debt_raised = firm.equity_raised = 0.0
    for manager in w.managers:
        manager.placed = manager.called = 0.0
    w.market.deal_draw = 0.0
    w.market.deal_loans_before = list(w.market.deal_loans)
    w.market.deal_loans, w.market.deal_margin = [0.0, 0.0], [0.0, 0.0]
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
    stand_by_labs(w)
    w.market.funding = sum(firm.debt_raised + firm.equity_raised for firm in w.borrowers)


def to_place(w: World, manager: Firm) -> float:
    """cashM clip(deploy exp(.7 z) (1 - crunch), 0, .6), of the cash before the quarter's income."""
    p = w.p
    pace = p.deployment * p.capital_available * exp(p.deployment_sentiment * manager.sentiment)
    pace = min(max(pace * (1.0 - p.credit_crunch), 0.0), p.highest_deployment)
    return manager.opening_cash * pace if manager.active else 0.0


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
    due = []
    for deal in w.source.case.deals:
        since = w.source.now - deal.start
        if 0 <= since < len(deal.draw):
            due.append((deal, deal.amount * deal.draw[since] * w.p.deal_scale * w.p.price_level))
    asked = [sum(asked_of(w, manager, deal, amount) for deal, amount in due) for manager in w.managers]
    called = [call_savers(w, manager, amount) for manager, amount in zip(w.managers, asked, strict=True)]
    parts = [call / max(amount, TINY) for call, amount in zip(called, asked, strict=True)]
    for deal, amount in due:
        draw_deal(w, deal, amount, parts)
    return [amount - call for amount, call in zip(asked, called, strict=True)]


def recipients(w: World, deal: Any) -> list[float]:
    return [part_taken(w, deal, owner) if owner.active else 0.0 for owner in w.owners]


def asked_of(w: World, manager: Firm, deal: Any, instalment: float) -> float:
    """What a manager gives; lenders outside take open_1 of every loan."""
    if deal.instrument == "vendor":
        return 0.0
    own = 1.0 if deal.instrument == "equity" else 1.0 - w.p.open_private
    return instalment * deal.funders.get(manager.name, 0.0) * own * sum(recipients(w, deal))


def draw_deal(w: World, deal: Any, instalment: float, called: list[float]) -> None:
    """dd[m, l] = instalment recip_l funder_m, bound to uses; a vendor deal promises credit on deliveries instead."""
    shares = recipients(w, deal)
    w.market.deal_drawn += instalment * sum(shares)
    w.market.deal_draw += instalment * sum(shares)
    if deal.instrument == "vendor":
        for owner, share in zip(w.owners, shares, strict=True):
            owner.vendor_credit_line += instalment * share
        return
    by_manager = [instalment * deal.funders.get(manager.name, 0.0) for manager in w.managers]
    for owner, share in zip(w.owners, shares, strict=True):
        placed = [amount * share for amount in by_manager]
        if deal.instrument == "equity":
            issue_shares(w, owner, placed, 0.0)
        else:
            lend_for_deal(w, owner, deal, placed, called)
        for use, name in enumerate(USES):
            owner.restricted_cash[use] += sum(placed) * deal.earmark.get(name, 0.0)
            owner.restricted_received[use] += sum(placed) * deal.earmark.get(name, 0.0)


def part_taken(w: World, deal: Any, owner: Firm) -> float:
    """A deal for a housed lab is its parent's."""
    takers = {firm.name: firm.parent if firm in w.labs and firm.parent else firm for firm in w.owners}
    return sum(part for name, part in deal.recipients.items() if takers[name] is owner)


def lend_for_deal(w: World, lab: Firm, deal: Any, placed: list[float], called: list[float]) -> None:
    """Lenders outside take their part; the loan counts as private credit, and what it pays beyond quotes as news."""
    own_terms, new = deal.rate is not None or deal.term is not None, sum(placed)
    lent = [amount * (1.0 - w.p.open_private) for amount in placed] + [w.p.open_private * new]
    w.market.deal_loans[PRIVATE] += new
    if deal.rate is not None:
        w.market.deal_margin[PRIVATE] += new * (deal.rate - lab.quoted_rate)
    if not own_terms:
        take_loans(w, lab, lent)
    remember_loan(w, lab, deal, lent, called, own_terms)


def call_savers(w: World, manager: Firm, due: float) -> float:
    """called_part of what a manager gives, and what exceeds 60 % of its cash, is called from savers."""
    own = (1.0 - w.p.called_part) * due
    call = due - own + max(own - w.p.ready_cash_share * max(manager.cash, 0.0), 0.0)
    pay(w.outside, manager, call)
    manager.called += call
    return call


def take_loans(w: World, firm: Firm, placed: list[float]) -> None:
    """New loans at the quoted rate; the rate on the debt is the average by balance."""
    old, new = debt(firm) - sum(debt_apart(w, firm, lender) for lender in w.lenders), sum(placed)
    if old + new > TINY:
        firm.interest_rate = (firm.interest_rate * old + firm.quoted_rate * new) / (old + new)
    else:
        firm.interest_rate = firm.quoted_rate
    hand_over(w, firm, placed)


def hand_over(w: World, firm: Firm, lent: list[float]) -> None:
    """Pay out loans by lender, the outside sector last."""
    for lender, amount in zip(w.lenders, lent, strict=True):
        pay(lender, firm, amount)
        firm.loans[lender.row] += amount
        if lender is not w.outside:
            lender.placed += amount
    firm.debt_raised += sum(lent)


def remember_loan(w: World, lab: Firm, deal: Any, lent: list[float], called: list[float], own_terms: bool) -> None:
    """Its own rate, or the average of those quoted at its draws; each draw adds its term-th part to the instalment."""
    loan = next((loan for loan in w.apart if loan.to is lab and loan.deal is deal), None)
    if loan is None:
        nothing = [0.0] * len(lent)
        loan = Firm(to=lab, deal=deal, held=nothing, instalment=list(nothing), rate=deal.rate or 0.0, term=deal.term)
        loan.own_terms, loan.called = own_terms, [0.0] * len(called)
        w.apart.append(loan)
    old, new = sum(loan.held), sum(lent)
    if deal.rate is None and new > 0.0:
        loan.rate = (loan.rate * old + lab.quoted_rate * new) / (old + new)
    for m, part in enumerate(called):
        if lent[m] > 0.0:
            loan.called[m] = (loan.held[m] * loan.called[m] + lent[m] * part) / (loan.held[m] + lent[m])
    if own_terms:
        hand_over(w, lab, lent)
    for row, amount in enumerate(lent):
        loan.held[row] += amount
        loan.instalment[row] += amount / loan.term if loan.term else 0.0


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
    """Loans: lenders outside first, then every manager's budget times its debt mandate."""
    for_loans = [ready * part for ready, part in zip(budget, w.p.debt_mandate, strict=True)]
    outside = lend_outside(w)
    asked = [max(firm.debt_request - taken, 0.0) for firm, taken in zip(w.borrowers, outside, strict=True)]
    placed = place(for_loans, appetite, room, asked)
    could = place(for_loans, appetite, room, [1e6 * amount for amount in asked])
    w.market.taken_outside = sum(outside)
    of_firm = [[by_firm[f] for by_firm in placed] for f in range(len(asked))]
    lent = [sum(amounts) + taken for amounts, taken in zip(of_firm, outside, strict=True)]
    note_lending(w, asked, [sum(by_firm[f] for by_firm in could) for f in range(len(asked))], lent)
    for firm, amounts, taken in zip(w.borrowers, of_firm, outside, strict=True):
        take_loans(w, firm, [*amounts, taken])
    return placed


def buy_shares(w: World, budget: list[float], appetite: Pairs, room: Pairs, lent: Pairs) -> None:
    """Shares: what buyers outside want, the rest by managers with what they have left, within the equity mandate."""
    p = w.p
    left = [
        min(ready - sum(loans), ready * part) for ready, loans, part in zip(budget, lent, p.equity_mandate, strict=True)
    ]
    still = [
        [max(r - used, 0.0) for r, used in zip(rooms, loans, strict=True)]
        for rooms, loans in zip(room, lent, strict=True)
    ]
    wanted = [firm.equity_request if firm.value > 0.0 else 0.0 for firm in w.borrowers]
    outside = [
        min(wanted_outside(w, firm) * (1.0 - p.credit_crunch), want)
        for firm, want in zip(w.borrowers, wanted, strict=True)
    ]
    placed = place(left, appetite, still, [want - taken for want, taken in zip(wanted, outside, strict=True)])
    for f, firm in enumerate(w.borrowers):
        issue_shares(w, firm, [by_manager[f] for by_manager in placed], outside[f])


def stand_by_labs(w: World) -> None:
    """Holders pay all that a lab lacks, by stake, if that is at most rights_limit value (1 - crunch); else nothing.

    Managers as far as their cash goes, the outside sector the rest.
    """
    saved = []
    for firm in w.borrowers:
        lacking = max(bound_cash(firm) - firm.cash, 0.0) if firm.kind == "ai_labs" else 0.0
        saved.append(lacking if lacking <= w.p.rights_limit * firm.value * (1.0 - w.p.credit_crunch) else 0.0)
    if not any(saved):
        return
    asked = [
        [firm.equity_held[manager.row] * amount for firm, amount in zip(w.borrowers, saved, strict=True)]
        for manager in w.managers
    ]
    able = [min(1.0, part_of(max(m.cash, 0.0), sum(claims))) for m, claims in zip(w.managers, asked, strict=True)]
    for f, (firm, amount) in enumerate(zip(w.borrowers, saved, strict=True)):
        bought = [claims[f] * part for claims, part in zip(asked, able, strict=True)]
        issue_shares(w, firm, bought, max(amount - sum(bought), 0.0))


def wanted_outside(w: World, firm: Firm) -> float:
    """equity_depth round_value smooth_cap(max(ln(value / round_value) / 5, 0), .15)."""
    excess = log(max(firm.value / max(firm.round_value, TINY), 1.0)) / 5.0
    return w.p.equity_depth * firm.round_value * bent(excess, 0.15)


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
