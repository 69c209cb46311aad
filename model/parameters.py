"""All parameters of the model, gathered from where they are declared, and the values in force."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..agents.ai_lab import AILab
from ..agents.asset_manager import AssetManager
from ..agents.chip_vendor import ChipVendor
from ..agents.cloud import Cloud
from ..agents.energy_supplier import EnergySupplier
from ..agents.equipment_supplier import EquipmentSupplier
from ..agents.state.quantity import Parameter, declared
from ..agents.state.shown import Catalogue
from ..agents.state.table import unknown_name
from .demography.cloud_entry import CloudEntry
from .demography.distress import Distress
from .demography.entry_and_exit import Entry
from .demography.lab_entry import LabEntry
from .markets.capital import CapitalMarket
from .markets.chips import ChipMarket
from .markets.credit import CreditMarket
from .markets.datacenters import DataCenters
from .markets.demand import ServiceMarket
from .markets.hall_inputs import HallInputs
from .markets.industry import Industry
from .markets.leasing import Leasing
from .markets.letting import ComputeRental
from .markets.packaging import Packaging
from .markets.power import PowerMarket
from .markets.research import Research
from .markets.valuation import Valuation
from .shocks import Shocks

UNNAMED = "Unnamed: "
"""How pandas calls a column without a head."""

KINDS = (AILab, ChipVendor, EnergySupplier, EquipmentSupplier, AssetManager, Cloud)
GROUPS = (
    ServiceMarket,
    Research,
    ChipMarket,
    Packaging,
    DataCenters,
    HallInputs,
    PowerMarket,
    CapitalMarket,
    CreditMarket,
    Valuation,
    Industry,
    Distress,
    Entry,
    LabEntry,
    CloudEntry,
    Leasing,
    ComputeRental,
    Shocks,
)


@cache
def most_uncertain() -> frozenset[str]:
    """Return the parameters that claims hang on most and those that data inform, from a file beside the model's data.

    It is made from the screening and the posterior, so that nobody says by hand what is uncertain.
    """
    place: Any = files("aimarket.model").joinpath("data", "uncertain.csv")
    with place.open(encoding="utf-8", newline="") as file:
        return frozenset(row["parameter"] for row in csv.DictReader(file))


@cache
def parameters() -> Mapping[str, Parameter]:
    """Return every declared parameter by name; uncertain are those of `most_uncertain` and what is declared so.

    Raises:
        ValueError: a name is declared twice.

    Examples:
        >>> import aimarket
        >>> item = aimarket.parameters()["announcement_effect"]
        >>> item.default, item.range_text, item.unit
        (0.0, '[0, 1.2]', '1')
    """
    found: Catalogue[Parameter] = Catalogue()
    for owner in (*KINDS, *GROUPS):
        for item in declared(owner):
            if found.setdefault(item.name, item) is not item:
                raise ValueError(f"{item.name} is declared in {found[item.name].group} and in {item.group}")
    for name in most_uncertain() & found.keys():
        found[name] = replace(found[name], uncertain=True)
    return found


def checked(values: Mapping[str, Any], *, each: bool = False) -> dict[str, Any]:
    """Return overriding values as floats or arrays, or say which is wrong and what is allowed.

    Args:
        values: by name, a number, or one a replicate.
        each: whether replicates may differ in structural parameters, too, as those of several batches do.

    Raises:
        KeyError: a name that no parameter has; the message names the nearest one.
        TypeError: a value is not a number.
        ValueError: a value is out of range.
    """
    known = parameters()
    for name in values:
        if name not in known:
            index = ": the index that pandas wrote; read the file with index_col=0" if name.startswith(UNNAMED) else ""
            raise KeyError(unknown_name("the model", name, known) + index)
    return {name: known[name].check(value, each=each) for name, value in values.items()}


def laid_over(value: Any, own: np.ndarray) -> np.ndarray:
    """Return a parameter with firms' own values in place of what holds for all, shape (n, 1) or (n, R).

    Args:
        value: a float, or shape (R,), (n, 1) or (n, R).
        own: values of firms' own, shape (n, 1), not a number where a firm has none.
    """
    return np.where(np.isnan(own), value, own)


def in_force(
    overrides: Mapping[str, Any], by_firm: Mapping[str, np.ndarray], own: Mapping[str, np.ndarray], replicates: int
) -> tuple[SimpleNamespace, dict[str, Any]]:
    """Return the values of all parameters, money scaled by the price level, as a namespace and as a mapping.

    Args:
        overrides: values that replace defaults, floats or shape (R,), checked here.
        by_firm: defaults that a start gives one a firm, shape (n, 1).
        own: values that a scenario gives single firms, whatever holds for the others, shape (n, 1); not a number where
            a firm has none.
        replicates: the number of replicates R.

    Raises:
        ValueError: an array has not one value a replicate.
    """
    given = checked(overrides)
    values: dict[str, Any] = {}
    for name, item in parameters().items():
        value = given.get(name, by_firm.get(name, float(item.default)))
        if name in given and isinstance(value, np.ndarray) and value.shape != (replicates,):
            raise ValueError(f"{name} has shape {value.shape}; give one number or one a replicate, ({replicates},)")
        values[name] = laid_over(value, own[name]) if name in own else value
    level = values["price_level"]
    effective = {name: v * level if parameters()[name].nominal else v for name, v in values.items()}
    effective |= {name: int(values[name]) for name in ("ramp_quarters", "contract_horizon")}
    return SimpleNamespace(**effective), effective
