"""The Compare page's board: a chooser of scenarios, small multiples of each indicator and one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("compare_board.vue", vuetify=False)
def CompareBoard(  # noqa: N802 - a component is named like a class
    setup: str = "{}",
    fans: str = "",
    table: str = "",
    work: str = "{}",
    event_act: Callable[[Any], None] | None = None,
) -> None:
    """Draw up to four scenarios side by side.

    Args:
        setup: what is compared and what else could be, `presenters.compare.setup`.
        fans: percentiles of each scenario's runs, `presenters.compare.fans`; empty for none yet.
        table: what they come to at a quarter, `presenters.compare.table`; empty for none yet.
        work: how far the runs are, as JSON: count, done, part, seconds, running, failure, stale.
        event_act: called with what `Controller.act` takes, and with ``stop`` and ``resume`` for the runs.
    """
