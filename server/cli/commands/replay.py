"""Replay a run from the command line: a page of HTML that needs no server, or an animated GIF."""

from __future__ import annotations

from dataclasses import replace as changed
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from ...errors import BadInputError
from ...url.limits import HORIZON
from ..command_line import as_typed
from ..options import SEED, OneReplicate, ScenarioName, Seed, Settings

if TYPE_CHECKING:
    from ....model.scenarios.scenario import Scenario
    from ...url.view_state import View

FORMATS = (".html", ".gif")
LOCAL = "http://127.0.0.1:8765/?"
"""Where `aimarket serve` shows the run."""


def replay(
    context: typer.Context,
    scenario: ScenarioName,
    *,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where it is written: .html or .gif.")],
    settings: Settings = None,
    seed: Seed = SEED,
    replicate: OneReplicate = 0,
    until: Annotated[str, typer.Option(metavar="QUARTER", help="The last quarter that it shows.")] = "2032Q4",
) -> None:
    """Write one run as a replay that plays by itself: a single file, to be passed on."""
    from ....experiments.storage.atomic_files import write_whole
    from ...presenters import replay as replays
    from ...sessions.twin_run import TwinRun
    from .. import arguments
    from ..console import open_console, print_end

    file = arguments.check_place(out, "--out")
    if file is None or file.suffix not in FORMATS:
        raise BadInputError(f"cannot write {out}: its name has to end in {' or '.join(FORMATS)}")
    values = arguments.settings(settings or [])
    case = arguments.case(scenario, values)
    view = _view(scenario, case, values, seed, replicate, until)
    run = TwinRun(case, seed, replicate, values)
    run.reach(view.quarter)
    content = replays.data(run, view, _link(view))
    run.close()
    if file.suffix == ".html":
        write_whole(file, replays.page(content).encode())
    else:
        from ....experiments.figures.replay import plot_replay

        write_whole(file, plot_replay(content, replays.colours()))
    console = open_console()
    console.print(f"{len(content['dates'])} quarters, written to {file} ({file.stat().st_size // 1000 + 1} kB)")
    print_end(console, as_typed(context))


def _view(scenario: str, case: Scenario, values: dict[str, float], seed: int, replicate: int, until: str) -> View:
    """Return what is looked at."""
    from ....model.dates import quarter_number
    from ...url.dates import first_of
    from ...url.view_state import View

    try:
        length = quarter_number(until.replace(" ", "")) - first_of(case) + 1
    except ValueError:
        length = 0
    if not 1 <= length <= HORIZON:
        raise BadInputError(f"--until {until!r} is no quarter of the {HORIZON} that can run; write it as 2032Q4")
    own = scenario.endswith(".toml")
    seen = View(seed=seed, replicate=replicate, quarter=length, settings=MappingProxyType(values))
    return changed(seen, file=case) if own else changed(seen, scenario=scenario)


def _link(view: View) -> str:
    """Return where `aimarket serve` shows the same run."""
    from ...url.view_state import link_of

    return LOCAL + link_of(view)
