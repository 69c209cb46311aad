"""Explore: which assumptions decide an outcome, how far each moves it, and in which worlds it holds."""

from __future__ import annotations

import json
import threading
from typing import Any

import solara

from .. import shelf
from ..components.explore_board import ExploreBoard
from ..exploring import METHOD_WORDS, Found, Work, asked, outcomes
from ..readings import explore
from ..readings.explore_choices import setting
from ..shelf import shown
from ..visit import Visit

TITLE = "Explore"
NOTE = "Assumptions are drawn over their declared ranges, all alike: what is far from today’s values counts as much."

USUAL = "C1a.funding"
"""The outcome that is shown first: what the news item claims."""


@solara.component
def Page(visit: Visit) -> None:  # noqa: N802 - a component is named like a class
    """Show what decides an outcome."""
    view, shelved = visit.view.value, shown()
    work: Work = visit.desk.setdefault("explore", Work())
    from_sweep = shelved is not None and view.extra.get("source") == "sweep"
    known = list(shelved.columns) if from_sweep and shelved else list(outcomes(view))
    outcome = view.extra.get("outcome", "")
    key = next(name for name in (outcome, USUAL, known[0]) if name in known)
    question = asked(view, outcome=key, method=view.extra.get("method", METHOD_WORDS[0]))

    def answer(cancel: threading.Event) -> None:
        if not from_sweep and work.stopped.value != question:
            work.run(question, view, cancel)

    solara.use_thread(answer, dependencies=[question, from_sweep, work.stopped.value], intrusive_cancel=False)
    case = view.extra.get("variant", "")
    swept = solara.use_memo(
        lambda: shelf.found_in(shelved, key, case if case in shelf.cases(shelved) else shelf.cases(shelved)[0])
        if from_sweep and shelved else Found(), [from_sweep, key, case],
    )  # fmt: skip
    found = swept if from_sweep else work.found.value
    look = explore.look_of(view)
    box = use_box(found, look)
    ranked = solara.use_memo(lambda: json.dumps(explore.ranked(found)), [id(found)])
    seen = solara.use_memo(lambda: json.dumps(explore.scatter(found, look, box)), [id(found), look, id(box)])
    ExploreBoard(
        setting=setting(view, shelved, key=key, stale=not from_sweep and found.question != question),
        ranked=ranked, seen=seen, progress=_progress(work, question=question, live=not from_sweep),
        event_act=visit.act, event_do=lambda what: _do(work, what),
    )  # fmt: skip


def use_box(found: Found, look: explore.Look) -> Any:
    """Return the box in which the outcome holds most often, found in a thread; None until it is."""
    kept = solara.use_reactive(None)
    wanted = id(found.points), look.condition, look.limits

    def search(cancel: threading.Event) -> None:
        box = explore.box_of(found, look)
        if not cancel.is_set():
            kept.value = (wanted, box)

    solara.use_thread(search, dependencies=[wanted], intrusive_cancel=False)
    return kept.value[1] if kept.value and kept.value[0] == wanted else None


def _progress(work: Work, *, question: object, live: bool) -> str:
    """Return how far the task is."""
    now, found = work.progress.value, work.found.value
    if not live:
        return "{}"
    return json.dumps({
        "what": now.what, "done": now.done, "all": now.all, "left": round(now.left, 1),
        "stopped": work.stopped.value == question, "runs": found.runs, "seconds": round(found.seconds, 1),
        "whole": found.whole, "failure": found.failure,
    })  # fmt: skip


def _do(work: Work, what: Any) -> None:
    """Stop the task, or begin it again."""
    if what == "stop":
        work.stop()
    elif what == "again":
        work.stopped.value = None
