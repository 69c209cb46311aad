"""What is seen of a run: what is kept every quarter, and tidy data frames of it (P15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ...agents.rules.segments import SEGMENTS
from ...agents.state.arrays import Floats
from ...agents.state.shown import shown
from ...agents.state.table import unknown_name
from .. import indicators
from ..accounting import identities, sector_books
from ..dates import quarter_date, quarter_dates, quarter_number
from . import capital_flows, events, money_trail

if TYPE_CHECKING:
    from ..market_model import MarketModel

FIRMS = ("ai_labs", "chip_vendors", "energy_suppliers", "equipment_suppliers", "asset_managers", "clouds", "vehicles")
MATRICES = ("flows", "balance_sheet")
KINDS = ("indicators", *FIRMS, *MATRICES, "events", "money_trail", "capital")
LEDGER = "entries"
"""A kind for who runs a model elsewhere and has its ledger hold the quarter's entries; there are no frames of it."""

ACTIVE = "active"
"""The column that says whether a firm is in business, kept of every kind of firm whatever is asked for."""

NOT_RUN = "no quarter has run yet: call model.step()"


@shown()
class Series(NamedTuple):
    """Some quarters of one kind of record.

    Attributes:
        quarters: numbers since year 0, shape (T,).
        replicates: numbers, shape (R,).
        values: by name, shape (T, R) for indicators and flows, (T, n, R) for firms and for givers of capital.
        units: by name.
        firms: names of the firms, empty for indicators and flows; for capital the names of who gives it.
        active: for firms, 1 where a firm is in business, shape (T, n, R); ``values`` hold what stood in a firm's row
            when it left, or before it came, and frames hold nothing there.
    """

    quarters: np.ndarray
    replicates: np.ndarray
    values: dict[str, Floats]
    units: dict[str, str]
    firms: tuple[str, ...] = ()
    active: Floats | None = None


def record(market: MarketModel) -> None:
    """Check the books and keep what the history asks for (P15)."""
    indicators.follow_lead(market)
    money_trail.trace(market)
    identities.check(market)
    market.history.keep(market)


@shown("wanted", "quarters", "replicates")
class History:
    """What a model keeps of every quarter.

    Args:
        market: the model.
        record: the kinds to keep, of `KINDS`; everything when left out. A kind of firm may name columns, as in
            ``ai_labs.market_share``.

    Attributes:
        lasting: ones where an event that lasts goes on, by name, shape (R,): it is told when it begins.
        whole: by kind, what was kept of all quarters where they ran at once, shape (T, ..., R).
    """

    def __init__(self, market: MarketModel, record: Sequence[str] | None = None) -> None:
        self.wanted = _wanted(market, KINDS if record is None else record)
        self.replicates = np.array(market.chance.replicates)
        self.firms = {population.kind.group: population.names for population in market.populations}
        self.firms["capital"] = capital_flows.givers(market)
        self.units = {kind: _units(market, kind) for kind in FIRMS}
        self.units["indicators"] = {name: item.unit for name, item in indicators.INDICATORS.items()}
        self.quarters: list[int] = []
        self.kept: dict[str, list[Mapping[str, Floats]]] = {kind: [] for kind in self.wanted}
        self.lasting: dict[str, Floats] = {}
        self.whole: dict[str, dict[str, Floats]] = {}

    def keep(self, market: MarketModel) -> None:
        """Keep this quarter's values."""
        self.quarters.append(market.now)
        for kind, columns in self.wanted.items():
            self.kept[kind].append(_KEEPERS.get(kind, _keep_firms)(market, kind, columns))

    def latest(self, name: str) -> Floats:
        """Return an indicator of the last quarter, shape (R,).

        Raises:
            KeyError: there is no such indicator, or no quarter yet.
        """
        if not self.quarters:
            raise KeyError(NOT_RUN)
        self._check_kind("indicators")
        values = self.kept["indicators"][-1]
        if name not in values:
            raise KeyError(unknown_name("the history", name, values))
        return values[name]

    def series(self, kind: str) -> Series:
        """Return a kind of record as arrays over all quarters so far."""
        self._check_kind(kind)
        values = self.arrays(kind)
        units = self.units.get(kind, {})
        active = values.get(ACTIVE) if kind in FIRMS else None
        if kind in FIRMS and ACTIVE not in self.wanted[kind]:
            values.pop(ACTIVE, None)
        return Series(
            np.array(self.quarters),
            self.replicates,
            values,
            {name: units.get(name, "USD bn/quarter") for name in values},
            self.firms.get(kind, ()),
            active,
        )

    def arrays(self, kind: str) -> dict[str, Floats]:
        """Return all that was kept of a kind by name, shape (T, R) or (T, n, R) each."""
        if kind in self.whole:
            return dict(self.whole[kind])
        rows, nothing = self.kept[kind], np.zeros(len(self.replicates))
        names = dict.fromkeys(name for row in rows for name in row)
        return {name: np.stack([row.get(name, nothing) for row in rows]) for name in names}

    def at(self, kind: str, quarter: Any) -> dict[str, Floats]:
        """Return what was kept of a quarter, as in 2028Q2, by name, shape (R,) or (n, R) each.

        Raises:
            KeyError: there is no such kind, or the model was asked not to record it.
            ValueError: the quarter has not run, or is none.
        """
        self._check_kind(kind)
        number, ran = quarter_number(quarter), self.quarters
        if number not in ran:
            span = f"the run has {quarter_date(ran[0])} to {quarter_date(ran[-1])}" if ran else NOT_RUN
            raise ValueError(f"quarter {quarter_date(number)!r}: {span}")
        return dict(self.kept[kind][ran.index(number)])

    def to_frame(self, kind: str = "indicators") -> pd.DataFrame:
        """Return a kind of record as a tidy data frame; ``frame.attrs["units"]`` gives the units.

        Quarters are text, as in 2026Q2. In rows of firms that are not in business everything but ``active`` is missing,
        so that a mean over firms is that of firms in business.

        Args:
            kind: indicators (a row a replicate and quarter), a kind of firm such as ai_labs (a row a replicate,
                quarter and firm), flows or balance_sheet (a row a replicate, quarter, item and sector), capital (what
                reached a sector, by instrument and by who gave it), money_trail or events.

        Raises:
            KeyError: there is no such kind, or the model was asked not to record it.
        """
        return frame(kind, self.series(kind))

    def _check_kind(self, kind: str) -> None:
        """Say which kinds there are when one is not kept."""
        if kind not in KINDS:
            raise KeyError(unknown_name("the history", kind, KINDS) + f"; kinds are {', '.join(KINDS)}")
        if kind not in self.wanted:
            raise KeyError(f"{kind} was not recorded: pass record=({kind!r}, ...)")


