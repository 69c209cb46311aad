"""What other sites show of a link: a title, a description, and a picture made from what ships."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from ...experiments.publishing.deal_accounts import ACCOUNTS
from ...experiments.storage.shipped_results import StaleResultsError
from ..url.custom_deal import case_of
from ..url.dates import date_of
from ..url.limits import PAGES
from ..url.view_state import read_link
from .painted import ABOUT, TITLE, asked_for, chart_of
from .plots import Chart
from .shipped_accounts import USUAL, account
from .story import NAMES, steps

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "watch": "Who pays whom in the market for AI infrastructure, quarter by quarter, with and without a deal",
        "twin": "How large the effect of a deal is, and how sure, over pairs of worlds on the same luck",
        "compare": "Up to four scenarios side by side, on the same random numbers",
        "claims": "What the news says of a deal, whether it holds here, and the assumption that decides it",
        "money": "Where the dollars of a deal go: from funders to uses to whoever is paid",
        "explore": "Which assumptions decide an outcome, how far each moves it, and in which worlds it holds",
        "backtest": "How well the model would have forecast the past, beside naive forecasts",
        "model": "The books of every quarter, the description, all parameters, the data and the limits",
    }
)
"""What each page of the market shows, whatever the link says."""

TITLES: Mapping[str, str] = MappingProxyType({"money": "Money trail", "backtest": "Back-test"})
"""Titles of pages that are called otherwise than their name; the pages themselves say the same."""

BELOW = "aimarket: a model, not a forecast"


class Preview(NamedTuple):
    """What is shown of a link.

    Attributes:
        page: the name of the page.
        title: of what stands there.
        text: what stands there, in a sentence or two.
        picture: the query of its picture.
    """

    page: str
    title: str
    text: str
    picture: str


def title_of(page: str) -> str:
    """Return the title of a page of the market."""
    return TITLES.get(page, page.title())


def of_story(query: str) -> Preview:
    """Return what is shown of a link to a step of the story."""
    name, step = asked_for(dict(parse_qsl(query)))
    try:
        text = f"{steps(account(name))[step - 1].sentence}."
    except StaleResultsError:
        text = ABOUT
    return Preview(
        "story", f"{NAMES[step - 1]}: the deal in six steps", text, urlencode({"step": step, "account": name})
    )


def of_arrival() -> Preview:
    """Return what is shown of the bare address."""
    try:
        text = f"{account(USUAL).headline}. {ABOUT}"
    except StaleResultsError:
        text = ABOUT
    return Preview("arrival", TITLE.partition(" - ")[0], text, "")


def of_market(query: str) -> Preview:
    """Return what is shown of a link to a page of the market: the page, the scenario and the date."""
    view = read_link(query).view
    when = f", {date_of(view.case, view.quarter)}" if view.quarter else ""
    what = "a scenario of one’s own" if view.file else case_of(view).title.rstrip(".")  # not a stranger’s words
    return Preview(
        view.page,
        f"{title_of(view.page)}: {what}{when}",
        f"{WORDS[view.page]}.",
        urlencode({"page": view.page}),
    )


def picture(query: str) -> bytes:
    """Return the picture that a query names, a PNG of 1,200 by 630 dots; there are as many as pages and steps."""
    asked = dict(parse_qsl(query))
    if asked.get("page") in PAGES:
        return _of_words(f"{title_of(asked['page'])}: {WORDS[asked['page']]}")
    return _of_step(*asked_for(asked)) if "step" in asked else _of_step(USUAL, 0)


@cache
def _of_step(name: str, step: int) -> bytes:
    """Return the picture of a step of the story; of the arrival for none."""
    from ...experiments.figures.preview import Course, preview_picture

    try:
        found = account(name)
    except StaleResultsError:
        return _of_words(ABOUT)
    told = steps(found)[step - 1] if step else None
    chart: Chart | None = told.chart if told else chart_of(found)
    below = f"{BELOW}; {found.pairs} pairs of worlds, 95 % interval; {ACCOUNTS[name]}"
    course = chart and Course(f"{chart.title}, {chart.unit}", chart.dates, chart.lines[0].values, chart.begin)
    return preview_picture(told.sentence if told else found.headline, below, course)


@cache
def _of_words(words: str) -> bytes:
    """Return a picture of words alone."""
    from ...experiments.figures.preview import preview_picture

    return preview_picture(words, BELOW)
