"""A study of a visitor's own: checked as the command line checks it, bounded, without other files, and in a link."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .limits import HORIZON, LONGEST_ECHO
from .packing import packed, unpacked

if TYPE_CHECKING:
    from ...experiments.sweeps.study import Study

LONGEST, LONGEST_TEXT = 1_600, 8_000
"""Characters of a study in a link, and of its text."""

MOST_RUNS, MOST_QUARTERS = 5_000, 300_000
"""Pairs of a point and a replicate that a study may have, and quarters that all of its runs may take."""

MOST_SCENARIOS, MOST_OUTCOMES = 4, 8
NOWHERE = "/nowhere"
"""Where the files would lie that a study names: none is read."""


def read_study(toml: str) -> Study:
    """Return the study that a visitor's text describes.

    Args:
        toml: the text.

    Raises:
        ValueError: it says something that cannot be run, names a file, or asks for more than a page runs.
    """
    if len(toml) > LONGEST_TEXT:
        raise ValueError(f"the study has {len(toml):,} characters, and a page reads at most {LONGEST_TEXT:,}")
    with suppress(tomllib.TOMLDecodeError, RecursionError):  # said below, with its line
        _check_bounds(tomllib.loads(toml))
    from ...experiments.sweeps.study_file import parse_study

    try:
        study = parse_study(toml, "the study", NOWHERE)
    except RecursionError:
        raise ValueError("the study is nested too deeply") from None
    treatments = {name for outcome in study.outcomes for name in outcome.runs}
    quarters = study.runs * len(treatments) * study.quarters
    _most("the study", "runs", study.rows, MOST_RUNS)
    _most("the study", "quarters of runs", quarters, MOST_QUARTERS)
    if any(outcome.by_quarter for outcome in study.outcomes):
        raise ValueError("by_quarter makes more than a page shows: aimarket sweep study.toml keeps it")
    if len(packed(toml)) > LONGEST:
        raise ValueError("the study says more than a link can hold: aimarket sweep study.toml runs it")
    return study


def checked_study(text: str) -> str:
    """Return a study as a link holds it, or say that it is none, or one that cannot be run."""
    read_study(study_text(text))
    return text


def study_text(text: str) -> str:
    """Return the text of the study that a link holds.

    Raises:
        ValueError: it holds none.
    """
    return unpacked(text, LONGEST, 4 * LONGEST_TEXT, "study")


def _check_bounds(content: Mapping[str, Any]) -> None:
    """Say before anything is made of a study that it names files, or is larger than a page runs."""
    from .view_state import known_scenarios

    _check_scenarios(
        content.get("scenarios", "deal_35bn"), content.get("against", "baseline"), tuple(known_scenarios())
    )
    for part, most in (("outcomes", MOST_OUTCOMES), ("deal", MOST_SCENARIOS)):
        _most(f"[{part}]", "lines", len(_table(content, part)), most)
    versions = math.prod(len(one) for one in _table(content, "deal").values() if isinstance(one, list | dict))
    _most("[deal]", "versions", versions, MOST_SCENARIOS)
    for name, most in (("quarters", HORIZON), ("replicates", MOST_RUNS)):
        _most("the study", name, content.get(name, 1), most)
    design = _table(content, "design")
    for name in {"problem", "table"} & set(design):
        raise ValueError(f"[design] {name} names a file, and a page reads none: aimarket sweep study.toml does")
    _most("[design]", "points", _points(design), MOST_RUNS)


def _check_scenarios(asked: Any, against: Any, known: tuple[str, ...]) -> None:
    """Say that a study names a scenario that is a file, or too many."""
    names = asked if isinstance(asked, list) else [asked]
    _most("the study", "scenarios", len(names), MOST_SCENARIOS)
    for name in (*names, against):
        if name not in known:
            raise ValueError(f"a page runs the scenarios that it offers, and {str(name)[:LONGEST_ECHO]!r} is none")


def _table(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a table of a study; an empty one where there is none, or something else."""
    found = content.get(name)
    return found if isinstance(found, dict) else {}


def _points(design: Mapping[str, Any]) -> float:
    """Return about how many points a design has, before they are made; what is no number is refused later."""
    from ...experiments.designs.factors import factors_of

    varied = design.get("parameters", "uncertain")
    names = varied if isinstance(varied, list) else [factor.name for factor in factors_of("uncertain")]
    size, own, steps = design.get("size", 1), design.get("levels", {}), design.get("steps", 2)
    size, steps = (value if type(value) is int else 1 for value in (size, steps))
    levels = own if isinstance(own, dict) else {}
    if design.get("method") == "grid":
        found = 1.0
        for name in names:
            one = levels.get(name, size) if isinstance(name, str) else size
            found *= len(one) if isinstance(one, list) else one if type(one) is int else 1
        return found
    blocks = {"sobol": size * (2 * len(names) + 2), "morris": size * (len(names) + 1)}
    return blocks.get(str(design.get("method")), max(size, steps * len(names)))


def _most(where: str, what: str, count: Any, most: int) -> None:
    """Say that there is more of something than a page runs."""
    if isinstance(count, int | float) and count > most:
        number = f"{count:,.0f}" if count < 10.0 * MOST_QUARTERS else "far too many"
        raise ValueError(f"{where} has {number} {what}, and a page runs at most {most:,}: aimarket sweep runs more")
