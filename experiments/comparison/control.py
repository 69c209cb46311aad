"""Controls: the scenario in which nothing happens, that another is held against on the same random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ...model.deals.deal import ScenarioError
from ...model.inputs.paths import AnyPath
from ...model.scenarios.scenario import Scenario, load_scenario

BASELINE = "baseline"
NO_DEAL = "deal_scale"
"""The parameter that takes the deals out of a scenario where it is 0."""


def control_of(case: Scenario, against: AnyPath | Scenario = BASELINE) -> Scenario:
    """Return what a scenario is compared with: another one, or the baseline from the scenario's own start.

    Raises:
        ScenarioError: there is no such scenario, or it is not the baseline and starts from another quarter.
    """
    other = load_scenario(against)
    if case.start == other.start:
        return other
    if other == load_scenario(BASELINE):
        return replace(other, name=f"{other.name} from {case.start}", start=case.start)
    raise ScenarioError(
        f"{case.name} starts from {case.start} and {other.name} from {other.start}: no twins; "
        f"give both one start, or compare with the baseline, which takes the scenario's"
    )


def with_control(scenario: AnyPath | Scenario, against: AnyPath | Scenario) -> tuple[Scenario, Scenario]:
    """Return a scenario, and what it is compared with."""
    case = load_scenario(scenario)
    return case, control_of(case, against)


def twin_of(case: Scenario) -> Scenario | None:
    """Return the scenario in which nothing happens, from the same start; none where nothing happens in this one."""
    control = control_of(case)
    return control if case.deals or not differs_in_deals_alone(case, control) else None


def differs_in_deals_alone(case: Scenario, against: Scenario) -> bool:
    """Return whether a scenario without its deals is its twin."""
    return (dict(case.parameters), case.changes, case.entries, dict(case.firms), case.start) == (
        dict(against.parameters),
        against.changes,
        against.entries,
        dict(against.firms),
        against.start,
    )


def with_and_without_deals(case: Scenario, settings: Mapping[str, Any], replicates: int = 1) -> dict[str, Any]:
    """Return settings for both worlds in one model: so many replicates with the deals, then as many without.

    Args:
        case: a scenario that differs from its twin in its deals alone.
        settings: the values that override both worlds.
        replicates: how many of each.
    """
    scale = settings.get(NO_DEAL, case.parameters.get(NO_DEAL, 1.0))
    return {**settings, NO_DEAL: np.repeat([scale, 0.0], replicates)}
