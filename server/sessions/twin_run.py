"""The twin run: a scenario and its twin stepped together on common random numbers, and all that is kept of both."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...experiments.comparison.control import differs_in_deals_alone, twin_of, with_and_without_deals
from ...experiments.runs.engines import in_kernel
from ...model.accounting.sector_books import balances, sectors
from ...model.market_model import MarketModel
from ...model.records.history import DERIVED, segment_of
from ...model.scenarios.funding_checks import beyond_means
from ...model.scenarios.scenario import Scenario, load_scenario
from ..url.limits import HORIZON

if TYPE_CHECKING:
    from ...agents.state.arrays import Floats
    from ...model.accounting.ledger import Entry
    from ...model.accounting.sector_books import Matrix

RECORD = ("indicators", "events")
BY_PAIR: Mapping[str, tuple[str, ...]] = MappingProxyType({"clouds": ("remaining_value",)})
"""What views compute of pairs of firms, and pages show."""

Presenter = Callable[["TwinRun", int], Any]
"""Returns plain values about the quarter-th quarter of a twin run."""


class World(NamedTuple):
    """One of the two worlds at the end of a quarter, as numbers of a single run.

    Arrays are those of the model, which never changes an array in place: keeping them costs nothing.

    Attributes:
        tables: by table and column, replicates last.
        entries: what the ledger posted in the quarter, by table and column.
        indicators: by name, shape (R,).
        events: by kind and name, as in ``release|OpenAI``, shape (R,).
        place: which replicate of the arrays this world is.
        balances: the balance sheet by row and sector, as `model.accounting.sector_books` has it, shape (R,).
        flows: the flow matrix of the quarter by row and sector, shape (R,).
    """

    tables: Mapping[str, Mapping[str, Floats]]
    entries: Mapping[tuple[str, str], tuple[Entry, ...]]
    indicators: Mapping[str, Floats]
    events: Mapping[str, Floats]
    place: int
    balances: Matrix
    flows: Matrix

    @property
    def sectors(self) -> tuple[str, ...]:
        """The sectors of the books, in the order of their columns."""
        return sectors(dict.fromkeys(sector for _, sector in self.balances))

    def column(self, table: str, name: str) -> np.ndarray:
        """Return a column of a kind of firm, shape (n,), or (n, m) for a pair column; a segment's, as share_coding."""
        held = self.tables[table]
        if name in held:
            return held[name][..., self.place]
        column, segment = segment_of(name)
        return held[column][:, segment, self.place]

    def indicator(self, name: str) -> float:
        """Return an indicator of the quarter."""
        return float(self.indicators[name][self.place])

    def posted(self, table: str, column: str, cause: str) -> np.ndarray:
        """Return what a cause added to a balance in the quarter, shape of the column; zeros where nothing was."""
        whole = np.zeros_like(self.column(table, column))
        for entry in self.entries.get((table, column), ()):
            if entry.cause == cause:
                whole = whole + entry.change[..., self.place]
        return whole

    def causes(self, table: str, column: str) -> tuple[str, ...]:
        """Return what moved a balance in the quarter, in the order in which it did."""
        entries = self.entries.get((table, column), ())
        return tuple(dict.fromkeys(entry.cause for entry in entries if entry.change[..., self.place].any()))

    def happened(self, kind: str) -> dict[str, float]:
        """Return the names for which a kind of event happened in the quarter, each with its amount."""
        amounts = {
            name.partition("|")[2]: float(amount[self.place])
            for name, amount in self.events.items()
            if name.partition("|")[0] == kind
        }
        return {name: amount for name, amount in amounts.items() if amount != 0.0}


class Quarter(NamedTuple):
    """What is kept of a quarter: its number since year 0, and both worlds at its end."""

    number: int
    own: World
    twin: World


