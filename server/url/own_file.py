"""A scenario file of a visitor's own: checked as the command line checks it, bounded, and as a text in a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...model.scenarios.scenario import USUAL_START, parse_scenario
from ...model.scenarios.scenario_writer import scenario_toml
from .limits import LONGEST_FILE, LONGEST_FILE_TEXT, MOST_IN_FILE
from .packing import packed, unpacked

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
    return packed(scenario_toml(case))


def own_of(text: str) -> Scenario:
    """Return the scenario of the visitor's own that a link holds.

    Raises:
        ValueError: it holds none, or one that cannot be; no more is unpacked than a file may have.
    """
    return read_own(unpacked(text, LONGEST_FILE, 4 * LONGEST_FILE_TEXT, "scenario file"))
