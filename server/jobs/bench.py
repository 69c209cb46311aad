"""The bench: a study of a visitor's own, run chunk by chunk, so that it can be stopped between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ...experiments.sweeps.chunks import runs_of
from .result_cache import shared_cache

if TYPE_CHECKING:
    from ...experiments.sweeps.study import Study
    from .background import Step

PIECE = 60
"""Runs between two looks at whether to stop."""


class Results(NamedTuple):
    """What has run of a study.

    Attributes:
        study: the study.
        frame: a row a run: its factors, its outcomes and whether it failed.
    """

    study: Study
    frame: pd.DataFrame


def growing(study: Study, step: Step) -> Iterator[Results]:
    """Yield the runs of a study, all at once where they are kept, else as they come and then all.

    Args:
        study: what is run.
        step: called with how many runs ran, and how many there are; what it raises ends the work.
    """
    key = ("bench", study.digest)
    kept = shared_cache().get(key)
    if kept is None:
        pieces, frames = replace(study, chunk=PIECE), []
        step(0, study.runs)
        for chunk in range(pieces.chunks):
            with np.errstate(all="ignore"):
                frames.append(runs_of(pieces, chunk))
            step(len(frames[-1]), study.runs)
        kept = Results(study, pd.concat(frames, ignore_index=True).sort_values("run", ignore_index=True))
        shared_cache().put(key, kept)
    yield kept
