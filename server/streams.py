"""Standard output and standard error, whatever letters they hold."""

from __future__ import annotations

import sys

from ..model.inputs.text import write_likeness


def open_streams() -> None:
    """Let both streams write something like what their encoding lacks."""
    write_likeness(sys.stdout, sys.stderr)


def say(text: str, *, err: bool = False) -> None:
    """Write a line to standard output, or to standard error."""
    stream = sys.stderr if err else sys.stdout
    stream.write(f"{text}\n")
    stream.flush()
