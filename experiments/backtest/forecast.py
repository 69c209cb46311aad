"""Forecasts from a quarter: what the model would have, with everything uncertain that is, for every series."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from ...agents.state.arrays import Floats
from ...agents.state.shown import shown
from ...model.dates import quarter_date, quarter_number
from ..calibration.bank import started
from ..calibration.errors import disturbed, drifts_of
from ..calibration.outcomes import RECORD, outcome, runs_of
from ..calibration.prior import prior
from ..calibration.series import ObservedSeries, declared_series
from ..calibration.start_files import STARTS
from ..designs.design import make_design
from ..runs.costs import Size, check_memory
from ..runs.ensemble import run_ensemble
from ..runs.losses import warn_of
from ..runs.posterior import CUTOFFS, sampled, sampled_drifts

LATEST = "2025Q4"
"""The start of the forecast that is dated and kept."""

HORIZON = 8
"""Quarters of the forecasts that ship."""

REPLICATES = 800
"""Runs of a forecast: each member of a posterior sample twice, with different random numbers."""

SEED = 7
POSTERIOR, DEFAULTS = "posterior", "defaults"
"""What is taken of parameters: what was known of them, or what is declared."""

QUANTILES = {"p5": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}


@shown()
class Forecast(NamedTuple):
    """What the model says of the quarters after an origin.

    Attributes:
        origin: the quarter from whose end it starts.
        quarters: the quarters forecast, since year 0, shape (T,).
        series: which series.
        samples: what each would be, shape (series, T, R); not a number where a year is not over.
    """

    origin: str
    quarters: np.ndarray
    series: tuple[ObservedSeries, ...]
    samples: Floats

    def of(self, name: str) -> Floats:
        """Return the samples of a series, shape (T, R)."""
        return self.samples[[series.name for series in self.series].index(name)]

    def table(self) -> pd.DataFrame:
        """Return bands: a row a series and quarter, with its quantiles and unit."""
        bands = np.quantile(self.samples, list(QUANTILES.values()), axis=-1)
        rows = [
            {"series": series.name, "quarter": quarter_date(int(quarter)), "unit": series.unit}
            | dict(zip(QUANTILES, bands[:, position, step], strict=True))
            for position, series in enumerate(self.series)
            for step, quarter in enumerate(self.quarters)
            if series.every != "year" or quarter % 4 == 3
        ]
        return pd.DataFrame(rows).dropna(ignore_index=True)


def forecast(
    origin: str, horizon: int, *, replicates: int = REPLICATES, seed: int = SEED, parameters: str = POSTERIOR
) -> Forecast:
    """Return the model's forecast from the end of a quarter, of what would be observed.

    Parameters are sampled from the posterior with that cut-off, or from their declared ranges where there is none;
    chance differs from run to run; and the errors between series and model are added.

    Args:
        origin: the quarter from whose end it starts, one of the starts.
        horizon: how many quarters.
        replicates: how many runs.
        seed: the seed of chance, of samples from the ranges, and of errors.
        parameters: posterior, or defaults for the declared values and errors that know nothing of the data.

    Raises:
        ValueError: there is no start at that quarter.
    """
    if origin not in STARTS:
        raise ValueError(f"there is no start at the end of {origin!r}; there is {', '.join(STARTS)}")
    check_memory(started(origin), Size(replicates, horizon, record=RECORD))
    known = parameters == POSTERIOR
    points = parameters_at(origin, replicates, seed) if known else None
    ensemble = run_ensemble(started(origin), replicates, horizon, seed, points, record=RECORD)
    warn_of(ensemble.loss)
    series = tuple(declared_series().values())
    runs = runs_of(ensemble)
    paths = np.stack([outcome(runs, item) for item in series])
    sound = np.setdiff1d(np.arange(replicates), ensemble.failures.index)
    first = quarter_number(origin) + 1
    drifts = sampled_drifts(range(replicates), origin) if known and origin in CUTOFFS else drifts_of(replicates, seed)
    seen = disturbed(paths, series, drifts, seed)[..., sound]
    return Forecast(origin, first + np.arange(horizon), series, seen)


def parameters_at(origin: str, replicates: int, seed: int = SEED) -> pd.DataFrame:
    """Return what was known of parameters at a quarter, a sample a replicate.

    Before the first start nothing can be estimated, so that the declared ranges are all that is known.
    """
    if origin in CUTOFFS:
        return sampled(range(replicates), origin)
    return make_design("latin_hypercube", prior(), size=replicates, seed=seed).points.reset_index(drop=True)
