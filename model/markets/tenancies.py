"""Tenancies: rent is paid, landlords price new contracts, labs choose a route and sign (P6, P7, P9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.firm import QUARTERS
from ...agents.rules.limits import near
from ...agents.state.arrays import Floats, anywhere, positive, ratio, seldom, total
from ..deals.earmarks import RENT, spend_earmarked
from ..deals.facilities import uncurbed
from .hosting import pay_for_hosting
from .limits import note_limits

if TYPE_CHECKING:
    from ..market_model import MarketModel


def run_core_business(market: MarketModel) -> None:
    """Let owners earn with their other business and spend on it (P6)."""
    for firms in market.owners:
        earned, spent = firms.active * firms.core_cash_flow, firms.active * firms.other_capex
        market.ledger.transfer("core_business", market.economy, firms, received=earned)
        market.ledger.transfer("other_capex", firms, market.economy, paid=spent)


def pay_rent(market: MarketModel) -> None:
    """Let labs pay landlords and their parents' clouds, and enterprises short lets; clouds pay their running costs."""
    clouds, labs, ledger, p = market.clouds, market.labs, market.ledger, market.parameters
    set_off = _set_off(market)
    paid = clouds.rent_due - set_off
    internal = clouds.housed * clouds.all.cost_of_new(clouds.quoted_rate[:, None], market.signals)
    costs = p.plant_operating_cost * clouds.fixed_assets
    ledger.transfer("rent", labs, clouds, paid=total(paid), received=total(paid, 1))
    spend_earmarked(market, labs, RENT, total(paid), market.payees.landlords, paid.swapaxes(0, 1))
    ledger.transfer("internal_rent", labs, clouds, paid=total(internal), received=total(internal, 1))
    ledger.transfer("short_lets", market.economy, clouds, received=clouds.short_let_value)
    ledger.transfer("sub_lets", market.economy, labs, received=labs.sublet_income)
    ledger.transfer("operating_costs", clouds, market.economy, paid=costs)
    labs.commit(internal_rent=total(internal), rent_set_off=total(set_off))
    income = total(clouds.rent_due, 1) + clouds.short_let_value
    core = clouds.active * (clouds.core_cash_flow - clouds.other_capex)
    pay_for_hosting(market)
    earned = income + total(internal, 1) + clouds.hosting_income + core - costs - clouds.power_bill
    clouds.commit(
        rent_income=income,
        operating_costs=costs,
        profit=earned - p.depreciation_clouds * clouds.fixed_assets,
    )


def _set_off(market: MarketModel) -> Floats:
    """Set advances off against rent and pay back what exceeds the contracts, USD bn, shape (clouds, labs, R)."""
    clouds, ledger = market.clouds, market.ledger
    advances, remaining = clouds.advances, clouds.all.remaining_value
    part = advances / market.parameters.advance_quarters
    used = np.minimum(clouds.rent_due, np.maximum(part, positive(advances - remaining)))
    used = np.minimum(used, advances)
    back = positive(advances - used - remaining)
    ledger.write_off(clouds, "advances", "set off", used)
    ledger.write_off(clouds, "advances", "paid back", back)
    ledger.transfer("rent_advances", clouds, market.labs, paid=total(back, 1), received=total(back))
    return used


def support_labs(market: MarketModel, flow: Floats) -> None:
    """Let parents cover what their labs lose and take what they earn, shape (labs, R)."""
    labs, clouds = market.labs, market.clouds
    support = -flow * labs.is_housed * labs.active
    by_parent = market.houses * support[None]
    market.ledger.transfer("parent_support", clouds, labs, paid=total(by_parent, 1), received=support)
    labs.commit(parent_support=support)
    clouds.commit(profit=clouds.profit - total(by_parent, 1))


def price_rents(market: MarketModel) -> None:
    """Let landlords price new contracts; the market's rent is weighted by running compute of both sides (P7)."""
    clouds = market.clouds
    clouds.commit(rent_price=clouds.decide("set_rent", market.signals))
    market.economy.commit(market_rent=market_rent(market))


def watch_rivals(market: MarketModel) -> None:
    """Let labs see what their largest rival runs, and with it what it announced as far as announcements count (P7)."""
    labs, p = market.labs, market.parameters
    running = labs.powered_compute / p.compute_wedge
    labs.commit(
        largest_rival=_of_largest_rival(market, positive(running + p.match * labs.announced)),
        rival_running=_of_largest_rival(market, running),
    )


