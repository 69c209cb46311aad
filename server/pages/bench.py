"""The bench on Explore: a study of the visitor's own, put together or opened, run in the background and taken home."""

from __future__ import annotations

import json
from typing import Any

import solara

from ..components.bench_board import BenchBoard
from ..jobs import bench as runs
from ..jobs.background import Work, use_work
from ..presenters import bench
from ..sessions.controller import Controller
from ..url.own_study import read_study, study_text
from ..url.packing import packed


@solara.component
def Bench(controller: Controller) -> None:  # noqa: N802 - a component is named like a class
    """Show the bench."""
    refused, set_refused = solara.use_state("")
    view = controller.view.value
    text = view.extra.get("study", "")
    toml = solara.use_memo(lambda: study_text(text) if text else "", [text])
    study = solara.use_memo(lambda: read_study(toml) if toml else None, [toml])
    key = study.digest if study else None
    work, stop, again = use_work(key, lambda step: runs.growing(study, step))
    found = work.result if work.key == key else None

    def run(asked: Any) -> None:
        """Run what a visitor wrote, or say what is wrong with it."""
        try:
            read_study(asked if isinstance(asked, str) else "")
        except ValueError as error:
            set_refused(" ".join(str(error).split()))
            return
        set_refused("")
        if packed(asked) == text:
            again()
        else:
            controller.act({"what": "keep", "value": {"name": "study", "text": packed(asked)}})

    BenchBoard(
        choices=bench.choices(),
        text=toml,
        refused=refused,
        results=solara.use_memo(lambda: bench.shown_results(found) if found else "", [id(found)]),
        progress=_progress(work, known=found is not None, asked=bool(key)),
        event_act=controller.act,
        event_run=run,
        event_stop=lambda _: stop(),
        event_csv=lambda _: controller.give(bench.csv_of(found)) if found else None,
    )


def _progress(work: Work, *, known: bool, asked: bool) -> str:
    """Return how far the runs are, as JSON."""
    return json.dumps(
        {
            "running": work.running,
            "part": round(work.part, 3),
            "seconds": round(work.seconds, 1),
            "failure": work.failure,
            "stopped": asked and not known and not work.running and work.seconds > 0.0 and not work.failure,
        }
    )
