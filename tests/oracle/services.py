"""P5 and P6: AI services are priced, adopted, chosen, rationed and paid; then running costs and debts are."""

from math import log

from .chips import ration
from .demand import adopt, choose_labs, of, price_open_models, run_open_models, use_of
from .tenancies import hired, pay_rent, run_core_business, support
from .world import PRICE, TINY, Firm, World, clip, debt_apart, part_of, pay


def sell_services(w: World) -> None:
    """P5: prices, demand, shares, rationing, revenue, and what labs learn from it."""
    for lab in w.labs:
        set_prices(w, lab)
    price_open_models(w)
    adopt(w)
    choose_labs(w)
    use = use_of(w)
    for lab in w.labs:
        before = sum(lab.demanded[s] * lab.service_intensity[s] for s in range(3)), lab.revenue
        serve(w, lab, [lab.share[s] * use[s] for s in range(3)])
        pay(w.outside, lab, lab.revenue)
        lab.expected_growth = adapted(w, lab.expected_growth, lab.asked, before[0])
        lab.expected_revenue_growth = adapted(w, lab.expected_revenue_growth, lab.revenue, before[1])
    wanted = [sum(lab.demanded[s] * lab.price[s] for s in range(3)) for lab in w.labs]
    for lab, value in zip(w.labs, wanted, strict=True):
        lab.market_share = part_of(value, sum(wanted))
    w.market.unserved = sum(lab.asked for lab in w.labs) - sum(lab.serving for lab in w.labs)
    run_open_models(w)


def set_prices(w: World, lab: Firm) -> None:
    """price clip(max(base, scarce) / price, cut, rise): Lerner's margin on rent, or what rations demand."""
    p, alphas, elasticities = w.p, of(w, "price_weight"), of(w, "price_elasticity")
    asked = sum(lab.demanded[s] * lab.service_intensity[s] for s in range(3))
    use, at_limit = part_of(asked, lab.sales_capacity), 0
    for s in range(3):
        share = lab.share[s]
        lerner = clip(1.0 / (alphas[s] * (1.0 - share) + elasticities[s] * share), 0.0, p.highest_lerner)
        base = lab.service_intensity[s] * w.market.market_rent / (1.0 - lerner)
        over = max(use / p.target_utilisation, TINY)
        scarce = lab.price[s] * over ** (1.0 / elasticities[s])
        if not w.departures.scarcity_fades and over <= 1.0:
            scarce = 0.0
        change = clip(max(base, scarce) / lab.price[s], p.greatest_cut, p.greatest_rise)
        lab.price[s] *= change
        at_limit += any(abs(change - most) <= 0.01 * most for most in (p.greatest_cut, p.greatest_rise))
    lab.at_limit[PRICE] = at_limit / 3.0 if lab.active else 0.0


def serve(w: World, lab: Firm, demanded: list[float]) -> None:
    """sold = ration(demanded kappa_s, (1 - research_floor) running, weights (1, 2, 2) demanded kappa_s) / kappa_s."""
    first, rent = w.p.enterprise_priority, w.market.market_rent
    needs = [units * kappa for units, kappa in zip(demanded, lab.service_intensity, strict=True)]
    weights = [weight * need for weight, need in zip((1.0, first, first), needs, strict=True)]
    served = ration(needs, lab.sales_capacity, weights)
    lab.demanded = demanded
    lab.sold = [part_of(amount, kappa) for amount, kappa in zip(served, lab.service_intensity, strict=True)]
    lab.sales = [units * price for units, price in zip(lab.sold, lab.price, strict=True)]
    lab.revenue, lab.asked = sum(lab.sales), sum(needs)
    lab.serving = sum(units * kappa for units, kappa in zip(lab.sold, lab.service_intensity, strict=True))
    lab.utilisation = part_of(lab.asked, lab.sales_capacity)
    lab.markup = part_of(lab.revenue, lab.serving * rent) - 1.0 if lab.serving * rent > 0.0 else 0.0
    lab.overdrawn += max(lab.serving - lab.inference, 0.0)