def frame(kind: str, series: Series) -> pd.DataFrame:
    """Return a series as a tidy data frame."""
    if kind in MATRICES:
        table = _long(series, ("row", "sector"), "amount")
    elif kind == "money_trail":
        table = _long(series, money_trail.KEYS, "amount")
    elif kind == "capital":
        table = _long(_by_giver(series), capital_flows.KEYS, "amount")
        table = table[table["amount"] != 0.0].reset_index(drop=True)
    elif kind == "events":
        table = _long(series, ("event", "firm"), "amount")
        table = table[table["amount"] != 0.0].reset_index(drop=True)
        table["unit"] = np.where(table["event"] == "draw", "USD bn", "1")
    else:
        table = _wide(series, by_firm=kind in FIRMS)
    amounts = {
        "flows": {"amount": "USD bn/quarter"},
        "balance_sheet": {"amount": "USD bn"},
        "money_trail": {"amount": "USD bn"},
        "capital": {"amount": "USD bn/quarter"},
        "events": {"amount": "see unit"},
    }
    table.attrs["units"] = amounts.get(kind, dict(series.units))
    return table


def _wide(series: Series, *, by_firm: bool) -> pd.DataFrame:
    """Return one row a replicate, quarter and firm, one column a quantity; of firms in business, or nothing."""
    firms, times, numbers = len(series.firms) if by_firm else 1, len(series.quarters), len(series.replicates)
    columns: dict[str, Any] = {
        "replicate": np.repeat(series.replicates, times * firms),
        "quarter": quarter_dates(np.tile(np.repeat(series.quarters, firms), numbers)),
    }
    if by_firm:
        columns["firm"] = np.tile(np.array(series.firms, dtype=object), times * numbers)
    for name, values in series.values.items():
        there = name == ACTIVE or series.active is None
        known = values if there else np.where(series.active > 0.0, values, np.nan)  # type: ignore[operator]
        columns[name] = np.moveaxis(known, -1, 0).reshape(-1)
    return pd.DataFrame(columns)


def _by_giver(series: Series) -> Series:
    """Return capital with a name for each giver, shape (T, R) each."""
    names = [(name, row, giver) for name in series.values for row, giver in enumerate(series.firms)]
    return series._replace(values={f"{name}|{giver}": series.values[name][:, row] for name, row, giver in names})


def _long(series: Series, keys: tuple[str, ...], amount: str) -> pd.DataFrame:
    """Return one row a replicate, quarter and names, as in a flow matrix."""
    names = [name.split("|", len(keys) - 1) for name in series.values]
    count, times, numbers = len(names), len(series.quarters), len(series.replicates)
    values = np.stack(list(series.values.values()), axis=1) if names else np.zeros((times, 0, numbers))
    return pd.DataFrame(
        {
            "replicate": np.repeat(series.replicates, times * count),
            "quarter": quarter_dates(np.tile(np.repeat(series.quarters, count), numbers)),
            **{
                key: np.tile(np.array([name[i] for name in names], dtype=object), times * numbers)
                for i, key in enumerate(keys)
            },
            amount: np.moveaxis(values, -1, 0).reshape(-1),
        }
    )


