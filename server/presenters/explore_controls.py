"""What can be chosen on the Explore page, and what is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ...experiments.claims.statistic import STATISTICS
from ...experiments.designs.factors import factors_of
from ...experiments.formatting import sentence
from ...experiments.report.claims_board import CLAIMS
from ..jobs.exploration import METHOD_WORDS, outcome_of, outcomes
from ..jobs.published_sweep import Shown, cases, label_of
from ..url.custom_deal import case_of
from ..url.filters import limits_of
from .explore import OUTCOME
from .sliders import label

if TYPE_CHECKING:
    from ..url.view_state import View

SIZE_WORDS = {"morris": "Morris, live", "sobol": "Sobol"}


def setting(view: View, published: Shown | None, *, key: str, stale: bool) -> str:
    """Return the choices as JSON.

    Args:
        view: what is looked at.
        published: the sweep that the server shows, if any.
        key: the outcome that is explored.
        stale: whether what is shown answers another question than the one that is asked.
    """
    from_sweep = published is not None and view.extra.get("source") == "sweep"
    design = published.sweep.design if published else None
    groups = _of_sweep(published) if from_sweep and published else _of_model(view)
    return json.dumps(
        {
            "outcomes": groups,
            "outcome": key,
            "method": view.extra.get("method", METHOD_WORDS[0]),
            "methods": list(SIZE_WORDS.items()),
            "source": "sweep" if from_sweep else "model",
            "sweep": _sweep_payload(published) if published else None,
            "variants": cases(published) if from_sweep and published else [],
            "variant": view.extra.get("variant", ""),
            "factors": [[f.name, label(f.name)] for f in (design.factors if from_sweep and design else factors_of())],
            "only": [
                [name, label(name) if name != OUTCOME else "Outcome", low, high]
                for name, low, high in limits_of(view.extra.get("only", ""))
            ],
            "holds": view.extra.get("holds", ""),
            "stale": stale,
            "scenario": view.scenario,
        }
    )


def _of_model(view: View) -> list[list[Any]]:
    """Return the outcomes of the model by claim: a title, and keys with labels."""
    case, groups = case_of(view), dict[str, list[list[str]]]()
    for key, claim in outcomes(view).items():
        title = CLAIMS[claim[:2]].title if claim[:2] in CLAIMS else "Indicators"
        text = f"{claim}: {STATISTICS[key].label}" if claim else sentence(outcome_of(key, case).label)
        groups.setdefault(f"{claim[:2]} {title}".strip(), []).append([key, text])
    return [[title, items] for title, items in groups.items()]


def _of_sweep(published: Shown) -> list[list[Any]]:
    """Return the outcomes of a sweep."""
    return [["Outcomes", [[name, sentence(label_of(outcome))] for name, outcome in published.sweep.outcomes.items()]]]


def _sweep_payload(published: Shown) -> dict[str, Any]:
    """Return what a sweep is."""
    design = published.sweep.design
    return {
        "name": published.sweep.folder.name,
        "question": published.sweep.study.question,
        "method": design.method,
        "points": len(design.points),
        "runs": len(published.frame),
        "complete": published.sweep.complete,
        "loss": published.sweep.loss,
    }
