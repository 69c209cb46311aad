"""Watch: who pays whom, who gains on whom, what runs short, and the same quarter in the world without the deal."""

from __future__ import annotations

import solara

from ..components.firm_panel import FirmPanel
from ..components.watch_board import WatchBoard
from ..jobs import paired_runs
from ..presenters import firm, pair_means, watch
from ..sessions.controller import Controller
from ..sessions.streaming import use_payload

TITLE = "Watch"
NOTE = (
    "One run of each world, on the same luck: what differs is the scenario. One run may be luck: Twin runs 200 pairs."
)


@solara.component
def Page(controller: Controller) -> None:  # noqa: N802 - a component is named like a class
    """Show the market of a quarter."""
    payload = use_payload(controller, watch.frame)
    setup = solara.use_memo(lambda: watch.setup(controller.twin_run), [controller.run_count.value])
    view = controller.view.value
    panel = solara.use_memo(
        lambda: firm.payload(controller.twin_run, view.firm, controller.quarter) if view.firm else "",
        [controller.run_count.value, view.firm, controller.quarter],
    )
    found = paired_runs.known(view)
    means = solara.use_memo(
        lambda: pair_means.payload(controller.twin_run, found), [controller.run_count.value, paired_runs.extent(found)]
    )
    WatchBoard(
        setup=setup,
        means=means,
        snapshot=payload.snapshot,
        frame=payload.frame,
        quarter=controller.quarter,
        firm=view.firm,
        charts=view.extra.get("charts", ""),
        playing=controller.playing.value,
        event_act=controller.act,
    )
    FirmPanel(panel=panel, event_act=controller.act)