def market_rent(market: MarketModel) -> Floats:
    """Return the mean rent asked of labs, USD bn per M H100e and quarter, shape (R,).

    Weights are running compute of both sides; where no lab runs any, labs count alike, and where no cloud does the rent
    stays.
    """
    clouds, labs = market.clouds, market.labs
    running = np.where(total(labs.powered_compute) > 0.0, labs.powered_compute, 1.0)
    weight = clouds.own_compute[:, None] * running[None]
    whole = total(total(weight, 1))
    mean = total(total(clouds.rent_price * weight, 1)) / np.where(whole > 0.0, whole, 1.0)
    return np.where(whole > 0.0, mean, market.economy.market_rent)


def _of_largest_rival(market: MarketModel, compute: Floats) -> Floats:
    """Return for each lab the largest of the others' amounts, shape (labs, R)."""
    others = np.concatenate([market.labs.active * compute, np.zeros((1, market.replicates))])
    ordered = np.sort(others, 0)
    return np.where(others[:-1] >= ordered[-1], ordered[-2], ordered[-1])


def plan_rents(market: MarketModel) -> None:
    """Let labs choose between building and renting, and housed ones ask their parent's cloud for compute (P7)."""
    labs, clouds, signals = market.labs, market.clouds, market.signals
    chosen = labs.decide("choose_route", signals)
    own = np.concatenate([np.ones_like(chosen[:, :1]), np.zeros_like(chosen[:, 1:])], axis=1)
    routes = np.where(labs.integrated[:, None] > 0.0, own, chosen)
    labs.commit(routes=routes)
    renting = (1.0 - labs.integrated) * (1.0 - labs.is_housed)
    target = labs.all.lab_target(market.parameters.horizon, signals)
    step = renting * labs.all.compute_step(labs.all.lacking_compute(target, signals))
    note_limits(market, {"rent": near(step, labs.all.fastest_step)})
    labs.commit(planned_rent=routes[:, 1:] * step[:, None])
    housed = labs.active * labs.is_housed
    plan = housed * target
    clouds.commit(
        housed_wish=market.houses * (housed * labs.all.needed_now(signals))[None],
        housed_plan=market.houses * plan[None],
    )


def sign_contracts(market: MarketModel) -> None:
    """Let labs sign what they want to rent as far as they can bear it, and pay part of a year's rent at once (P9)."""
    labs, clouds, ledger, p = market.labs, market.clouds, market.ledger, market.parameters
    rents = labs.all.rents
    bearable = labs.decide("affordable_rent", market.signals)
    part = np.minimum(1.0, ratio(bearable, total(labs.planned_rent * rents, 1))) * uncurbed(market, labs)
    signed = labs.planned_rent * part[:, None]
    asked = p.rent_advance * QUARTERS * signed * rents
    usable = positive(labs.all.free_cash - p.payment_reserve * labs.revenue)
    able = np.minimum(1.0, ratio(usable, total(asked, 1)))
    advance = asked * able[:, None]
    ledger.transfer("rent_advances", labs, clouds, paid=total(advance, 1), received=total(advance))
    ledger.post(clouds, "advances", "paid", advance.swapaxes(0, 1))
    labs.commit(signed=signed, advance_paid=total(advance, 1))
    new, value = signed.swapaxes(0, 1), (signed * rents).swapaxes(0, 1)
    clouds.commit(owed=clouds.owed + new, owed_value=clouds.owed_value + value)
    market.clearings["lets"] = market.clearings["lets"]._replace(signed=new, signed_value=value)
    _prepay_from_earmarks(market)


def _prepay_from_earmarks(market: MarketModel) -> None:
    """Let money bound to rent be paid to landlords in advance, as far as what is rented and signed will take it."""
    labs, clouds, ledger, p = market.labs, market.clouds, market.ledger, market.parameters
    bound = labs.restricted_cash[:, RENT]
    if not anywhere(bound):
        return
    room = positive(clouds.all.remaining_value - clouds.advances)
    paid = room * np.minimum(1.0, ratio(p.earmark_pace * bound, total(room)))
    ledger.transfer("rent_advances", labs, clouds, paid=total(paid), received=total(paid, 1))
    ledger.post(clouds, "advances", "paid", paid)
    labs.commit(advance_paid=labs.advance_paid + total(paid))
    spend_earmarked(market, labs, RENT, total(paid), market.payees.landlords, paid.swapaxes(0, 1))


def void_contracts(market: MarketModel, gone: Floats) -> None:
    """Void what labs have rented that default or leave, shape (labs, R) of ones; landlords keep advances (P13)."""
    if not seldom(gone):
        return
    clouds = market.clouds
    kept = 1.0 - gone
    lets = market.clearings["lets"]
    market.clearings["lets"] = lets._replace(void=np.maximum(lets.void, gone))
    market.ledger.write_off(clouds, "advances", "void", clouds.advances * gone[None])
    clouds.commit(
        contracts=clouds.contracts * kept[:, None],
        contract_value=clouds.contract_value * kept[:, None],
        owed=clouds.owed * kept[None],
        owed_value=clouds.owed_value * kept[None],
    )
