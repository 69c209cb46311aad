"""The drawers beside a page: steer, download, and the code that makes what is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import solara

from ..components.share_drawer import ShareDrawer
from ..components.steer_drawer import SteerDrawer
from ..presenters import compared_code, deal_form, replay
from ..sessions import code_snippets
from ..sessions.citations import about, apa, bibtex
from ..sessions.controller import Controller
from ..url.custom_deal import case_of, settings_of

if TYPE_CHECKING:
    from ..url.view_state import View


@solara.component
def Drawers(controller: Controller) -> None:  # noqa: N802 - a component is named like a class
    """Show the drawer that is open."""
    everything, show_all = solara.use_state(False)
    view, name = controller.view.value, controller.drawer
    steer = (
        deal_form.payload(
            view,
            controller.refused.value,
            controller.twin_run.warned,
            unread=controller.unread.value,
            everything=everything,
        )
        if name == "steer"
        else ""
    )
    SteerDrawer(payload=steer, event_act=controller.act, event_all=lambda wanted: show_all(wanted is True))
    ShareDrawer(
        payload=_shared(controller, name),
        file=controller.file.value,
        event_act=controller.act,
        event_replay=lambda _: _replay(controller),
    )


def _replay(controller: Controller) -> None:
    """Hand what a visitor has seen to the browser as a replay; nothing where nothing has run."""
    if controller.quarter:
        controller.give(replay.file_of(controller.twin_run, controller.view.value))


def _shared(controller: Controller, name: str) -> str:
    """Return what the drawer for downloads and code shows; empty where it is closed."""
    if name not in ("download", "code"):
        return ""
    view = controller.view.value
    written = {**_code(controller), "bibtex": bibtex, "apa": apa} if name == "code" else {}
    return json.dumps(
        {
            "what": name,
            "compares": view.page == "compare",
            "code": {language: write(view) for language, write in written.items()},
            "about": about(view),
            "quarters": view.quarter,
            "scenario": case_of(view).title,
            "twin": controller.twin_run.has_twin,
            "settings": len(settings_of(view)),
        }
    )


def _code(controller: Controller) -> dict[str, Callable[[View], str]]:
    """Return what writes the code of a page, by language."""
    if controller.view.value.page != "compare":
        return {"shell": code_snippets.shell_code, "python": code_snippets.python_code}
    run = controller.twin_run
    return {
        "shell": lambda view: compared_code.shell_code(view, run),
        "python": lambda view: compared_code.python_code(view, run),
    }
