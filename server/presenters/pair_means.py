"""What many pairs of worlds say of a finding of one run, for the pages that show one run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from ...experiments.formatting import difference
from ...experiments.statistics import mean_interval
from .headline_figures import Pieces, last_claimed, more, points
from .quantities import SHARE, row_of_focus

if TYPE_CHECKING:
    from ..jobs.paired_runs import Pairs
    from ..sessions.twin_run import TwinRun


def payload(run: TwinRun, pairs: Pairs | None) -> str:
    """Return the mean effect on the share of the lab in focus, in words, as a JSON list by quarter.

    Args:
        run: the pair of worlds, as far as it has run.
        pairs: many pairs at its settings, as far as anybody has run them.

    Returns:
        Pieces of text a quarter, to the last of which anything is claimed; none where the pairs are not known.
    """
    if pairs is None:
        return "[]"
    own, twin = (SHARE.many(world, row_of_focus(run)) for world in (pairs.own, pairs.twin))
    until = min(len(own), last_claimed(run))
    return json.dumps([_of_quarter(own[place], twin[place]) for place in range(until)])


def _of_quarter(own: np.ndarray, twin: np.ndarray) -> Pieces:
    """Return the mean difference of one quarter, and whether it is sure."""
    change, found = difference(float(own.mean()), float(twin.mean()), SHARE.unit), mean_interval(own - twin)
    if not change or found.low <= 0.0 <= found.high:
        return [[f"; over {own.size} pairs there is no sure difference", ""]]
    return [[f"; over {own.size} pairs it is ", ""], [points(change), "deal"], [f" {more(change)} on average", ""]]
