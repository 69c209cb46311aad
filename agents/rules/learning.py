"""Learning by doing, algorithmic progress, model releases and the spread of a new service."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..state.arrays import TINY, Floats, clip, positive, power
from ..state.shown import shown

LN_2 = float(np.log(2.0))
LN_10 = float(np.log(10.0))


@shown()
class Release(NamedTuple):
    """What becomes of training in one quarter, each of shape (labs, R)."""

    released: Floats
    capability: Floats
    progress: Floats
    carried: Floats


NOWHERE = -100.0
"""Where a lab that is out of business stands, in nat or OOM: behind everybody."""


def frontier(values: Floats, active: Floats) -> Floats:
    """Return the best value among labs in business, shape (R,)."""
    return np.where(active > 0.0, values, NOWHERE).max(0)


def wright(cumulative: Any, initial: Any, rate: Any) -> Any:
    """Return cost relative to the start: (Q / Q0) ** log2(1 - rate), a fall by `rate` per doubling (Wright 1936)."""
    return power(np.maximum(cumulative, TINY) / np.maximum(initial, TINY), np.log(1.0 - rate) / LN_2)


def bass(adopted: Floats, potential: Floats, innovation: Any, imitation: Any) -> Floats:
    """Return adoption after one quarter: N' = N + (p + q min(N/M, 1)) (M - N) (Bass 1969).

    Args:
        adopted: adoption N so far.
        potential: adoption M if everybody who could did.
        innovation: p, per quarter.
        imitation: q, per quarter.
    """
    spread = innovation + imitation * np.minimum(adopted / np.maximum(potential, TINY), 1.0)
    return adopted + spread * (potential - adopted)


def efficiency_growth(effort: Floats, log_efficiency: Floats, rate: Any, returns: Any, fishing_out: Any) -> Floats:
    """Return the growth of algorithmic efficiency: g = g0 R^lambda A^-phi, nat per quarter (Jones 1995, GATE 2025).

    Args:
        effort: research effort R relative to the start's leader.
        log_efficiency: ln A.
        rate: g0, growth at effort 1 and efficiency 1.
        returns: lambda, the returns to effort.
        fishing_out: phi, how much harder the next idea is.
    """
    return rate * power(np.maximum(effort, TINY), returns) * np.exp(-fishing_out * log_efficiency)


def release_step(frontier: Floats, capability: Floats, step: Any, haste: Any) -> Floats:
    """Return by what factor effective compute has to grow for the next model: followers ship smaller steps.

    G_eff = 1 + (G - 1) exp(-psi max(c_lead - c, 0)).
    """
    return 1.0 + (step - 1.0) * np.exp(-haste * positive(frontier - capability))


def release(progress: Floats, flow: Floats, capability: Floats, threshold: Floats, quality: Floats) -> Release:
    """Ship a model where training has reached the threshold, and carry the surplus into the next one.

    Args:
        progress: effective training compute gathered, this quarter's flow included.
        flow: this quarter's flow.
        capability: capability of the model on sale, OOM.
        threshold: what the next model takes, in units of progress.
        quality: capability of the model if it ships now, OOM.
    """
    ready = (progress >= threshold) & (flow > 0.0)
    shipped = ready.astype(np.float64)
    surplus = progress - threshold
    return Release(
        released=shipped,
        capability=np.where(ready, np.maximum(capability, quality), capability),
        progress=np.where(ready, np.minimum(surplus, threshold), progress),
        carried=shipped * clip(surplus / np.maximum(flow, TINY), 0.0, 1.0),
    )
