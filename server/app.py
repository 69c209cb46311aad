"""The market in the browser: the frame, and inside it the page that the link names."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np
import solara
from reacton.core import get_render_context

from .components.foot import Foot
from .components.frame import Frame
from .components.tour import Tour
from .pages.drawers import Drawers
from .presenters import glossary, scenario_menu
from .presenters.events import mark
from .sessions.controller import Controller
from .url.dates import date_of
from .url.limits import HORIZON, PAGES, SPEEDS
from .url.view_state import View, link_of

logger = logging.getLogger(__name__)


@solara.component
def Page() -> None:  # noqa: N802 - Solara looks for this name
    """Show what the address describes."""
    Shown(solara.use_router().search)


@solara.component
def Shown(query: str | None) -> None:  # noqa: N802 - a component is named like a class
    """Show what a query describes to one visitor, as long as they stay."""
    controller = solara.use_memo(lambda: Controller(query), [])
    controller.together = get_render_context()
    solara.use_effect(lambda: controller.close, [])
    solara.use_effect(controller.rendered.set, [controller.view.value])
    solara.use_effect(lambda: _play(controller), [controller.playing.value, controller.turn])
    view = controller.view.value
    run_text = solara.use_memo(lambda: _run_text(controller), [controller.run_count.value])
    name = view.page if view.page in pages() else next(iter(pages()))
    embedded = "embed" in view.extra
    with solara.Div(classes=["am", "am-page", *(["embed"] if embedded else [])]):
        solara.Title(f"{pages()[name].TITLE} - aimarket")
        Frame(
            setting=_setting(controller, name),
            now=_now(controller),
            link=controller.link(),
            drawer=controller.drawer,
            words=glossary.payload(),
            event_act=controller.act,
        )
        with solara.Div(classes=["am-body"]):
            Guarded(controller, name).key(f"{name} {controller.run_count.value}")
        Drawers(controller)
        if not embedded:
            Tour(page=name)
        Foot(note=pages()[name].NOTE, run=run_text, whole=_whole(view) if embedded else "")


@solara.component
def Guarded(controller: Controller, name: str) -> None:  # noqa: N802 - a component is named like a class
    """Show a page; where it cannot be drawn, say so in the frame: a visitor never sees what went wrong in the code."""
    error, _ = solara.use_exception()

    def report() -> None:
        if error is not None:
            logger.error("the page %s failed at %s", name, controller.link(), exc_info=error)
            controller.failure.value = (
                f"The page {pages()[name].TITLE} cannot show this run. Open another page, or start again."
            )

    solara.use_effect(report, [error])
    if error is None:
        pages()[name].Page(controller).key("page")
    else:
        solara.Div().key("nothing")


@solara.component
def Layout(children: Sequence[solara.Element] = ()) -> None:  # noqa: N802 - Solara looks for this name
    """Show a page and nothing around it."""
    with solara.Div(classes=["am-layout"], children=list(children)):
        pass


@cache
def pages() -> dict[str, ModuleType]:
    """Return the pages that there are, by name, in the order of their tabs."""
    package = f"{__package__}.pages"
    return {name: import_module(f"{package}.{name}") for name in PAGES if find_spec(f"{package}.{name}")}


def _play(controller: Controller) -> None:
    """Let quarters follow one another in a thread, where the visitor plays; a pause ends it."""
    if controller.playing.value:
        threading.Thread(target=controller.play, args=(controller.turn,), daemon=True).start()


def _setting(controller: Controller, page: str) -> str:
    """Return what the frame shows and changes seldom."""
    view, run = controller.view.value, controller.twin_run
    payload: dict[str, Any] = {
        "page": page,
        "pages": [{"name": name, "title": module.TITLE} for name, module in pages().items()],
        "scenario": view.scenario,
        "scenarios": scenario_menu.groups(),
        "own": _own(view, run.case.title.rstrip(".")),
        "seed": view.seed,
        "changed": len(view.settings) + (view.deal is not None) + (view.file is not None),
        "theme": view.theme,
        "speed": view.speed,
        "speeds": SPEEDS,
        "horizon": HORIZON,
        "year": int(date_of(view.case, 1)[:4]),
        "deals": sorted({deal.start - run.first + 1 for deal in run.case.deals}),
        "problems": controller.problems.value,
    }
    return json.dumps(payload)


def _whole(view: View) -> str:
    """Return the link to the page of a chart that stands alone."""
    rest = {name: text for name, text in view.extra.items() if name != "embed"}
    return link_of(replace(view, extra=MappingProxyType(rest))) or f"page={view.page}"


def _own(view: View, title: str) -> str:
    """Return what a scenario is called of which the deal, or all, is the visitor's own; empty where nothing is."""
    if view.deal:
        return f"Own deal: {title}"
    return f"Own file: {title}" if view.file else ""


def _now(controller: Controller) -> str:
    """Return what the frame shows of this moment."""
    view = controller.view.value
    payload: dict[str, Any] = {
        "quarter": controller.quarter,
        "date": date_of(view.case, controller.quarter),
        "ran": controller.ran,
        "playing": controller.playing.value,
        "marks": json.loads(controller.twin_run.snapshot(mark)),
        "failure": controller.failure.value,
    }
    return json.dumps(payload)


def _run_text(controller: Controller) -> str:
    """Return in words which run is shown, with a digest of its parameters."""
    view, run = controller.view.value, controller.twin_run
    own = f"{run.case.name}{' with another deal' if view.deal else ''}"
    case = own if run.against is None else f"{own} and {run.against.name}"
    digest = sha256(repr(sorted((name, float(np.min(value))) for name, value in run.parameters.items())).encode())
    return f"{case}, seed {view.seed}, replicate {view.replicate}, parameters {digest.hexdigest()[:8]}"
