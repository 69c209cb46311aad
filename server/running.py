"""Run a scenario from the command line: in one go, or saved and taken up again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .failures import BadInputError
from .inputs import saved_run

if TYPE_CHECKING:
    from ..experiments.ensemble import Ensemble, Progress
    from ..model.market_model import MarketModel
    from ..model.scenario import Scenario


def simulate(
    scenario: Scenario,
    parameters: Mapping[str, Any],
    size: tuple[int, Sequence[int], int],
    record: Sequence[str],
    save: Path | None,
    progress: Progress,
) -> Ensemble:
    """Run a scenario, and save it where it stops if one wants to go on later.

    Args:
        scenario: the scenario.
        parameters: the values that override its own, numbers or one a replicate.
        size: seed, numbers of the replicates, quarters.
        record: the kinds of record to keep.
        save: the file to save to, if any: then all replicates are one model.
        progress: told what has run.
    """
    from ..experiments.ensemble import run_ensemble
    from ..model.market_model import MarketModel

    seed, numbers, quarters = size
    if save is None:
        return run_ensemble(
            scenario, len(numbers), quarters, seed, parameters, record=record, numbers=numbers, progress=progress
        )
    model = MarketModel(scenario, rng=seed, replicate=list(numbers), parameters=parameters, record=record)
    return _advance(model, quarters, save, progress)


def take_up(path: Path, quarters: int, save: Path | None, progress: Progress) -> Ensemble:
    """Go on with a saved run until it is that many quarters long."""
    model = saved_run(str(path))
    if "indicators" not in model.history.wanted:
        raise BadInputError(f"{path} was saved without indicators, so that there is nothing to show; record them")
    if model.quarter >= quarters:
        raise BadInputError(
            f"{path} is {model.quarter} quarters long already; --quarters = {quarters} is the length of the whole run "
            "and has to be larger"
        )
    return _advance(model, quarters, save, progress)


def _advance(model: MarketModel, quarters: int, save: Path | None, progress: Progress) -> Ensemble:
    """Step a model to its last quarter, and save it."""
    whole = model.replicates * (quarters - model.quarter)
    while model.quarter < quarters:
        model.step()
        progress(model.replicates, whole)
    if save is not None:
        try:
            model.save(save)
        except OSError as error:
            raise BadInputError(f"cannot write to {save}: {error.strerror or error}") from None
    return _gathered(model)


def _gathered(model: MarketModel) -> Ensemble:
    """Return what a model has kept, as an ensemble."""
    import numpy as np

    from ..experiments.ensemble import Ensemble, failures_of

    own = model.case.parameters
    records = {kind: model.history.series(kind) for kind in model.history.wanted}
    return Ensemble(
        scenario=model.case,
        seed=model.chance.seed,
        replicates=model.replicates,
        quarters=model.quarter,
        parameters={
            name: value for name, value in model.overrides.items() if not np.array_equal(own.get(name, np.nan), value)
        },
        effective=model.base_values,
        records=records,
        residuals=dict(model.residuals),
        failures=failures_of(model, records),
    )
