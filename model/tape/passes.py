"""What a tape does without: operations whose rows nobody reads, and those that run once for a whole run."""

from __future__ import annotations

import numpy as np

from .tape import Step, Tape


def alive(tape: Tape, outputs: np.ndarray) -> list[Step]:
    """Return the operations that outputs depend on, in order."""
    used = np.zeros(tape.rows, dtype=bool)
    used[outputs] = True
    found = []
    for step in reversed(tape.steps):
        if used[step.first : step.first + step.count].any():
            found.append(step)
            for rows in step.operands:
                used[rows] = True
    return found[::-1]


def split(tape: Tape, steps: list[Step], lasting: tuple[str, ...]) -> tuple[list[Step], list[Step]]:
    """Return the operations that depend on lasting inputs alone, and the others.

    Args:
        tape: the tape.
        steps: its operations.
        lasting: the inputs that stay the same over quarters.
    """
    stays = np.zeros(tape.rows, dtype=bool)
    stays[list(tape.literal_values)] = True
    for first, values in tape.constants:
        stays[first : first + len(values)] = True
    for name in lasting:
        first, count = tape.inputs[name]
        stays[first : first + count] = True
    once: list[Step] = []
    always: list[Step] = []
    for step in steps:
        fixed = all(stays[rows].all() for rows in step.operands)
        stays[step.first : step.first + step.count] = fixed
        (once if fixed else always).append(step)
    return once, always
