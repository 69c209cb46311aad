"""Rent, hosting and parents' support (P6), what is signed (P9), voids (P13) and what landlords learn (P14)."""

from math import exp, log

from .renting import all_let, backlog_of, cost_of_new, faded, hosting_part, remaining_value
from .world import RENT_USE, TINY, Firm, World, bound_cash, clip, debt, part_of, pay, spend_earmarked


def hired(lab: Firm) -> float:
    """What a lab owes for compute and halls of others."""
    return lab.rent_bill + lab.internal_rent + lab.hosting_fee


def part_for_itself(lab: Firm) -> float:
    """1 - min(1, in_house / own_compute): what its owner's other products leave a lab of its own fleet."""
    return 1.0 - min(1.0, part_of(lab.in_house, lab.own_compute))


def run_core_business(w: World) -> None:
    for owner in w.owners:
        pay(w.outside, owner, owner.active * owner.core_cash_flow)
        pay(owner, w.outside, owner.active * owner.other_capex)


def pay_rent(w: World) -> None:
    """Rents less set-off, internal rent, hosting; short lets; running costs of clouds."""
    p = w.p
    for lab in w.labs:
        lab.rent_set_off = lab.internal_rent = lab.hosting_fee = 0.0
    for cloud in w.clouds:
        cloud.hosting_income, internal = 0.0, 0.0
        for lab in w.labs:
            rent_of(w, cloud, lab)
            internal += internal_rent_of(w, cloud, lab)
            host(w, cloud, lab)
        pay(w.outside, cloud, cloud.short_let_value)
        cloud.operating_costs = p.plant_operating_cost * cloud.fixed_assets
        pay(cloud, w.outside, cloud.operating_costs)
        cloud.rent_income = sum(cloud.rent_due) + cloud.short_let_value
        core = cloud.active * (cloud.core_cash_flow - cloud.other_capex)
        earned = cloud.rent_income + internal + cloud.hosting_income + core
        costs = cloud.operating_costs + cloud.power_bill + p.depreciation_clouds * cloud.fixed_assets
        cloud.profit = earned - costs


def rent_of(w: World, cloud: Firm, lab: Firm) -> None:
    """set off = min(rent due, max(advances / 8, advances - remaining)); what exceeds the rest then is paid back."""
    advance, remaining = cloud.advances[lab.row], remaining_value(cloud, lab.row)
    due = cloud.rent_due[lab.row]
    set_off = min(due, max(advance / w.p.advance_quarters, advance - remaining), advance)
    back = max(advance - set_off - remaining, 0.0)
    pay(lab, cloud, due - set_off)
    spend_earmarked(lab, RENT_USE, due - set_off)
    pay(cloud, lab, back)
    cloud.advances[lab.row] = advance - set_off - back
    lab.rent_set_off += set_off


def internal_rent_of(w: World, cloud: Firm, lab: Firm) -> float:
    """User cost at the parent's own rate, no markup."""
    transfer = cloud.housed[lab.row] * cost_of_new(w, cloud, cloud.quoted_rate)
    pay(lab, cloud, transfer)
    lab.internal_rent += transfer
    return transfer


def host(w: World, cloud: Firm, lab: Firm) -> None:
    """Hosting at the hall's user cost."""
    p = w.p
    fee = w.seen.hall_cost * (1.0 / p.hall_life + cloud.quoted_rate / 4.0 + p.plant_operating_cost)
    fee *= cloud.hosted[lab.row]
    pay(lab, cloud, fee)
    lab.hosting_fee += fee
    cloud.hosting_income += fee


def support(w: World, lab: Firm, flow: float) -> None:
    """A parent covers its lab's loss and takes its surplus: minus the lab's cash flow after internal rent."""
    lab.parent_support = -flow if lab.parent and lab.active else 0.0
    if lab.parent:
        pay(lab.parent, lab, lab.parent_support)
        lab.parent.profit -= lab.parent_support


def sign(w: World, lab: Firm) -> None:
    """P9: sign as far as the burden allows; part of a year's rent is paid at once, less where cash is short."""
    p = w.p
    rents = [cloud.rent_price[lab.row] for cloud in w.clouds]
    wish = sum(amount * rent for amount, rent in zip(lab.planned_rent, rents, strict=True))
    part = min(1.0, part_of(bearable(w, lab), wish))
    lab.signed = [amount * part for amount in lab.planned_rent]
    asked = [4.0 * p.rent_advance * amount * rent for amount, rent in zip(lab.signed, rents, strict=True)]
    able = min(1.0, part_of(max(lab.cash - bound_cash(lab) - p.payment_reserve * lab.revenue, 0.0), sum(asked)))
    lab.advance_paid = able * sum(asked)
    for cloud, amount, rent, advance in zip(w.clouds, lab.signed, rents, asked, strict=True):
        pay(lab, cloud, able * advance)
        cloud.advances[lab.row] += able * advance
        cloud.owed[lab.row] += amount
        cloud.owed_value[lab.row] += amount * rent
    prepay(w, lab)


