"""The Twin page's board: sliders, four charts of both worlds, the effect as dots and a table, drawn in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("twin_board.vue", vuetify=False)
def TwinBoard(  # noqa: N802, PLR0913, PLR0917 - named like a class; props are arguments
    setup: str = "{}",
    snapshot: str = "[]",
    frame: str = "",
    quarter: int = 0,
    many: bool = True,
    fans: str = "",
    effect: str = "",
    work: str = "{}",
    sliders: str = "[]",
    means: str = "[]",
    event_act: Callable[[Any], None] | None = None,
) -> None:
    """Draw both worlds.

    Args:
        setup: what stays the same in a run, `presenters.twin.setup`.
        snapshot: all quarters of the visitor's own pair when the page began, a JSON list of `presenters.twin.frame`.
        frame: the newest quarter after them, as JSON; empty for none.
        quarter: how many quarters are shown.
        many: whether many pairs are shown, or the visitor's own.
        fans: percentiles of many pairs, `presenters.twin.fans`; empty for none yet.
        effect: what they say of the quarter, `presenters.twin.effect`; empty for none yet.
        work: how far they are, as JSON: count, most, part, seconds, running, failure, stale.
        sliders: the sliders, a JSON list of groups, `presenters.sliders.groups`.
        means: what many pairs say beside the finding of this one run, `presenters.pair_means.payload`.
        event_act: called with what `Controller.act` takes, and with ``stop`` and ``resume`` for the pairs.
    """
