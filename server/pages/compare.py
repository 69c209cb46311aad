"""Compare: up to four scenarios side by side, each run two hundred times on the same random numbers."""

from __future__ import annotations

import json

import solara

from ..components.compare_board import CompareBoard
from ..jobs import compared_runs, paired_runs
from ..jobs.background import Work, acting, use_work
from ..presenters import compare, shipped_comparisons, twin
from ..presenters.compared_summary import summary_of
from ..sessions.controller import Controller
from ..url.compared_scenarios import names_of

TITLE = "Compare"
NOTE = "200 runs of each scenario on the same luck: what differs is the scenario. Bands show luck, not every doubt."


@solara.component
def Page(controller: Controller) -> None:  # noqa: N802 - a component is named like a class
    """Show the scenarios side by side."""
    view, run = controller.view.value, controller.twin_run
    names, quarter = names_of(view), twin.shown_at(run, view.quarter)
    lab = compare.lab_of(view, run)
    shipped = solara.use_memo(lambda: shipped_comparisons.known(view, lab), [run, names, lab])
    key = None if shipped else compared_runs.key_of(view, names)
    begun, stop, resume = use_work(key, lambda step: compared_runs.growing(view, names, step))
    work = Work(part=1.0) if shipped else begun
    runs = {name: one for name, one in (work.result or {}).items() if name in names}
    extent = (run, names, lab, work.key, compared_runs.extent(runs))
    grown = solara.use_memo(lambda: summary_of(runs, names, compare.row_of(run, lab)) if runs else None, [extent])
    found = shipped or grown
    kept = (extent, shipped is None)
    whole = paired_runs.MOST * len(names)
    CompareBoard(
        setup=solara.use_memo(lambda: compare.setup(view, run), [run, names, lab]),
        fans=solara.use_memo(lambda: compare.fans(found, names) if found else "", [kept]),
        table=solara.use_memo(lambda: compare.table(view, run, found, quarter) if found else "", [kept, quarter]),
        work=json.dumps(
            {
                "count": whole,
                "done": whole if shipped else sum(one.size for one in runs.values()),
                "part": work.part,
                "seconds": work.seconds,
                "running": work.running,
                "failure": work.failure,
                "stale": work.key != key,
            }
        ),
        event_act=acting(controller.act, stop, resume),
    )
