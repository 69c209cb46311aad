"""Forecasts that others published at the time beside the model's of the same, and the scores of both where they are in.

``python -m aimarket.experiments.backtest.external model/data/backtest`` writes published.csv there, in half a minute;
`record` writes it with everything else. A forecast of a day is set beside the model's from the last start before that
day, which knows no more than was known then; and beside that of the latest start, which was made later and knows more.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scoringrules import crps_ensemble

from ...agents.state.arrays import Floats
from ...model.dates import quarter_date, quarter_number
from ...model.inputs.paths import located
from ..calibration.observations import end_of, forecast_day, known, observed
from ..calibration.start_files import STARTS
from ..storage.atomic_files import write_whole
from .forecast import HORIZON, LATEST, Forecast, forecast
from .published import ABOVE, BELOW, Counterpart, counterparts, published

FILE = "published.csv"
BANDS = {"median": 0.5, "p5": 0.05, "p95": 0.95}
FACTS = ("date", "target", "entity", "metric", "kind", "value", "unit", "source", "certainty", "note")
Maker = Callable[[str, int], Forecast]


def published_forecasts() -> pd.DataFrame:
    """Return forecasts that others published by the end of 2025 beside the model's of the same, a row a forecast.

    Read from a table that ships. The columns are those of the forecast (date, target, entity, metric, kind, value,
    unit, source, certainty, note); series, which the model has for it, and differs or none, what the two do not have in
    common or why there is none; start, the last start of the model before that day, more_known, how many quarters after
    it were over on the day, and median, p5 and p95 of the forecast from there; later_median, later_p5 and later_p95 of
    that from 2025Q4, for what was not over then; observed; and where both can be scored ape, crps, model_ape,
    model_crps and inside, whether the model's 90 % band held it, or else unscored, why not.

    Examples:
        >>> import aimarket
        >>> told = aimarket.published_forecasts()
        >>> told.query("metric == 'run-rate of Anthropic' and unscored == ''")[["value", "observed"]].values.tolist()
        [[9.0, 9.0]]
    """
    with as_file(files("aimarket.model").joinpath("data", "backtest", FILE)) as path:
        table = pd.read_csv(path, parse_dates=["date"], dtype={"target": "str", "inside": "boolean"})
    texts = table.select_dtypes(include=["object", "string"]).columns
    return table.fillna(dict.fromkeys(texts, ""))


def beside_the_model(make: Maker, forecasts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return published forecasts beside the model's, with the columns of `published_forecasts`.

    Args:
        make: makes the model's forecast from a start over some quarters.
        forecasts: as `published.checked` returns them; those that ship if not given.
    """
    table = published() if forecasts is None else forecasts
    rows = [{**{key: row[key] for key in FACTS}, **_beside(row, make)} for row in table.to_dict("records")]
    return pd.DataFrame(rows)


def start_before(day: pd.Timestamp) -> str | None:
    """Return the last start whose forecast was made by a day, none before the first."""
    return max((origin for origin in STARTS if forecast_day(origin) <= day), default=None)


def _beside(row: Mapping[Any, Any], make: Maker) -> dict[str, Any]:
    """Return what the model and the data have for a forecast."""
    own, start = counterparts()[row["metric"]], start_before(row["date"])
    quarters = np.arange(row["first"], row["last"] + 1)
    found: dict[str, Any] = {"series": " ".join(own.series), "differs": own.differs, "none": own.none, "start": start}
    if not own.series:
        return {**found, "unscored": "no counterpart"}
    samples = None if start is None else samples_of(own, quarters, start, make)
    found |= {"more_known": _more_known(start, row["date"]), **_bands(samples)}
    if start != LATEST and row["last"] > quarter_number(LATEST):
        later = _bands(samples_of(own, quarters, LATEST, make))
        found |= {f"later_{key}": value for key, value in later.items()}
    return found | _scores(row, own, quarters, samples)


def samples_of(own: Counterpart, quarters: np.ndarray, start: str, make: Maker) -> Floats:
    """Return what the model forecasts of a target, shape (R,): what was over at the start is as it was known then.

    Args:
        own: what the model has for it.
        quarters: those of the target, since year 0.
        start: the quarter from whose end is forecast.
        make: makes the model's forecast.
    """
    made = make(start, max(HORIZON, int(quarters[-1]) - quarter_number(start)))
    places = quarters - made.quarters[0]
    seen = known(start, late=True)
    paths = []
    for name in own.series:
        path = made.of(name)
        over = np.repeat(_values(seen, name, quarters[places < 0])[:, None], path.shape[1], 1)
        paths.append(np.concatenate([over, path[places[places >= 0]]]))
    return own.of(paths)


