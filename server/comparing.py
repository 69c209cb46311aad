"""Compare a scenario with its twin from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .again import again
from .options import COMPARE, Against, Draws, Json, Out, Progress, Quarters, Replicates, ScenarioName, Seed, Settings
from .progress import ProgressBar
from .sizes import Yes, approve

if TYPE_CHECKING:
    from ..experiments.comparison import Comparison


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
    yes: Yes = False,
    json: Json = False,
    progress: Progress = False,
) -> None:
    """Compare a scenario with its twin on the same luck: what it changed, and how sure that is."""
    from . import inputs, output, written
    from .board import print_comparison

    given = inputs.settings(settings or [])
    case, other = inputs.case(scenario, given), inputs.case(against, given)
    inputs.check_folder(out)
    inputs.check_figure(figure, theme, case)
    from ..experiments.comparison import compare as run_twins
    from ..experiments.comparison import size_of

    with inputs.bad_input():
        approve(case, size_of(case, other, replicates, quarters), yes=yes)
        with ProgressBar(forced=progress) as bar:
            result = run_twins(
                case, against=other, replicates=replicates, quarters=quarters, rng=seed,
                parameters=inputs.drawn(draws, given, range(replicates)), progress=bar,
            )  # fmt: skip
    words = again(context, **({"theme": None} if figure is None else {}))
    files = [*written.comparison(out, result, words), *_drawn(result, figure, theme)]
    if json:
        told: dict[str, Any] = {"scenario": case.describe(), "against": other.describe(), "note": output.NO_FORECAST}
        output.print_json({"command": words, **result.to_json(), **told, "files": files})
    else:
        print_comparison(result, words, files, full=full)


def _drawn(result: Comparison, figure: Path | None, theme: str) -> list[Path]:
    """Draw the deal's effect, if a file is given; return the file."""
    if figure is None:
        return []
    from ..experiments.figures import draw
    from .inputs import failed_writing

    with failed_writing(figure):
        return [draw(result, figure, theme)]
