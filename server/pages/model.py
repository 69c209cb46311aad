"""Model: the books of any quarter and what holds them together, the description, parameters, data and limits."""

from __future__ import annotations

import solara

from ..components.model_board import ModelBoard
from ..presenters import model, sector_books
from ..sessions.controller import Controller

TITLE = "Model"
NOTE = "Books of one run. Outside are customers, savers, workers, foundries and public shareholders."


@solara.component
def Page(controller: Controller) -> None:  # noqa: N802 - a component is named like a class
    """Show the part of the model that the link names."""
    extra, run = controller.view.value.extra, controller.twin_run
    section = extra.get("section", "books")
    world = extra.get("world", "own") if run.has_twin else "own"
    chosen = extra.get("table", "start")
    head = solara.use_memo(lambda: model.head(run, section), [run, controller.ran, section])
    sheets = solara.use_memo(
        lambda: sector_books.payload(run, controller.quarter, world) if section == "books" else "",
        [run, controller.quarter, world, section],
    )
    text = solara.use_memo(lambda: model.text(section), [section])
    table = solara.use_memo(lambda: model.table(run, section, chosen), [run, section, chosen])
    ModelBoard(
        head=head,
        section=section,
        world=world,
        sheets=sheets,
        text=text,
        table=table,
        find=extra.get("find", ""),
        playing=controller.playing.value,
        event_act=controller.act,
    )
