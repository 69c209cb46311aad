"""The bench's board: what a study is made of, its text, how far its runs are and what came of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("bench_board.vue", vuetify=False)
def BenchBoard(  # noqa: N802, PLR0917 - a component is named like a class, and a prop is an argument
    choices: str = "{}",
    text: str = "",
    refused: str = "",
    results: str = "",
    progress: str = "{}",
    event_act: Callable[[Any], None] | None = None,
    event_run: Callable[[Any], None] | None = None,
    event_stop: Callable[[Any], None] | None = None,
    event_csv: Callable[[Any], None] | None = None,
) -> None:
    """Draw the bench.

    Args:
        choices: what a study can be made of, `presenters.bench.choices`.
        text: the study of the link, as TOML; empty for none.
        refused: what is wrong with the study that was last asked for; empty for nothing.
        results: what came of it, `presenters.bench.shown_results`; empty for nothing yet.
        progress: how far the runs are, as JSON: running, part, seconds, failure, stopped.
        event_act: called with what `Controller.act` takes.
        event_run: called with a study's text that is to be run.
        event_stop: called when the runs are to stop.
        event_csv: called when all runs are wanted as CSV.
    """
