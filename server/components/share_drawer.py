"""The drawer with downloads, and with the code that makes what is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("share_drawer.vue", vuetify=False)
def ShareDrawer(  # noqa: N802 - a component is named like a class
    payload: str = "",
    file: str = "",
    event_act: Callable[[Any], None] | None = None,
    event_replay: Callable[[Any], None] | None = None,
) -> None:
    """Show the drawer.

    Args:
        payload: what it shows, as JSON: ``what`` (download or code) and the rest; empty while the drawer is closed.
        file: a file that was asked for, as JSON: number, name, kind and content in base 64.
        event_act: called with what the visitor did, as `Controller.act` takes it.
        event_replay: called when the visitor wants a replay.
    """
