"""P13 and P14: who cannot pay is restructured; shares are valued, savers and moods move."""

from math import exp, tanh

from .cloud_exits import taken_over
from .credit import learn, mean_yield
from .exits import close, gives_up
from .lab_plans import collateral
from .renting import faded
from .tenancies import expect_tenants, void_contracts, watch_landlords
from .world import ONE_DOLLAR, TINY, Firm, World, bent, bound_cash, clip, debt, mean_sentiment, part_of, pay, set_free

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
            for held, loss in zip(firm.equity_held, losses[:-1], strict=True)
        ]
    pay(w.outside, firm, -firm.cash)


def value_firms(w: World) -> None:
    """P14: valuation, managers' returns, savers' money, sentiment."""
    for lab in w.labs:
        lab.margin = believed_margin(lab)
    for firm in w.borrowers:
        firm.earnings = 0.6 * firm.earnings + 0.4 * firm.profit
        firm.value = max(value(w, firm), 0.0)
        firm.round_value = next_round(firm)
    market, p = w.market, w.p
    mood, shock = mean_sentiment(w), w.normal(SENTIMENT, len(w.managers))
    surprise = clip(market.funding / max(market.funding_trend, TINY) - 1.0, -p.funding_news_limit, p.funding_news_limit)
    for manager in w.managers:
        worth = assets(w, manager)
        earned = worth + manager.distributed + manager.returned - manager.called
        manager.return_rate = (earned - manager.assets) / max(manager.assets, TINY)
        manager.subscriptions = savings(w, manager, worth)
        pay(w.outside, manager, manager.subscriptions)
        manager.assets = worth + manager.subscriptions
        pull = p.mood_return * (manager.return_rate - normal_return(w)) + p.mood_contagion * (mood + surprise)
        own = p.mood_memory * manager.sentiment + (1.0 - p.mood_memory) * pull
        push = manager.news - p.mood_crunch * p.credit_crunch + p.mood_noise * shock[manager.row]
        manager.sentiment = tanh(own + push) if manager.active else 0.0
    market.funding_trend = p.funding_memory * market.funding_trend + (1.0 - p.funding_memory) * market.funding
    learn(w)
    expect_tenants(w)


def value(w: World, firm: Firm) -> float:
    """Discounted profits of labs, lasting ones of others or part of their plant, with cash and less debts."""
    p = w.p
    required = firm.quoted_rate + p.equity_premium
    spread = max(required - p.long_growth, 0.04)
    if firm.kind != "ai_labs":
        lasting = max(4.0 * firm.earnings / spread, p.supplier_plant * firm.fixed_assets)
        return lasting + firm.cash - debt(firm)
    business = believed_sales(w, firm) * max(firm.margin, 0.0) / spread * exp(-5.0 * required)
    business += 4.0 * (firm.core_cash_flow - firm.other_capex) / spread
    return firm.active * (business + firm.cash - debt(firm) - sum(firm.vendor_finance))


def believed_sales(w: World, lab: Firm) -> float:
    """The lab's own sales in five years, or its part of labs' compute at all labs', whichever is more."""
    labs = [other for other in w.labs if other.active]
    running = sum(other.powered_compute for other in labs)
    chance = part_of(lab.powered_compute, running) * sum(sales_ahead(w, other) for other in labs)
    return max(sales_ahead(w, lab), w.p.believed_chance * chance)


def sales_ahead(w: World, lab: Firm) -> float:
    """smooth_cap(4 revenue exp(g G(20)), believed_size)."""
    growth = max(lab.expected_revenue_growth, w.p.lowest_expected_growth)
    return bent(4.0 * lab.revenue * exp(growth * faded(w, 20.0)), w.p.believed_size)


def believed_margin(lab: Firm) -> float:
    """margin' = .97 margin + .03 clip(ebit / sales, -.2, .5), without the owner's other business."""
    if lab.revenue <= TINY:
        return lab.margin
    own = lab.profit - lab.core_cash_flow + lab.other_capex
    return 0.97 * lab.margin + 0.03 * clip(own / lab.revenue, -0.2, 0.5)


def next_round(firm: Firm) -> float:
    """round_value' = round_value (value / round_value)^.3; a newcomer's is its value."""
    if firm.round_value <= TINY:
        return firm.value
    return firm.round_value * max(firm.value / firm.round_value, 1e-3) ** 0.3


def assets(w: World, manager: Firm) -> float:
    """AUM = cashM + loans + equity."""
    held = [firm.loans[manager.row] + firm.equity_held[manager.row] * firm.value for firm in w.borrowers]
    return manager.cash + sum(held)


def normal_return(w: World) -> float:
    """rf / 4 + hurdle: what idle deposits earn, and something for the risk."""
    return 0.25 * w.p.risk_free_rate + w.p.hurdle_return


def savings(w: World, manager: Firm, worth: float) -> float:
    """AUM clip(lp0 + yield + lp_ret (r - normal) / 4 + lp_z z, -.04, .10) - .15 AUM max(dry - .55, 0), &c."""
    p = w.p
    wish = p.saving_drift + 0.25 * p.saving_yield * (mean_yield(w) - p.risk_free_rate)
    wish += 0.25 * p.saving_return * (manager.return_rate - normal_return(w))
    wish = clip(wish + p.saving_sentiment * manager.sentiment, p.fastest_withdrawal, p.fastest_saving)
    idle = max(manager.cash / max(worth, TINY) - p.idle_limit, 0.0)
    flow = worth * wish - p.idle_return * worth * idle
    return max(flow, -0.5 * max(manager.cash, 0.0)) if manager.active else 0.0
