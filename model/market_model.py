"""The model: a shell that holds firms, money and chance, and steps them through the quarter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from typing import Any

import mesa
import numpy as np

from ..agents.ai_lab import AILab
from ..agents.asset_manager import AssetManager
from ..agents.chip_vendor import ChipVendor
from ..agents.cloud import Cloud
from ..agents.energy_supplier import EnergySupplier
from ..agents.equipment_supplier import EquipmentSupplier
from ..agents.firm import Firm
from ..agents.fleet_owner import FleetOwner
from ..agents.rules.credit import CLASSES
from ..agents.rules.limits import LIMITS
from ..agents.rules.segments import SEGMENTS
from ..agents.state.answers import Occasion
from ..agents.state.arrays import Floats
from ..agents.state.population import MarketAgent, Population
from ..agents.state.quantity import Parameter
from ..agents.state.shown import shown
from ..agents.state.signals import Signals
from ..agents.vehicle import Vehicle
from .accounting import identities
from .accounting.ledger import Ledger
from .dates import TREND_ORIGIN, quarter_date, quarter_number
from .deals.deal import ScenarioError
from .deals.earmarks import USES
from .deals.facilities import Facilities, vehicles
from .deals.leases import Leases
from .demography.entry_and_exit import wind_up
from .economy import Economy
from .initial_fleets import houses, open_lets
from .initial_state import fill, opening
from .inputs.named_values import by_name
from .inputs.paths import AnyPath, located
from .markets.planning import observe
from .markets.responses import open_announcements
from .mesa_iterations import first_replicate, replicate_numbers, whole_number
from .parameters import KINDS, checked, in_force, parameters
from .quarter import QUARTER
from .randomness import Randomness, Seed, Stream, seed_of
from .records.data_collector import reporters
from .records.history import History
from .records.money_trail import payees_of
from .roadmap import roadmap_of
from .scenarios.firm_overrides import by_firm, classes_of, own_values
from .scenarios.funding_checks import warn_of_means
from .scenarios.name_checks import check_cast
from .scenarios.scenario import Change, Scenario, load_scenario


@shown("case", "date", "quarter", "replicates", "populations", "overrides")
class MarketModel(mesa.Model):
    """The AI infrastructure industry, quarter by quarter, in one replicate or many at once.

    Mesa's `agents_by_type` lists each firm under its own class: a subclass's firms are not under their kind's. All
    firms of a kind are ``model.agents.select(agent_type=AILab)``, or tables such as ``model.labs``.

    Args:
        scenario: the name of a scenario, a path to one, or one made in code.
        rng: the seed, a whole number or a generator of NumPy's that is asked for one; 7 where none is given. Runs with
            one seed have common random numbers, whatever the scenario.
        seed: another name for `rng`.
        replicate: the number of the first replicate, or the numbers of all; equal numbers have common random numbers.
            Where none is given it is 0, and in a batch run of Mesa's that draws no seeds the number of the iteration.
        replicates: how many replicates the model holds at once, where they are not numbered one by one.
        parameters: overriding values by name, numbers or of shape (replicates,): a mapping, a row or a data frame.
        firms: by firm's name, the subclass that decides for it.
        start: initial stocks other than those the scenario names, or the quarter at whose end they stand.
        record: what the history keeps; everything when left out.
        strict: raise when an identity fails, naming quarter, replicate and firm.

    Raises:
        ScenarioError: there is no such scenario, or it names firms that the roster has not.
        KeyError: no parameter or firm has that name.
        TypeError, ValueError: a value is not a number, or out of range.

    Examples:
        >>> import aimarket
        >>> model = aimarket.MarketModel("deal_35bn", rng=7)
        >>> model.step()
        >>> model.date
        '2026Q2'
        >>> print(*(lab.name for lab in model.agents_by_type[aimarket.AILab]), sep=", ")
        OpenAI, Anthropic, Google DeepMind, Meta, xAI
        >>> max(model.checks().values()) < 1e-9
        True
    """

    labs: Population[AILab]
    vendors: Population[ChipVendor]
    energy: Population[EnergySupplier]
    equipment: Population[EquipmentSupplier]
    managers: Population[AssetManager]
    clouds: Population[Cloud]
    vehicles: Population[Vehicle]
    facilities: Facilities
    leases: Leases
    economy: Economy
    signals: Signals
    _user_step: Any

    def __init__(  # noqa: PLR0913 - every option has a default, all but the scenario go by name
        self,
        scenario: AnyPath | Scenario = "baseline",
        *,
        rng: Seed | None = None,
        seed: Seed | None = None,
        replicate: int | Sequence[int] | None = None,
        replicates: int = 1,
        parameters: Any = None,
        firms: Mapping[str, type[MarketAgent]] | None = None,
        start: Any = None,
        record: Sequence[str] | None = None,
        strict: bool = False,
    ) -> None:
        count = whole_number("replicates", replicates, 1)
        numbers = replicate_numbers(first_replicate(self, replicate, seed, count), count)
        own_seed = seed_of(rng, seed)
        super().__init__(rng=own_seed)
        self.chance = Randomness(own_seed, numbers)
        self.replicates = len(self.chance.replicates)
        self.case = load_scenario(scenario)
        self.start = opening(start, self.case.start)
        self.first = quarter_number(self.start.quarter) + 1
        self.quarter = 0
        self.strict = strict
        self.overrides = {**self.case.parameters, **checked(by_name(parameters))}
        self._make_tables({**classes_of(self.case, self.start), **(firms or {})})
        self.clearings: dict[str, Any] = {}
        self.failed: dict[str, Floats] = {}
        self.kept_draws: dict[str, Floats] = {}
        self.rented_technology = self.start.names("chip_vendors").index(self.start.rented)
        self.houses = houses(self.start)
        self.roadmap = roadmap_of(self.start.names("chip_vendors"), self.start.roadmap)
        self._settle_contracts()
        fill(self, self.start)
        self.ledger = Ledger(
            {population.kind.group: population for population in self.populations} | {"economy": self.economy}
        )
        self.signals = observe(self)
        open_lets(self)
        open_announcements(self)
        self._open_books(record)
        self.stepper: Callable[[MarketModel], bool] | None = None
        self._handles: dict[tuple[str, int], MarketAgent] = {}
        self.list_agents()
        collects = self.replicates == 1 and "indicators" in self.history.wanted
        self.datacollector: mesa.DataCollector | None = mesa.DataCollector(reporters()) if collects else None
        warn_of_means(self)

    def _make_tables(self, firms: Mapping[str, type[MarketAgent]]) -> None:
        """Make the tables of all kinds and put the parameters in force."""
        kinds = {kind.group: kind for kind in KINDS}
        own = own_values(
            {name: override.parameters for name, override in self.case.firms.items()}, self.start, self.case.source
        )
        self.parameters, self.base_values = in_force(self.overrides, by_firm(self.start), own, self.replicates)
        axes = {group: len(self.start.roster[group]) for group in kinds}
        borrowers = [group for group, kind in kinds.items() if issubclass(kind, Firm)]
        lengths = [axes[group] for group in borrowers]
        carriers = vehicles(self.case.deals)
        self.payees = payees_of(*map(self.start.names, ("chip_vendors", "equipment_suppliers", "clouds")))
        axes |= {
            "uses": len(USES),
            "customers": axes["ai_labs"] + len(carriers) + axes["clouds"] + 1,
            "routes": 1 + axes["clouds"],
            "contract_quarters": int(self.parameters.contract_term),
            "limits": len(LIMITS),
            "segments": len(SEGMENTS),
            "payees": len(self.payees.names),
            "funders": axes["asset_managers"] + axes["chip_vendors"] + 1,
            "lenders": axes["asset_managers"] + 1,
            "credit_classes": len(CLASSES),
            "borrowers": sum(lengths),
        }
        self.borrower_count = axes["borrowers"]
        tables = {group: self._population(kind, axes, firms) for group, kind in kinds.items()}
        self.labs, self.vendors, self.energy, self.equipment, self.managers, self.clouds = tables.values()
        self.populations = tuple(tables.values())
        self.borrowers = tuple(tables[group] for group in borrowers)
        self.owners: tuple[Population[FleetOwner], ...] = (self.labs, self.clouds)
        self.labs.customers = slice(0, axes["ai_labs"])
        self.clouds.customers = slice(axes["ai_labs"] + len(carriers), -1)
        ends = np.cumsum(lengths)
        self.borrower_rows = [slice(int(end) - rows, int(end)) for rows, end in zip(lengths, ends, strict=True)]
        self.economy = Economy(axes, self.replicates)
        self._make_contracts(axes)
        self.occasion = Occasion(self.chance.replicates, self.date_of)
        for population in self.populations:
            population.tables, population.occasion = tables, self.occasion
        check_cast(self, firms)
        self._schedule = self._changed_values()

    def _make_contracts(self, axes: Mapping[str, int]) -> None:
        """Make the tables of the scenario's deals and of the vehicles that carry them."""
        names = tuple(name for name, _, _ in vehicles(self.case.deals))
        self.facilities = Facilities(self.case.deals, axes, self.replicates)
        self.vehicles = Population(Vehicle, names, [Vehicle] * len(names), axes, self.replicates, self.parameters)
        if names:
            self.populations = (*self.populations, self.vehicles)

    def _settle_contracts(self) -> None:
        """Look up the firms that deals name, and put their terms into arrays."""
        self.facilities.settle(self)
        self.leases = Leases(self)
        if len(self.vehicles):
            scale = self.parameters.deal_scale * self.parameters.price_level
            self.vehicles.commit(guarantee_limit=self.leases.limit * scale * np.ones(self.replicates))

    def _open_books(self, record: Sequence[str] | None) -> None:
        """Count the money that there is, and begin what is kept of quarters."""
        self.money = identities.all_cash(self)
        self.residuals: dict[str, Floats] = {}
        self.broken = dict.fromkeys(identities.IDENTITIES, np.zeros(self.replicates))
        self.history = History(self, record)

    def _population(
        self, kind: type[MarketAgent], axes: Mapping[str, int], firms: Mapping[str, type[MarketAgent]]
    ) -> Population[Any]:
        """Make the table of one kind, with the classes that decide for its rows."""
        names = self.start.names(kind.group)
        classes = [firms.get(name, kind) for name in names]
        for name, cls in zip(names, classes, strict=True):
            if not (isinstance(cls, type) and issubclass(cls, kind)):
                shown = getattr(cls, "__name__", repr(cls))
                raise TypeError(f"{name} is one of {kind.group}: {shown} is no subclass of {kind.__name__}")
        return Population(kind, names, classes, axes, self.replicates, self.parameters)

    def step(self) -> None:
        """Run one quarter; one that a restored history holds already is only counted and collected."""
        if self.quarter == len(self.history.quarters) and not (self.stepper is not None and self.stepper(self)):
            for phase in QUARTER:
                phase.run(self)
        self.quarter += 1
        if self.datacollector is not None:
            self.datacollector.collect(self)

    def count_quarters(self, quarters: int) -> None:
        """Let Mesa's clock and the data collector pass through the quarters that a restored history holds.

        What a user's own model does in a step is left out: its tables are those of the end.
        """
        own = self._user_step
        self._user_step = partial(MarketModel.step, self)
        for _ in range(quarters):
            self.step()
        self._user_step = own

    @property
    def now(self) -> int:
        """The quarter that runs next, in quarters since year 0."""
        return self.first + self.quarter

    @property
    def elapsed(self) -> int:
        """Quarters from the date at which trends are declared to the quarter that runs next; negative before it."""
        return self.now - TREND_ORIGIN

    @property
    def date(self) -> str:
        """The quarter that runs next, as in 2026Q2."""
        return quarter_date(self.now)

    def date_of(self, quarter: int) -> str:
        """Return the date of a quarter of the run, 0 for the first."""
        return quarter_date(self.first + quarter)

    def checks(self) -> dict[str, float]:
        """Return the largest relative residual of every accounting identity over all quarters so far."""
        return {name: float(residual.max()) for name, residual in self.residuals.items()}

    def normal(self, stream: Stream, firms: int) -> Floats:
        """Return this quarter's standard normal random numbers, shape (firms, R); zeros when chance is off."""
        if not self.parameters.chance:
            return np.zeros((firms, self.replicates))
        return self.chance.sample(stream, firms, self.quarter)

    def uniform(self, stream: Stream, firms: int) -> Floats:
        """Return this quarter's uniform random numbers, shape (firms, R)."""
        return self.chance.sample(stream, firms, self.quarter)

    def drawn_once(self, stream: Stream, firms: int) -> Floats:
        """Return random numbers that a replicate keeps for its whole run, shape (firms, R)."""
        if stream.name not in self.kept_draws:
            self.kept_draws[stream.name] = self.chance.sample(stream, firms, 0)
        return self.kept_draws[stream.name]

    def entering(self, firms: Population[Any]) -> np.ndarray:
        """Return which firms of a kind the scenario lets enter this quarter, shape (n, 1)."""
        named = [(np.array(firms.names) == entry.firm) & (entry.start == self.now) for entry in self.case.entries]
        return reduce(np.logical_or, named, np.zeros(len(firms), dtype=bool))[:, None]

    def shares_of(self, population: Population[Any], parts: Mapping[str, float]) -> Floats:
        """Return parts by firm as an array, shape (n, 1)."""
        return np.array([parts.get(name, 0.0) for name in population.names])[:, None]

    def population_of(self, firm: MarketAgent) -> Population[Any]:
        """Return the table that a firm stands in."""
        return firm.population

    def wind_up(self, firm: MarketAgent) -> None:
        """Take a firm out of business in all replicates; Mesa's ``agent.remove()`` comes here."""
        wind_up(self, firm)
        self.list_agents()

    def list_agents(self) -> None:
        """Keep Mesa's list: a firm is an agent while it is active in any replicate."""
        for population in self.populations:
            in_business = population.active.max(1) > 0.0
            for row, cls in enumerate(population.classes):
                key = population.kind.group, row
                if in_business[row] and key not in self._handles:
                    self._handles[key] = cls(self, population, row)
                elif not in_business[row] and key in self._handles:
                    self.deregister_agent(self._handles.pop(key))

    def identity(self, firm: MarketAgent) -> int:
        """Return a firm's number among all rows, from 1: its unique_id."""
        population = self.population_of(firm)
        before = self.populations.index(population)
        return sum(len(other) for other in self.populations[:before]) + firm.row + 1

    def apply_changes(self) -> None:
        """Put the values in force that the scenario names for this quarter."""
        for name, value in self._schedule.get(self.now, {}).items():
            setattr(self.parameters, name, value)

    def resume_changes(self) -> None:
        """Put the values in force that held when a saved run stopped."""
        for quarter in sorted(quarter for quarter in self._schedule if quarter < self.now):
            for name, value in self._schedule[quarter].items():
                setattr(self.parameters, name, value)

    def _changed_values(self) -> dict[int, dict[str, Any]]:
        """Return, for every quarter at which something changes, all changeable values; checks them against ranges."""
        changes = self.case.changes
        turns = {self.first} | {c.start for c in changes} | {c.end + 1 for c in changes if c.end is not None}
        return {turn: self._values_at(turn) for turn in sorted(turns)} if changes else {}

    def _values_at(self, quarter: int) -> dict[str, Any]:
        """Return the values of all changeable parameters in a quarter."""
        values = {change.parameter: self.base_values[change.parameter] for change in self.case.changes}
        for change in self.case.changes:
            if change.holds(quarter):
                values[change.parameter] = self._changed(change, values[change.parameter])
        return values

    def _changed(self, change: Change, value: Any) -> Any:
        """Return a value under a change, for some firms or all; says which change leaves the range."""
        declared: Parameter = parameters()[change.parameter]
        level = self.base_values["price_level"] if declared.nominal else 1.0
        changed = change.applied(value / level)
        try:
            if change.within_range:
                changed = declared.check(changed)
        except ValueError as error:
            raise ScenarioError(f"{self.case.source}, from {quarter_date(change.start)}: {error}") from None
        if not change.firms:
            return changed * level
        if declared.shared or declared.group not in {population.kind.group for population in self.populations}:
            raise ScenarioError(f"{self.case.source}: {change.parameter} is one number for all firms; leave out firms")
        for population in self.populations:
            if declared.group == population.kind.group and set(change.firms) <= set(population.names):
                hit = np.isin(population.names, change.firms)[:, None]
                return np.where(hit, changed, value / level) * level
        raise ScenarioError(f"{self.case.source}: {change.parameter} for {', '.join(change.firms)}: no such firms")

    def close(self) -> None:
        """Let go at once of all that the model holds, which else waits for Python's collector; it is of no more use."""
        for table in (*self.populations, self.vehicles, self.facilities, self.economy, self.ledger, self.history, self):
            vars(table).clear()

    def save(self, path: AnyPath) -> None:
        """Save the run, to be taken up again with `MarketModel.restore`."""
        from .checkpoint import save

        save(self, located(path))

    @classmethod
    def restore(
        cls, path: AnyPath, *, firms: Mapping[str, type[MarketAgent]] | None = None, start: Any = None
    ) -> MarketModel:
        """Take up a saved run at the quarter where it stopped, with the same result as if it had not.

        Args:
            path: the file that `save` wrote.
            firms: the subclasses that decided in the saved run; code is never read from a file.
            start: the initial stocks of the saved run, or their quarter, where they were its own.
        """
        from .checkpoint import restore

        return restore(cls, located(path), firms=firms, start=start)
