"""Compare a scenario with its twin from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..command_line import as_typed
from ..options import (
    COMPARE,
    Against,
    Draws,
    Engine,
    Json,
    Out,
    Progress,
    Quarters,
    Replicates,
    ScenarioName,
    Seed,
    Settings,
)
from ..progress_bar import ProgressBar
from ..run_limits import Yes, approve

if TYPE_CHECKING:
    from ....experiments.comparison.comparison import Comparison


def compare(  # noqa: PLR0913 - the options of a command are its arguments
    context: typer.Context,
    scenario: ScenarioName,
    *,
    against: Against = "baseline",
    settings: Settings = None,
    draws: Draws = None,
    seed: Seed = COMPARE["seed"],
    replicates: Replicates = COMPARE["replicates"],
    quarters: Quarters = COMPARE["quarters"],
    out: Out = None,
    figure: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the deal's effect: .svg or .png.")] = None,
    theme: Annotated[str, typer.Option(help="Of the figure: light or dark.")] = "light",
    full: Annotated[
        bool, typer.Option("--full", help="Print every statistic of the claims, and what pairing gains.")
    ] = False,
    engine: Engine = None,
    yes: Yes = False,
    json: Json = False,
    progress: Progress = False,
) -> None:
    """Compare a scenario with its twin on common random numbers: what it changed, and how sure that is."""
    from .. import arguments, console, export
    from ..claims_board import print_comparison

    given = arguments.settings(settings or [])
    case, other = arguments.case(scenario, given), arguments.case(against, given)
    arguments.check_folder(out)
    arguments.check_figure(figure, theme, case)
    from ....experiments.comparison import comparison

    with arguments.bad_input():
        approve(case, comparison.size_of(case, other, replicates, quarters), yes=yes)
        with ProgressBar(forced=progress) as bar:
            result = comparison.compare(
                case,
                against=other,
                replicates=replicates,
                quarters=quarters,
                rng=seed,
                parameters=arguments.sampled(draws, given, range(replicates)),
                progress=bar,
            )
    words = as_typed(context, **({"theme": None} if figure is None else {}))
    files = [*export.comparison(out, result, words), *_plotted(result, figure, theme)]
    if json:
        facts = {"scenario": case.describe(), "against": result.against.describe(), "note": console.NO_FORECAST}
        console.print_json({"command": words, **result.to_json(), **facts, "files": files})
    else:
        print_comparison(result, words, files, full=full)


def _plotted(result: Comparison, figure: Path | None, theme: str) -> list[Path]:
    """Draw the deal's effect, if a file is given; return the file."""
    if figure is None:
        return []
    from ....experiments.figures import draw

    return [draw(result, figure, theme)]
