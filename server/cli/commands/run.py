"""Run a scenario from the command line, show it, save it and take it up again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...errors import BadInputError, FailedRunError
from ..command_line import as_typed, given
from ..options import (
    RUN,
    Draws,
    Engine,
    Json,
    Out,
    Progress,
    Quarters,
    Replicate,
    Replicates,
    ScenarioOrNone,
    Seed,
    Settings,
)
from ..progress_bar import ProgressBar
from ..run_limits import Yes, approve

if TYPE_CHECKING:
    from ....experiments.runs.costs import Size
    from ....experiments.runs.ensemble import Ensemble
    from ....model.market_model import MarketModel
    from ....model.scenarios.scenario import Scenario

OF_THE_RUN = ("scenario", "settings", "draws", "seed", "replicates", "replicate", "record")
"""What a saved run knows already."""


def run(  # noqa: PLR0913 - the options of a command are its arguments
    context: typer.Context,
    scenario: ScenarioOrNone = None,
    *,
    settings: Settings = None,
    draws: Draws = None,
    seed: Seed = RUN["seed"],
    replicates: Replicates = RUN["replicates"],
    replicate: Replicate = None,
    quarters: Quarters = RUN["quarters"],
    out: Out = None,
    record: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="Also keep, for --out or --save: flows, events, ai_labs, ai_labs.compute."),
    ] = None,
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Save the run where it stops.")] = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Go on with a saved run; --quarters is its whole length.")
    ] = None,
    engine: Engine = None,
    yes: Yes = False,
    json: Json = False,
    progress: Progress = False,
) -> None:
    """Run a scenario many times and show the industry at a few dates."""
    from ....experiments.runs.losses import warn_of
    from .. import arguments, console, export

    save = arguments.check_place(save)
    arguments.check_folder(out)
    with ProgressBar(forced=progress) as bar:
        if resume is not None:
            _refuse_with_resume(context)
            result = take_up(arguments.saved_run(str(resume)), resume, quarters, save, bar, yes=yes)
        elif scenario is None:
            raise BadInputError("name a scenario, as in `aimarket run deal_35bn`; `aimarket scenarios` lists them")
        else:
            values = arguments.settings(settings or [])
            case = arguments.case(scenario, values)
            kinds = arguments.record(case, record or [], kept=bool(out or save))
            numbers = arguments.numbers(replicates, replicate, both=given(context, "replicates"))
            approve(case, size(len(numbers), quarters, kinds, in_one=save is not None), yes=yes)
            sample = arguments.sampled(draws, values, numbers)
            result = simulate(case, sample, (seed, numbers, quarters), kinds, save, bar)
    warn_of(result.loss)
    words = as_typed(context, **dict.fromkeys(OF_THE_RUN if resume else () if replicate is None else ("replicates",)))
    show = console.print_run_as_json if json else console.print_run
    show(result, words, export.run(out, result, words))


def size(replicates: int, quarters: int, record: Sequence[str], *, in_one: bool = False) -> Size:
    """Return how much is run."""
    from ....experiments.runs.costs import Size

    return Size(replicates, quarters, record=record, in_one=in_one)


def simulate(
    scenario: Scenario,
    parameters: Mapping[str, Any],
    size: tuple[int, Sequence[int], int],
    record: Sequence[str],
    save: Path | None,
    progress: ProgressBar,
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
    from ....experiments.runs.ensemble import run_ensemble
    from ....model.market_model import MarketModel

    seed, numbers, quarters = size
    if save is None:
        return run_ensemble(
            scenario, len(numbers), quarters, seed, parameters, record=record, numbers=numbers, progress=progress
        )
    model = MarketModel(scenario, rng=seed, replicate=list(numbers), parameters=parameters, record=record)
    return _advance(model, quarters, save, progress)


def take_up(
    model: MarketModel, path: Path, quarters: int, save: Path | None, progress: ProgressBar, *, yes: bool
) -> Ensemble:
    """Go on with the saved run of a file until it is that many quarters long."""
    if "indicators" not in model.history.wanted:
        raise BadInputError(f"{path} was saved without indicators, so that there is nothing to show; record them")
    if model.quarter >= quarters:
        raise BadInputError(
            f"{path} is {model.quarter} quarters long already; --quarters = {quarters} is the length of the whole run "
            "and has to be larger"
        )
    more = size(model.replicates, quarters - model.quarter, list(model.history.wanted), in_one=True)
    approve(model.case, more, yes=yes)
    return _advance(model, quarters, save, progress)


def _advance(model: MarketModel, quarters: int, save: Path | None, progress: ProgressBar) -> Ensemble:
    """Step a model to its last quarter, and save it."""
    whole = model.replicates * (quarters - model.quarter)
    while model.quarter < quarters:
        model.step()
        progress(model.replicates, whole)
    if save is not None:
        try:
            model.save(save)
        except OSError as error:
            raise FailedRunError(f"cannot write to {save}: {error.strerror or error}") from None
    return _gathered(model)


def _gathered(model: MarketModel) -> Ensemble:
    """Return what a model has kept, as an ensemble."""
    import numpy as np

    from ....experiments.runs.ensemble import Ensemble, failures_of

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


def _refuse_with_resume(context: typer.Context) -> None:
    """Say which argument a saved run knows already."""
    for item in context.command.params:
        if item.name in OF_THE_RUN and given(context, item.name):
            what = "a scenario" if item.name == "scenario" else item.opts[0]
            raise BadInputError(f"--resume takes the run as it was saved: leave {what} out")
