"""The Claims page's board: a card for every claim of the news item, drawn in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("claims_board.vue", vuetify=False)
def ClaimsBoard(  # noqa: N802 - named like a class
    board: str = "{}",
    work: str = "{}",
    event_act: Callable[[Any], None] | None = None,
) -> None:
    """Draw the claims board.

    Args:
        board: whether there is a deal, the headline, and the cards with their statistics, sliders and curves, as JSON.
        work: how far the runs are, as JSON: pairs, most, part, seconds, running, failure, stale.
        event_act: called with what `Controller.act` takes, and with ``stop`` and ``resume`` for the runs.
    """
