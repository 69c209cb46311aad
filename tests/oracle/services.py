"""P5 and P6: AI services are priced, adopted, chosen, rationed and paid; then running costs and debts are."""

from math import exp, log

from .tenancies import hired, part_for_itself, pay_rent, run_core_business, support
from .world import PRICE, TINY, Firm, World, best_of, clip, debt_apart, note, pay


def sell_services(w: World) -> None:
    """P5: prices, demand, shares, rationing, revenue, and what labs learn from it."""
    for lab in w.labs:
        set_price(w, lab)
    choose_labs(w)
    quantity = adopt(w)
    before = [(lab.demanded, lab.revenue) for lab in w.labs]
    serve(w, quantity)
    for lab, (demanded, revenue) in zip(w.labs, before, strict=True):
        pay(w.outside, lab, lab.revenue)
        lab.expected_growth = adapted(w, lab.expected_growth, lab.demanded, demanded)
        lab.expected_revenue_growth = adapted(w, lab.expected_revenue_growth, lab.revenue, revenue)


def set_price(w: World, lab: Firm) -> None:
    """mk' = clip(mk (1 + mk_adj clip(util - util*, -.3, .5))); pr' = pr clip((1 + mk') uc / pr, .85, 1.10)."""
    p = w.p
    utilisation = min(lab.utilisation, p.highest_utilisation)
    tightness = clip(utilisation - p.target_utilisation, -0.3, 0.5)
    lab.markup = clip(lab.markup * (1.0 + p.markup_speed * tightness), p.lowest_markup, p.highest_markup)
    cost = (p.user_cost * lab.fixed_assets + lab.power_bill) * part_for_itself(lab) + hired(lab)
    unit_cost = lab.service_intensity * cost / max(lab.powered_compute, TINY)
    change = clip((1.0 + lab.markup) * unit_cost / lab.price, p.greatest_cut, p.greatest_rise)
    lab.price *= change
    note(lab, PRICE, change, p.greatest_cut, p.greatest_rise)


def choose_labs(w: World) -> None:
    """u = beta_c (c - c_0) - alpha_p ln(pr/$) + xi; sh' = (1 - tau) sh + tau softmax(u), renormalised."""
    p = w.p
    attraction = []
    for lab in w.labs:
        ability = p.capability_weight * (lab.capability - w.labs[0].capability)
        cost = p.price_weight * log(lab.price / p.reference_service_price)
        attraction.append(exp(ability - cost + lab.brand) if lab.active else 0.0)
        lab.brand *= p.brand_memory
    for lab, pull in zip(w.labs, attraction, strict=True):
        stay = lab.market_share if lab.active else 0.0
        lab.market_share = (1.0 - p.rechoosing) * stay + p.rechoosing * pull / max(sum(attraction), TINY)
    everybody = sum(lab.market_share for lab in w.labs)
    for lab in w.labs:
        lab.market_share /= max(everybody, TINY)


def adopt(w: World) -> float:
    """N' = N + (bp + bq min(N/M, 1)) (M - N), and Qd = N' pbar^-eps."""
    p, market = w.p, w.market
    aim = potential(w, best_of(w, "capability"))
    spread = p.innovation + p.imitation * min(market.adoption / max(aim, TINY), 1.0)
    market.adoption += spread * (aim - market.adoption)
    average = max(sum(lab.market_share * lab.price for lab in w.labs) / p.reference_service_price, TINY)
    market.average_price = average * p.reference_service_price
    return market.adoption * average**-p.price_elasticity


def potential(w: World, best: float) -> float:
    """M = Mmax / (1 + exp(-kM (c_lead - chalf))) winter."""
    p = w.p
    return p.demand_ceiling / (1.0 + exp(-p.demand_slope * (best - p.demand_midpoint))) * p.demand_available


def serve(w: World, quantity: float) -> None:
    """y = min(ydem, ycap); half of what is unserved goes to spare capacity, pro rata to it."""
    for lab in w.labs:
        lab.demanded = lab.market_share * quantity
        lab.sold = min(lab.demanded, lab.sales_capacity)
        lab.spare = lab.sales_capacity - lab.sold
        lab.utilisation = lab.demanded / max(lab.sales_capacity, TINY)
    spare = sum(lab.spare for lab in w.labs)
    looking = min(w.p.overflow * sum(lab.demanded - lab.sold for lab in w.labs), spare)
    for lab in w.labs:
        lab.sold += looking * lab.spare / spare if spare > 0.0 else 0.0
        lab.revenue = lab.sold * lab.price
        lab.overdrawn += max(lab.sold * lab.service_intensity - lab.inference, 0.0)
    w.market.unserved = sum(lab.demanded - lab.sold for lab in w.labs)


