"""The Model page's board: books and identities, description, parameters, data and limits, drawn in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("model_board.vue", vuetify=False)
def ModelBoard(  # noqa: N802, PLR0917 - named like a class; props are arguments
    head: str = "{}",
    section: str = "books",
    world: str = "own",
    sheets: str = "",
    text: str = "",
    table: str = "",
    find: str = "",
    playing: bool = False,
    event_act: Callable[[Any], None] | None = None,
) -> None:
    """Show a part of the model.

    Args:
        head: sentence, identities and what tabs say, as JSON.
        section: the part that is open, as `state.EXTRA` allows it.
        world: whose books are shown: "own", "twin", or the "difference".
        sheets: balance sheets and flows, `presenters.sector_books.payload`; empty unless the books are open.
        text: description or limits, `presenters.prose.Prose` as JSON; null if not installed, empty unless open.
        table: parameters or data, `presenters.tables`, as JSON; empty unless open.
        find: what is looked for in a table.
        playing: whether quarters follow one another.
        event_act: called with what the visitor did, as `Controller.act` takes it.
    """
