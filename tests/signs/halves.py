"""A lab that rents, whole and in two halves: what the market for compute makes of both.

Halves would do research with half the compute each, so that their models would fall behind. What labs know, sell and
have in cash is therefore put back in every quarter before it is decided on: of a half, half of what the whole has.
"""

from dataclasses import replace

import numpy as np

import aimarket
from aimarket.model.markets.letting import nothing_let
from aimarket.model.quarter import QUARTER

from .pairs import SEED

LAB = 1
"""The row of the lab that is split: it rents, and is not the largest, whose compute others look at."""

HALVED = (
    *("compute", "arriving", "in_house", "revenue", "segment_sales", "segment_drift"),
    *("cash", "debt", "core_cash_flow", "other_capex"),
)
BY_SIZE = (
    *("cash", "value", "fixed_assets", "loans", "vendor_finance", "revenue", "demanded", "sold", "profit", "earnings"),
    *("operating_cash_flow", "research_labour", "own_research_pay", "operating_costs", "debt_service", "power_bill"),
    *("inference", "research", "training", "overdrawn", "sales_capacity", "market_share", "share", "sales", "serving"),
)
ALIKE = (
    *("capability", "log_efficiency", "efficiency_trend", "expected_growth", "expected_revenue_growth", "gap"),
    *("carried", "price", "markup", "service_intensity", "utilisation", "brand", "since_release", "strength", "focus"),
)
OF_OPEN_MODELS = ("fringe_compute", "first_fringe_compute")
"""What enterprises rent for open models: halves compete for customers, so that these would have fewer."""

BEFORE = ("power", "services", "plans", "capital", "orders", "deliveries")
"""Phases before which labs' columns are put back."""


class Renter(aimarket.AILab):
    """A lab that builds nothing of its own, so that its part of the market is what it rents."""

    def choose_route(self, signals):
        """Return its landlords' parts alone."""
        routes = super().choose_route(signals).copy()
        routes[:, 0] = 0.0
        return routes / routes.sum(1, keepdims=True)


def in_halves(start):
    """Return a start in which a lab is two, each with half of what it has; and the names of the two."""
    roster = start.roster["ai_labs"]
    name = roster[LAB][0]
    names = f"{name} A", f"{name} B"
    firms = (*roster[:LAB], (names[0], True), *roster[LAB + 1 :], (names[1], True))
    stocks = {
        stock: _split(values, stock) if isinstance(values, list) and len(values) == len(roster) else values
        for stock, values in start.stocks["ai_labs"].items()
    }
    start = start.with_firms("ai_labs", firms, **stocks)
    let = start.stocks["clouds"]["tenancies"]
    halves = {
        cloud: {who: part for lab, amount in labs.items() for who, part in _shared(lab, amount, name, names)}
        for cloud, labs in let.items()
    }
    return replace(start, stocks={**start.stocks, "clouds": {**start.stocks["clouds"], "tenancies": halves}}), names


def _split(values, stock):
    """Return a stock by lab with one row more, that of the second half."""
    part = np.multiply(values[LAB], 0.5).tolist() if stock in HALVED else values[LAB]
    return [*values[:LAB], part, *values[LAB + 1 :], part]


def _shared(lab, amount, name, names):
    """Return who has a tenancy, and how much of it."""
    return [(half, 0.5 * amount) for half in names] if lab == name else [(lab, amount)]


def halves_apart(parameters=(), start="2024Q4", quarters=8):
    """Return by what part the joint share in labs' compute and the rent of two halves differ from the whole lab's.

    The largest of all quarters, with its sign.
    """
    whole = aimarket.load_start(start)
    split, names = in_halves(whole)
    chosen = dict(parameters) | {"chance": 0, "cloud_entry_hazard": 0.0}
    if chosen.get("parity"):
        chosen.pop("parity")
    one = model_of(whole, (whole.names("ai_labs")[LAB],), chosen)
    two = model_of(split, names, chosen)
    sign_alike(one, two)
    found = []
    for _ in range(quarters):
        for phase in QUARTER:
            if phase.name in BEFORE:
                put_back(one, two)
            phase.run(one)
            phase.run(two)
        one.quarter, two.quarter = one.quarter + 1, two.quarter + 1
        found.append([share(two, (LAB, -1)) / share(one, (LAB,)) - 1.0, rent(two) / rent(one) - 1.0])
    apart = np.array(found)
    return [float(column[np.abs(column).argmax()]) for column in apart.T]


def model_of(start, renters, parameters):
    """Return a model in which some labs build nothing of their own."""
    return aimarket.MarketModel(rng=SEED, start=start, firms=dict.fromkeys(renters, Renter), parameters=parameters)


def sign_alike(one, two):
    """Let halves open with half each of what the whole lab has signed: being cheaper, they would have signed more."""
    for name in ("owed", "owed_value"):
        whole = one.clouds.columns[name]
        mine = np.concatenate([whole, 0.5 * whole[:, LAB : LAB + 1]], axis=1)
        mine[:, LAB] *= 0.5
        two.clouds.commit(**{name: mine})
    two.clouds.commit(tenancies=one.clouds.tenancies + 0.0)
    two.clearings["lets"] = nothing_let(two)


def put_back(one, two):
    """Give labs of the split world what those of the whole one have, and each half its half of it."""
    for part, columns in ((0.5, BY_SIZE), (1.0, ALIKE)):
        for name in columns:
            whole = one.labs.columns[name]
            mine = np.concatenate([whole, part * whole[LAB : LAB + 1]])
            mine[LAB] *= part
            two.labs.commit(**{name: mine})
    two.economy.commit(**{name: one.economy.columns[name] + 0.0 for name in OF_OPEN_MODELS})


def share(model, rows):
    """Return the part of labs' running compute that some rows have together."""
    running = model.labs.powered_compute[:, 0]
    return running[list(rows)].sum() / running.sum()


def rent(model):
    """Return the rent asked of the lab or of its first half, by landlords' running compute."""
    clouds = model.clouds
    weight = clouds.own_compute[:, 0]
    return (clouds.rent_price[:, LAB, 0] * weight).sum() / weight.sum()
