"""The posterior sample that ships: parameters as the data leave them, a row a member."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import pandas as pd

from ...model.dates import quarter_name
from ...model.inputs.named_values import by_name
from ...model.parameters import checked, parameters
from ...model.scenarios.scenario_warnings import ScenarioWarning
from ..storage.frames import read
from ..storage.model_version import is_of_this_model

POSTERIOR = "posterior"
"""What one writes for the parameters of a run that are sampled from the posterior."""

CUTOFFS = ("2024Q4", "2025Q4")
"""Last quarters whose data entered an estimate that ships; the last one is what `POSTERIOR` means."""

DRIFTS = ("drift_of_labs", "drift_of_others")
"""Columns that are no parameters of the model: see errors.py."""

REPLICATES = 200


def posterior(cutoff: Any = CUTOFFS[-1]) -> pd.DataFrame:
    """Return the posterior sample of the model's parameters, a row a member, a column a parameter.

    Args:
        cutoff: the last quarter whose data it has seen, one of `CUTOFFS`.

    Of an estimate made with an earlier version of the model, parameters that the model no longer has, or has in another
    range, are left out with a warning: they stay at their defaults.

    Raises:
        ValueError: no estimate with that cut-off ships.

    Examples:
        >>> import aimarket
        >>> sample = aimarket.posterior("2024Q4")
        >>> bool(sample["deployment"].between(0.1, 0.4).all())
        True
    """
    sample = whole_posterior(quarter_name(cutoff))
    sample = sample[[name for name in sample if name not in DRIFTS]]
    changed = [str(name) for name in sample if not _fits(str(name), sample[name])]
    if changed and not is_of_this_model(POSTERIOR):
        warnings.warn(
            f"the posterior was estimated with an earlier version of the model: {', '.join(changed)} is gone or has "
            "another range and stays at its default; `make calibration` estimates anew",
            ScenarioWarning,
            stacklevel=2,
        )
        sample = sample.drop(columns=changed)
    checked({str(name): sample[name].to_numpy() for name in sample})
    return sample


def _fits(name: str, values: pd.Series) -> bool:
    """Return whether the model has a parameter of that name, with a range that holds all the values."""
    item = parameters().get(name)
    return item is not None and bool(values.between(item.low, item.high).all())


@cache
def whole_posterior(cutoff: str = CUTOFFS[-1]) -> pd.DataFrame:
    """Return the posterior sample with the drifts between series and model that were estimated beside the parameters.

    Args:
        cutoff: the last quarter whose data it has seen, one of `CUTOFFS`.

    Raises:
        ValueError: no estimate with that cut-off ships.
    """
    if cutoff not in CUTOFFS:
        raise ValueError(f"no posterior with the cut-off {cutoff!r} ships; there is {', '.join(CUTOFFS)}")
    with as_file(files("aimarket.model").joinpath("data", "posterior", f"{cutoff}.parquet")) as path:
        return read(path)


def sampled(numbers: Sequence[int], cutoff: str = CUTOFFS[-1]) -> pd.DataFrame:
    """Return a member of the sample a replicate, by its number: a replicate is the same alone and in an ensemble.

    Args:
        numbers: the replicates' numbers; beyond the size of the sample members come again, with other random numbers.
        cutoff: the last quarter whose data the sample has seen.
    """
    return _rows(posterior(cutoff), numbers)


def sampled_drifts(numbers: Sequence[int], cutoff: str = CUTOFFS[-1]) -> dict[str, np.ndarray]:
    """Return the drifts that belong to the members of `sampled`, by name, shape (replicates,)."""
    rows = _rows(whole_posterior(cutoff), numbers)
    return {name: rows[name].to_numpy() for name in DRIFTS}


def _rows(sample: pd.DataFrame, numbers: Sequence[int]) -> pd.DataFrame:
    """Return the members of some replicates."""
    return sample.iloc[np.asarray(numbers) % len(sample)].reset_index(drop=True)


def parameters_of(given: Any, replicates: int | None, numbers: Sequence[int] | None) -> dict[str, Any]:
    """Return what a caller gave for parameters by name, floats or one a replicate, shape (replicates,).

    Args:
        given: values, from whatever holds them by name, or ``posterior`` for a sample from there.
        replicates: how many, 200 if nothing else tells.
        numbers: their numbers, 0, 1, 2 ... if not given.

    Raises:
        KeyError: no parameter has that name.
        TypeError: something is not a number, or not by name.
        ValueError: a value is out of its range, or another word was given.
    """
    if not isinstance(given, str):
        return checked(by_name(given), each=True)
    if given != POSTERIOR:
        raise ValueError(f"parameters = {given!r}: give values by name, a data frame, or {POSTERIOR!r}")
    if numbers is None:
        numbers = range(REPLICATES if replicates is None else replicates)
    return checked(by_name(sampled(numbers)), each=True)
