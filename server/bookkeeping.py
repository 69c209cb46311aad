"""The books of a quarter on the command line: who owns what another owes, or who paid whom."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .again import typed
from .failures import BadInputError
from .options import RUN, Draws, Json, OneReplicate, Seed, Settings

if TYPE_CHECKING:
    import pandas as pd

    from ..model.market_model import MarketModel
    from ..model.scenario import Scenario

LONGEST = 240
"""Quarters after which a run has nothing more to tell."""

DECIMALS = 3
HEADS = ("Balance sheets at the end of", "Flows of")
MEANINGS = (
    "What one owns another owes: claims add to nothing, and net worth to plant and deposits.",
    "What one pays another gets: every row adds to nothing.",
)
"""Said of balance sheets, and of flows."""


def balance_sheet(
    scenario: Annotated[str, typer.Argument(help="A name (see aimarket scenarios) or your own .toml.")],
    *,
    quarter: Annotated[str, typer.Option(metavar="QUARTER", help="The quarter whose books are shown.")] = "2028Q2",
    flows: Annotated[bool, typer.Option("--flows", help="Show who paid whom in the quarter instead.")] = False,
    settings: Settings = None,
    draws: Draws = None,
    seed: Seed = RUN["seed"],
    replicate: OneReplicate = 0,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the table as CSV, in full digits.")] = None,
    json: Json = False,
) -> None:
    """Show the balance sheets of all sectors at the end of a quarter, or who paid whom in it."""
    from . import inputs, output

    inputs.check_place(csv, "--csv")
    given = inputs.settings(settings or [])
    case = inputs.case(scenario, given)
    model = _run(case, inputs.drawn(draws, given, [replicate]), seed, replicate, quarter)
    from ..model import books

    table = books.flow_matrix(model) if flows else books.balance_sheet(model)
    words = ["aimarket", "balance-sheet", scenario, "--quarter", quarter, *(["--flows"] if flows else [])]
    words += typed(settings, draws, seed=seed, replicate=replicate)
    if csv is not None:
        table.to_csv(csv)
    if json:
        rows = table.reset_index().to_dict("records")
        content = {"command": words, "quarter": quarter, "unit": "USD bn", "labels": table.attrs["labels"],
                   "rows": rows, "note": output.NO_FORECAST}  # fmt: skip
        output.print_json(content)
        return
    console = output.open_console()
    console.print(f"{case.name}: {case.title}\n\n{HEADS[flows]} {quarter}, USD bn")
    _print(table)
    console.print(MEANINGS[flows])
    if csv is not None:
        console.print(f"Written: {csv}")
    output.print_end(console, words)


def _run(case: Scenario, values: dict[str, object], seed: int, replicate: int, quarter: str) -> MarketModel:
    """Run one replicate to the end of a quarter, keeping no history."""
    from ..model.dates import quarter_date, quarter_number
    from ..model.market_model import MarketModel
    from .inputs import bad_input

    try:
        wanted = quarter_number(quarter)
    except ValueError as error:
        raise BadInputError(f"--quarter: {error}") from None
    with bad_input():
        model = MarketModel(case, rng=seed, replicate=[replicate], parameters=values, record=())
    first, last = model.first, model.first + LONGEST - 1
    if not first <= wanted <= last:
        span = f"{quarter_date(first)} to {quarter_date(last)}"
        raise BadInputError(f"--quarter {quarter}: {case.name} can be run for the quarters {span}")
    while model.now <= wanted:
        model.step()
    return model


def _print(table: pd.DataFrame) -> None:
    """Print a matrix with the labels of its rows and columns; rows in which nothing stands are left out."""
    from .output import booked, open_console, print_table

    labels, shown = table.attrs["labels"], table[(table.abs() > 0.0).any(axis=1)]
    groups = [table.attrs["groups"].get(row, "") for row in shown.index]
    rows = [
        (labels[row], *(booked(float(value), DECIMALS) for value in amounts))
        for row, amounts in zip(shown.index, shown.to_numpy(), strict=True)
    ]
    heads = ("", *(labels[name] for name in shown.columns))
    ends = [place for place, (group, after) in enumerate(pairwise(groups)) if group != after]
    print_table(open_console(), heads, rows, right=range(1, len(heads)), ends=ends)
