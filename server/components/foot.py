"""The foot of every page: what it is not, and which run it shows."""

from __future__ import annotations

import solara


@solara.component_vue("foot.vue", vuetify=False)
def Foot(note: str = "", run: str = "", whole: str = "") -> None:  # noqa: N802 - a component is named like a class
    """Show the foot.

    Args:
        note: what the numbers of the page are.
        run: scenario, seed, replicate and parameters, in words.
        whole: the link to the whole page, where a chart stands alone.
    """
