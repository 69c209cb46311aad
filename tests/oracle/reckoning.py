"""P13 and P14: who cannot pay is restructured; shares are valued, savers and moods move."""

from math import exp, tanh

from .cloud_exits import taken_over
from .exits import close, gives_up
from .lab_plans import collateral
from .tenancies import expect_tenants, void_contracts, watch_landlords
from .world import (
    MULTIPLE,
    ONE_DOLLAR,
    TINY,
    Firm,
    World,
    bent,
    bound_cash,
    clip,
    debt,
    mean_sentiment,
    note,
    pay,
    set_free,
)

SENTIMENT = 4


def settle_distress(w: World) -> None:
    """P13: default with cash below zero, if by more than a dollar; earmarked money cannot exceed cash; labs give up."""
    for lab in w.labs:
        lab.exited = lab.takeovers = 0.0
        lab.quarters_behind *= lab.active
    failed = [firm for firm in w.borrowers if firm.cash < -ONE_DOLLAR and firm.active]
    leaving = [lab for lab in w.labs if lab.active and gives_up(w, lab, lab in failed)]
    gone = taken_over(w, [firm for firm in failed if firm.kind == "clouds"])
    for firm in failed:
        firm.defaults += 1.0
        if firm not in leaving and firm not in gone:
            restructure(w, firm)
    for lab in [lab for lab in w.labs if lab in failed or lab in leaving]:
        void_contracts(w, lab)
    watch_landlords(w)
    for owner in [owner for owner in w.owners if owner not in leaving]:
        settle_breach(owner)
    for lab in leaving:
        lab.exited = 1.0
    close(w, leaving)


def settle_breach(lab: Firm) -> None:
    """Earmarked money cannot exceed cash; what of it is not there was used off its purpose."""
    bound = bound_cash(lab)
    if bound > max(lab.cash, 0.0):
        kept = max(lab.cash, 0.0) / bound
        lab.restricted_cash = [amount * kept for amount in lab.restricted_cash]
        lab.breach += bound * (1.0 - kept)


def restructure(w: World, firm: Firm) -> None:
    """Loans are written down to what is recovered, lenders get 60 % of the shares, trade creditors bear the hole."""
    p = w.p
    recovery = p.other_recovery
    if firm.kind in ("ai_labs", "clouds"):
        recovery = min(1.0, p.fleet_recovery * collateral(w, firm) / max(debt(firm), TINY))
        firm.vendor_finance = [amount * p.vendor_recovery for amount in firm.vendor_finance]
        set_free(firm)
    losses = [loan * (1.0 - recovery) for loan in firm.loans]
    firm.loans = [loan - loss for loan, loss in zip(firm.loans, losses, strict=True)]
    for loan in (loan for loan in w.apart if loan.to is firm):
        loan.held = [amount * recovery for amount in loan.held]
        loan.instalment = [amount * recovery for amount in loan.instalment]
    if sum(losses) > TINY:
        firm.equity_held = [
            held * (1.0 - p.swap_share) + p.swap_share * loss / sum(losses)
            for held, loss in zip(firm.equity_held, losses, strict=True)
        ]
    pay(w.outside, firm, -firm.cash)


def value_firms(w: World) -> None:
    """P14: valuation, managers' returns, savers' money, sentiment."""
    for firm in w.borrowers:
        firm.earnings = 0.6 * firm.earnings + 0.4 * firm.profit
        firm.value = max(value(w, firm), 0.0)
    market, p = w.market, w.p
    mood, shock = mean_sentiment(w), w.normal(SENTIMENT, len(w.managers))
    surprise = clip(market.funding / max(market.funding_trend, TINY) - 1.0, -p.funding_news_limit, p.funding_news_limit)
    for manager in w.managers:
        worth = assets(w, manager)
        manager.return_rate = (worth - manager.called - manager.assets) / max(manager.assets, TINY)
        manager.subscriptions = savings(w, manager, worth)
        pay(w.outside, manager, manager.subscriptions)
        manager.assets = worth + manager.subscriptions
        pull = p.mood_return * (manager.return_rate - normal_return(w)) + p.mood_contagion * (mood + surprise)
        own = p.mood_memory * manager.sentiment + (1.0 - p.mood_memory) * pull
        push = manager.news - p.mood_crunch * p.credit_crunch + p.mood_noise * shock[manager.row]
        manager.sentiment = tanh(own + push) if manager.active else 0.0
    market.funding_trend = p.funding_memory * market.funding_trend + (1.0 - p.funding_memory) * market.funding
    expect_tenants(w)


def value(w: World, firm: Firm) -> float:
    """Labs: a multiple of revenue, cash and plant less half the debt; others: of profit, or plant and cash."""
    p, mood = w.p, mean_sentiment(w)
    if firm.kind == "ai_labs":
        multiple = sales_multiple(w, firm)
        note(firm, MULTIPLE, multiple, p.lowest_multiple, p.highest_multiple)
        business = 4.0 * firm.revenue * multiple * exp(p.lab_sentiment * mood)
        estate = p.cash_weight * max(firm.cash, 0.0) + p.plant_weight * firm.fixed_assets
        return firm.active * (business + estate) - p.debt_weight * debt(firm)
    business = p.earnings_multiple * firm.earnings * exp(p.supplier_sentiment * mood)
    return max(business, p.supplier_plant * firm.fixed_assets + firm.cash)


def sales_multiple(w: World, lab: Firm) -> float:
    """max(6 + cap(90 max(gr, 0), 22 - 6) - 90 max(-gr, 0), 3) with gr from -.1 up."""
    p = w.p
    growth = max(lab.expected_revenue_growth, p.lowest_expected_growth)
    premium = bent(p.growth_multiple * max(growth, 0.0), p.highest_multiple - p.base_multiple)
    return max(p.base_multiple + premium - p.growth_multiple * max(-growth, 0.0), p.lowest_multiple)


def assets(w: World, manager: Firm) -> float:
    """AUM = cashM + loans + equity."""
    held = [firm.loans[manager.row] + firm.equity_held[manager.row] * firm.value for firm in w.borrowers]
    return manager.cash + sum(held)


def normal_return(w: World) -> float:
    """rf / 4 + hurdle: what idle deposits earn, and something for the risk."""
    return 0.25 * w.p.risk_free_rate + w.p.hurdle_return


def savings(w: World, manager: Firm, worth: float) -> float:
    """AUM clip(lp0 + lp_ret (r - normal) / 4 + lp_z z, -.04, .10) - .15 AUM max(dry - .55, 0), from -.5 cashM up."""
    p = w.p
    wish = p.saving_drift + 0.25 * p.saving_return * (manager.return_rate - normal_return(w))
    wish = clip(wish + p.saving_sentiment * manager.sentiment, p.fastest_withdrawal, p.fastest_saving)
    idle = max(manager.cash / max(worth, TINY) - p.idle_limit, 0.0)
    flow = worth * wish - p.idle_return * worth * idle
    return max(flow, -0.5 * max(manager.cash, 0.0)) if manager.active else 0.0
