"""Small worlds for tests: starts with other firms or other stocks than the data's.

Every start comes from the data of 2025Q4 by choosing rows, so that each firm has all the stocks of its kind. Equipment
keeps its four sectors, which are places in a hall and not competitors.
"""

from dataclasses import replace

import numpy as np

import aimarket

SECTORS = "equipment_suppliers"
SUM_TO_ONE = {("asset_managers", "part_of_lending")}
HELD_ONCE = {("energy_suppliers", "keeps_storage"), ("asset_managers", "part_of_lab_shares")}


LAB_OF_ITS_OWN = {
    "running": 1.74,
    "halls_per_power_building": 0.33,
    "halls_per_power_ordered": 0.33,
    "chips_on_order": 0.137,
}
"""A lab that owns what it runs: as much compute as OpenAI rents, halls under way for a third of its power a quarter.

Of each vendor 0.137 M units are on order a M H100e of its fleet: a third of the fleet of chips worth 2.48 H100e.
"""


def all_different():
    """Seven labs, three vendors, five energy suppliers, four sectors, nine managers, six clouds: no kinds of one size.

    A broadcast along the wrong axis cannot hide here. Customers are fourteen and borrowers twenty-five. The names of
    deals and entries in our scenarios are all on the roster; one lab, one vendor and one cloud are dormant.
    """
    start = longer("ai_labs", 1)
    start = longer("asset_managers", 3, start)
    return chosen(start, "chip_vendors", (0, 1, 3))


def one_lab_one_vendor(**stocks):
    """One lab, the first of the data, which owns what it runs, on one vendor's chips; nobody lets compute.

    Stocks of the lab may be given anew.
    """
    start = chosen(chosen(aimarket.load_start(), "ai_labs", (0,), ("Lab",)), "chip_vendors", (0,), ("Vendor",))
    return _of_their_own(start, **stocks)


def identical_labs(n, **stocks):
    """Return a start with n copies of the first lab of the data, which own what they run; nobody lets compute.

    Stocks of the labs may be given anew.
    """
    names = tuple(f"Lab {i + 1}" for i in range(n))
    return _of_their_own(chosen(aimarket.load_start(), "ai_labs", (0,) * n, names), **stocks)


def _of_their_own(start, **stocks):
    """Return a start whose labs own what they run, and whose one cloud is dormant."""
    dormant = next(row for row, (_, active) in enumerate(start.roster["clouds"]) if not active)
    start = chosen(replace(start, integrated=frozenset(start.names("ai_labs"))), "clouds", (dormant,))
    return with_stocks(start, "ai_labs", **LAB_OF_ITS_OWN | stocks)


def two_labs(**stocks):
    """Two labs alike but for the stocks that are given."""
    return identical_labs(2, **stocks)


def one_tenant_one_cloud(**stocks):
    """One lab that rents of one cloud without other business; enterprises rent nothing, nor hosts of open models.

    The lab rents 1 M H100e; stocks of the cloud may be given anew.
    """
    start = chosen(aimarket.load_start(), "ai_labs", (0,), ("Lab",))
    start = chosen(start, "clouds", (1,), ("Cloud",))
    start = with_stocks(start, "economy", open_models_share=[0.0, 0.0, 0.0])
    alone = dict.fromkeys(("core_cash_flow", "other_capex", "in_house", "short_let"), 0.0)
    rented = {"tenancies": {"Cloud": {"Lab": 1.0}}, "housed": {}}
    return with_stocks(start, "clouds", **(alone | rented | stocks))


def longer(kind, more, start=None):
    """Return a start with more firms at the end of a kind: active copies of its first firms.

    The firms of the data keep their rows and stocks; what there is once, debts to lenders, shares in labs and the
    grid's storage, stays with them.
    """
    start = start or aimarket.load_start()
    if kind == SECTORS:
        raise ValueError("the four sectors of equipment are parts of a hall: there can be no fifth")
    roster = start.roster[kind]
    awake = [row for row, (_, active) in enumerate(roster) if active]
    copied = tuple(awake[i % len(awake)] for i in range(more))
    names = tuple(name for name, _ in roster) + tuple(f"{roster[row][0]} {i + 2}" for i, row in enumerate(copied))
    return chosen(start, kind, (*range(len(roster)), *copied), names)


