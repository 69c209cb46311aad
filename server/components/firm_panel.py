"""A firm's panel: a drawer over the charts, with the firm's books, decisions and history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("firm_panel.vue", vuetify=False)
def FirmPanel(panel: str = "", event_act: Callable[[Any], None] | None = None) -> None:  # noqa: N802 - like a class
    """Show a firm's panel.

    Args:
        panel: what is shown, `presenters.firm.payload`; empty for no panel.
        event_act: called when the visitor closes it, as `Controller.act` takes it.
    """