def observed_of(own: Counterpart, quarters: np.ndarray) -> float:
    """Return what was observed of a target, not a number where a quarter or a series is missing."""
    return float(own.of([_values(observed(), name, quarters)[:, None] for name in own.series])[0])


def _values(seen: pd.DataFrame, name: str, quarters: np.ndarray) -> Floats:
    """Return what was observed of a series in some quarters, not a number where nothing was, shape (T,)."""
    own = seen[seen["series"] == name].set_index("quarter")["value"]
    return own.reindex([quarter_date(int(quarter)) for quarter in quarters]).to_numpy(dtype=np.float64)


def _bands(samples: Floats | None) -> dict[str, float]:
    """Return median and ends of the 90 % band."""
    if samples is None:
        return dict.fromkeys(BANDS, np.nan)
    return dict(zip(BANDS, np.quantile(samples, list(BANDS.values())).tolist(), strict=True))


def _more_known(start: str | None, day: pd.Timestamp) -> float:
    """Return how many quarters after a start were over on a day."""
    if start is None:
        return np.nan
    first = quarter_number(start) + 1
    return float(sum(end_of(quarter_date(first + ahead)) <= day for ahead in range(HORIZON)))


def _scores(
    row: Mapping[Any, Any], own: Counterpart, quarters: np.ndarray, samples: Floats | None
) -> dict[str, float | str | bool]:
    """Return what was observed and how both did, by one rule, or why they are not scored."""
    seen = observed_of(own, quarters)
    why = _unscored(row, own, seen)
    if why or samples is None:
        return {"observed": seen, "unscored": why or "no start before"}
    return {
        "observed": seen,
        "ape": abs(row["value"] / seen - 1.0),
        "crps": abs(row["value"] - seen),
        "model_ape": float(abs(np.median(samples) / seen - 1.0)),
        "model_crps": float(crps_ensemble(seen, samples)),
        "inside": bool(np.quantile(samples, BANDS["p5"]) <= seen <= np.quantile(samples, BANDS["p95"])),
        "unscored": "",
    }


def _unscored(row: Mapping[Any, Any], own: Counterpart, seen: float) -> str:
    """Return why a forecast that has a counterpart is not scored, nothing where it is."""
    if row["last"] > quarter_number(LATEST):
        return "not over"
    if np.isnan(seen):
        return "not observed in full"
    if row["kind"] in (ABOVE, BELOW):
        return "a bound, and no point"
    return "what was observed is this forecast" if _is_what_was_observed(row, own) else ""


def _is_what_was_observed(row: Mapping[Any, Any], own: Counterpart) -> bool:
    """Return whether the source of a forecast is that of what was observed, too."""
    table = observed()
    at = table[table["series"].isin(own.series) & (table["quarter"] == quarter_date(row["last"]))]
    return any(set(row["source"].split("; ")) & set(str(source).split("; ")) for source in at["source"])


def text_of(table: pd.DataFrame) -> str:
    """Return the table as the CSV that ships."""
    return table.to_csv(index=False, float_format="%.6g", lineterminator="\n", date_format="%Y-%m-%d")


def scored_of(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are scored."""
    return table[table["unscored"] == ""]


def told_of(table: pd.DataFrame) -> str:
    """Return in sentences how published forecasts and the model's did."""
    return " ".join(_sentences(table))


def _sentences(table: pd.DataFrame) -> Iterator[str]:
    """Yield the sentences of `told_of`."""
    with_one, scored = table[table["none"] == ""], scored_of(table)
    targets = len(scored.drop_duplicates(["metric", "target"]))
    yield (
        f"Of {len(table)} published forecasts the model has a counterpart for {len(with_one)}; {len(scored)} of them, "
        f"for {targets} targets, can be scored."
    )
    if scored.empty:
        return
    nearer = int((scored["model_ape"] < scored["ape"]).sum())
    lower = int((scored["model_crps"] < scored["crps"]).sum())
    held = int(scored["inside"].astype(bool).sum())
    least, most = (f"{scored['more_known'].agg(end):.0f}" for end in ("min", "max"))
    yield (
        f"The model's median was nearer in {nearer} of {len(scored)}, its CRPS lower in {lower}, and its 90 % band "
        f"held what was observed in {held}. On the days of the others' forecasts, {least} to {most} quarters of what "
        "the model had to forecast were over. Forecasts this few, of targets of one year, rank nobody."
    )


def write(folder: Path, make: Maker) -> None:
    """Write published forecasts beside the model's into a folder."""
    write_whole(folder / FILE, text_of(beside_the_model(make)).encode())


if __name__ == "__main__":
    write(Path(located(sys.argv[1])), cache(forecast))
