"""The Watch page's board: sentence, headline figures, network, event log and twice six charts, in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("watch_board.vue", vuetify=False)
def WatchBoard(  # noqa: N802, PLR0917 - named like a class; props are arguments
    setup: str = "{}",
    snapshot: str = "[]",
    frame: str = "",
    quarter: int = 0,
    firm: str = "",
    playing: bool = False,
    means: str = "[]",
    charts: str = "",
    event_act: Callable[[Any], None] | None = None,
) -> None:
    """Draw the market.

    Args:
        setup: what stays the same in a run, `presenters.watch.setup`.
        snapshot: all quarters that had run when the page began, a JSON list of `presenters.watch.frame`.
        frame: the newest quarter after them, as JSON; empty for none.
        quarter: how many quarters are shown.
        firm: the firm whose edges are kept while the others pale.
        playing: whether quarters follow one another.
        means: what many pairs say beside the finding of this one run, `presenters.pair_means.payload`.
        charts: which six charts are shown, of the market unless it says clouds.
        event_act: called with what the visitor did, as `Controller.act` takes it.
    """
