"""The drawer with the deal to compose and the sliders of all parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("steer_drawer.vue", vuetify=False)
def SteerDrawer(  # noqa: N802 - a component is named like a class
    payload: str = "",
    event_act: Callable[[Any], None] | None = None,
    event_all: Callable[[Any], None] | None = None,
) -> None:
    """Show the drawer.

    Args:
        payload: what `presenters.deal_form.payload` returns; empty while the drawer is closed.
        event_act: called with what the visitor did, as `Controller.act` takes it.
        event_all: called with whether all parameters are to be listed.
    """