class TwinRun:
    """A scenario and its twin for one visitor, stepped quarter by quarter and rewound without running anything again.

    Args:
        scenario: its name, or the scenario itself.
        seed: of all draws.
        replicate: the number of the replicate.
        settings: parameters that override both worlds.

    Raises:
        ScenarioError: there is no such scenario.
        KeyError: no parameter has that name.
        ValueError: a value is out of range.
    """

    def __init__(
        self,
        scenario: str | Scenario = "deal_35bn",
        seed: int = 7,
        replicate: int = 0,
        settings: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        self.case = load_scenario(scenario)
        self.seed, self.replicate, self.settings = seed, replicate, dict(settings)
        self._models = _worlds(self.case, seed, replicate, self.settings)
        for model in self._models:
            in_kernel(model, HORIZON)
        own = self._models[0]
        self.against = twin_of(self.case)
        self.warned = tuple(beyond_means(own))
        self.first = own.first
        self.firms: Mapping[str, tuple[str, ...]] = MappingProxyType(
            {population.kind.group: tuple(population.names) for population in own.populations}
        )
        self.parents = MappingProxyType(dict(own.start.parents))
        self.units = MappingProxyType(dict(own.history.units["indicators"]))
        self.firm_units = MappingProxyType({kind: dict(own.history.units[kind]) for kind in self.firms})
        self.parameters = MappingProxyType(dict(own.base_values))
        self.start = self._kept()
        self.quarters: list[Quarter] = []
        self._payloads: dict[Presenter, list[str]] = {}

    @property
    def length(self) -> int:
        """How many quarters have run."""
        return len(self.quarters)

    @property
    def closed(self) -> bool:
        """Whether the models have been given back."""
        return not self._models

    @property
    def has_twin(self) -> bool:
        """Whether the twin is another world; the baseline is its own."""
        return self.against is not None

    def step(self) -> bool:
        """Run one quarter of both worlds; return whether there was one left to run."""
        if self.closed or self.length >= HORIZON:
            return False
        for model in self._models:
            model.step()
        self.quarters.append(self._kept())
        return True

    def reach(self, quarter: int) -> None:
        """Run until so many quarters have run; quarters that have are kept as they are."""
        while self.length < min(quarter, HORIZON) and self.step():
            pass

    def at(self, quarter: int) -> Quarter:
        """Return the quarter-th quarter, counted from 1; the start for 0."""
        return self.quarters[quarter - 1] if quarter else self.start

    def frame(self, presenter: Presenter, quarter: int) -> str:
        """Return what a page is sent about a quarter, counted from 1, as JSON; it is put together once.

        Args:
            presenter: returns plain values about the quarter-th quarter of a twin run.
            quarter: which one.
        """
        payloads = self._payloads.setdefault(presenter, [])
        while len(payloads) < quarter:
            payloads.append(json.dumps(presenter(self, len(payloads) + 1), separators=(",", ":"), allow_nan=False))
        return payloads[quarter - 1]

    def snapshot(self, presenter: Presenter) -> str:
        """Return what a page is sent about all quarters so far, as a JSON list."""
        return "[" + ",".join(self.frame(presenter, quarter) for quarter in range(1, self.length + 1)) + "]"

    def residuals(self) -> dict[str, float]:
        """Return the largest relative residual of every accounting identity so far, over both worlds."""
        found: dict[str, float] = {}
        for model in self._models:
            for name, residual in model.checks().items():
                found[name] = max(residual, found.get(name, 0.0))
        return found

    def close(self) -> None:
        """Give the models back; what has been kept can still be looked at."""
        self._models = ()

    def _kept(self) -> Quarter:
        """Return both worlds as they stand."""
        own = self._models[0]
        worlds = [_world(model, place) for model in self._models for place in range(model.replicates)]
        return Quarter(own.now - 1, worlds[0], worlds[-1])


def _worlds(case: Scenario, seed: int, replicate: int, settings: Mapping[str, float]) -> tuple[MarketModel, ...]:
    """Return the models of a scenario and its twin: one where only the deal differs, the deal in its first column."""
    against = twin_of(case)
    if against is None:
        return (MarketModel(case, rng=seed, replicate=replicate, parameters=settings, record=RECORD),)
    if differs_in_deals_alone(case, against):
        both = with_and_without_deals(case, settings)
        return (MarketModel(case, rng=seed, replicate=[replicate, replicate], parameters=both, record=RECORD),)
    return tuple(
        MarketModel(one, rng=seed, replicate=replicate, parameters=settings, record=RECORD) for one in (case, against)
    )


def _world(model: MarketModel, place: int) -> World:
    """Return one world of a model as it stands."""
    tables: dict[str, Any] = {population.kind.group: population for population in model.populations}
    tables |= {"economy": model.economy, "facilities": model.facilities}
    latest = {kind: model.history.kept[kind][-1] if model.quarter else {} for kind in RECORD}
    return World(
        tables={name: _columns(name, table) for name, table in tables.items()},
        entries={key: tuple(entries) for key, entries in model.ledger.entries.items()} if model.quarter else {},
        indicators=latest["indicators"],
        events=latest["events"],
        place=place,
        balances=balances(model),
        flows=model.ledger.flows() if model.quarter else {},
    )


def _columns(name: str, table: Any) -> dict[str, Floats]:
    """Return a table's columns, and what views of it compute."""
    names = (*DERIVED.get(name, ()), *BY_PAIR.get(name, ()))
    derived = {column: getattr(table.all, column) for column in names}
    return {column: table.__dict__[column] for column in table.declared} | derived
