"""Money trail: where a deal's dollars have gone, from funders to uses to who was paid, and that none is missing."""

from __future__ import annotations

import solara

from ..components.firm_panel import FirmPanel
from ..components.money_board import MoneyBoard
from ..presenters import firm, money_trail
from ..sessions.controller import Controller
from ..sessions.streaming import use_payload

TITLE = "Money trail"
NOTE = (
    "One run. A payment for a use takes the money tied to it first; what the deal changed beyond that, "
    "only the comparison with the twin tells."
)


@solara.component
def Page(controller: Controller) -> None:  # noqa: N802 - a component is named like a class
    """Show where the dollars are at the end of a quarter."""
    payload = use_payload(controller, money_trail.frame)
    setup = solara.use_memo(lambda: money_trail.setup(controller.twin_run), [controller.twin_run])
    view = controller.view.value
    panel = solara.use_memo(
        lambda: firm.payload(controller.twin_run, view.firm, controller.quarter) if view.firm else "",
        [controller.twin_run, view.firm, controller.quarter],
    )
    MoneyBoard(
        setup=setup,
        snapshot=payload.snapshot,
        frame=payload.frame,
        quarter=controller.quarter,
        trail=view.extra.get("trail", "sofar"),
        playing=controller.playing.value,
        event_act=controller.act,
    )
    FirmPanel(panel=panel, event_act=controller.act)
