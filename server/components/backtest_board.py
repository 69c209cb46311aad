"""The Back-test page's board: a sentence, a chart a series, and the scores, drawn in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("backtest_board.vue", vuetify=False)
def BacktestBoard(  # noqa: N802 - named like a class
    told: str = "{}", event_act: Callable[[Any], None] | None = None
) -> None:
    """Draw what was forecast and what happened.

    Args:
        told: what is shown, `readings.backtest.told`.
        event_act: told what the visitor did, as `Controller.act` takes it.
    """
