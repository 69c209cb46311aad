"""All stylised facts of the model: runs for them, and what comes of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from ...agents.state.shown import shown
from ...model.dates import quarter_number
from ...model.inputs.paths import AnyPath
from ...model.parameters import parameters as declared
from ...model.randomness import DEFAULT_SEED, Seed, seed_of
from ...model.scenarios.scenario import Scenario, load_scenario
from ..formatting import listed
from ..progress import Progress, Wanted, following
from ..runs.ensemble import Ensemble, run_ensemble
from ..statistics import OPEN, mean_interval
from ..storage.frames import plain
from . import firms, markets
from .fact import ABSENT, PRESENT, Fact

FACTS: Mapping[str, Fact] = MappingProxyType({fact.key: fact for fact in (*firms.FACTS, *markets.FACTS)})
"""Every stylised fact by its key."""

REPLICATES, QUARTERS = 64, 40
LEAST_REPLICATES, LEAST_QUARTERS = 2, 24

RECORD = (
    "indicators",
    *(f"{kind}.{name}" for kind in firms.BUYERS for name in ("planned_compute", "debt_raised")),
    *(
        f"{kind}.{name}"
        for kind in (*firms.BUYERS, *firms.SUPPLIERS)
        for name in ("fixed_assets", "capex", "cash", "debt")
    ),
    *(f"ai_labs.{name}" for name in ("revenue", *markets.DEMANDED, *markets.SOLD)),
    *(f"{kind}.sales" for kind in ("chip_vendors", "equipment_suppliers")),
    *(f"equipment_suppliers.{name}" for name in ("capacity", "price_index")),
)
LOANS = tuple(f"{kind}.debt_raised" for kind in firms.BUYERS)


@shown("frame", "scenario", "replicates", "quarters", "seed")
@dataclass(frozen=True)
class StylisedFacts:
    """What came of every stylised fact.

    Attributes:
        frame: one row a fact: key, title, statistic, value, low and high (95 %), expected, outcome (present, absent or
            undecided), by_rule (whether a rule puts it in), undefined (runs without a value) of runs, reference and
            mechanism.
        scenario: the scenario that was run.
        replicates: how many replicates.
        quarters: how many quarters.
        seed: the seed.

    Examples:
        >>> import aimarket
        >>> found = aimarket.stylised_facts(replicates=2, quarters=24, rng=7)
        >>> found.sentence().startswith("Of 12 stylised facts ")
        True
    """

    frame: pd.DataFrame
    scenario: str
    replicates: int
    quarters: int
    seed: int

    def sentence(self) -> str:
        """Return in a sentence how many facts the model has."""
        outcomes, ruled = self.frame["outcome"], self.frame["by_rule"]
        counts = {word: int((outcomes == word).sum()) for word in (PRESENT, ABSENT, OPEN)}
        parts = [f"{_are(count)} {word}" for word, count in counts.items() if count]
        found = int(((outcomes == PRESENT) & ruled).sum())
        given = f"; {_are(found)} there by a rule" if found else ""
        return f"Of {len(self.frame)} stylised facts {listed(parts)}{given}."

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain values; what is not a number is None."""
        content = {
            "scenario": self.scenario,
            "replicates": self.replicates,
            "quarters": self.quarters,
            "seed": self.seed,
            "sentence": self.sentence(),
            "facts": self.frame.to_dict("records"),
        }
        return {name: plain(value) for name, value in content.items()}


def _are(count: int) -> str:
    """Return how many there are, as a sentence has it."""
    return f"{count} {'is' if count == 1 else 'are'}"


def stylised_facts(
    scenario: AnyPath | Scenario = "baseline",
    replicates: int = REPLICATES,
    quarters: int = QUARTERS,
    rng: Seed = DEFAULT_SEED,
    *,
    parameters: Mapping[str, Any] | None = None,
    progress: Wanted = None,
) -> StylisedFacts:
    """Look for stylised facts of the literature in the model's runs.

    Args:
        scenario: the scenario in which they are looked for.
        replicates: how many replicates.
        quarters: how many quarters.
        rng: the seed.
        parameters: values that override the scenario's.
        progress: takes replicate-quarters just run and in all; True for a bar, False for none.

    Raises:
        ValueError: too few replicates or quarters for any fact.

    Examples:
        >>> import aimarket
        >>> found = aimarket.stylised_facts(replicates=2, quarters=24, rng=7)
        >>> list(found.frame)[:6]
        ['key', 'title', 'statistic', 'value', 'low', 'high']
    """
    if replicates < LEAST_REPLICATES or quarters < LEAST_QUARTERS:
        raise ValueError(
            f"{replicates} replicates of {quarters} quarters tell no facts: "
            f"give at least {LEAST_REPLICATES} of {LEAST_QUARTERS}"
        )
    case, seed = load_scenario(scenario), seed_of(rng)
    plan = dict(_plan(case, quarters, dict(parameters or {})))
    whole = replicates * sum(run.quarters for run in plan.values())
    with following(progress) as report:
        runs = {name: run.made(replicates, seed, lambda count, _: report(count, whole)) for name, run in plan.items()}
    frame = pd.DataFrame([_row(fact, runs) for fact in FACTS.values()])
    frame.attrs["units"] = dict.fromkeys(("value", "low", "high"), "see statistic")
    return StylisedFacts(frame, case.name, replicates, quarters, seed)


@dataclass(frozen=True)
class _Run:
    """A run that facts are read from."""

    case: Scenario
    quarters: int
    values: dict[str, Any]
    record: tuple[str, ...]

    def made(self, replicates: int, seed: int, progress: Progress) -> Ensemble:
        """Run it."""
        return run_ensemble(
            self.case, replicates, self.quarters, seed, self.values, record=self.record, progress=progress
        )


def _plan(case: Scenario, quarters: int, values: dict[str, Any]) -> Iterator[tuple[str, _Run]]:
    """Yield what is run: the scenario, and a fall of collateral with its twin at both ends of what it counts."""
    yield "baseline", _Run(case, quarters, values, RECORD)
    ends = declared()["loan_to_value"]
    glut = load_scenario(markets.GLUT)
    needed = quarter_number(markets.FALLS) - quarter_number(glut.start) + markets.AFTER
    for name, end in zip(markets.SQUEEZES, (ends.low, ends.high), strict=True):
        run = partial(_Run, quarters=needed, values={**values, "loan_to_value": end}, record=LOANS)
        yield name, run(glut)
        yield markets.twin_of(name), run(load_scenario("baseline"))


def _row(fact: Fact, runs: Mapping[str, Ensemble]) -> dict[str, Any]:
    """Return a fact with its estimate and what comes of it."""
    sample = fact.read(runs)
    found = mean_interval(sample)
    return {
        "key": fact.key,
        "title": fact.title,
        "statistic": fact.statistic,
        **found._asdict(),
        "expected": fact.expected,
        "outcome": fact.outcome(found),
        "by_rule": fact.by_rule,
        "undefined": int(np.count_nonzero(~np.isfinite(sample))),
        "runs": len(sample),
        "reference": fact.reference,
        "mechanism": fact.mechanism,
    }
