"""The Money page's board: sentence, Sankey of dollars, staircase of draws and ledger, drawn in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("money_board.vue", vuetify=False)
def MoneyBoard(  # noqa: N802, PLR0917 - named like a class; props are arguments
    setup: str = "{}",
    snapshot: str = "[]",
    frame: str = "",
    quarter: int = 0,
    trail: str = "sofar",
    playing: bool = False,
    event_act: Callable[[Any], None] | None = None,
) -> None:
    """Draw where the deal's dollars are.

    Args:
        setup: what stays the same in a run, `presenters.money_trail.setup`.
        snapshot: all quarters that had run when the page began, a JSON list of `presenters.money_trail.frame`.
        frame: the newest quarter after them, as JSON; empty for none.
        quarter: how many quarters are shown.
        trail: whether the Sankey shows all dollars so far, "sofar", or those that moved in the "quarter".
        playing: whether quarters follow one another.
        event_act: called with what the visitor did, as `Controller.act` takes it.
    """
