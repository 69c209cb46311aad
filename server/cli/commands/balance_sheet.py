"""The books of a quarter on the command line: who owns what another owes, or who paid whom."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..command_line import as_typed
from ..options import RUN, Draws, Json, OneReplicate, ScenarioName, Seed, Settings
from ..progress_bar import ProgressBar
from ..run_limits import Yes, approve

if TYPE_CHECKING:
    import pandas as pd

    from ....model.market_model import MarketModel

HEADS = ("Balance sheets at the end of", "Flows of")
MEANINGS = (
    "What one owns another owes: claims add to nothing, and net worth to plant and deposits.",
    "What one pays another gets: every row adds to nothing.",
)
"""Said of balance sheets, and of flows."""


def balance_sheet(  # noqa: PLR0913 - the options of a command are its arguments
    context: typer.Context,
    scenario: ScenarioName,
    *,
    quarter: Annotated[str, typer.Option(metavar="QUARTER", help="The quarter whose books are shown.")] = "2028Q2",
    flows: Annotated[bool, typer.Option("--flows", help="Show who paid whom in the quarter instead.")] = False,
    settings: Settings = None,
    draws: Draws = None,
    seed: Seed = RUN["seed"],
    replicate: OneReplicate = 0,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the table as CSV, in full digits.")] = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Show the balance sheets of all sectors at the end of a quarter, or who paid whom in it."""
    from ....experiments.runs.costs import Size
    from ....experiments.storage.atomic_files import write_whole
    from ....model.market_model import MarketModel
    from .. import arguments
    from .. import console as output

    csv = arguments.check_place(csv, "--csv")
    given = arguments.settings(settings or [])
    case = arguments.case(scenario, given)
    with arguments.bad_input():
        values = arguments.sampled(draws, given, [replicate])
        model = MarketModel(case, rng=seed, replicate=[replicate], parameters=values, record=())
    length = arguments.quarters_to(quarter, model.first)
    approve(case, Size(1, length, record=()), yes=yes)
    advance(model, length)
    from ....model.accounting import sector_books

    table = sector_books.flow_matrix(model) if flows else sector_books.balance_sheet(model)
    words = as_typed(context)
    if csv is not None:
        write_whole(csv, table.to_csv().encode())
    if json:
        output.print_json(_content(table, quarter, words))
        return
    console = output.open_console()
    console.print(f"{case.name}: {case.title}\n\n{HEADS[flows]} {quarter}, USD bn")
    _print(table)
    console.print(MEANINGS[flows])
    if csv is not None:
        console.print(f"Written: {csv}")
    output.print_end(console, words)


def advance(model: MarketModel, quarters: int) -> None:
    """Step a model until it is that many quarters long, and show on a terminal how far it is."""
    with ProgressBar(unit="quarters") as bar:
        while model.quarter < quarters:
            model.step()
            bar(1, quarters)


def _content(table: pd.DataFrame, quarter: str, words: Sequence[str]) -> dict[str, Any]:
    """Return the books as `--json` prints them."""
    from ..console import NO_FORECAST

    return {
        "command": words,
        "quarter": quarter,
        "unit": "USD bn",
        "labels": table.attrs["labels"],
        "rows": table.reset_index().to_dict("records"),
        "note": NO_FORECAST,
    }


def _print(table: pd.DataFrame) -> None:
    """Print a matrix with the labels of its rows and columns; rows in which nothing stands are left out."""
    from ....experiments.formatting import booked
    from ..console import open_console, print_table

    labels, shown = table.attrs["labels"], table[(table.abs() > 0.0).any(axis=1)]
    groups = [table.attrs["groups"].get(row, "") for row in shown.index]
    rows = [
        (labels[row], *(booked(float(value)) for value in amounts))
        for row, amounts in zip(shown.index, shown.to_numpy(), strict=True)
    ]
    heads = ("", *(labels[name] for name in shown.columns))
    ends = [place for place, (group, after) in enumerate(pairwise(groups)) if group != after]
    print_table(open_console(), heads, rows, right=range(1, len(heads)), ends=ends)
