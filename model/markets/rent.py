"""Rent of leases: lessees pay vehicles, vehicles pay their notes; what is not paid ends the lease, by rank (P6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.firm import QUARTERS
from ...agents.state.arrays import TINY, Floats, positive, ratio, seldom, together, total
from ...agents.state.population import Population
from ..deals.called_money import give_back
from ..deals.guarantees import fees_due, pay_fees
from .leasing import show_fleets, show_orders

if TYPE_CHECKING:
    from ..market_model import MarketModel


def collect_rent(market: MarketModel) -> None:
    """Collect rent and serve notes, end leases that are not paid or paid off; note what each lessee paid."""
    facilities, vehicles, lessees = market.facilities, market.vehicles, market.leases.to
    interest = facilities.outstanding * (facilities.is_a["lease"] * facilities.rate / QUARTERS)[:, None]
    due = np.minimum(facilities.instalment, facilities.outstanding)
    rent = facilities.on_vehicles(total(interest + due, 1))
    fees = fees_due(market)
    able = [(positive(firms.all.free_cash) >= lessees.on(firms, rent + fees)) * 1.0 for firms in market.owners]
    pays = lessees.each(*able) * vehicles.active
    missed = (rent > TINY) * (1.0 - pays) * vehicles.active
    paid = rent * pays
    for firms in market.owners:
        by_lessee = lessees.on(firms, paid)
        if lessees.any_of(firms):
            market.ledger.transfer("lease", firms, vehicles, paid=by_lessee, received=paid * lessees.mine(firms))
        firms.commit(lease_rent=by_lessee + lessees.on(firms, fees * pays))
    pay_fees(market, fees * pays)
    served = facilities.of_vehicle_rows(pays)
    _pay_interest(market, interest * served[:, None])
    _pay_back(market, due * served[:, None])
    vehicles.commit(rent=rent, rent_paid=paid, missed=missed)
    _sell_out(market, missed, paid_off=False)
    _sell_out(market, _paid_off(market), paid_off=True)


def end_leases(market: MarketModel, firms: Population[Any], gone: Floats) -> None:
    """End the leases of labs or clouds that leave, shape (n, R) of ones and zeros (P13)."""
    if len(market.vehicles):
        end_vehicles(market, market.leases.to.only(market, firms, gone))


def end_vehicles(market: MarketModel, gone: Floats) -> None:
    """Wind vehicles up as after a missed rent, shape (vehicles, R) of ones and zeros."""
    _sell_out(market, gone * market.vehicles.active, paid_off=False)


def forget_holder(market: MarketModel, gone: Floats) -> None:
    """Void the notes of managers that leave, shape (managers, R) of ones and zeros."""
    vehicles, facilities = market.vehicles, market.facilities
    if not len(vehicles):
        return
    held = np.concatenate([vehicles.loans[:, :-1] * gone, np.zeros_like(vehicles.loans[:, -1:])], axis=1)
    market.ledger.write_off(vehicles, "loans", "written off", held)
    by_funder = np.zeros(facilities.outstanding.shape[1:])
    by_funder[: len(gone)] = gone
    void = facilities.outstanding * by_funder * facilities.is_a["lease"][:, None]
    facilities.commit(
        outstanding=facilities.outstanding - void,
        instalment=facilities.instalment * (1.0 - by_funder),
        lost=facilities.lost + total(void, 1),
    )


def _pay_interest(market: MarketModel, interest: Floats) -> None:
    """Pay coupons, shape (facilities, funders, R)."""
    facilities = market.facilities
    market.ledger.pay_interest(
        market.managers, market.vehicles, facilities.of_lenders(facilities.on_vehicles(interest))
    )
    give_back(market, interest, np.zeros_like(interest))
    facilities.commit(interest=facilities.interest + total(interest, 1))


def _pay_back(market: MarketModel, amount: Floats) -> None:
    """Pay notes back, shape (facilities, funders, R)."""
    facilities = market.facilities
    market.ledger.repay(market.managers, market.vehicles, facilities.of_lenders(facilities.on_vehicles(amount)))
    give_back(market, np.zeros_like(amount), amount)
    facilities.commit(
        outstanding=positive(facilities.outstanding - amount), repaid=facilities.repaid + total(amount, 1)
    )


def _paid_off(market: MarketModel) -> Floats:
    """Return a one where a vehicle owes nothing and may draw nothing any more, shape (vehicles, R)."""
    facilities, vehicles = market.facilities, market.vehicles
    lease = facilities.is_a["lease"]
    owed = facilities.on_vehicles(total(facilities.outstanding, 1) * lease)
    open_part = facilities.on_vehicles(facilities.undrawn * lease)
    drawn = facilities.on_vehicles(facilities.drawn * lease)
    scale = TINY * (1.0 + drawn)
    return ((drawn > scale) & (owed <= scale) & (open_part <= scale)) * vehicles.active


def _sell_out(market: MarketModel, where: Floats, *, paid_off: bool) -> None:
    """Sell what vehicles own and share out the proceeds, shape (vehicles, R) of ones and zeros.

    After a missed payment everything goes to the rest of the world; when the notes are paid off the lessee may keep
    it at the same price, if it can pay.
    """
    vehicles = market.vehicles
    if not seldom(where):
        return
    p, signals = market.parameters, market.signals
    worth = p.chip_resale * total(vehicles.fleet, 1) * signals.chip_value
    worth = where * (worth + p.hall_resale * vehicles.halls * signals.hall_cost)
    kept = _lessee_buys(market, worth) if paid_off else np.zeros_like(worth)
    market.ledger.transfer("resale", market.economy, vehicles, received=worth * (1.0 - kept))
    _move_assets(market, where * (1.0 - kept))
    _close_books(market, where)
    vehicles.commit(resale=vehicles.resale + worth, ended=vehicles.ended + where)
    _share_out(market, where, worth)
    _cancel(market, where)
    show_fleets(market)


def _lessee_buys(market: MarketModel, worth: Floats) -> Floats:
    """Return a one where the lessee can pay for what its vehicles sell, and let it pay."""
    vehicles, lessees = market.vehicles, market.leases.to
    able = [(positive(firms.all.free_cash) >= lessees.on(firms, worth)) * firms.active for firms in market.owners]
    buys = lessees.each(*able)
    price = worth * buys
    for firms in filter(lessees.any_of, market.owners):
        paid = lessees.on(firms, price)
        market.ledger.transfer("resale", firms, vehicles, paid=paid, received=price * lessees.mine(firms))
        market.ledger.post(firms, "fixed_assets", "sale", paid)
    return buys


def _move_assets(market: MarketModel, where: Floats) -> None:
    """Move chips and halls of vehicles from their lessees to the rest of the world, shape (vehicles, R)."""
    for firms in filter(market.leases.to.any_of, market.owners):
        _move_assets_of(market, firms, where)


def _move_assets_of(market: MarketModel, firms: Population[Any], where: Floats) -> None:
    """Move what vehicles own and labs, or clouds, have leased to the rest of the world, shape (vehicles, R)."""
    economy, vehicles, lessees = market.economy, market.vehicles, market.leases.to
    chips, rated = vehicles.fleet * where[:, None], vehicles.fleet_power * where
    fleet = np.minimum(lessees.on(firms, chips), firms.fleet)
    power = np.minimum(lessees.on(firms, rated), firms.fleet_power)
    all_halls = firms.halls + firms.halls_unconnected + total(firms.halls_building, 1)
    taken = np.minimum(1.0, ratio(lessees.on(firms, vehicles.halls * where), all_halls))
    moved = firms.halls * taken, firms.halls_unconnected * taken, firms.halls_building * taken[:, None]
    kept = 1.0 - np.minimum(1.0, ratio(total(fleet, 1), firms.all.compute))
    firms.commit(
        fleet=firms.fleet - fleet,
        old_fleet=firms.old_fleet * kept,
        fleet_power=firms.fleet_power - power,
        halls=firms.halls - moved[0],
        halls_unconnected=firms.halls_unconnected - moved[1],
        halls_building=firms.halls_building - moved[2],
    )
    economy.commit(
        outside_fleet=economy.outside_fleet + total(total(fleet, 1)),
        outside_power=economy.outside_power + total(power),
        outside_halls=economy.outside_halls + total(moved[0]),
        outside_unconnected=economy.outside_unconnected + total(moved[1]),
        outside_building=economy.outside_building + total(moved[2]),
    )


def _share_out(market: MarketModel, where: Floats, worth: Floats) -> None:
    """Pay note holders by rank from the proceeds, the guarantor what seniors miss, and the surplus to the funders."""
    facilities = market.facilities
    left = worth
    for rank in sorted({row.tranche.rank for row in facilities.contracts if row.deal.leased}):
        owed = facilities.outstanding * (facilities.rank == rank)[:, None]
        owed = owed * facilities.of_vehicle_rows(where)[:, None]
        whole = facilities.on_vehicles(total(owed, 1))
        part = np.minimum(1.0, ratio(left, whole))
        _pay_back(market, owed * facilities.of_vehicle_rows(part)[:, None])
        left = left - whole * part
    _call_guarantee(market, where)
    _write_off(market, where)
    _pay_surplus(market, left)


def _call_guarantee(market: MarketModel, where: Floats) -> None:
    """Let guarantors pay what guaranteed tranches miss, never more than their limit in all."""
    facilities, vehicles, leases, ledger = market.facilities, market.vehicles, market.leases, market.ledger
    missing = facilities.outstanding * (facilities.guaranteed * facilities.of_vehicle_rows(where))[:, None]
    whole = facilities.on_vehicles(total(missing, 1))
    call = np.minimum(whole, positive(vehicles.guarantee_limit - vehicles.guarantee_paid))
    for firms, guarantees in zip((market.vendors, market.labs), leases.guaranteed_by, strict=True):
        by_vehicle = guarantees * call[None]
        ledger.transfer("guarantee", firms, vehicles, paid=total(by_vehicle, 1), received=total(by_vehicle))
    part = np.minimum(1.0, ratio(call, whole))
    _pay_back(market, missing * facilities.of_vehicle_rows(part)[:, None])
    vehicles.commit(guarantee_paid=vehicles.guarantee_paid + call, guarantee_call=vehicles.guarantee_call + call)


def _write_off(market: MarketModel, where: Floats) -> None:
    """Write off what is still owed: the lowest rank has been paid last."""
    facilities, vehicles = market.facilities, market.vehicles
    lost = facilities.outstanding * facilities.of_vehicle_rows(where)[:, None]
    rest = vehicles.loans * where[:, None]
    market.ledger.write_off(vehicles, "loans", "written off", rest)
    facilities.commit(
        outstanding=facilities.outstanding - lost,
        instalment=facilities.instalment * (1.0 - facilities.of_vehicle_rows(where))[:, None],
        lost=facilities.lost + total(lost, 1),
    )


def _pay_surplus(market: MarketModel, left: Floats) -> None:
    """Pay what is left after all notes to the managers who funded the vehicle."""
    vehicles, facilities = market.vehicles, market.facilities
    parts = facilities.on_vehicles(facilities.holdings(market) * facilities.part[:, None])[:, : len(market.managers)]
    to = ratio(parts, total(parts, 1)[:, None]) * left[:, None]
    market.ledger.transfer("residual_value", vehicles, market.managers, paid=total(to, 1), received=total(to))


def _close_books(market: MarketModel, where: Floats) -> None:
    """Take what was sold off the vehicles' books: what is due of the quarter's depreciation, the rest as sold."""
    vehicles, ledger = market.vehicles, market.ledger
    gone = vehicles.fixed_assets * where
    wear = market.parameters.depreciation_vehicles * np.minimum(ledger.opening["vehicles", "fixed_assets"], gone)
    booked = [e.change for e in ledger.changes("vehicles", "fixed_assets") if e.cause == "depreciation"]
    worn = wear * (1.0 - np.any(together(booked), axis=0)) if booked else wear
    market.ledger.write_off(vehicles, "fixed_assets", "depreciation", worn)
    market.ledger.write_off(vehicles, "fixed_assets", "sale", gone - worn)
    kept = 1.0 - where
    vehicles.commit(
        fleet=vehicles.fleet * kept[:, None], fleet_power=vehicles.fleet_power * kept, halls=vehicles.halls * kept
    )


def _cancel(market: MarketModel, where: Floats) -> None:
    """Cancel the orders of vehicles whose lease has ended; they are out of business."""
    vendors, vehicles, leases = market.vendors, market.vehicles, market.leases
    customers = np.zeros_like(vendors.backlog[0])
    customers[leases.customers] = where
    market.ledger.write_off(vendors, "order_value", "forfeited", vendors.order_value * customers)
    vendors.commit(backlog=vendors.backlog * (1.0 - customers))
    dropped = vehicles.halls_ordered * where
    for firms in filter(leases.to.any_of, market.owners):
        firms.commit(halls_ordered=positive(firms.halls_ordered - leases.to.on(firms, dropped * leases.builds)))
    vehicles.commit(halls_ordered=vehicles.halls_ordered - dropped, active=vehicles.active * (1.0 - where))
    show_orders(market)
    market.list_agents()