def adapted(w: World, expected: float, now: float, before: float) -> float:
    """g' = (1 - th) g + th clip(dln x, -.3, .5)."""
    growth = clip(log(max(now, TINY) / max(before, TINY)), -0.3, 0.5)
    return (1.0 - w.p.news_weight) * expected + w.p.news_weight * growth


def pay_running_costs(w: World) -> None:
    """P6: opex, core business, rents, debts, parents' support, interest on managers' deposits, fees."""
    p = w.p
    for lab in w.labs:
        lab.operating_costs = operating_costs(w, lab)
        pay(lab, w.outside, lab.operating_costs)
    run_core_business(w)
    pay_rent(w)
    for lab in w.labs:
        lab.debt_service = service_debt(w, lab) + service_vendor_finance(w, lab)
        pay(w.outside, lab, lab.sublet_income)
        gross = lab.revenue + lab.sublet_income + lab.core_cash_flow - lab.other_capex - costs_of_business(lab)
        support(w, lab, gross - lab.debt_service)
        lab.operating_cash_flow = gross - lab.debt_service + lab.parent_support + lab.rent_set_off
        lab.profit = gross - p.depreciation_labs * lab.fixed_assets
    for cloud in w.clouds:
        cloud.debt_service = service_debt(w, cloud) + service_vendor_finance(w, cloud)
        earned = cloud.profit + p.depreciation_clouds * cloud.fixed_assets
        cloud.operating_cash_flow = earned - cloud.debt_service
    for firm in [*w.vendors, *w.energy, *w.equipment]:
        service_debt(w, firm)
    for manager, idle in [(manager, max(manager.cash, 0.0)) for manager in w.managers]:
        pay(w.outside, manager, p.risk_free_rate / 4.0 * idle)
        pay(manager, w.outside, p.management_fee * idle)


def costs_of_business(lab: Firm) -> float:
    """Rent due is expense, whatever of it was paid in advance."""
    return lab.operating_costs + lab.research_labour + lab.power_bill + hired(lab)


def operating_costs(w: World, lab: Firm) -> float:
    """opex = opex_rev rev + .06 $ + .006 FA."""
    fixed = w.p.fixed_operating_cost if lab.active else 0.0
    return w.p.operating_cost_share * lab.revenue + fixed + w.p.plant_operating_cost * lab.fixed_assets


def service_debt(w: World, firm: Firm) -> float:
    """Pay rate/4 loan and amort loan to each lender; return what was paid."""
    paid = service_apart(w, firm)
    for manager in w.managers:
        usual = firm.loans[manager.row] - debt_apart(w, firm, manager)
        interest = firm.interest_rate / 4.0 * usual
        back = w.p.amortisation * usual
        pay(firm, manager, interest + back)
        firm.loans[manager.row] -= back
        paid += interest + back
    return paid


def service_apart(w: World, firm: Firm) -> float:
    """Pay each loan on its own terms: rate/4 of it, and the term-th part of every draw until it is paid."""
    paid = 0.0
    for loan in (loan for loan in w.apart if loan.to is firm):
        for manager in w.managers:
            held = loan.held[manager.row]
            interest = loan.rate / 4.0 * held
            back = min(loan.instalment[manager.row] if loan.term else w.p.amortisation * held, held)
            pay(firm, manager, interest + back)
            firm.loans[manager.row] -= back
            loan.held[manager.row] -= back
            paid += interest + back
    return paid


def service_vendor_finance(w: World, lab: Firm) -> float:
    """Pay 2 % a quarter and vf_amort of it to each vendor; return what was paid."""
    paid = 0.0
    for vendor in w.vendors:
        interest = w.p.vendor_finance_rate * lab.vendor_finance[vendor.row]
        back = w.p.vendor_finance_amortisation * lab.vendor_finance[vendor.row]
        pay(lab, vendor, interest + back)
        lab.vendor_finance[vendor.row] -= back
        paid += interest + back
    return paid