def _wanted(market: MarketModel, record: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return which columns of which kinds to keep, or say which name is unknown."""
    wanted: dict[str, tuple[str, ...]] = {}
    for item in [record] if isinstance(record, str) else record:
        kind, _, column = item.partition(".")
        if kind not in (*KINDS, LEDGER):
            raise KeyError(unknown_name("the history", kind, KINDS) + f"; kinds are {', '.join(KINDS)}")
        known = _units(market, kind) if kind in FIRMS else {}
        if column and column not in known:
            raise KeyError(unknown_name(kind, column, known))
        wanted[kind] = wanted.get(kind, ()) + ((column,) if column else tuple(known))
    return wanted


def _units(market: MarketModel, kind: str) -> dict[str, str]:
    """Return the columns of a kind that have one value a firm, or one a segment, with their units."""
    tables = {population.kind.group: population for population in market.populations}
    if kind not in tables:
        return {}
    declared = tables[kind].declared
    whole = {name: item.unit for name, item in declared.items() if not item.over and not item.length}
    parts = [(name, item.unit) for name, item in declared.items() if item.over == "segments"]
    return whole | {f"{name}_{segment}": unit for name, unit in parts for segment in SEGMENTS} | DERIVED[kind]


EARMARKED = dict.fromkeys(("restricted_sum", "received_sum", "spent_sum", "released_sum"), "USD bn")
DERIVED = {
    "ai_labs": {
        "compute": "M H100e",
        "power_at_work": "GW",
        "revenue_share": "1",
        "debt": "USD bn",
        **EARMARKED,
    },
    "chip_vendors": {"lead_time": "quarters", "debt": "USD bn"},
    "energy_suppliers": {"debt": "USD bn"},
    "equipment_suppliers": {"debt": "USD bn", "price_level": "1"},
    "asset_managers": {},
    "clouds": {
        "compute": "M H100e",
        "let": "M H100e",
        "promised": "M H100e",
        "backlog": "USD bn",
        "debt": "USD bn",
        "one_year_rent": "USD bn per M H100e and quarter",
        **EARMARKED,
    },
    "vehicles": {},
}
"""What a view computes, and frames show beside the columns."""


def _keep_firms(market: MarketModel, kind: str, columns: tuple[str, ...]) -> dict[str, Floats]:
    """Return columns of a kind and which firms are active, shape (n, R) each."""
    population: Any = market.ledger.tables.get(kind)
    if population is None:
        return {}
    return {name: _of_firms(population, name) for name in dict.fromkeys((*columns, ACTIVE))}


def _of_firms(population: Any, name: str) -> Floats:
    """Return a column, a segment's part of one as in ``share_coding``, or what a view computes, shape (n, R)."""
    held = population.__dict__
    if name in held:
        return held[name]
    column, place = segment_of(name)
    return held[column][:, place] if column in population.declared else getattr(population.all, name)


def segment_of(name: str) -> tuple[str, int]:
    """Return a column and the place of its segment of a name such as ``share_coding``; no column if it names none."""
    column, _, segment = name.rpartition("_")
    return (column, SEGMENTS.index(segment)) if segment in SEGMENTS else ("", 0)


def _keep_indicators(market: MarketModel, kind: str, columns: tuple[str, ...]) -> dict[str, Floats]:
    """Return all indicators, shape (R,) each."""
    return indicators.measure(market)


def _keep_flows(market: MarketModel, kind: str, columns: tuple[str, ...]) -> dict[str, Floats]:
    """Return the flow matrix, shape (R,) each."""
    return {f"{row}|{sector}": amount for (row, sector), amount in market.ledger.flows().items()}


def _keep_balances(market: MarketModel, kind: str, columns: tuple[str, ...]) -> dict[str, Floats]:
    """Return the balance sheets of all sectors, shape (R,) each."""
    return {f"{row}|{sector}": amount for (row, sector), amount in sector_books.balances(market).items()}


def _keep_events(market: MarketModel, kind: str, columns: tuple[str, ...]) -> dict[str, Floats]:
    """Return what happened, shape (R,) each."""
    return events.happened(market)


def _keep_money_trail(market: MarketModel, kind: str, columns: tuple[str, ...]) -> dict[str, Floats]:
    """Return where every dollar of every deal stands, shape (R,) each."""
    return money_trail.amounts(market)


def _keep_capital(market: MarketModel, kind: str, columns: tuple[str, ...]) -> dict[str, Floats]:
    """Return the capital that reached each sector by each instrument, shape (givers, R) each."""
    return capital_flows.placed(market)


def _keep_entries(market: MarketModel, kind: str, columns: tuple[str, ...]) -> dict[str, Floats]:
    """Return what the ledger posted, by table, column, cause and how often that came before, shape of the column."""
    found: dict[str, Floats] = {}
    for (table, column), entries in market.ledger.entries.items():
        often = Counter[str]()
        for entry in entries:
            found[f"{table}|{column}|{entry.cause}|{often[entry.cause]}"] = entry.change
            often[entry.cause] += 1
    return found


_KEEPERS: dict[str, Callable[[MarketModel, str, tuple[str, ...]], dict[str, Floats]]] = {
    "indicators": _keep_indicators,
    LEDGER: _keep_entries,
    "flows": _keep_flows,
    "balance_sheet": _keep_balances,
    "events": _keep_events,
    "money_trail": _keep_money_trail,
    "capital": _keep_capital,
}
