"""The drawer with the deal to compose and the sliders of all parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("steer_drawer.vue", vuetify=False)
def SteerDrawer(  # noqa: N802 - a component is named like a class
    told: str = "",
    event_act: Callable[[Any], None] | None = None,
    event_all: Callable[[Any], None] | None = None,
) -> None:
    """Show the drawer.

    Args:
        told: what `readings.steering.told` returns; empty while the drawer is closed.
        event_act: told what the visitor did, as `Controller.act` takes it.
        event_all: told whether all parameters are to be listed.
    """
