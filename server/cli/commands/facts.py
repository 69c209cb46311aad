"""Look for stylised facts of the literature in the model from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ....experiments.formatting import estimate, numeral
from .. import arguments
from ..command_line import as_typed
from ..console import NO_FORECAST, open_console, print_end, print_json, print_table
from ..options import FACTS, Json, Progress, ScenarioName, Seed, Settings
from ..progress_bar import ProgressBar
from ..run_limits import Yes, approve

if TYPE_CHECKING:
    from ....experiments.facts.board import StylisedFacts


def facts(
    context: typer.Context,
    scenario: ScenarioName = "baseline",
    *,
    settings: Settings = None,
    seed: Seed = FACTS["seed"],
    replicates: Annotated[
        int, typer.Option(metavar="N", parser=arguments.whole("--replicates", 2), help="How many times it is run.")
    ] = FACTS["replicates"],
    quarters: Annotated[
        int, typer.Option(metavar="N", parser=arguments.whole("--quarters", 24), help="How many quarters, 24 at least.")
    ] = FACTS["quarters"],
    yes: Yes = False,
    json: Json = False,
    progress: Progress = False,
) -> None:
    """Say which regularities that the literature finds in industries the model has: present, absent or undecided."""
    from ....experiments.facts.board import RECORD, stylised_facts
    from ....experiments.runs.costs import Size

    given = arguments.settings(settings or [])
    case = arguments.case(scenario, given)
    approve(case, Size(replicates, quarters, record=RECORD), yes=yes)
    with ProgressBar(forced=progress) as bar, arguments.bad_input():
        found = stylised_facts(case, replicates, quarters, seed, parameters=given, progress=bar)
    print_facts(found, as_typed(context), json=json)


def print_facts(found: StylisedFacts, command: Sequence[str], *, json: bool) -> None:
    """Print what came of every fact, for people or for machines."""
    if json:
        print_json({"command": command, **found.to_json(), "note": NO_FORECAST})
        return
    console = open_console()
    console.print(f"{found.sentence()}\n")
    rows = [_row(row) for row in found.frame.to_dict("records")]
    print_table(console, ("", "what is read [95 %]", "expected", ""), rows, ends=range(len(rows)))
    console.print(
        f"{found.replicates} runs of {found.quarters} quarters. What each rests on, and who found it: --json."
    )
    print_end(console, command)


def _row(row: Any) -> tuple[str, str, str, str]:
    """Return a fact as a row of text."""
    from ....experiments.facts.fact import PRESENT  # loads NumPy, which --help does not need

    ruled = " (by a rule)" if row["by_rule"] and row["outcome"] == PRESENT else ""
    read = f"{row['statistic']}: {estimate({**row, 'unit': '1'}, numeral)}"
    return row["title"], read, row["expected"], f"{row['outcome']}{ruled}"
