"""Iterations of Mesa's batch runs: which replicate a run is that was given none, and what would repeat in silence."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

MODULE, ONE_RUN, ALL_RUNS = "mesa.batchrunner", "_model_run_func", "batch_run"
"""Where Mesa's batch runs are, the function that makes one model of a batch, and the one that is called."""


class BatchRun(NamedTuple):
    """One run of a batch of Mesa's.

    Attributes:
        iteration: which repetition of the same parameters it is, from 0.
        kwargs: what Mesa hands to the model, by name.
        asked: the parameters that the user named, where they can be seen: not in a process of its own.
        seeds_itself: whether this Mesa hands each run a seed of its own, as it does since version 3.4.
    """

    iteration: int
    kwargs: Mapping[str, Any]
    asked: Mapping[str, Any]
    seeds_itself: bool


def first_replicate(model: object, given: Any, seed: Any, count: int) -> Any:
    """Return the replicate that a model begins with where none is given: in a batch of Mesa's that of the iteration.

    Args:
        model: the model that is being made.
        given: the number or numbers it was given, or None.
        seed: the seed that Mesa handed to it, or None.
        count: how many replicates it holds.

    Raises:
        ValueError: Mesa would run the same again, because the replicate is fixed or it drops the seeds.
    """
    run = _batch_run(model)
    if run is None:
        return 0 if given is None else given
    if run.seeds_itself:
        _check_seeds(run)
    fixed = seed is not None and run.seeds_itself
    if run.iteration and not fixed and run.kwargs.get("replicate") is not None:
        raise ValueError(
            f"replicate = {run.kwargs['replicate']!r} is the same in every iteration, so that each would be the same "
            "run again: leave replicate out, and iterations are replicates, or leave iterations out and let replicate "
            "vary"
        )
    return (0 if fixed else run.iteration * count) if given is None else given


def replicate_numbers(replicate: int | Sequence[int], count: int) -> Sequence[int]:
    """Return the numbers of a model's replicates."""
    if np.ndim(replicate) > 0:
        listed = replicate if isinstance(replicate, Sequence) else np.asarray(replicate).tolist()
        numbers = [whole_number("replicate", number, 0) for number in listed]
        if not numbers or count not in (1, len(numbers)):
            raise ValueError(f"replicate gives {len(numbers)} numbers, and replicates = {count}: leave one of them out")
        return numbers
    first = whole_number("replicate", replicate, 0)
    return range(first, first + count)


def whole_number(name: str, value: Any, least: int) -> int:
    """Return a whole number, or say what is wrong with it."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} = {value!r} is not a whole number")
    if value < least:
        raise ValueError(f"{name} = {value} has to be at least {least}")
    return int(value)


def _check_seeds(run: BatchRun) -> None:
    """Say that Mesa overwrites seeds among the parameters of a batch, so that all runs would be the same."""
    for name in ("seed", "rng"):
        if name in run.asked and run.kwargs.get(name) is None and run.asked[name] is not None:
            raise ValueError(
                f"this Mesa does not hand {name} to the model when it stands among a batch's parameters: "
                f"give it to batch_run itself, batch_run(MarketModel, ..., rng={run.asked[name]!r})"
            )


def _batch_run(model: object) -> BatchRun | None:
    """Return the run of a batch of Mesa's for which a model is being made, if it is."""
    made = next((frame for frame in _mesas_frames(ONE_RUN) if _makes(frame.f_locals.get("model_cls"), model)), None)
    if made is None:
        return None
    _, iteration, kwargs = made.f_locals["run"]
    called = next(_mesas_frames(ALL_RUNS), None)
    asked = called.f_locals.get("parameters", {}) if called else {}
    return BatchRun(iteration, kwargs, asked, "rng" in inspect.signature(made.f_globals[ALL_RUNS]).parameters)


def _makes(maker: Any, model: object) -> bool:
    """Return whether what a batch makes its models with makes such a model: its class, or a function."""
    return isinstance(model, maker) if isinstance(maker, type) else callable(maker)


def _mesas_frames(name: str) -> Iterator[FrameType]:
    """Yield the calls of a function of Mesa's batch runs that are under way."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == name and frame.f_globals.get("__name__") == MODULE:
            yield frame
        frame = frame.f_back
