"""How what a page shows is cited: the words around a figure, and references for papers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ... import __version__
from ...experiments.storage.model_version import model_digest
from ...model.dates import quarter_date, quarter_number
from ..url.custom_deal import case_of, settings_of

if TYPE_CHECKING:
    from ..url.view_state import View

LINK = "{link}"
"""Stands for the address of the page, which the browser alone knows."""

AUTHORS, TITLE = "The aimarket authors", "aimarket: an agent-based model of the market for AI"
"""As CITATION.cff has them."""

DIGITS = 12
"""Digits of the model's digest that are shown; a commit is told by as many."""


def about(view: View) -> dict[str, str]:
    """Return what a figure says of itself beside its title: scenario, run, source and day."""
    case, changed = case_of(view), settings_of(view)
    last = quarter_date(quarter_number(case.start) + view.quarter)
    settings = "".join(f", {name} = {value:g}" for name, value in sorted(changed.items()))
    return {
        "scenario": case.title,
        "run": f"seed {view.seed}, replicate {view.replicate}, to {last}{settings}",
        "source": f"aimarket {__version__}, model {model_digest()[:DIGITS]}",
        "date": date.today().isoformat(),
    }


def bibtex(view: View) -> str:
    """Return a reference to a page as BibTeX."""
    said = about(view)
    fields = {
        "author": f"{{{AUTHORS}}}",
        "title": f"{TITLE}. {said['scenario']}",
        "year": said["date"][:4],
        "note": f"{said['source']}; {said['run']}; made {said['date']}",
        "url": LINK,
    }
    return "@software{aimarket,\n" + "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items()) + "}\n"


def apa(view: View) -> str:
    """Return a reference to a page in the style of the American Psychological Association, seventh edition."""
    said = about(view)
    return (
        f"{AUTHORS}. ({said['date'][:4]}). {TITLE} (Version {__version__}) [Computer software]. "
        f"{said['scenario']}; {said['run']}. Retrieved {said['date']}, from {LINK}\n"
    )
