"""Losses: which runs are not there or failed, why, and what to do about it, in a sentence.

The functions that make results warn of what is lost, and the command line leaves with another exit code where they do.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from ..sweeps.study import Study
    from .ensemble import Ensemble

FAILED_COLUMNS = ("run", "failed_quarter", "failed_cause")


class LostRunsWarning(UserWarning):
    """Some of the runs that were asked for are not there or failed; the message says how many, and why."""


def warn_of(loss: str) -> None:
    """Warn of what is lost, as of the place where the caller's caller is called."""
    if loss:
        warnings.warn(loss, LostRunsWarning, stacklevel=3)


def first_failures(ensembles: Mapping[str, Ensemble]) -> pd.DataFrame:
    """Return of runs of the same replicates, by name, the failure of each replicate that came first: a row each."""
    import pandas as pd

    frames = [ensemble.failures.assign(treatment=name) for name, ensemble in ensembles.items()]
    failures = pd.concat(frames).sort_values("quarter", kind="stable")
    return failures[~failures.index.duplicated()].sort_index()


def describe_failures(failures: pd.DataFrame, replicates: int, what: str = "replicate") -> str:
    """Return in a sentence which replicates failed; empty where none did.

    Args:
        failures: replicate, quarter and cause, and perhaps the treatment in which it was, a row each.
        replicates: how many there are.
        what: what one of them is.
    """
    if failures.empty:
        return ""
    first = failures.iloc[0]
    run = f" of the run {first['treatment']!r}" if "treatment" in failures else ""
    return (
        f"{len(failures):,} of {_counted(replicates, what)} failed and cannot be trusted (replicate "
        f"{first['replicate']}{run} in {first['quarter']}: {first['cause']}; failures has the cause of each)"
    )


def describe_loss(study: Study, there: int, lost: Mapping[int, str], runs: pd.DataFrame) -> str:
    """Return in a sentence what is missing, where its cause stands, and what to do; empty where nothing is.

    Args:
        study: what was asked for.
        there: how many of its runs are there.
        lost: the chunks that were given up, with the reason.
        runs: those that are there, or those of them that failed, with `FAILED_COLUMNS`.
    """
    parts = [_missing(study.runs - there, study.runs, lost), _failed(runs[runs["failed_cause"] != ""])]
    return "; ".join(filter(None, parts))


def _missing(count: int, whole: int, lost: Mapping[int, str]) -> str:
    """Say how many runs are not there, and which chunks were given up."""
    if not count:
        return ""
    are = "is" if count == 1 else "are"
    return f"{count:,} of {_counted(whole, 'run')} {are} missing{_given_up(lost)}: aimarket sweep --resume tries again"


def _given_up(lost: Mapping[int, str]) -> str:
    """Say which chunks were given up, and why the first of them was."""
    if not lost:
        return ""
    chunk, why = next(iter(lost.items()))
    if len(lost) == 1:
        return f" (chunk {chunk} was given up: {why})"
    return f" ({len(lost):,} chunks were given up, the first of them, {chunk}: {why}; manifest.json says why each)"


def _failed(failed: pd.DataFrame) -> str:
    """Say how many runs failed, and how the first of them did."""
    if failed.empty:
        return ""
    first = failed.iloc[0]
    have = "has" if len(failed) == 1 else "have"
    why = f"run {first['run']} in {first['failed_quarter']}: {first['failed_cause']}"
    return f"{_counted(len(failed), 'run')} failed and {have} no outcomes ({why}; failed_cause says why each)"


def _counted(count: int, what: str) -> str:
    """Return a number of things."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
