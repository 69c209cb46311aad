"""Markets in which firms are made to leave, and what is counted before and after."""

import numpy as np

import aimarket
from aimarket.agents.state.arrays import total
from aimarket.model.accounting.identities import all_cash

PHYSICAL = {
    "fleet_power": "outside_power",
    "halls": "outside_halls",
    "halls_building": "outside_building",
    "halls_unconnected": "outside_unconnected",
    "halls_ordered": "outside_ordered",
}


def opened(quarters=3, replicates=2, **parameters):
    """Return a market some quarters old with a new page in its books, vendors' credit and earmarked money in it."""
    values = {"vendor_finance_share": 0.3} | parameters
    model = aimarket.MarketModel("deal_35bn", rng=7, replicates=replicates, parameters=values, record=())
    for _ in range(quarters):
        model.step()
    model.ledger.open_quarter()
    return model


def put(model, table, column, place, value):
    """Bring one balance to a value in the first replicate, by an entry in the books."""
    change = np.zeros_like(table.columns[column])
    where = (*place, 0) if isinstance(place, tuple) else (place, 0)
    change[where] = value - table.columns[column][where]
    if column == "cash":
        model.ledger.transfer("a gift", model.economy, table, received=change)
    else:
        model.ledger.post(table, column, "written anew", change)


def nature(model):
    """Return what nobody can make or lose by an exit, by name, shape (..., R) each: labs, clouds and all others."""
    owners, economy = (model.labs, model.clouds), model.economy
    held = {
        name: sum(total(firms.columns[name]) for firms in owners) + economy.columns[outside]
        for name, outside in PHYSICAL.items()
    }
    held["chips"] = sum(total(total(firms.fleet)) for firms in owners) + economy.outside_fleet
    held["chips on order"] = total(model.vendors.backlog, 1)
    held["money"] = all_cash(model)
    return held
