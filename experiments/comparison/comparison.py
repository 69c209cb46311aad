"""Twins: a scenario beside another on the same random numbers, and what the claims make of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...agents.state.shown import shown
from ...agents.state.table import unknown_name
from ...model.deals.deal import ScenarioError
from ...model.initial_state import Start, opening
from ...model.inputs.paths import AnyPath
from ...model.parameters import parameters as declared
from ...model.randomness import DEFAULT_SEED, Seed, seed_of
from ...model.scenarios.scenario import Scenario, load_scenario
from ..claims.board import board
from ..claims.evidence import WINDOW, Evidence
from ..claims.treatments import Subject, Treatment, subject_of, treatments
from ..progress import Progress, Wanted, following
from ..runs.costs import Size, check_memory
from ..runs.ensemble import Ensemble, numbered, run_ensemble
from ..runs.firm_classes import FirmClasses, described
from ..runs.losses import describe_failures, first_failures, warn_of
from ..runs.posterior import parameters_of
from ..statistics import pairing
from ..storage.frames import plain
from .control import control_of
from .differences import differences, quantities
from .summary import sentences

LAB_COLUMNS = (
    "powered_compute",
    "market_share",
    "revenue_share",
    "capability",
    "log_efficiency",
    "revenue",
    "capex",
    "research_labour",
    "markup",
    "debt_raised",
    "equity_raised",
    "leased_raised",
    "power_at_work",
    "released",
    "carried",
    "active",
    "gap",
    "received_sum",
    "spent_sum",
    "released_sum",
    "breach",
)
"""What claims need of each lab."""

RECORD = ("indicators", *(f"ai_labs.{column}" for column in LAB_COLUMNS))

PAIRED = ("ai_revenue", "lab_compute", "funding", "frontier_capability", "power_price")
"""Indicators whose gain from common random numbers is shown."""

TWINS = ("control", "treated")


@shown()
@dataclass(frozen=True)
class Comparison:
    """A scenario beside another, replicate by replicate on the same random numbers.

    Attributes:
        scenario: what happens.
        against: what it is compared with.
        seed: the seed of both.
        replicates: how many replicates.
        quarters: how many quarters.
        parameters: values that override both scenarios.
        subject: whom the claims are about, None where the scenario holds no deal for a lab.
        ensembles: the runs by name; ``control`` and ``treated`` are the twins.
        firms: by firm's name, the subclass that decided for it in every run.

    Examples:
        >>> import aimarket
        >>> twins = aimarket.compare("chip_shock", replicates=4, quarters=8, rng=7)
        >>> last = twins.differences.query("quarter == '2027Q4' and quantity == 'lab_compute'")
        >>> last.round(1).T
                           287
        quarter         2027Q4
        quantity   lab_compute
        mean              -1.2
        low               -1.5
        high              -1.0
        relative          -4.7
        same_sign          1.0
        undefined            0
        unit           M H100e
    """

    scenario: Scenario
    against: Scenario
    seed: int
    replicates: int
    quarters: int
    parameters: Mapping[str, Any]
    subject: Subject | None
    ensembles: Mapping[str, Ensemble]
    firms: FirmClasses = field(default_factory=dict)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """The paired differences by quarter and quantity, with 95 % intervals."""
        return differences(self.ensembles, self.subject)

    @property
    def engine(self) -> str:
        """What ran the ensembles, numpy or kernel, and why; the bits are the same."""
        return "; ".join(dict.fromkeys(ensemble.engine for ensemble in self.ensembles.values()))

    @property
    def evidence(self) -> Evidence | None:
        """What claims are judged by; None where the scenario holds no deal for a lab."""
        return None if self.subject is None else Evidence(self.ensembles, self.subject, self.quarters)

    @property
    def begin(self) -> int:
        """The quarter of the run with the first deal, else with the first change or entry; 0 if there is none."""
        if self.subject is not None:
            return self.subject.begin
        case = self.scenario
        dates = [c.start for c in case.changes] + [e.start for e in case.entries]
        first = int(self.ensembles["treated"].records["indicators"].quarters[0])
        return max(min(dates, default=first) - first, 0)

    @property
    def failures(self) -> pd.DataFrame:
        """The replicates that failed in any run: replicate, quarter, cause and treatment of the first failure."""
        return first_failures(self.ensembles)

    @property
    def loss(self) -> str:
        """Which replicates failed in any run, in a sentence; empty where none did."""
        return describe_failures(self.failures, self.replicates)

    def claims(self) -> pd.DataFrame:
        """Return the claims of the news item: statistic, value, interval, verdict and the assumption that decides it.

        Empty where the scenario holds no deal; without the statistics whose runs were left out.
        """
        return board(self.evidence)

    def pairing(self) -> pd.DataFrame:
        """Return what common random numbers gain: standard errors paired and unpaired, at the last quarter compared."""
        quarter = min(self.quarters, self.begin + WINDOW) - 1
        rows = [
            {"quantity": name, **pairing(treated[quarter], control[quarter])._asdict()}
            for name, (treated, control, _) in quantities(self.ensembles, self.subject).items()
            if name in PAIRED or name.startswith("recipient")
        ]
        frame = pd.DataFrame(rows)
        return frame.rename(columns={"paired": "paired_se", "unpaired": "unpaired_se"})

    def checks(self) -> dict[str, float]:
        """Return the largest relative residual of every accounting identity over all runs."""
        found: dict[str, float] = {}
        for ensemble in self.ensembles.values():
            for name, residual in ensemble.checks().items():
                found[name] = float(np.maximum(residual, found.get(name, 0.0)))
        return found

    def summary(self) -> list[str]:
        """Return in a few sentences what the scenario changed and how sure that is."""
        return sentences(self)

    def to_json(self) -> dict[str, Any]:
        """Return the whole result as plain values; what is not a number is None."""
        content = {
            "scenario": self.scenario.name,
            "against": self.against.name,
            "seed": self.seed,
            "replicates": self.replicates,
            "quarters": self.quarters,
            "parameters": self.parameters,
            "firms": described(self.firms),
            "summary": self.summary(),
            "claims": self.claims().to_dict("records"),
            "pairing": self.pairing().to_dict("records"),
            "checks": self.checks(),
            "loss": self.loss,
            "differences": self.differences.to_dict("records"),
        }
        return {name: plain(value) for name, value in content.items()}


def compare(  # noqa: PLR0913 - every option has a default, all but six go by name
    scenario: AnyPath | Scenario = "deal_35bn",
    against: AnyPath | Scenario = "baseline",
    replicates: int | None = None,
    quarters: int = 40,
    rng: Seed | None = None,
    parameters: Any = None,
    *,
    runs: Sequence[str] | None = None,
    numbers: Sequence[int] | None = None,
    firms: FirmClasses | None = None,
    start: Any = None,
    seed: Seed | None = None,
    progress: Wanted = None,
    engine: str | None = None,
) -> Comparison:
    """Run a scenario beside another on the same random numbers, with all the runs that the claims need.

    Args:
        scenario: what happens.
        against: what it is compared with; the baseline is taken from the scenario's own start.
        replicates: how many replicates of each, 200 if nothing else tells.
        quarters: how many quarters.
        rng: the seed of all runs, or a generator of NumPy's that is asked for one; 7 where none is given.
        parameters: values that override both scenarios, numbers or one a replicate, from whatever holds them by name;
            or ``posterior``, for a sample a replicate from what the data leave likely.
        runs: the treatments to run beside the twins; all that the claims need where nothing is said.
        numbers: the number of each replicate, 0, 1, 2 ... where nothing is said; equal numbers, equal chance.
        firms: by firm's name, the subclass that decides for it in every run.
        start: initial stocks other than those the scenarios name, or the quarter at whose end they stand.
        seed: another name for `rng`.
        progress: takes replicate-quarters just run and in all; True for a bar, False for none, on terminals if neither.
        engine: ``numpy``; ``kernel``, compiled; or ``auto``: a kernel where it pays. All give the same bits.

    Raises:
        ScenarioError: there is no such scenario.
        KeyError: no parameter or run has that name.
        TypeError, ValueError: a value is not a number, or out of range.

    Examples:
        >>> import aimarket
        >>> twins = aimarket.compare("deal_35bn", replicates=8, quarters=10, rng=7, runs=())
        >>> twins.claims().query("claim == 'C2b'")[["value", "low", "high", "verdict"]].head(1).round(2)
            value   low  high    verdict
        12  -0.07 -0.19  0.04  undecided
    """
    chosen = seed_of(rng, seed)
    twins = _Twins.of(scenario, against, start)
    wanted = list(twins.planned) if runs is None else [*TWINS, *(name for name in runs if name not in TWINS)]
    asked = {"replicates": replicates, "quarters": quarters, "rng": chosen, "numbers": numbers, "firms": firms}
    ensembles = twins.run(wanted, parameters, progress, engine=engine, **asked)
    found = twins.compared(ensembles, quarters, chosen, firms or {})
    warn_of(found.loss)
    return found


def size_of(
    scenario: AnyPath | Scenario,
    against: AnyPath | Scenario,
    replicates: int,
    quarters: int,
    runs: Iterable[str] | None = None,
) -> Size:
    """Return how much a comparison runs and keeps, or a part of it."""
    twins = _Twins.of(scenario, against, None)
    return twins.size(list(twins.planned if runs is None else runs), replicates, quarters)


def evidence_of(  # noqa: PLR0913 - every option has a default, all but three go by name
    scenario: AnyPath | Scenario,
    against: AnyPath | Scenario,
    runs: Iterable[str],
    *,
    replicates: int | None = None,
    quarters: int = 40,
    rng: int = DEFAULT_SEED,
    parameters: Any = None,
    numbers: Sequence[int] | None = None,
    firms: FirmClasses | None = None,
    start: Any = None,
    progress: Wanted = None,
) -> Evidence:
    """Run nothing but the named treatments, for statistics that read no others.

    Args:
        scenario: what happens; it holds a deal.
        against: what it is compared with.
        runs: the treatments, as in ``find_statistic("C1a").runs``; ``treatments`` says which there are.
        replicates: how many replicates of each, 200 if nothing else tells.
        quarters: how many quarters.
        rng: the seed of all runs.
        parameters: values that override both scenarios, numbers or one a replicate, from whatever holds them by name;
            or ``posterior``, for a sample a replicate from what the data leave likely.
        numbers: the number of each replicate, 0, 1, 2 ... where nothing is said; equal numbers, equal chance.
        firms: by firm's name, the subclass that decides for it in every run.
        start: initial stocks other than those the scenarios name, or the quarter at whose end they stand.
        progress: takes replicate-quarters just run and in all; True for a bar, False for none, on terminals if neither.

    Raises:
        ScenarioError: there is no such scenario, or it holds no deal.
        KeyError: no parameter or run has that name.
        TypeError: a value is not a number.
        ValueError: a value is out of range.
    """
    twins = _Twins.of(scenario, against, start)
    if twins.subject is None:
        raise ScenarioError(f"{twins.scenario.name} holds no deal for a lab: there is no claim to judge; name one with")
    wanted = list(dict.fromkeys(runs))
    ensembles = twins.run(
        wanted, parameters, progress, replicates=replicates, quarters=quarters, rng=rng, numbers=numbers, firms=firms
    )
    return Evidence(ensembles, twins.subject, quarters)


class _Twins(NamedTuple):
    """A scenario and another from the same start, with the runs that claims about them may need."""

    scenario: Scenario
    against: Scenario
    start: Start
    subject: Subject | None
    planned: Mapping[str, Treatment]

    @classmethod
    def of(cls, scenario: AnyPath | Scenario, against: AnyPath | Scenario, start: Any) -> _Twins:
        """Return the twins, or say why they are none."""
        case = load_scenario(scenario)
        other = control_of(case, against) if start is None else load_scenario(against)
        begin = opening(start, case.start)
        return cls(case, other, begin, subject_of(case, begin), treatments(case, other, begin))

    def run(self, names: Sequence[str], given: Any, progress: Wanted, **options: Any) -> dict[str, Ensemble]:
        """Run treatments by name; those that come to the same are run once."""
        check_memory(self.scenario, self.size(names, options["replicates"] or 1, options["quarters"]), self.start)
        parameters = parameters_of(given, options["replicates"], options["numbers"])
        numbers = numbered(options["replicates"], options["numbers"], parameters)
        options |= {"replicates": len(numbers), "numbers": numbers}
        for name in names:
            if name not in self.planned:
                raise KeyError(f"{unknown_name('the comparison', name, self.planned)}; runs: {', '.join(self.planned)}")
        first_of = {name: self._first_alike(name, names, parameters) for name in names}
        with following(progress) as report:
            step = _counted(report, len(set(first_of.values())))
            found = {
                name: run_ensemble(
                    self.planned[name].scenario,
                    parameters={**parameters, **self.planned[name].parameters},
                    record=RECORD,
                    start=self.start,
                    progress=step,
                    **options,
                )
                for name in dict.fromkeys(first_of.values())
            }
        return {name: found[first_of[name]] for name in names}

    def compared(self, ensembles: Mapping[str, Ensemble], quarters: int, seed: int, firms: FirmClasses) -> Comparison:
        """Return the runs with what they are compared for."""
        treated = ensembles["treated"]
        return Comparison(
            scenario=self.scenario,
            against=self.against,
            seed=seed,
            replicates=treated.replicates,
            quarters=quarters,
            parameters=treated.parameters,
            subject=self.subject,
            ensembles=ensembles,
            firms=firms,
        )

    def size(self, names: Sequence[str], replicates: int, quarters: int) -> Size:
        """Return how much running treatments takes; those that share a scenario may come to the same."""
        different = {id(self.planned[name].scenario) for name in names if name in self.planned}
        return Size(replicates, quarters, len(different), RECORD)

    def _first_alike(self, name: str, names: Sequence[str], parameters: Mapping[str, Any]) -> str:
        """Return the first of some treatments that comes to the same as one of them: same scenario, same values."""
        return next(other for other in names if self._alike(self.planned[other], self.planned[name], parameters))

    def _alike(self, one: Treatment, other: Treatment, parameters: Mapping[str, Any]) -> bool:
        """Return whether two treatments of a scenario put the same values in force."""
        if one.scenario is not other.scenario:
            return False
        default = {name: item.default for name, item in declared().items()}
        before = {**default, **one.scenario.parameters, **parameters}
        return all(
            np.all(np.equal(one.parameters.get(name, before[name]), other.parameters.get(name, before[name])))
            for name in {*one.parameters, *other.parameters}
        )


def _counted(progress: Progress, runs: int) -> Progress:
    """Return a progress that knows of all runs."""
    return lambda count, whole: progress(count, whole * runs)
