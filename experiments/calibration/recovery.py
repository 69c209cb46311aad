"""The recovery test: parameters known, data simulated; does the posterior find them, and say how sure it may be?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import kstest

from ...agents.state.shown import shown
from .abc import SEED, Fit, Targets, contraction, posterior_of, seen_in
from .bank import Bank
from .errors import drifts_of

TRUTHS = 20
MORE_TRUTHS = 400
"""Truths at which ranks and contraction are judged more closely than 20 allow."""

LEVEL = 0.9
INFORMED = 0.8
"""A parameter is informed where its posterior's deviation is below this part of its prior's, on average over truths
and, where there are data, with them."""

LEAST, MOST = 0.75, 1.0
"""What part of 20 truths intervals of 90 % may cover."""


@shown()
class Recovery(NamedTuple):
    """How a posterior did at truths that are known.

    Attributes:
        table: a row a parameter: coverage over the first `TRUTHS` and over all, contraction, p of uniform ranks, and
            whether it is informed.
        ranks: where each truth lies in its posterior sample, 0 to 1, a row a truth and a column a parameter.
    """

    table: pd.DataFrame
    ranks: pd.DataFrame


def recovered(fit: Fit, truths: Bank, targets: Targets, seed: int = SEED + 1) -> Recovery:
    """Return how well the parameters of simulated worlds are recovered from what would have been observed in them.

    Args:
        fit: a bank, fitted to the targets.
        truths: worlds with other parameters and random numbers than the bank's, a row a truth.
        targets: what is observed of each of them.
        seed: of what disturbs their series.
    """
    seen = seen_in(truths, targets, seed)
    known = truths.points.assign(**drifts_of(len(truths.points), seed))
    ranks, widths = [], []
    for number in range(len(seen)):
        sample = posterior_of(fit, seen[number], seed=seed + number)
        below = sample.to_numpy() < known.iloc[number][sample.columns].to_numpy()
        ranks.append(below.mean(0))
        widths.append(contraction(sample, fit.factors).to_numpy())
    names = [factor.name for factor in fit.factors]
    found = pd.DataFrame(ranks, columns=names)
    return Recovery(_table(found, np.mean(widths, axis=0)), found)


def _table(ranks: pd.DataFrame, width: np.ndarray) -> pd.DataFrame:
    """Return coverage, contraction and uniformity by parameter."""
    tail = 0.5 * (1.0 - LEVEL)
    covered = (ranks >= tail) & (ranks <= 1.0 - tail)
    return pd.DataFrame(
        {
            "parameter": ranks.columns,
            "covered_of_20": covered.head(TRUTHS).mean().to_numpy(),
            "covered": covered.mean().to_numpy(),
            "contraction": width,
            "uniform_p": [float(kstest(ranks[name], "uniform").pvalue) for name in ranks],
            "informed": width < INFORMED,
        }
    )