def bearable(w: World, lab: Firm) -> float:
    """burden_limit (sales (1 - opex - labour - margin) - debts + dilution value + cash / 8) - rent_bill - owed_value.

    Sales are those of a year's time; dilution counts as far as the last issue found buyers.
    """
    p = w.p
    if lab.defaults > 0.0 and lab.since_default < 4.0:
        return 0.0
    sales = lab.revenue * exp(lab.expected_revenue_growth * faded(w, 4.0))
    cash = max(lab.cash - bound_cash(lab), 0.0) + lab.restricted_cash[RENT_USE]
    left = sales * (1.0 - p.operating_cost_share - p.labour_per_revenue - p.aimed_margin) - lab.debt_service
    sold = min(1.0, lab.equity_raised / lab.equity_request) if lab.equity_request > 0.0 else 1.0
    means = left + sold * p.dilution * lab.value + cash / 8.0
    owed = sum(cloud.owed_value[lab.row] for cloud in w.clouds)
    return max(p.burden_limit * means - lab.rent_bill - owed, 0.0)


def prepay(w: World, lab: Firm) -> None:
    """Money bound to rent is paid in advance at its own pace, as far as what is rented and signed will take it."""
    bound = lab.restricted_cash[RENT_USE]
    rooms = [max(remaining_value(cloud, lab.row) - cloud.advances[lab.row], 0.0) for cloud in w.clouds]
    part = min(1.0, part_of(w.p.earmark_pace * bound, sum(rooms)))
    for cloud, room in zip(w.clouds, rooms, strict=True):
        pay(lab, cloud, part * room)
        cloud.advances[lab.row] += part * room
    lab.advance_paid += part * sum(rooms)
    spend_earmarked(lab, RENT_USE, part * sum(rooms))


def void_contracts(w: World, lab: Firm) -> None:
    """Contracts and what is owed are void in quantity and value; landlords keep advances."""
    for cloud in w.clouds:
        term = len(cloud.contracts[lab.row])
        cloud.contracts[lab.row], cloud.contract_value[lab.row] = [0.0] * term, [0.0] * term
        for column in (cloud.owed, cloud.owed_value, cloud.advances):
            column[lab.row] = 0.0


def watch_landlords(w: World) -> None:
    """Who has no other business breaks its covenant where its contracts fall below contract_cover debt."""
    for cloud in w.clouds:
        short = backlog_of(cloud) < w.p.contract_cover * debt(cloud)
        cloud.covenant_broken = cloud.active if short and cloud.core_cash_flow <= 0.0 else 0.0


def expect_tenants(w: World) -> None:
    """trend' = (1 - news) trend + news clip(ln growth of contracts + owed, -.5, .5); demand grows, growth fades."""
    p, market = w.p, w.market
    for cloud in w.clouds:
        now = all_let(cloud) + sum(cloud.owed)
        if now > TINY and cloud.tenancies > TINY:
            growth = clip(log(now / cloud.tenancies), -0.5, 0.5)
            cloud.tenancy_trend += p.cloud_news_weight * (growth - cloud.tenancy_trend)
        cloud.tenancies = now
    market.rental_demand *= exp(market.rental_growth)
    market.rental_growth *= p.growth_memory
    market.in_house_growth *= p.growth_memory


def share_halls(w: World) -> None:
    """P2: powered_share, act min(1, D / (W pue)); what a renting lab's halls do not hold stands in its landlords'."""
    asked = {lab.row: max(lab.fleet_power * lab.pue - lab.halls, 0.0) for lab in w.labs}
    for cloud in w.clouds:
        guests = [hosting_part(w, cloud, lab) * asked[lab.row] for lab in w.labs]
        needed = cloud.fleet_power * cloud.pue + sum(guests)
        part = min(1.0, cloud.halls / needed) if needed > 0.0 else 1.0
        cloud.hosted = [guest * part for guest in guests]
        cloud.powered_share = part if cloud.active else 0.0
    for lab in w.labs:
        need = lab.fleet_power * lab.pue
        held = need - asked[lab.row] + sum(cloud.hosted[lab.row] for cloud in w.clouds)
        lab.powered_share = 0.0 if not lab.active else held / need if need > 0.0 else 1.0
