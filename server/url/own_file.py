"""A scenario file of a visitor's own: checked as the command line checks it, bounded, and as a text in a link."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING

from ...model.scenarios.scenario import USUAL_START, parse_scenario
from ...model.scenarios.scenario_writer import scenario_toml
from .limits import LONGEST_FILE, LONGEST_FILE_TEXT, MOST_IN_FILE

if TYPE_CHECKING:
    from ...model.scenarios.scenario import Scenario

OWN = "own_scenario"
"""What a scenario of a visitor's own is called."""


def read_own(toml: str) -> Scenario:
    """Return the scenario that a visitor's file describes.

    Args:
        toml: the file's text.

    Raises:
        ValueError: it says something that the model does not understand, or more than a page runs; the message says
            what, and where in the file.
    """
    if len(toml) > LONGEST_FILE_TEXT:
        raise ValueError(f"the file has {len(toml):,} characters, and a page reads at most {LONGEST_FILE_TEXT:,}")
    case = parse_scenario(toml, OWN, "the file")
    if case.start != USUAL_START:
        raise ValueError(f"start = {case.start!r}: a page runs from {USUAL_START}; aimarket run FILE.toml from others")
    for name, found in (("deals", case.deals), ("changes", case.changes), ("entries", case.entries)):
        if len(found) > MOST_IN_FILE:
            raise ValueError(f"the file has {len(found)} {name}, and a page runs at most {MOST_IN_FILE}")
    if len(own_text(case)) > LONGEST_FILE:
        raise ValueError("the file says more than a link can hold: run it with aimarket run FILE.toml")
    return case


def own_text(case: Scenario) -> str:
    """Return a scenario of the visitor's own as a link holds it."""
    return urlsafe_b64encode(zlib.compress(scenario_toml(case).encode(), 9)).decode().rstrip("=")


def own_of(text: str) -> Scenario:
    """Return the scenario of the visitor's own that a link holds.

    Raises:
        ValueError: it holds none, or one that cannot be; no more is unpacked than a file may have.
    """
    if len(text) > LONGEST_FILE:
        raise ValueError(f"it has {len(text):,} characters, and at most {LONGEST_FILE:,} are read")
    unpack = zlib.decompressobj()
    try:
        whole = unpack.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), 4 * LONGEST_FILE_TEXT)
        toml = whole.decode()
    except (ValueError, zlib.error):
        raise ValueError("it holds no scenario file") from None
    if not unpack.eof:
        raise ValueError("it holds no whole scenario file")
    return read_own(toml)
