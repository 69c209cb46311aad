"""Score forecasts from the past from the command line, and tell how the model did."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .failures import BadInputError
from .inputs import bad_input
from .output import NO_FORECAST, figure, open_console, print_end, print_json, print_table

if TYPE_CHECKING:
    import pandas as pd

PERCENT = 100.0
HOW_TO_READ = (
    "Off by: mean error of the median, of what was observed. Skill: 1 less the CRPS over that of the naive forecast "
    "that did best in hindsight; above 0 the model won."
)


def score(origin: str, horizon: int, **options: Any) -> pd.DataFrame:
    """Return the scores of all forecasters from a quarter, or say what is wrong with what was asked."""
    from ..experiments.backtest.scores import backtest

    with bad_input():
        return backtest(origin, horizon, **options)


def tell(scored: pd.DataFrame, origin: str, command: Sequence[str], out: Path | None, *, json: bool) -> None:
    """Print how the model did on each series, and write the scores if a folder is given."""
    from ..experiments.backtest.scores import summary

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
    from ..experiments.backtest.words import finding
    from ..experiments.calibration.series import find_series

    console = open_console()
    console.print(f"{finding(scored, origin)}\n")
    heads = ("series", "quarters", "model off by", "naive off by", "best naive", "skill", "skill at 4", "in 50 %",
             "in 90 %")  # fmt: skip
    rows = [
        (find_series(row["series"]).title, str(row["quarters"]), _percent(row["mape"]), _percent(row["naive_mape"]),
         row["best_naive"] or "none", figure(row["skill"]), figure(row["skill_4"]),
         _percent(row["near"]), _percent(row["wide"]))
        for row in table.to_dict("records")
    ]  # fmt: skip
    print_table(console, heads, rows, right=(1, 2, 3, 5, 6, 7, 8))
    console.print(HOW_TO_READ)
    if files:
        console.print(f"Written to {files[0].parent}: {', '.join(path.name for path in files)}")
    print_end(console, command)


def _percent(part: float) -> str:
    """Return a part of one in percent."""
    return "-" if part != part else f"{PERCENT * part:.0f} %"


def _written(scored: pd.DataFrame, command: Sequence[str], out: Path) -> list[Path]:
    """Write the scores with a manifest."""
    from ..experiments import store

    try:
        return store.write(out, {"scores": scored}, {**store.made_with(), "command": list(command)})
    except store.StoreError as error:
        raise BadInputError(f"{error}; choose another folder for --out") from None
