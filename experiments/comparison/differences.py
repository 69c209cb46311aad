"""Paired differences between a scenario and its twin, by quarter and quantity."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ...model.dates import quarter_dates
from ..claims.evidence import of_lab
from ..claims.treatments import Subject
from ..runs.ensemble import Ensemble
from ..statistics import mean_intervals, same_sign

COMPARED = ("powered_compute", "revenue_share", "market_share", "revenue", "capex", "capability", "markup", "gap")
"""What differences show of the recipient."""


def differences(ensembles: Mapping[str, Ensemble], subject: Subject | None) -> pd.DataFrame:
    """Return the paired differences of every quantity in every quarter."""
    dates = quarter_dates(ensembles["treated"].records["indicators"].quarters)
    parts = []
    for name, (treated, control, unit) in quantities(ensembles, subject).items():
        difference = treated - control
        known = np.isfinite(difference)
        mean, low, high = mean_intervals(difference)
        base = np.abs(mean_intervals(np.where(known, control, np.nan))[0])
        relative = np.divide(100.0 * mean, base, out=np.full_like(mean, np.nan), where=base > 0.0)
        parts.append(
            pd.DataFrame(
                {
                    "quarter": dates,
                    "quantity": name,
                    "mean": mean,
                    "low": low,
                    "high": high,
                    "relative": relative,
                    "same_sign": same_sign(difference),
                    "undefined": (~known).sum(-1),
                    "unit": unit,
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    frame.attrs["units"] = {
        **dict.fromkeys(("mean", "low", "high"), "see unit"),
        "relative": "%",
        "same_sign": "1",
        "undefined": "1",
    }
    return frame


def quantities(
    ensembles: Mapping[str, Ensemble], subject: Subject | None
) -> dict[str, tuple[np.ndarray, np.ndarray, str]]:
    """Return what is compared: by name, treated and control, shape (T, R) each, and the unit."""
    treated, control = ensembles["treated"], ensembles["control"]
    units = treated.records["indicators"].units
    found = {name: (treated.values(name), control.values(name), unit) for name, unit in units.items()}
    if subject is None:
        return found
    units = treated.records["ai_labs"].units
    for column in COMPARED:
        own, other = (of_lab(ensemble, column, subject.row) for ensemble in (treated, control))
        found[f"recipient_{column}"] = (own, other, units[column])
    return found
