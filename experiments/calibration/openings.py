"""Starts made from observations: what is observed replaces what was assumed, and everything says which it is.

``python -m aimarket.experiments.calibration.openings model/data`` rewrites the starts. A stock that a series gives is
taken from it where the two differ by more than the series' error; otherwise the rounded value that stands is kept. For
a quarter between two others, stocks that nobody observed are imputed half-way between them. Fleets, who uses them and
what their owners have besides are those of `cloud_openings`.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...model.dates import YEAR
from ...model.inputs.paths import located
from ...model.parameters import parameters
from ..storage.atomic_files import write_whole
from .cloud_openings import cloud_opening
from .observations import forecast_day, known
from .series import find_series
from .start_files import (
    ASSUMED,
    BETWEEN,
    DERIVED,
    IMPUTED,
    LATE,
    OBSERVED,
    STARTS,
    STATED,
    Content,
    rounded,
    stated,
    text_in,
    text_of,
)

READ, OTHERS = "series.toml: ", "; otherwise "
"""What the source of a stock begins with that series give, and what comes before that of the others."""
SECTION = "(specification 2, section 4)"
GENERATIONS = (
    "quarters since most of the vendor's sales were of this generation: H100 from 2022Q4, Blackwell from 2025Q1, by "
    "NVIDIA's comments on its results (general knowledge, unverified); others just out: assumption"
)
WAFERS = (
    "packaging wafers (economy.wafers) by vendors' shares over units: NVIDIA 0.63 (unit_economics.csv), the others "
    "0.21 and 0.16: assumption; an entrant's are the first vendor's"
)
COWOS = "unit_economics.csv: CoWoS at 11, 37.5 and 75 thousand wafers a month at end-2023, 2024, 2025"
EXPECTED = (
    "packaging grew from 33 to 112.5 thousand wafers a quarter in 2024 (unit_economics.csv); that orders were expected "
    "to grow as much is an assumption"
)
DOUBLING = "assumption: the plan to double packaging in a year (general knowledge, unverified)"
SPLIT = (
    "assumption: what enterprises spend on APIs and whose they use (capability.csv: 3.5 bn a year at end-2024, OpenAI "
    ".34, Anthropic .24); only each lab's parts of its sales count"
)
RENTS = (
    "rental_prices.csv: contracts of a year at near 3 dollars through 2023, 2.2 at the end of 2024, 1.7 in October "
    "2025; a quarter of the year's change, in logs"
)
NOTHING = [0.0, 0.0, 0.0]
DIRECT = {
    ("chip_vendors", "wafers_per_unit"): ([58.6, 57.3, 125.9, 58.6], WAFERS),
    ("chip_vendors", "order_growth"): (0.307, EXPECTED),
    ("economy", "wafers"): (112.5, COWOS),
    ("economy", "packaging_building"): (28.1, DOUBLING),
    ("ai_labs", "expected_growth"): (
        [0.27, 0.58, 0.27, 0.27, 0.27, 0.16],
        "lab_revenue.csv: run-rates grew 3-fold (OpenAI) and 10-fold (Anthropic) in 2024; others assumption",
    ),
    ("ai_labs", "revenue"): (
        [1.5, 0.25, 0.28, 0.0, 0.025, 0.0],
        "assumption, without what owners use themselves",
    ),
    ("ai_labs", "segment_sales"): (
        [[1.10, 0.30, 0.10], [0.04, 0.12, 0.09], [0.10, 0.15, 0.03], NOTHING, [0.02, 0.004, 0.001], NOTHING],
        SPLIT,
    ),
    ("economy", "open_models_share"): (
        [0.05, 0.19, 0.05],
        "capability.csv: 19, 13 and 11 % of enterprises' use in 2024 and 2025; .05 of others' use: assumption",
    ),
    ("chip_vendors", "since_generation"): ([8.0, 0.0, 0.0, 0.0], GENERATIONS),
    ("economy", "contract_price"): (50.0, "power.csv: P25 solar at 50 USD/MWh at end-2024"),
    ("economy", "storage"): (39.5, "power.csv: more than 26 GW of US grid storage at end-2024, times 1.52"),
    ("economy", "experience_bonds"): (30.0, f"{ASSUMED}: bonds of AI infrastructure in the year {SECTION}"),
    ("economy", "rent_growth"): (-0.0775, RENTS),
    ("economy", "experience_private"): (40.0, f"{ASSUMED}: AI debt off balance sheets {SECTION}"),
}
"""Stocks of the quarter between that are known for it and that no series follows."""


class Given(NamedTuple):
    """A stock as series give it.

    Attributes:
        kind: of which kind of firm.
        quantity: which stock.
        row: whose, None where one value holds for all firms.
        series: the series that it is read off.
        value: how, from their values.
    """

    kind: str
    quantity: str
    row: int | None
    series: tuple[str, ...]
    value: Callable[..., float]


GIVEN = (
    *(
        Given("ai_labs", "revenue", row, (f"{name}_run_rate",), lambda rate: rate / YEAR)
        for row, name in enumerate(("openai", "anthropic"))
    ),
    Given("ai_labs", "power_per_compute", None, ("openai_power", "openai_compute"), lambda power, fleet: power / fleet),
    Given("chip_vendors", "capacity", 0, ("nvidia_units",), float),
    Given(
        "chip_vendors",
        "performance",
        0,
        ("nvidia_data_center", "nvidia_price", "nvidia_units"),
        lambda sales, price, units: sales / price / units,
    ),
    Given(
        "chip_vendors",
        "price",
        0,
        ("nvidia_data_center", "nvidia_units"),
        lambda sales, units: sales / units / (1.0 + parameters()["cluster_cost"].default),
    ),
    Given("economy", "power_price", None, ("power_price",), float),
)
"""Every stock that series give, but the second vendor's capacity, which goes by its price."""


