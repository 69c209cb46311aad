"""Find a tipping value from the command line, and print it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ....experiments.formatting import numeral
from .. import arguments
from ..command_line import as_typed
from ..completion import parameters_like, statistics_like
from ..console import NO_FORECAST, open_console, print_end, print_json, print_table
from ..options import TIPPING, Against, Engine, Json, Progress, ScenarioName, Seed, Settings
from ..progress_bar import ProgressBar
from ..run_limits import Yes, approve

if TYPE_CHECKING:
    from ....experiments.analysis.tipping import Tipping
    from ....model.scenarios.scenario import Scenario


def tipping(  # noqa: PLR0913 - the options of a command are its arguments
    context: typer.Context,
    parameter: Annotated[
        str,
        typer.Argument(help="What is moved (see aimarket parameters).", autocompletion=parameters_like),
    ],
    claim: Annotated[
        str,
        typer.Argument(help="A claim as C1a, or a statistic of one as C1a.others.", autocompletion=statistics_like),
    ],
    scenario: ScenarioName = "deal_35bn",
    *,
    against: Against = "baseline",
    low: Annotated[float | None, typer.Option(metavar="VALUE", help="Where the search begins.")] = None,
    high: Annotated[float | None, typer.Option(metavar="VALUE", help="Where the search ends.")] = None,
    settings: Settings = None,
    seed: Seed = TIPPING["seed"],
    replicates: Annotated[
        int, typer.Option(metavar="N", parser=arguments.whole("--replicates", 2), help="Pairs of runs for each value.")
    ] = TIPPING["replicates"],
    quarters: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            parser=arguments.whole("--quarters", 1),
            help="How many; as few as the claim needs if not given.",
        ),
    ] = None,
    engine: Engine = None,
    yes: Yes = False,
    json: Json = False,
    progress: Progress = False,
) -> None:
    """Find the value of a parameter at which the verdict on a claim flips, all on common random numbers."""
    given = arguments.settings(settings or [])
    cases = arguments.case(scenario, given), arguments.case(against, given)
    _approve(cases, claim, replicates, quarters, yes=yes)
    with ProgressBar(forced=progress) as bar:
        size = {"replicates": replicates, "quarters": quarters, "rng": seed}
        found = find(parameter, claim, cases, given, low=low, high=high, progress=bar, **size)
    print_answer(found, as_typed(context, quarters=found.quarters), json=json)


def _approve(cases: tuple[Scenario, Scenario], claim: str, replicates: int, quarters: int | None, *, yes: bool) -> None:
    """Say what is too much to run: all values that may be tried, of which not all are kept at a time."""
    from ....experiments.analysis.crossing import most_values
    from ....experiments.analysis.tipping import TOLERANCE
    from ....experiments.claims.statistic import find_statistic, quarters_needed
    from ....experiments.comparison.comparison import size_of

    with arguments.bad_input():
        statistic = find_statistic(claim)
        size = size_of(*cases, replicates, quarters or quarters_needed([statistic], cases[0]), statistic.runs)
    approve(cases[0], size, yes=yes, times=most_values(TOLERANCE))


def find(
    parameter: str, claim: str, cases: tuple[Scenario, Scenario], given: Mapping[str, float], **options: Any
) -> Tipping:
    """Find where a parameter flips the verdict on a claim, in a scenario beside another."""
    case, other = cases
    from ....experiments.analysis.tipping import tipping

    with arguments.bad_input():
        return tipping(parameter, claim, case, against=other, parameters=given, **options)


def print_answer(found: Tipping, command: Sequence[str], *, json: bool) -> None:
    """Print where a parameter flips a verdict, for people or for machines."""
    if json:
        print_json({"command": command, **found.to_json(), "note": NO_FORECAST})
    else:
        _print(found, command)


def _print(found: Tipping, command: Sequence[str]) -> None:
    """Print it in words, then the scan, value by value."""
    from ....experiments.formatting import estimate

    console, statistic, factor = open_console(), found.statistic, found.factor
    console.print(f"{found.sentence()}\n")
    scanned: list[Any] = found.curve[found.curve["value"].isin(found.scan)].to_dict("records")
    rows = [
        (
            numeral(row["value"]),
            estimate({**row, "value": row["mean"], "unit": "1", "runs": found.replicates}, numeral),
            row["verdict"],
        )
        for row in scanned
    ]
    heads = (_with_unit(factor.name, factor.unit), f"{_with_unit(statistic.key, statistic.unit)} [95 %]")
    print_table(console, (*heads, f"{statistic.condition}?"), rows, right=(0,))
    console.print(f"{found.replicates} pairs of runs for each value, {found.quarters} quarters, common random numbers.")
    print_end(console, command)


def _with_unit(name: str, unit: str) -> str:
    """Return a name with its unit, if it has one."""
    return name if unit == "1" else f"{name}, {unit}"
