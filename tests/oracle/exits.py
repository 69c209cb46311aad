"""P13, exits: who gives up, who buys, who is paid out of what is left."""

from .tenancies import hired
from .world import Firm, World, best_of, bound_cash, pay, set_free

MOVED = {
    "fleet_power": "outside_power",
    "halls": "outside_halls",
    "halls_unconnected": "outside_unconnected",
    "halls_ordered": "outside_ordered",
}


def gives_up(w: World, lab: Firm, failed: bool) -> bool:
    """Second default within 12 quarters, or gap > 1.5 OOM for 12 quarters with cash below one quarter of cost."""
    p = w.p
    best = best_of(w, "capability")
    lab.quarters_behind = lab.quarters_behind + 1.0 if best - lab.capability > p.exit_gap else 0.0
    again = failed and lab.defaults >= 1.0 and lab.since_default + 1.0 <= p.exit_window
    lab.since_default = 0.0 if failed else lab.since_default + 1.0
    cost = lab.operating_costs + lab.research_labour + lab.power_bill + hired(lab) + lab.debt_service
    poor = max(lab.cash, 0.0) < p.exit_cash * cost
    return again or (lab.quarters_behind >= p.exit_patience and poor)


def close(w: World, leaving: list[Firm]) -> None:
    """Fleet, halls and orders go to the lab with the most free cash if it can pay .35 FA, else to ROW; pay by rank."""
    for lab in leaving:
        set_free(lab)
        lab.vendor_credit_line = 0.0
        for cloud in w.clouds:
            cloud.housed_wish[lab.row] = cloud.housed_plan[lab.row] = 0.0
    staying = [lab for lab in w.labs if lab.active and lab not in leaving]
    richest = max(staying, key=lambda lab: lab.cash - bound_cash(lab), default=None)
    purse = richest.cash - bound_cash(richest) if richest else -1.0
    for lab in leaving:
        hole = max(-lab.cash, 0.0)
        pay(w.outside, lab, hole)
        price = w.p.acquisition_price * lab.fixed_assets
        purse -= price
        if purse >= 0.0:
            buy(w, richest, lab, price)
        else:
            sell_outside(w, lab, price)
        pay_off(w, lab, hole)
        lab.old_fleet = 0.0
        lab.fixed_assets = lab.training = lab.value = lab.earnings = lab.active = 0.0
        lab.gone = 1.0


def buy(w: World, buyer: Firm, lab: Firm, price: float) -> None:
    """A lab takes over everything, orders and advances included."""
    pay(buyer, lab, price)
    buyer.fixed_assets += price
    buyer.takeovers += 1.0
    buyer.old_fleet += lab.old_fleet
    if buyer.halls + lab.halls > 0.0:
        buyer.pue = (buyer.halls * buyer.pue + lab.halls * lab.pue) / (buyer.halls + lab.halls)
    for name in MOVED:
        setattr(buyer, name, getattr(buyer, name) + getattr(lab, name))
        setattr(lab, name, 0.0)
    for name in ("fleet", "halls_building"):
        both = zip(getattr(buyer, name), getattr(lab, name), strict=True)
        setattr(buyer, name, [a + b for a, b in both])
        setattr(lab, name, [0.0] * len(getattr(lab, name)))
    for vendor in w.vendors:
        for column in (vendor.backlog, vendor.order_value, vendor.prepaid):
            column[buyer.row] += column[lab.row]
            column[lab.row] = 0.0


def sell_outside(w: World, lab: Firm, price: float) -> None:
    """ROW takes over everything, but pays chips on delivery: advances are forfeited."""
    market = w.market
    pay(w.outside, lab, price)
    for name, outside in MOVED.items():
        setattr(market, outside, getattr(market, outside) + getattr(lab, name))
        setattr(lab, name, 0.0)
    market.outside_fleet += sum(lab.fleet)
    market.outside_building = [a + b for a, b in zip(market.outside_building, lab.halls_building, strict=True)]
    lab.fleet, lab.halls_building = [0.0] * len(lab.fleet), [0.0] * len(lab.halls_building)
    for vendor in w.vendors:
        vendor.backlog[-1] += vendor.backlog[lab.row]
        vendor.backlog[lab.row] = vendor.order_value[lab.row] = vendor.prepaid[lab.row] = 0.0


def pay_off(w: World, lab: Firm, hole: float) -> None:
    """Lenders pro rata; vendors and trade creditors pro rata; owners by their shares. What is not paid is lost."""
    part = part_paid(lab.cash, sum(lab.loans))
    for manager, owed in zip(w.managers, lab.loans, strict=True):
        pay(lab, manager, owed * part)
    part = part_paid(lab.cash, sum(lab.vendor_finance) + hole)
    for vendor, owed in zip(w.vendors, lab.vendor_finance, strict=True):
        pay(lab, vendor, owed * part)
    pay(lab, w.outside, hole * part)
    left = lab.cash
    for manager, held in zip(w.managers, lab.equity_held, strict=True):
        pay(lab, manager, held * left)
    pay(lab, w.outside, lab.cash)
    w.apart = [loan for loan in w.apart if loan.to is not lab]
    for name in ("loans", "vendor_finance", "equity_held"):
        setattr(lab, name, [0.0] * len(getattr(lab, name)))


def part_paid(cash: float, owed: float) -> float:
    return min(1.0, cash / owed) if owed > 0.0 else 0.0