def adapted(w: World, expected: float, now: float, before: float) -> float:
    """g' = (1 - th) g + th clip(dln x, -.3, .5)."""
    growth = clip(log(max(now, TINY) / max(before, TINY)), -0.3, 0.5)
    return (1.0 - w.p.news_weight) * expected + w.p.news_weight * growth


def pay_running_costs(w: World) -> None:
    """P6: opex, core business, rents, debts, parents' support, interest on managers' deposits, fees."""
    p = w.p
    for manager in w.managers:
        manager.opening_cash, manager.income = manager.cash, 0.0
        manager.returned = manager.interest_returned = 0.0
    for lab in w.labs:
        lab.operating_costs = operating_costs(w, lab)
        pay(lab, w.outside, lab.operating_costs)
    run_core_business(w)
    pay_rent(w)
    for lab in w.labs:
        lab.debt_service = service_debt(w, lab) + service_vendor_finance(w, lab)
        gross = lab.revenue + lab.core_cash_flow - lab.other_capex - costs_of_business(lab)
        support(w, lab, gross - lab.debt_service)
        lab.operating_cash_flow = gross - lab.debt_service + lab.parent_support + lab.rent_set_off
        lab.profit = gross - p.depreciation_labs * lab.fixed_assets
    for firm in [*w.vendors, *w.energy, *w.equipment, *w.clouds]:
        service_debt(w, firm)
    for manager, idle in [(manager, max(manager.cash, 0.0)) for manager in w.managers]:
        pay(w.outside, manager, p.risk_free_rate / 4.0 * idle)
        pay(manager, w.outside, p.management_fee * idle)
        income = manager.income + p.risk_free_rate / 4.0 * idle
        manager.distributed = p.income_paid_out * max(income - manager.interest_returned, 0.0)
        pay(manager, w.outside, manager.distributed)


def costs_of_business(lab: Firm) -> float:
    """Rent due is expense, whatever of it was paid in advance."""
    return lab.operating_costs + lab.research_labour + lab.power_bill + hired(lab)


def operating_costs(w: World, lab: Firm) -> float:
    """opex = opex_rev rev + .06 $ + .006 FA."""
    fixed = w.p.fixed_operating_cost if lab.active else 0.0
    return w.p.operating_cost_share * lab.revenue + fixed + w.p.plant_operating_cost * lab.fixed_assets


def service_debt(w: World, firm: Firm) -> float:
    """Pay rate/4 loan and amort loan to each lender; return what was paid."""
    paid = 0.0
    for lender in w.lenders:
        usual = firm.loans[lender.row] - debt_apart(w, firm, lender)
        interest = firm.interest_rate / 4.0 * usual
        back = w.p.amortisation * usual
        paid += serve_loan(firm, lender, interest, back)
    return paid + service_apart(w, firm)


def serve_loan(firm: Firm, lender: Firm, interest: float, back: float) -> float:
    pay(firm, lender, interest + back)
    firm.loans[lender.row] -= back
    if lender.kind == "asset_managers":
        lender.income += interest
    return interest + back


def service_apart(w: World, firm: Firm) -> float:
    """Pay each loan on its own terms: rate/4 of it, and the term-th part of every draw until it is paid.

    What a deal's loan pays on money that was called from savers goes back to them; pooled loans are paid already.
    """
    paid = 0.0
    for loan in (loan for loan in w.apart if loan.to is firm):
        for lender in w.lenders:
            held = loan.held[lender.row]
            rate = loan.rate if loan.own_terms else firm.interest_rate
            interest = rate / 4.0 * held
            back = min(loan.instalment[lender.row] if loan.term else w.p.amortisation * held, held)
            if loan.own_terms:
                paid += serve_loan(firm, lender, interest, back)
            loan.held[lender.row] -= back
            if lender is not w.outside:
                give_back(w, lender, loan.called[lender.row], interest, back)
    return paid


def give_back(w: World, manager: Firm, called: float, interest: float, back: float) -> None:
    pay(manager, w.outside, called * (interest + back))
    manager.returned += called * (interest + back)
    manager.interest_returned += called * interest


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
