"""Scores: how far forecasts were from what happened, for samples and for points alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scoringrules import crps_ensemble

from ...agents.state.arrays import Floats
from ...agents.state.shown import shown
from ...model.dates import quarter_date, quarter_name, quarter_number
from ..calibration.observations import after, known
from .forecast import POSTERIOR, QUANTILES, REPLICATES, SEED, Forecast, forecast
from .naive import History, naive_forecasts

MODEL, GIVEN = "model", "forecast"
AT = 4
"""The horizon, in quarters, at which skill is asked first."""

NEAR, WIDE = ("p25", "p75"), ("p5", "p95")


def backtest(
    origin: Any,
    horizon: int = 8,
    *,
    replicates: int = REPLICATES,
    seed: int = SEED,
    table: pd.DataFrame | None = None,
    parameters: str = POSTERIOR,
) -> pd.DataFrame:
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
        parameters: posterior, or defaults for the declared values.

    Raises:
        ValueError: there is no start at that quarter, or nothing was observed after it.

    Examples:
        >>> import aimarket
        >>> scores = aimarket.backtest("2024Q4", horizon=2, replicates=8)
        >>> scores["forecaster"].unique().tolist()
        ['model', 'no change', 'drift', 'trend', 'damped trend']
    """
    origin = quarter_name(origin)
    coming = after(origin, horizon, table)
    made = forecast(origin, horizon, replicates=replicates, seed=seed, parameters=parameters)
    coming = coming[coming["series"].isin([series.name for series in made.series])]
    if coming.empty:
        raise ValueError(f"nothing was observed in the {horizon} quarters after {origin}: a forecast, not a back-test")
    then = known(origin, late=True, table=table)
    parts = [_scored(made, str(name), rows, then[then["series"] == name]) for name, rows in coming.groupby("series")]
    return pd.concat(parts, ignore_index=True)


def summary(scored: pd.DataFrame) -> pd.DataFrame:
    """Return a row a series: how the model, or a forecast that was given, did beside the best naive forecast.

    Skill is 1 - CRPS over that of the naive forecast that did best in hindsight: above 0 it beat them. ``skill`` is
    over all quarters scored, ``skill_4`` at a horizon of four quarters, not a number where that was not observed.
    """
    who = judged(scored)
    rows = [_row(str(name), table, who) for name, table in scored.groupby("series", sort=False)]
    return pd.DataFrame(rows)


def best_naive(table: pd.DataFrame) -> tuple[str, float]:
    """Return the naive forecast of a series with the least mean CRPS, and that; none where nothing was known before."""
    means = table[~table["forecaster"].isin([MODEL, GIVEN])].groupby("forecaster")["crps"].mean()
    return (str(means.idxmin()), float(means.min())) if len(means) else ("", np.nan)


def _row(name: str, table: pd.DataFrame, who: str) -> dict[str, object]:
    """Return how a forecaster did on a series."""
    own = table[table["forecaster"] == who]
    rival, least = best_naive(table)
    crps = float(own["crps"].mean())
    at = table[table["ahead"] == AT]
    found = float(at[at["forecaster"] == who]["crps"].mean())
    return {
        "series": name,
        "quarters": len(own),
        "mape": float(own["ape"].mean()),
        "crps": crps,
        "best_naive": rival,
        "naive_crps": least,
        "naive_mape": float(table.loc[table["forecaster"] == rival, "ape"].mean()),
        "skill": 1.0 - crps / least,
        "skill_4": 1.0 - found / best_naive(at)[1],
        "near": float(own["near"].mean()),
        "wide": float(own["wide"].mean()),
    }


def judged(scored: pd.DataFrame) -> str:
    """Return whose forecast is judged: the model's, or one that was given."""
    return MODEL if (scored["forecaster"] == MODEL).any() else GIVEN


def naive_of(then: pd.DataFrame, quarters: np.ndarray) -> dict[str, Floats]:
    """Return every naive forecast of a series by name, shape (H, samples); none where nothing was known before.

    Args:
        then: what was known of the series.
        quarters: what is to be forecast, since year 0, shape (H,).
    """
    past = then.assign(number=then["quarter"].map(quarter_number)).sort_values("number")
    if past.empty:
        return {}
    return naive_forecasts(History(past["number"].to_numpy(), past["value"].to_numpy()), quarters)


@shown()
class Asked(NamedTuple):
    """What forecasters were asked of a series, and what came.

    Attributes:
        series: its name.
        quarters: since year 0, shape (H,).
        ahead: quarters after the origin, shape (H,).
        seen: what was observed, shape (H,).
    """

    series: str
    quarters: np.ndarray
    ahead: np.ndarray
    seen: Floats

    def scored(self, who: str, bands: Mapping[str, Floats], crps: Floats) -> pd.DataFrame:
        """Return the scores of one forecaster.

        Args:
            who: the forecaster.
            bands: its quantiles by name, of `QUANTILES`, shape (H,) each; there may be none but the median.
            crps: shape (H,).
        """
        seen = self.seen
        every = {key: bands.get(key, np.full(len(seen), np.nan)) for key in QUANTILES}
        return pd.DataFrame(
            {
                "series": self.series,
                "quarter": [quarter_date(int(quarter)) for quarter in self.quarters],
                "ahead": self.ahead,
                "forecaster": who,
                "observed": seen,
                **every,
                "crps": crps,
                "ape": np.abs(every["median"] / seen - 1.0),
                "near": _inside(seen, *(every[end] for end in NEAR)),
                "wide": _inside(seen, *(every[end] for end in WIDE)),
            }
        )


def _scored(made: Forecast, name: str, coming: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of all forecasters on a series, where the model has a value."""
    quarters = coming["quarter"].map(quarter_number).to_numpy()
    position = quarters - made.quarters[0]
    samples = {MODEL: made.of(name)[position]}
    there = np.isfinite(samples[MODEL]).all(1)
    samples |= naive_of(then, quarters)
    seen = coming["value"].to_numpy()[there]
    asked = Asked(name, quarters[there], quarters[there] - made.quarters[0] + 1, seen)
    parts = [asked.scored(who, bands_of(own[there]), crps_ensemble(seen, own[there])) for who, own in samples.items()]
    return pd.concat(parts, ignore_index=True).assign(unit=coming["unit"].iloc[0])


def bands_of(samples: Floats) -> dict[str, Floats]:
    """Return the quantiles of samples by name, shape (H,) each, of samples of shape (H, samples)."""
    return dict(zip(QUANTILES, np.quantile(samples, list(QUANTILES.values()), axis=1), strict=True))


def _inside(seen: Floats, low: Floats, high: Floats) -> np.ndarray:
    """Return whether bands held what was observed, shape (H,); not a number where there is no band."""
    held = (seen >= low) & (seen <= high)
    return held if np.isfinite(low + high).all() else np.where(np.isfinite(low + high), held, np.nan)
