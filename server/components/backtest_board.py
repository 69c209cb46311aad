"""The Back-test page's board: a sentence, a chart a series, and the scores, drawn in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("backtest_board.vue", vuetify=False)
def BacktestBoard(  # noqa: N802 - named like a class
    payload: str = "{}", event_act: Callable[[Any], None] | None = None
) -> None:
    """Draw what was forecast and what happened.

    Args:
        payload: what is shown, `presenters.backtest.payload`.
        event_act: called with what the visitor did, as `Controller.act` takes it.
    """
