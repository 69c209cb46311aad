"""What cannot be written down: said loudly, with the method and the line, and never passed over."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType, TracebackType

import numpy as np

HERE = str(Path(__file__).parent)
NUMPY = str(Path(np.__file__).parent)


class UntraceableError(BaseException):
    """A rule does what a tape cannot hold; the message names Class.method, file and line.

    It is no `Exception`, so that no rule that catches its own errors passes over it.
    """


def refusal(why: str) -> UntraceableError:
    """Return the error for what is being done now, with the place in the rule that does it."""
    return UntraceableError(f"{_place(sys._getframe(1))} {why}")


def refused_at(error: BaseException, when: str) -> UntraceableError:
    """Return the error for what went wrong with a rule, with the place where it did.

    Args:
        error: what went wrong, or what an error with a better text was made of.
        when: when it does.
    """
    while error.__cause__ is not None:
        error = error.__cause__
    frames = _frames(error.__traceback__)
    return UntraceableError(f"{_place(frames[-1] if frames else None)} fails {when}: {error}")


def _frames(trace: TracebackType | None) -> list[FrameType]:
    """Return the frames of a traceback."""
    found = []
    while trace is not None:
        found.append(trace.tb_frame)
        trace = trace.tb_next
    return found


def _place(frame: FrameType | None) -> str:
    """Return Class.method, file and line of the innermost frame that is neither NumPy's nor the tape's."""
    while frame is not None and frame.f_code.co_filename.startswith((HERE, NUMPY)):
        frame = frame.f_back
    if frame is None:
        return "a rule"
    code = frame.f_code
    name = getattr(code, "co_qualname", code.co_name)
    return f"{name} ({Path(code.co_filename).name}, line {frame.f_lineno})"
