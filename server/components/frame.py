"""The frame around every page: pages, scenario, transport with its time line, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("frame.vue", vuetify=False)
def Frame(  # noqa: N802 - a component is named like a class
    setting: str = "{}",
    now: str = "{}",
    link: str = "",
    drawer: str = "",
    words: str = "[]",
    event_act: Callable[[Any], None] | None = None,
) -> None:
    """Show the frame.

    Args:
        setting: what changes seldom, as JSON: pages, scenarios, theme, deals, problems.
        now: what changes every quarter, as JSON: quarter, how far the run is, marks of the time line.
        link: the query of the address that describes the view.
        drawer: which drawer is open beside the page.
        words: the glossary, `presenters.glossary.payload`.
        event_act: called with what the visitor did, as ``{"what": ..., "value": ...}``.
    """
