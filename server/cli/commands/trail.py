"""Follow the money of a scenario's deals from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...errors import BadInputError
from ..command_line import as_typed, given
from ..options import RUN, Draws, Json, OneReplicate, Quarters, ScenarioName, Seed, Settings
from ..run_limits import Yes, approve
from .balance_sheet import advance

if TYPE_CHECKING:
    import pandas as pd


SIDES = {
    "uses": "What the money is used for",
    "claims": "What the funders can claim",
    "income": "What they earned beside",
}
RECORD = ("money_trail",)
SHOWN = ("deal", "tranche", "place")


def trail(  # noqa: PLR0913 - the options of a command are its arguments
    context: typer.Context,
    scenario: ScenarioName,
    *,
    quarter: Annotated[
        str | None, typer.Option(metavar="QUARTER", help="Show this quarter, as in 2028Q2.  [default: four of them]")
    ] = None,
    settings: Settings = None,
    draws: Draws = None,
    seed: Seed = RUN["seed"],
    replicate: OneReplicate = 0,
    quarters: Quarters = RUN["quarters"],
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write every quarter's amounts as CSV.")] = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Say where every dollar of a scenario's deals stands, quarter by quarter: by use, and by claim."""
    from ....experiments.runs.costs import Size
    from ....experiments.storage.atomic_files import write_whole
    from ....model.market_model import MarketModel
    from .. import arguments
    from .. import console as output

    csv = arguments.check_place(csv, "--csv")
    set_values = arguments.settings(settings or [])
    case = arguments.case(scenario, set_values)
    if not case.deals:
        raise BadInputError(f"{scenario} has no deal whose money could be followed; try deal_35bn or deal_reported")
    with arguments.bad_input():
        values = arguments.sampled(draws, set_values, [replicate])
        model = MarketModel(case, rng=seed, replicate=[replicate], parameters=values, record=RECORD)
    length = _length(model.first, quarter, quarters, given=given(context, "quarters"))
    approve(case, Size(1, length, record=RECORD), yes=yes)
    advance(model, length)
    frame = model.history.to_frame("money_trail").drop(columns="replicate")
    shown = _shown(frame, quarter)
    words = as_typed(context, quarters=length)
    if csv is not None:
        write_whole(csv, frame.to_csv(index=False).encode())
    if json:
        content = {"command": words, "unit": "USD bn", "trail": shown.to_dict("records"), "note": output.NO_FORECAST}
        output.print_json(content)
        return
    _print(shown, case.title, words, csv)


def _length(first: int, quarter: str | None, quarters: int, *, given: bool) -> int:
    """Return how many quarters to run: to the quarter that is shown, where nothing is said of the run's length."""
    from ..arguments import quarters_to

    needed = 1 if quarter is None else quarters_to(quarter, first)
    if given and needed > quarters:
        raise BadInputError(
            f"--quarter {quarter} lies after a run of --quarters {quarters}: give {needed}, or leave --quarters out"
        )
    return max(needed, quarters)


def _shown(frame: pd.DataFrame, quarter: str | None) -> pd.DataFrame:
    """Return the quarters to show: the one asked for, or four from the first to the last."""
    dates = list(dict.fromkeys(frame["quarter"]))
    wanted = {quarter} if quarter else {dates[round(place * (len(dates) - 1) / 3)] for place in range(4)}
    return frame[frame["quarter"].isin(wanted)]


def _print(shown: pd.DataFrame, title: str, words: list[str], csv: Path | None) -> None:
    """Print a table a side; the last row of the two partitions shows that they hold all of the money."""
    from ..console import open_console, print_end, print_table

    console = open_console()
    console.print(f"{title}\n")
    dates = list(dict.fromkeys(shown["quarter"]))
    for side, heading in SIDES.items():
        mine = shown[shown["side"] == side]
        table = mine.pivot_table(index=list(SHOWN), columns="quarter", values="amount", aggfunc="sum", sort=False)
        table = table[dates].fillna(0.0)
        table = table[(table.abs() > 0.0).any(axis=1)]
        flat, count = table.reset_index().to_numpy(), len(SHOWN)
        rows = [(*map(str, row[:count]), *map(_amount, row[count:])) for row in flat]
        if side != "income":
            rows.append(("all", "", "", *map(_amount, table.to_numpy().sum(0))))
        heads = heading, "tranche", "USD bn", *dates
        print_table(console, heads, rows, right=range(len(SHOWN), len(heads)))
    if csv is not None:
        console.print(f"Written: {csv}")
    print_end(console, words)


def _amount(value: float) -> str:
    """Return an amount with three digits, a million dollars."""
    return f"{value:,.3f}"
