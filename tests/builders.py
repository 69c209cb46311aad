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


def all_different():
    """Seven labs, three vendors, five energy suppliers, four sectors, nine managers: no two kinds of one size.

    A broadcast along the wrong axis cannot hide here. Customers are eight and borrowers nineteen. The names of deals
    and entries in our scenarios are all on the roster; one lab and one vendor are dormant.
    """
    start = longer("ai_labs", 1)
    start = longer("asset_managers", 3, start)
    return chosen(start, "chip_vendors", (0, 1, 3))


def one_lab_one_vendor(**stocks):
    """One lab, the first of the data, which runs on one vendor's chips; stocks of the lab may be given anew."""
    start = chosen(chosen(aimarket.load_start(), "ai_labs", (0,), ("Lab",)), "chip_vendors", (0,), ("Vendor",))
    return with_stocks(start, "ai_labs", **stocks) if stocks else start


def identical_labs(n, **stocks):
    """Return a start with n labs that are copies of the first lab of the data; stocks may be given anew."""
    names = tuple(f"Lab {i + 1}" for i in range(n))
    start = chosen(aimarket.load_start(), "ai_labs", (0,) * n, names)
    return with_stocks(start, "ai_labs", **stocks) if stocks else start


def two_labs(**stocks):
    """Two labs alike but for the stocks that are given."""
    return identical_labs(2, **stocks)


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
    return _with_fleets_on(start, rows) if kind == "chip_vendors" else start


def _rows_of(value, rows, n):
    """Return the rows of a stock that has one value a firm, and a single value as it is."""
    return [value[row] for row in rows] if isinstance(value, list) and len(value) == n else value


def _first_only(value, rows):
    """Return a stock that only the first firm made from a row has."""
    return [part if row not in rows[:place] else 0.0 for place, (part, row) in enumerate(zip(value, rows, strict=True))]


def _with_fleets_on(start, vendors):
    """Return a start in which labs' fleets run on the chips of the chosen vendors, in the data's proportions."""
    mix = np.asarray(start.stocks["ai_labs"]["fleet_mix"])[:, vendors]
    mix = np.array([_first_only(row, vendors) for row in mix])
    parts = mix / np.maximum(mix.sum(1, keepdims=True), np.finfo(float).tiny)
    return with_stocks(start, "ai_labs", fleet_mix=parts.tolist())
