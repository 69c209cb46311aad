"""Forecasts that somebody else made, or that were made long ago, scored as the model's own are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scoringrules import crps_quantile

from ...agents.state.arrays import Floats
from ...model.dates import quarter_date, quarter_number
from ...model.inputs.paths import AnyPath
from ..calibration.observations import known, observed
from ..calibration.own_observations import read_table
from ..calibration.series import ObservationError
from .forecast import QUANTILES
from .scores import GIVEN, Asked, bands_of, naive_of

MEDIAN = "median"


def score_forecast(
    forecast: AnyPath | pd.DataFrame, origin: str | None = None, *, table: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return how a forecast and naive ones did: a row a series, quarter and forecaster, as `backtest` returns them.

    The forecaster is called ``forecast``. All forecasters are judged by the quantiles that it gives, of 5, 25, 50, 75
    and 95 %: the CRPS is twice the mean pinball loss over them (Gneiting and Ranjan 2011), which is the absolute error
    of a forecast that is a median alone.

    Args:
        forecast: a CSV file or a data frame with a row a series and quarter and the columns series, quarter and median,
            if it has them p5, p25, p75 and p95, and unit.
        origin: the quarter from whose end it was made; the one before its first if not given.
        table: the observations, as `observations` returns them; those that ship if not given.

    Raises:
        ValueError: the forecast cannot be read, or nothing was observed of what it says.

    Examples:
        >>> import aimarket, pandas as pd
        >>> own = {"series": "nvidia_data_center", "quarter": ["2025Q1", "2025Q2"], "median": [38, 42]}
        >>> scores = aimarket.score_forecast(pd.DataFrame(own))
        >>> scores.query("forecaster == 'forecast'")["crps"].round(2).tolist()
        [1.1, 0.9]
    """
    made, where = _read(forecast)
    first = min(map(quarter_number, made["quarter"]))
    since = quarter_date(first - 1) if origin is None else quarter_date(quarter_number(origin))
    if quarter_number(since) >= first:
        raise ValueError(f"{where} forecasts {quarter_date(first)}, which was over at the end of {since}")
    seen = observed() if table is None else table
    both = made.merge(seen[["series", "quarter", "value", "unit"]], on=["series", "quarter"])
    if both.empty:
        raise ValueError(
            f"nothing was observed yet of what {where} forecasts: give what was, with --observations FILE or "
            "table=aimarket.observations(FILE)"
        )
    then = known(since, late=True, table=table)
    given = [name for name in QUANTILES if name in made]
    parts = [
        _scored(str(name), rows, given, then[then["series"] == name], since) for name, rows in both.groupby("series")
    ]
    return pd.concat(parts, ignore_index=True)


def _read(forecast: AnyPath | pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return a forecast with its quantiles as numbers, or say which row is wrong."""
    table, where = read_table(forecast, ("series", "quarter", "unit", *QUANTILES))
    if MEDIAN not in table:
        raise ObservationError(f"{where} has no column {MEDIAN!r}: there is {', '.join(map(str, table))}")
    given = [name for name in QUANTILES if name in table]
    numbers = table[given].apply(pd.to_numeric, errors="coerce")
    values = numbers.to_numpy(dtype=np.float64)
    _refuse(~(np.isfinite(values) & (values > 0.0)).all(1), f"{' and '.join(given)} have to be positive numbers", where)
    _refuse((np.diff(values, axis=1) < 0.0).any(1), f"{' <= '.join(given)} does not hold", where)
    _refuse(table.duplicated(["series", "quarter"]).to_numpy(), "the series has that quarter twice", where)
    return table[["series", "quarter"]].assign(**{name: numbers[name] for name in given}), where


def _refuse(wrong: np.ndarray, what: str, where: str) -> None:
    """Say which row is wrong."""
    if wrong.any():
        raise ObservationError(f"{where}, row {int(wrong.argmax()) + 1}: {what}")


def _scored(name: str, rows: pd.DataFrame, given: list[str], then: pd.DataFrame, since: str) -> pd.DataFrame:
    """Return the scores of a forecast and of naive ones on a series, all from the same quantiles."""
    rows = rows.sort_values("quarter")
    quarters = rows["quarter"].map(quarter_number).to_numpy()
    seen = rows["value"].to_numpy()
    bands = {GIVEN: {key: rows[key].to_numpy(dtype=np.float64) for key in given}}
    bands |= {who: bands_of(samples) for who, samples in naive_of(then, quarters).items()}
    asked = Asked(name, quarters, quarters - quarter_number(since), seen)
    parts = [asked.scored(who, own, _crps(seen, {key: own[key] for key in given})) for who, own in bands.items()]
    return pd.concat(parts, ignore_index=True).assign(unit=rows["unit"].iloc[0])


def _crps(seen: Floats, bands: Mapping[str, Floats]) -> Floats:
    """Return the CRPS of a forecast that is some quantiles, shape (H,)."""
    return crps_quantile(seen, np.stack(list(bands.values()), axis=1), np.array([QUANTILES[key] for key in bands]))