def opening(quarter: str) -> Content:
    """Return a start as the observations give it.

    Args:
        quarter: one of `STARTS`.

    Raises:
        ValueError: no start is made for that quarter.
    """
    if quarter not in STARTS:
        raise ValueError(f"no start is made for {quarter!r}; there is {', '.join(STARTS)}")
    content = _between() if quarter == BETWEEN else _edited(quarter)
    for table in content.values():
        for item in table.values():
            item["basis"] = _assumed(item)
    seen = _seen(quarter)
    for given in GIVEN:
        _put(content, given, seen)
    _follow_first_vendor(content, quarter)
    second = content["chip_vendors"]["price"]["values"][1]
    _put(content, Given("chip_vendors", "capacity", 1, ("broadcom_ai",), lambda sales: sales / second), seen)
    for kind, table in cloud_opening(quarter, content).items():
        content[kind] = {**content.get(kind, {}), **table}
    return {kind: content[kind] for kind in sorted(content, key="economy".__eq__)}


def provenance(quarter: str) -> pd.DataFrame:
    """Return where every stock of a start comes from: a row a stock and firm, with its basis.

    The basis is observed, observed later (an estimate made after the day of a forecast from that quarter), imputed, an
    assumption, or a definition.
    """
    roster = tomllib.loads(text_in("roster.toml"))
    rows = []
    for kind, table in stated(quarter).items():
        names = [firm["name"] for firm in roster.get(kind, ())]
        for quantity, item in table.items():
            for row, (firm, value) in enumerate(_by_firm(item["values"], names)):
                own = item["basis"][row] if isinstance(item["basis"], list) else item["basis"]
                rows.append((kind, quantity, firm, value, item["unit"], own, item["source"]))
    return pd.DataFrame(rows, columns=["kind", "quantity", "firm", "value", "unit", "basis", "source"])


def _by_firm(values: Any, names: list[str]) -> list[tuple[str, Any]]:
    """Return values with the firm that each belongs to, with a pair of firms, or with nobody."""
    if isinstance(values, Mapping):
        return [(f"{cloud}, {lab}", value) for cloud, labs in values.items() for lab, value in labs.items()]
    if isinstance(values, list) and len(values) == len(names):
        return list(zip(names, values, strict=True))
    return [("", values)]


def _assumed(item: Mapping[str, Any]) -> str:
    """Return the basis of a stock before observations are looked at, by its source."""
    source = str(item["source"]).rpartition(OTHERS)[2]
    word = source.partition(":")[0]
    if word in (DERIVED, IMPUTED):
        return word
    return ASSUMED if "assumption" in source else OBSERVED


def _edited(quarter: str) -> Content:
    """Return a start as its file holds it without the clouds, of which nothing is edited there."""
    return {kind: table for kind, table in stated(quarter).items() if kind != "clouds"}


