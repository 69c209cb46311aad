"""Claims: what the news item says, whether it holds here, and the assumption that decides it."""

from __future__ import annotations

import json
from typing import Any

import solara

from ..components.claims_board import ClaimsBoard
from ..jobs import claim_verdicts
from ..jobs.background import Work, acting, use_work
from ..jobs.claim_questions import CLAIMS, Asked, Claim, asked
from ..jobs.paired_runs import MOST
from ..presenters import claims
from ..sessions.controller import Controller
from ..url.view_state import View

TITLE = "Claims"
NOTE = "A verdict follows from assumptions: it is judged by 200 pairs at these settings, curves by 64."

NO_DEAL = json.dumps({"deal": False, "headline": "This scenario holds no deal for a lab: there is no claim to judge"})


@solara.component
def Page(controller: Controller) -> None:  # noqa: N802 - a component is named like a class
    """Show the claims board."""
    view, run = controller.view.value, controller.twin_run
    asks, key = asked(view), claim_verdicts.key_of(run, view)
    first = sorted(asks, key=lambda ask: ask.statistic != view.extra.get("claim", ""))
    whole = None if key is None else (key, tuple(asks))
    work, stop, resume = use_work(whole, lambda step: claim_verdicts.growing(run, view, first, step))
    ClaimsBoard(
        board=_board(view, asks, work) if key else NO_DEAL,
        work=json.dumps(
            {
                "pairs": work.result.pairs if work.result else 0,
                "most": MOST,
                "part": work.part,
                "seconds": work.seconds,
                "running": work.running,
                "failure": work.failure,
                "stale": not isinstance(work.key, tuple) or work.key[0] != key,
            }
        ),
        event_act=acting(controller.act, stop, resume),
    )


def _board(view: View, asks: list[Asked], work: Work) -> str:
    """Return the board as far as it is known, as JSON."""
    rows = work.result.rows if work.result else {}
    curves = work.result.curves if work.result else {}
    cards = [_card(view, claim, ask, rows, curves) for claim, ask in zip(CLAIMS, asks, strict=True)]
    words = [card["word"] for card in cards]
    return json.dumps(
        {
            "deal": True,
            "headline": claims.headline(words) if rows else "Judging the claims of the news item",
            "cards": cards,
            "money": claims.money_map(),
        }
    )


def _card(view: View, claim: Claim, ask: Asked, rows: Any, curves: Any) -> dict[str, Any]:
    """Return one claim as the board shows it."""
    mine = {name: dict(rows[name]) for name in claim.statistics} if rows else {}
    word, style = claims.overall([row["verdict"] for row in mine.values()]) if mine else ("", "neu")
    found = curves.get(claim_verdicts.curve_key(view, ask)) if ask.lever else None
    return {
        "name": claim.name,
        "title": claim.title,
        "quotation": claim.quotation,
        "word": word,
        "style": style,
        "finding": claims.finding(claim.name, mine) if mine else "",
        "rows": list(mine.values()),
        "statistic": ask.statistic,
        "lever": claims.lever(ask, view) if ask.lever else None,
        "curve": found,
        "why": claims.why(ask, claim),
    }
