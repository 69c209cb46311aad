"""Scores: how far forecasts were from what happened, for samples and for points alike."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from scoringrules import crps_ensemble

from ...agents.state.arrays import Floats
from ...model.dates import quarter_date, quarter_number
from ..calibration.observations import after, known
from .forecast import QUANTILES, REPLICATES, SEED, Forecast, forecast
from .naive import History, naive_forecasts

MODEL = "model"
AT = 4
"""The horizon, in quarters, at which skill is asked first."""

NEAR, WIDE = ("p25", "p75"), ("p5", "p95")


def backtest(
    origin: str, horizon: int = 8, *, replicates: int = REPLICATES, seed: int = SEED,
    table: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return how the model and naive forecasts would have done: a row a series, quarter and forecaster.

    The columns are series, quarter, ahead (quarters after the origin), forecaster, observed, unit, the quantiles, crps
    (in the series' unit), ape (of the median, of what was observed), and near and wide, whether the 50 and 90 percent
    bands held it.

    Args:
        origin: the quarter from whose end is forecast.
        horizon: how many quarters.
        replicates: how many runs.
        seed: the seed.
        table: the observations; those that ship if not given.

    Raises:
        ValueError: there is no start at that quarter, or nothing was observed after it.
    """
    coming = after(origin, horizon, table)
    made = forecast(origin, horizon, replicates=replicates, seed=seed)
    coming = coming[coming["series"].isin([series.name for series in made.series])]
    if coming.empty:
        raise ValueError(f"nothing was observed in the {horizon} quarters after {origin}: a forecast, not a back-test")
    then = known(origin, late=True, table=table)
    parts = [_scored(made, str(name), rows, then[then["series"] == name]) for name, rows in coming.groupby("series")]
    return pd.concat(parts, ignore_index=True)


def summary(scored: pd.DataFrame) -> pd.DataFrame:
    """Return a row a series: how the model did, and its skill against the best naive forecast.

    Skill is 1 - CRPS over that of the naive forecast that did best in hindsight: above 0 the model won. ``skill`` is
    over all quarters scored, ``skill_4`` at a horizon of four quarters, not a number where that was not observed.
    """
    rows = [_row(str(name), table) for name, table in scored.groupby("series", sort=False)]
    return pd.DataFrame(rows)


def best_naive(table: pd.DataFrame) -> tuple[str, float]:
    """Return the naive forecast of a series with the least mean CRPS, and that; none where nothing was known before."""
    means = table[table["forecaster"] != MODEL].groupby("forecaster")["crps"].mean()
    return (str(means.idxmin()), float(means.min())) if len(means) else ("", np.nan)


def _row(name: str, table: pd.DataFrame) -> dict[str, object]:
    """Return how the model did on a series."""
    own = table[table["forecaster"] == MODEL]
    rival, least = best_naive(table)
    crps = float(own["crps"].mean())
    at = table[table["ahead"] == AT]
    found = float(at[at["forecaster"] == MODEL]["crps"].mean())
    return {
        "series": name, "quarters": len(own), "mape": float(own["ape"].mean()), "crps": crps, "best_naive": rival,
        "naive_crps": least, "naive_mape": float(table.loc[table["forecaster"] == rival, "ape"].mean()),
        "skill": 1.0 - crps / least, "skill_4": 1.0 - found / best_naive(at)[1],
        "near": float(own["near"].mean()), "wide": float(own["wide"].mean()),
    }  # fmt: skip


def _scored(made: Forecast, name: str, coming: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of all forecasters on a series, where the model has a value."""
    quarters = coming["quarter"].map(quarter_number).to_numpy()
    place = quarters - made.quarters[0]
    samples = {MODEL: made.of(name)[place]}
    there = np.isfinite(samples[MODEL]).all(1)
    past = then.assign(number=then["quarter"].map(quarter_number)).sort_values("number")
    if len(past):
        samples |= naive_forecasts(History(past["number"].to_numpy(), past["value"].to_numpy()), quarters)
    seen = coming["value"].to_numpy()
    told = partial(_table, name, quarters[there], quarters[there] - made.quarters[0] + 1, seen[there])
    unit = coming["unit"].iloc[0]
    return pd.concat([told(who, own[there]) for who, own in samples.items()], ignore_index=True).assign(unit=unit)


def _table(name: str, quarters: np.ndarray, ahead: np.ndarray, seen: Floats, who: str, samples: Floats) -> pd.DataFrame:
    """Return the scores of one forecaster on a series.

    Args:
        name: the series.
        quarters: since year 0, shape (H,).
        ahead: quarters after the origin, shape (H,).
        seen: what was observed, shape (H,).
        who: the forecaster.
        samples: what it said, shape (H, draws).
    """
    bands: Mapping[str, Floats] = dict(
        zip(QUANTILES, np.quantile(samples, list(QUANTILES.values()), axis=1), strict=True)
    )
    return pd.DataFrame({
        "series": name, "quarter": [quarter_date(int(quarter)) for quarter in quarters], "ahead": ahead,
        "forecaster": who, "observed": seen, **bands,
        "crps": crps_ensemble(seen, samples), "ape": np.abs(bands["median"] / seen - 1.0),
        "near": _inside(seen, bands[NEAR[0]], bands[NEAR[1]]), "wide": _inside(seen, bands[WIDE[0]], bands[WIDE[1]]),
    })  # fmt: skip


def _inside(seen: Floats, low: Floats, high: Floats) -> np.ndarray:
    """Return whether bands held what was observed, shape (H,)."""
    return (seen >= low) & (seen <= high)
