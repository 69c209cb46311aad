"""How much a command may take on: what the memory cannot hold is refused, and what takes long is asked for twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import BadInputError

if TYPE_CHECKING:
    from ...experiments.runs.costs import Size
    from ...model.scenarios.scenario import Scenario

PATIENCE = 5
"""Minutes that a command may take without being asked for twice."""

MINUTE, HOUR = 60.0, 3600.0

Yes = Annotated[bool, typer.Option("--yes", help=f"Run what takes more than {PATIENCE} minutes, too.")]


def approve(scenario: Scenario, size: Size, *, yes: bool, times: float = 1.0) -> None:
    """Say, before anything is run, what cannot be held in memory, and what takes longer than anybody expects.

    Args:
        scenario: what is run.
        size: how much of it.
        yes: whether the user knows that it takes long.
        times: how often that is run, one after another.
    """
    from ...experiments.runs.costs import TooLargeError, check_memory, seconds

    try:
        check_memory(scenario, size)
    except TooLargeError as error:
        raise BadInputError(str(error)) from None
    long = 0.0 if yes else seconds(scenario, size, times)
    if long > PATIENCE * MINUTE:
        raise BadInputError(
            f"{size.words} take about {_duration(long)} here: add --yes to run them, or ask for fewer replicates or "
            "quarters"
        )


def _duration(seconds: float) -> str:
    """Return a time in words."""
    if seconds > 48.0 * HOUR:
        return f"{seconds / (24.0 * HOUR):,.0f} days"
    return f"{seconds / HOUR:.0f} hours" if seconds > 2.0 * HOUR else f"{seconds / MINUTE:.0f} minutes"
