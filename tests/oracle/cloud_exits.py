"""P13: a cloud that fails and is no parent passes all it has to the cloud with most cash, for what it would fetch."""

from .lab_plans import collateral
from .world import Firm, World, debt, part_of, pay, set_free

ALONE = (
    "fleet_power",
    "old_fleet",
    "arriving",
    "own_compute",
    "in_house",
    "idle",
    "halls",
    "halls_unconnected",
    "halls_ordered",
    "short_let",
    "short_let_value",
    "tenancies",
)
ENDED = ("housed_wish", "housed_plan")
LISTS = ("fleet", "halls_building", "served", "owed", "owed_value", "advances")
COHORTS = ("contracts", "contract_value")


def taken_over(w: World, failed: list[Firm]) -> list[Firm]:
    """Return the clouds that leave: those that fail, are no parent, and find somebody with cash."""
    parents = [lab.parent for lab in w.labs]
    staying = [cloud for cloud in w.clouds if cloud.active and cloud not in failed]
    buyer = max(staying, key=lambda cloud: cloud.cash, default=None)
    leaving = [cloud for cloud in failed if cloud not in parents] if buyer and buyer.cash > 0.0 else []
    worth = [collateral(w, cloud) for cloud in leaving]
    purse = buyer.cash if buyer else 0.0
    for cloud in w.clouds:
        cloud.exited = 1.0 if cloud in leaving else 0.0
    for cloud, fetches in zip(leaving, worth, strict=True):
        take_over(w, buyer, cloud, fetches * min(1.0, part_of(purse, sum(worth))))
    return leaving


def take_over(w: World, buyer: Firm, cloud: Firm, price: float) -> None:
    """The price goes to lenders, then to vendors, the rest is written off; plant is entered at the price."""
    set_free(cloud)
    cloud.vendor_credit_line = 0.0
    pay(w.outside, cloud, max(-cloud.cash, 0.0))
    pay(buyer, cloud, price)
    buyer.fixed_assets += price
    hand_on(w, buyer, cloud)
    part = min(1.0, part_of(cloud.cash, debt(cloud)))
    for manager in w.managers:
        pay(cloud, manager, cloud.loans[manager.row] * part)
    part = min(1.0, part_of(cloud.cash, sum(cloud.vendor_finance)))
    for vendor in w.vendors:
        pay(cloud, vendor, cloud.vendor_finance[vendor.row] * part)
    w.apart = [loan for loan in w.apart if loan.to is not cloud]
    cloud.vendor_finance = [0.0] * len(w.vendors)
    left = cloud.cash
    for manager, held in zip(w.managers, cloud.equity_held, strict=True):
        pay(cloud, manager, held * left)
    pay(cloud, w.outside, cloud.cash)
    cloud.loans, cloud.equity_held = [0.0] * len(w.managers), [0.0] * len(w.managers)
    cloud.fixed_assets = cloud.value = cloud.earnings = cloud.active = 0.0
    cloud.gone = 1.0


def hand_on(w: World, buyer: Firm, cloud: Firm) -> None:
    """Fleet, halls, orders, tenants' contracts, what is owed to them and their advances."""
    halls = buyer.halls + cloud.halls
    if halls > 0.0:
        buyer.pue = (buyer.halls * buyer.pue + cloud.halls * cloud.pue) / halls
    for name in ALONE:
        setattr(buyer, name, getattr(buyer, name) + getattr(cloud, name))
        setattr(cloud, name, 0.0)
    for name in LISTS:
        setattr(buyer, name, added(getattr(buyer, name), getattr(cloud, name)))
        setattr(cloud, name, [0.0] * len(getattr(cloud, name)))
    for name in ENDED:
        setattr(cloud, name, [0.0] * len(w.labs))
    for name in COHORTS:
        both = zip(getattr(buyer, name), getattr(cloud, name), strict=True)
        setattr(buyer, name, [added(mine, theirs) for mine, theirs in both])
        setattr(cloud, name, [[0.0] * len(cohorts) for cohorts in getattr(cloud, name)])
    for vendor in w.vendors:
        for column in (vendor.backlog, vendor.order_value, vendor.prepaid):
            column[buyer.customer] += column[cloud.customer]
            column[cloud.customer] = 0.0


def added(mine: list[float], theirs: list[float]) -> list[float]:
    return [a + b for a, b in zip(mine, theirs, strict=True)]
