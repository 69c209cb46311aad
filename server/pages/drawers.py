"""The drawers beside a page: steer, download, and the code that makes what is shown."""

from __future__ import annotations

import json

import solara

from ..components.share_drawer import ShareDrawer
from ..components.steer_drawer import SteerDrawer
from ..presenters import deal_form
from ..sessions.code_snippets import python_code, shell_code
from ..sessions.controller import Visit
from ..url.custom_deal import case_of, settings_of


@solara.component
def Drawers(visit: Visit) -> None:  # noqa: N802 - a component is named like a class
    """Show the drawer that is open."""
    everything, show_all = solara.use_state(False)
    view, name = visit.view.value, visit.drawer
    steer = (
        deal_form.told(view, visit.refused.value, visit.twin_run.warned, everything=everything)
        if name == "steer"
        else ""
    )
    SteerDrawer(told=steer, event_act=visit.act, event_all=lambda wanted: show_all(wanted is True))
    ShareDrawer(told=_shared(visit, name), file=visit.file.value, event_act=visit.act)


def _shared(visit: Visit, name: str) -> str:
    """Return what the drawer for downloads and code is told; empty where it is closed."""
    if name not in ("download", "code"):
        return ""
    view = visit.view.value
    code = {"shell": shell_code(view), "python": python_code(view)} if name == "code" else {}
    return json.dumps({
        "what": name, "code": code, "quarters": view.quarter, "scenario": case_of(view).title,
        "twin": visit.twin_run.has_twin, "settings": len(settings_of(view)),
    })  # fmt: skip
