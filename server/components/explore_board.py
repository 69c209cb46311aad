"""The Explore page's board: ranking, tornado and worlds, drawn in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("explore_board.vue", vuetify=False)
def ExploreBoard(  # noqa: N802 - a component is named like a class
    setting: str = "{}",
    ranked: str = "{}",
    seen: str = "{}",
    progress: str = "{}",
    event_act: Callable[[Any], None] | None = None,
    event_do: Callable[[Any], None] | None = None,
) -> None:
    """Draw which assumptions decide, how far each moves the outcome, and where it holds.

    Args:
        setting: what can be chosen and what is, as JSON.
        ranked: headline, ranking and tornado, as JSON.
        seen: the worlds with their axes and box, as JSON.
        progress: how far the task is, as JSON.
        event_act: called with what the visitor did, as `Controller.act` takes it.
        event_do: called to stop the task, or to begin it again.
    """
