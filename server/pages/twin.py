"""Twin: how large and how sure the effect is, in one pair of worlds and in two hundred."""

from __future__ import annotations

import json

import solara

from ..components.twin_board import TwinBoard
from ..jobs import paired_runs
from ..jobs.background import acting, use_work
from ..presenters import pair_means as means
from ..presenters import sliders, twin
from ..sessions.controller import Controller
from ..sessions.streaming import use_payload

TITLE = "Twin"
NOTE = "Both worlds of a pair have the same luck: what differs is the scenario. Bands show luck, not every doubt."
ALSO = ("deal_scale", "dry_powder", "herding")
"""Parameters with a slider beside the uncertain ones."""


@solara.component
def Page(controller: Controller) -> None:  # noqa: N802 - a component is named like a class
    """Show both worlds together."""
    payload = use_payload(controller, twin.frame)
    view, run = controller.view.value, controller.twin_run
    many = view.extra.get("twin", "many") == "many"
    key = paired_runs.key_of(run, view) if many else None
    work, stop, resume = use_work(key, lambda step: paired_runs.growing(key, run, step))
    found, kept = work.result, (run, work.key, work.result and work.result.size)
    quarter = twin.shown_at(run, view.quarter)
    known = paired_runs.known(view)
    TwinBoard(
        means=solara.use_memo(lambda: means.payload(run, known), [run, paired_runs.extent(known)]),
        setup=solara.use_memo(lambda: twin.setup(run), [run]),
        snapshot=payload.snapshot,
        frame=payload.frame,
        quarter=min(view.quarter, run.length),
        many=many,
        fans=solara.use_memo(lambda: twin.fans(run, found) if found else "", [kept]),
        effect=solara.use_memo(lambda: twin.effect(run, found, quarter) if found else "", [kept, quarter]),
        work=json.dumps(
            {
                "count": found.size if found else 0,
                "most": paired_runs.MOST,
                "part": work.part,
                "seconds": work.seconds,
                "running": work.running,
                "failure": work.failure,
                "stale": work.key != key,
            }
        ),
        sliders=solara.use_memo(
            lambda: json.dumps(sliders.groups(sliders.uncertain(also=ALSO), view)),
            [view.scenario, view.settings, view.extra],
        ),
        event_act=acting(controller.act, stop, resume),
    )