def _between() -> Content:
    """Return the start of the quarter between the two that are stated: half-way where nothing is observed."""
    early, later = (_edited(quarter) for quarter in STATED)
    content: Content = {}
    for kind, table in early.items():
        content[kind] = {}
        for quantity, item in table.items():
            value, source = _halfway(item["values"], later[kind][quantity]["values"]), item["source"]
            if value != item["values"]:
                source = f"{IMPUTED}: half-way between the starts of {STATED[0]} and {STATED[1]}"
            if (kind, quantity) in DIRECT:
                value, source = DIRECT[kind, quantity]
            content[kind][quantity] = {"unit": item["unit"], "source": source, "values": value}
    return content


def _halfway(one: Any, other: Any) -> Any:
    """Return what lies half-way: the geometric mean of amounts, the arithmetic one where a sign or zero forbids it."""
    a, b = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if (a == b).all():
        return one
    amounts = (a > 0.0) & (b > 0.0)
    middle = np.where(amounts, np.sqrt(np.where(amounts, a * b, 1.0)), 0.5 * (a + b))
    return np.vectorize(rounded)(middle).tolist()


def _seen(quarter: str) -> pd.DataFrame:
    """Return what was observed of a quarter, later estimates included, by series."""
    rows = known(quarter, late=True)
    return (
        rows[rows["quarter"] == quarter]
        .set_index("series")
        .assign(late=lambda table: table["available"] > forecast_day(quarter))
    )


def _put(content: Content, given: Given, seen: pd.DataFrame) -> None:
    """Put what series give into a start, and say so."""
    if not set(given.series) <= set(seen.index):
        return
    item = content[given.kind][given.quantity]
    values = seen["value"].to_dict()
    value = rounded(given.value(*(values[name] for name in given.series)))
    error = float(np.sqrt(sum(find_series(name).error ** 2 for name in given.series)))
    held = item["values"] if given.row is None else item["values"][given.row]
    basis = LATE if seen.loc[list(given.series), "late"].any() else OBSERVED
    far = IMPUTED in _basis_of(item, given.row) or not held > 0.0 or abs(np.log(value / held)) > error
    if given.row is None:
        item["values"], item["basis"] = (value if far else held), basis
    else:
        count = len(item["values"])
        item["basis"] = item["basis"] if isinstance(item["basis"], list) else [item["basis"]] * count
        item["values"][given.row], item["basis"][given.row] = (value if far else held), basis
    if far:
        item["source"] = _source_of_series(given.series, str(item["source"]))


def _source_of_series(series: tuple[str, ...], source: str) -> str:
    """Return the source of a stock that is read off series for some firms."""
    named, _, others = source.rpartition(OTHERS)
    before = named.removeprefix(READ).split(", ") if named else []
    return f"{READ}{', '.join(dict.fromkeys([*before, *series]))}{OTHERS}{others}"


def _basis_of(item: Mapping[str, Any], row: int | None) -> str:
    """Return the basis of a stock so far, of one firm or of all."""
    basis = item["basis"]
    return str(basis if row is None or not isinstance(basis, list) else basis[row])


def _follow_first_vendor(content: Content, quarter: str) -> None:
    """Let the first vendor's power go with its performance, and its cost with its price, in the quarter between."""
    if quarter != BETWEEN:
        return
    early, later = (stated(other)["chip_vendors"] for other in STATED)
    own = content["chip_vendors"]
    ends = [np.log(table["performance"]["values"][0]) for table in (early, later)]
    part = float((np.log(own["performance"]["values"][0]) - ends[0]) / (ends[1] - ends[0]))
    watts = [table["unit_power"]["values"][0] for table in (early, later)]
    own["unit_power"]["values"][0] = rounded(watts[0] * (watts[1] / watts[0]) ** part)
    margins = [table["unit_cost"]["values"][0] / table["price"]["values"][0] for table in (early, later)]
    own["unit_cost"]["values"][0] = rounded(own["price"]["values"][0] * float(np.mean(margins)))


def main(folder: Path) -> None:
    """Rewrite the starts in a folder, those that others are imputed from first."""
    for quarter in (*STATED, BETWEEN):
        write_whole(folder / f"initial_{quarter}.toml", text_of(quarter, opening(quarter)).encode())


if __name__ == "__main__":
    main(located(sys.argv[1]))
