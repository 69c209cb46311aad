"""Explore: which assumptions decide an outcome, how far each moves it, and in which worlds it holds."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import solara

from ..components.explore_board import ExploreBoard
from ..jobs import published_sweep
from ..jobs.background import Work, use_work
from ..jobs.exploration import METHOD_WORDS, Found, Question, answers, asked, outcomes
from ..jobs.published_sweep import shown
from ..presenters import explore
from ..presenters.explore_controls import setting
from ..sessions.controller import Controller
from .bench import Bench

TITLE = "Explore"
NOTE = "Assumptions are drawn over their declared ranges, all alike: what is far from today’s values counts as much."

USUAL = "C1a.funding"
"""The outcome that is shown first: what the news item claims."""


@solara.component
def Page(controller: Controller) -> None:  # noqa: N802 - a component is named like a class
    """Show what decides an outcome, or the bench for a sweep of one's own."""
    (Bench if controller.view.value.extra.get("source") == "bench" else Exploring)(controller)


@solara.component
def Exploring(controller: Controller) -> None:  # noqa: N802 - a component is named like a class
    """Show what decides an outcome."""
    view, published = controller.view.value, shown()
    from_sweep = published is not None and view.extra.get("source") == "sweep"
    known = list(published.columns) if from_sweep and published else list(outcomes(view))
    outcome = view.extra.get("outcome", "")
    key = next(name for name in (outcome, USUAL, known[0]) if name in known)
    question = asked(view, outcome=key, method=view.extra.get("method", METHOD_WORDS[0]))
    work, stop, again = use_work(None if from_sweep else question, lambda step: answers(question, view, step))
    case = view.extra.get("variant", "")
    results = solara.use_memo(
        lambda: published_sweep.found_in(published, key, case) if from_sweep and published else Found(),
        [from_sweep, key, case],
    )
    found: Found = results if from_sweep else work.result or Found()
    look = explore.look_of(view)
    box = use_box(found, look)
    ranked = solara.use_memo(lambda: json.dumps(explore.ranked(found)), [id(found)])
    seen = solara.use_memo(lambda: json.dumps(explore.scatter(found, look, box)), [id(found), look, id(box)])
    stale = not from_sweep and found.question != question
    chosen = solara.use_memo(
        lambda: setting(view, published, key=key, stale=stale), [view.scenario, view.settings, view.extra, stale]
    )
    ExploreBoard(
        setting=chosen,
        ranked=ranked,
        seen=seen,
        progress="{}" if from_sweep else _progress(work, found, question),
        event_act=controller.act,
        event_do=lambda what: {"stop": stop, "again": again}.get(what, _nothing)(),
    )


def use_box(found: Found, look: explore.Look) -> Any:
    """Return the box in which the outcome holds most often, found in a thread; None until it is."""
    kept = solara.use_reactive(None)
    wanted = id(found.points), look.condition, look.limits

    def begin() -> Callable[[], None]:
        left = threading.Event()

        def search() -> None:
            box = explore.box_of(found, look)
            if not left.is_set():
                kept.value = (wanted, box)

        threading.Thread(target=search, daemon=True).start()
        return left.set

    solara.use_effect(begin, [wanted])
    return kept.value[1] if kept.value and kept.value[0] == wanted else None


def _progress(work: Work, found: Found, question: Question) -> str:
    """Return how far the work is."""
    own = found.question == question
    return json.dumps(
        {
            "running": work.running,
            "part": round(work.part, 3),
            "seconds": round(work.seconds, 1),
            "failure": work.failure,
            "runs": found.runs if own else 0,
            "stopped": bool(work.seconds) and not work.running and work.part < 1.0,
            "left": round(work.seconds * (1.0 - work.part) / work.part, 1) if work.part else 0.0,
        }
    )


def _nothing() -> None:
    """Do nothing: no page of ours asks for it."""
