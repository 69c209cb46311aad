"""Comparisons that ship: the page Compare shows them before anything runs, and refuses those of another model.

``python -m aimarket.server.presenters.shipped_comparisons model/data/compared_results.json`` runs the comparisons that
one press asks for, two hundred runs a scenario, as the page runs them; some ten seconds on one core.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ...experiments.storage.atomic_files import write_whole
from ...experiments.storage.model_version import is_made_with_this_model, made_with_this_model
from ...experiments.storage.shipped_results import read
from ...model.inputs.paths import located
from ..jobs import compared_runs
from ..url.compared_scenarios import PRESETS, names_of, plain_name, view_of
from ..url.view_state import View, read_link
from .compare import lab_of, row_of
from .compared_summary import Summary, plain, summary_of

FILE = "compared_results.json"


def known(view: View, lab: str) -> Summary | None:
    """Return what the runs of a view's comparison come to; None where it does not ship.

    A part of a comparison ships with it, in any order, as long as it is held against the same scenario.

    Args:
        view: what is looked at.
        lab: whose quantities are compared.
    """
    names = names_of(view)
    plain_names = {name: plain_name(view, name) for name in names}
    for kept in _shipped():
        if lab == kept["lab"] and kept["names"][0] == plain_names[names[0]] and _holds(kept, view, plain_names):
            return _chosen(kept, plain_names)
    return None


def _holds(kept: Mapping[str, Any], view: View, names: Mapping[str, str]) -> bool:
    """Return whether a comparison that ships is of some scenarios as a view has them, with its seed and settings."""
    usual = View(seed=kept["seed"])
    return set(names.values()) <= set(kept["names"]) and all(
        _numbers(view_of(view, name)) == _numbers(view_of(usual, known)) for name, known in names.items()
    )


def _numbers(view: View) -> tuple[Any, ...]:
    """Return what decides the numbers of a view's runs but the replicate."""
    scenario, seed, _, *rest = view.run
    return scenario, seed, *rest


def _chosen(kept: Mapping[str, Any], names: Mapping[str, str]) -> Summary:
    """Return of a comparison that ships the scenarios that are compared, under the names that the view has for them."""
    found = kept["summary"]
    parts = {
        part: {
            key: {name: by[known] for name, known in names.items() if known in by} for key, by in found[part].items()
        }
        for part in ("bands", "means", "ends")
    }
    return Summary(found["size"], found["failed"], **parts)


@cache
def _shipped() -> Sequence[Mapping[str, Any]]:
    """Return the comparisons that ship; none where they are of another model."""
    found = read(FILE)
    comparisons: Sequence[Mapping[str, Any]] = found["comparisons"]
    return comparisons if is_made_with_this_model(found["made_with"]) else ()


def results() -> dict[str, Any]:
    """Return all that ships, plain enough for JSON."""
    return {
        "made_with": made_with_this_model(),
        "comparisons": [comparison(read_link(f"compare={','.join(names)}").view) for names in PRESETS.values()],
    }


def comparison(view: View) -> dict[str, Any]:
    """Return what ships of a view's comparison."""
    from ..sessions.twin_run import TwinRun

    run = TwinRun(view.scenario, view.seed)
    names, lab = names_of(view), lab_of(view, run)
    *_, found = compared_runs.growing(view, names, lambda *_: None)
    summary = summary_of(found, names, row_of(run, lab))
    run.close()
    return {"names": names, "lab": lab, "seed": view.seed, "summary": plain(summary)}


def main(target: Path) -> None:
    """Write the comparisons."""
    write_whole(target, (json.dumps(results(), allow_nan=False, separators=(",", ":")) + "\n").encode())


if __name__ == "__main__":
    main(located(sys.argv[1]))
