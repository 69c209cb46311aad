"""Score forecasts from the past from the command line, and say how the model did."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ....experiments.formatting import numeral, whole_percent
from ...errors import BadInputError, FailedRunError
from ..arguments import bad_input, check_folder, quarters_to, whole
from ..command_line import as_typed, given
from ..console import NO_FORECAST, open_console, print_end, print_json, print_table
from ..options import BACKTEST, Json, Out, Replicates, Seed
from ..run_limits import Yes, approve

if TYPE_CHECKING:
    import pandas as pd

ORIGIN = "2024Q4"
OF_THE_MODEL = ("horizon", "seed", "replicates")
"""Options that mean the model's own forecast."""

HOW_TO_READ = (
    "Off by: mean error of the median, of what was observed. Skill: 1 less the CRPS over that of the naive forecast "
    "that did best in hindsight; above 0 the naive forecast is beaten."
)


def backtest(  # noqa: PLR0913 - the options of a command are its arguments
    context: typer.Context,
    *,
    origin: Annotated[
        str | None, typer.Option(metavar="QUARTER", help="The quarter from whose end is forecast.  [default: 2024Q4]")
    ] = None,
    horizon: Annotated[
        int, typer.Option(metavar="N", parser=whole("--horizon", 1, 40), help="Quarters ahead.")
    ] = BACKTEST["horizon"],
    seed: Seed = BACKTEST["seed"],
    replicates: Replicates = BACKTEST["replicates"],
    observations: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Observations of your own, a CSV with series, quarter and value, that count beside those that ship.",
        ),
    ] = None,
    score: Annotated[
        Path | None,
        typer.Option(
            metavar="FORECAST.csv",
            help="Score this forecast, with series, quarter, median and, if it has "
            "them, p5, p25, p75 and p95, instead of the model's.",
        ),
    ] = None,
    out: Out = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Say how well the model, or a forecast in a file, foretold what happened, beside naive forecasts."""
    check_folder(out)
    if score is not None:
        _refuse_with_score(context)
        scored, since = _score_given(score, origin, observations=observations)
    else:
        since = ORIGIN if origin is None else origin
        quarters_to(since, 0, "--origin")
        with bad_input():
            _approve(since, horizon, replicates, yes=yes)
        scored = _score(since, horizon, seed=seed, replicates=replicates, observations=observations)
    unsaid = {} if score is None else dict.fromkeys(OF_THE_MODEL)
    _tell(scored, since, as_typed(context, origin=since, **unsaid), out, json=json)


def _approve(origin: str, horizon: int, replicates: int, *, yes: bool) -> None:
    """Say, before anything is run, what is too much."""
    from ....experiments.calibration.bank import started
    from ....experiments.calibration.outcomes import RECORD
    from ....experiments.calibration.start_files import STARTS
    from ....experiments.runs.costs import Size

    if origin in STARTS:
        approve(started(origin), Size(replicates, horizon, record=RECORD), yes=yes)


def _score(origin: str, horizon: int, *, observations: Path | None, **options: Any) -> pd.DataFrame:
    """Return the scores of all forecasters from a quarter, or say what is wrong with what was asked."""
    from ....experiments.backtest.scores import backtest
    from ....experiments.calibration.own_observations import observations as observed

    with bad_input():
        return backtest(origin, horizon, table=observed(observations), **options)


def _score_given(forecast: Path, origin: str | None, *, observations: Path | None) -> tuple[pd.DataFrame, str]:
    """Return the scores of a forecast in a file and of naive ones, and the quarter from whose end it was made."""
    from ....experiments.backtest.given import score_forecast
    from ....experiments.calibration.own_observations import observations as observed
    from ....model.dates import quarter_date, quarter_number

    with bad_input():
        scored = score_forecast(forecast, origin, table=observed(observations))
    first = scored.iloc[0]
    return scored, quarter_date(quarter_number(first["quarter"]) - int(first["ahead"]))


def _refuse_with_score(context: typer.Context) -> None:
    """Say which option means the model's forecast, where one in a file is scored."""
    for name in OF_THE_MODEL:
        if given(context, name):
            raise BadInputError(f"--score takes the forecast as it is: leave --{name} out")


def _tell(scored: pd.DataFrame, origin: str, command: Sequence[str], out: Path | None, *, json: bool) -> None:
    """Print how the model did on each series, and write the scores if a folder is given."""
    from ....experiments.backtest.scores import summary

    table = summary(scored)
    files = [] if out is None else _written(scored, command, out)
    if json:
        content = {"summary": table.to_dict("records"), "scores": scored.to_dict("records")}
        print_json({"command": command, "origin": origin, **content, "files": files, "note": NO_FORECAST})
    else:
        _print(table, scored, origin, command, files)


def _print(
    table: pd.DataFrame, scored: pd.DataFrame, origin: str, command: Sequence[str], files: Sequence[Path]
) -> None:
    """Print it in a sentence, then series by series."""
    from ....experiments.backtest.scores import judged
    from ....experiments.backtest.words import finding
    from ....experiments.calibration.series import find_series

    console = open_console()
    console.print(f"{finding(scored, origin)}\n")
    who = judged(scored)
    heads = (
        "series",
        "quarters",
        f"{who} off by",
        "naive off by",
        "best naive",
        "skill",
        "skill at 4",
        "in 50 %",
        "in 90 %",
    )
    rows = [
        (
            find_series(row["series"]).title,
            str(row["quarters"]),
            whole_percent(row["mape"], "-"),
            whole_percent(row["naive_mape"], "-"),
            row["best_naive"] or "none",
            numeral(row["skill"]),
            numeral(row["skill_4"]),
            whole_percent(row["near"], "-"),
            whole_percent(row["wide"], "-"),
        )
        for row in table.to_dict("records")
    ]
    print_table(console, heads, rows, right=(1, 2, 3, 5, 6, 7, 8))
    console.print(HOW_TO_READ)
    if files:
        console.print(f"Written to {files[0].parent}: {', '.join(path.name for path in files)}")
    print_end(console, command)


def _written(scored: pd.DataFrame, command: Sequence[str], out: Path) -> list[Path]:
    """Write the scores with a manifest."""
    from ....experiments.runs.engines import engine_named
    from ....experiments.storage import frames

    try:
        return frames.write(
            out, {"scores": scored}, {**frames.made_with(), "engine": engine_named(None), "command": list(command)}
        )
    except frames.StoreError as error:
        raise FailedRunError(f"{error}; choose another folder for --out") from None