def with_stocks(start, kind, **stocks):
    """Return a start with other stocks: of a kind of firm, one value for all or one a firm, or of the economy."""
    unknown = set(stocks) - set(start.stocks[kind])
    if unknown:
        raise KeyError(f"{kind}: no stock is called {', '.join(sorted(unknown))}")
    return replace(start, stocks={**start.stocks, kind: {**start.stocks[kind], **stocks}})


def chosen(start, kind, rows, names=None):
    """Return a start whose firms of a kind are copies of some rows; of a row named twice only the first has lent."""
    old = start.roster[kind]
    names = names or tuple(old[row][0] for row in rows)
    firms = tuple((name, old[row][1]) for name, row in zip(names, rows, strict=True))
    stocks = {name: _rows_of(value, rows, len(old)) for name, value in start.stocks[kind].items()}
    stocks |= {name: _first_only(stocks[name], rows) for of, name in SUM_TO_ONE | HELD_ONCE if of == kind}
    stocks |= {name: list(stocks[name] / np.sum(stocks[name])) for of, name in SUM_TO_ONE if of == kind}
    start = start.with_firms(kind, firms, **stocks)
    was = {name: old[row][0] for name, row in zip(names, rows, strict=True)}
    if kind == "ai_labs":
        return _with_tenants(start, was)
    if kind == "clouds":
        return _with_landlords(start, was)
    return _with_fleets_on(start, rows) if kind == "chip_vendors" else start


def _with_tenants(start, was):
    """Return a start in which each lab owns, rents and is housed as the lab it is made from, by name.

    Landlords run what copies rent beyond what is let in the data.
    """
    start = replace(
        start,
        integrated=frozenset(lab for lab, old in was.items() if old in start.integrated),
        parents={lab: start.parents[old] for lab, old in was.items() if old in start.parents},
    )
    clouds = start.stocks["clouds"]
    running = np.broadcast_to(clouds["running"], (len(start.names("clouds")),)).tolist()
    let = {}
    for name in ("tenancies", "housed"):
        let[name] = {
            cloud: {lab: lets[old] for lab, old in was.items() if old in lets} for cloud, lets in clouds[name].items()
        }
        for cloud, lets in let[name].items():
            more = sum(lets.values()) - sum(clouds[name][cloud].values())
            running[start.names("clouds").index(cloud)] += max(more, 0.0)
    return with_stocks(start, "clouds", running=running, **let)


def _with_landlords(start, was):
    """Return a start in which the first cloud made from one of the data has its tenants and its lab, by name."""
    first = {old: cloud for cloud, old in reversed(was.items())}
    clouds = start.stocks["clouds"]
    let = {
        name: {first[old]: lets for old, lets in clouds[name].items() if old in first}
        for name in ("tenancies", "housed")
    }
    parents = {lab: first[old] for lab, old in start.parents.items() if old in first}
    return with_stocks(replace(start, parents=parents), "clouds", **let)


def _rows_of(value, rows, n):
    """Return the rows of a stock that has one value a firm, and a single value as it is."""
    return [value[row] for row in rows] if isinstance(value, list) and len(value) == n else value


def _first_only(value, rows):
    """Return a stock that only the first firm made from a row has."""
    return [part if row not in rows[:place] else 0.0 for place, (part, row) in enumerate(zip(value, rows, strict=True))]


def _with_fleets_on(start, vendors):
    """Return a start in which fleets run on the chips of the chosen vendors, in the data's proportions."""
    for kind in ("ai_labs", "clouds"):
        mix, ordered = (_of_vendors(start.stocks[kind][name], vendors) for name in ("fleet_mix", "chips_on_order"))
        parts = mix / np.maximum(mix.sum(1, keepdims=True), np.finfo(float).tiny)
        start = with_stocks(start, kind, fleet_mix=parts.tolist(), chips_on_order=ordered.tolist())
    return start


def _of_vendors(stock, vendors):
    """Return a stock by firm and vendor for the chosen vendors; of one named twice only the first has it."""
    return np.array([_first_only(row, vendors) for row in np.asarray(stock)[:, vendors]])
