"""A first visit's tour in four steps, which can be skipped and does not come back."""

from __future__ import annotations

import solara


@solara.component_vue("tour.vue", vuetify=False)
def Tour(page: str = "") -> None:  # noqa: N802 - a component is named like a class
    """Show the tour to whoever has not seen it; the browser remembers who has.

    Args:
        page: the page that is open.
    """
