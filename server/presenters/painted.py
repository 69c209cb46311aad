"""Pages that are painted before anything runs, as HTML: the arrival with five verdicts, and the story in six steps.

Every link is relative, so that they work behind any prefix. Nothing of an address ever gets into them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import escape

from ...experiments.publishing.deal_accounts import ACCOUNTS
from ...experiments.storage.shipped_results import StaleResultsError
from . import glossary
from .plots import Chart, Line, track
from .shipped_accounts import USUAL, Account, ToldClaim, account
from .story import NAMES, Step, steps

TITLE = "35 bn $ for AI infrastructure: what it changes - aimarket"
NEWS = (
    "Apollo and BlackRock, it says, put 35 bn $ into Anthropic, for AI infrastructure and nothing else; it expects a "
    "surge of investment, faster models, sharper competition and an age of capital. Other reports of the same "
    "financing, which closed on 8 June 2026, tell of a leasing vehicle instead."
)
SOURCE = "“Titans of Finance Unite Behind AI Infrastructure”, a news item without a date"
HOW = "A model, not a forecast."
SHIPPED = "Results of the defaults, which ship with the model; every page judges anew what you change."
ABOUT = (
    "What 35 bn dollars for one AI lab’s infrastructure change, for whom, and how sure that is: an agent-based model "
    "of the AI infrastructure industry."
)
SHORT_ACCOUNTS = {"deal_35bn": "News: a loan", "deal_reported": "Reports: a vehicle"}
OTHER = next(name for name in ACCOUNTS if name != USUAL)
WATCH = "./?page=watch"
LOGO = (
    '<svg viewBox="0 0 22 22" aria-hidden="true"><path d="M2 17C8 17 9 5 20 4" fill="none" stroke="var(--deal)" '
    'stroke-width="2.6" stroke-linecap="round"/><path d="M2 17C9 17 12 11.5 20 11" fill="none" stroke="var(--ink3)" '
    'stroke-width="2" stroke-dasharray="3 3" stroke-linecap="round"/></svg>'
)
_UNIT = re.compile(r"(\d) (bn|%|\$|OOM|M H100e|Q[1-4])")


def arrival() -> str:
    """Return the first page: the news item, five verdicts with their size and doubt, and one chart."""
    try:
        return _arrival(USUAL)
    except StaleResultsError as error:
        return _refused(TITLE, str(error))


def story(asked: Mapping[str, str]) -> str:
    """Return a step of the story.

    Args:
        asked: ``step``, from 1 to 6, and ``account``, a scenario's name; what is none of them is taken for the first.
            With ``embed`` the chart stands alone, for a frame in a page of others.
    """
    name, step = asked_for(asked)
    try:
        return _alone(name, step) if asked.get("embed") else _step(name, step)
    except StaleResultsError as error:
        return _refused(f"{NAMES[step - 1]} - aimarket", str(error))


def asked_for(asked: Mapping[str, str]) -> tuple[str, int]:
    """Return the account and the step that an address names; the first where it names none that there is."""
    name, place = asked.get("account", ""), asked.get("step", "")
    step = int(place) if place in map(str, range(1, len(NAMES) + 1)) else 1
    return name if name in ACCOUNTS else USUAL, step


def chart_of(found: Account) -> Chart:
    """Return the chart of the first page."""
    return Chart(
        f"Compute that runs for {found.recipient}: deal less no deal",
        "M H100e",
        found.dates,
        [Line("Deal less no deal", "deal", found.lines["added powered_compute"])],
        found.begin,
    )


@cache
def _arrival(name: str) -> str:
    """Return the first page of an account."""
    found = account(name)
    body = (
        f'<div class="first"><section class="hero"><p class="news"><b>June 2026, the news.</b> {NEWS} '
        f"<cite>Source: {SOURCE}.</cite></p><h1>{_kept(found.headline)}</h1>"
        f'<p class="d">{found.pairs} pairs of worlds, with and without the deal, on the same luck. {HOW}</p>'
        f'<p class="doors"><a class="btn main" href="{WATCH}">Watch it happen</a> '
        '<a class="btn" href="story?step=1">Read it in six steps</a></p></section>'
        f'<section class="card">{chart_of(found).html()}</section></div>'
        f'<section class="card verdicts" aria-label="Five verdicts">{"".join(map(_claim, found.claims))}</section>'
        f'<p class="also">The same claims <a href="{_to(len(NAMES), OTHER)}">if most reports are right and it is a '
        'leasing vehicle</a>; <a href="./?page=claims">with the assumption that decides each</a>; and '
        '<a href="./?page=model">how the model works</a>.</p>'
    )
    return _document(TITLE, "arrival", body)


def _claim(item: ToldClaim) -> str:
    """Return a claim with its verdict and its statistics."""
    return (
        f'<article class="claim"><div><h2>{escape(item.claim.title)} <span class="pill {item.style}">{item.word}</span>'
        f'</h2><p class="q">“{escape(item.claim.quotation)}”</p><p>{_kept(item.finding)}</p></div>'
        f'<ul class="ests">{"".join(map(track, item.rows))}</ul></article>'
    )


@cache
def _step(name: str, place: int) -> str:
    """Return a step of an account's story."""
    found = account(name)
    step = steps(found)[place - 1]
    body = (
        f"{_ways(name, place)}"
        f'<section class="story"><p class="k">Step {place} of {len(NAMES)}: {step.name}</p>'
        f'<h1>{_kept(step.sentence)}</h1><p class="d">{_kept(step.detail)}</p></section>'
        f'<div class="beside"><section class="card">{_shown(found, step)}</section>{_change(step)}</div>'
        f"{_turns(name, place)}"
        f'<p class="also">Mean of {found.pairs} pairs of worlds with and without the deal, on the same luck. {HOW}</p>'
    )
    return _document(f"{step.name} - the deal in six steps - aimarket", "told", body)


@cache
def _alone(name: str, place: int) -> str:
    """Return the chart of a step with its sentence and a link to the whole, and nothing else."""
    found = account(name)
    step = steps(found)[place - 1]
    body = (
        f'<h1 class="sr">{_kept(step.sentence)}</h1><section class="card">{_shown(found, step)}</section>'
        f'<p class="also">Mean of {found.pairs} pairs of worlds, on the same luck. {HOW} '
        f'<a href="{_to(place, name)}" target="_blank" rel="noopener">aimarket: the deal in six steps</a></p>'
    )
    return _document(f"{step.name} - aimarket", "alone", body)


def _shown(found: Account, step: Step) -> str:
    """Return the chart of a step: the verdicts where it has none of its own."""
    return _verdicts(found) if step.chart is None else step.chart.html()


def _verdicts(found: Account) -> str:
    """Return the five claims with what each is judged by, as a chart."""
    claims = "".join(
        f'<article class="claim"><div><h2>{escape(item.claim.title)} <span class="pill {item.style}">{item.word}</span>'
        f'</h2></div><ul class="ests">{"".join(map(track, item.rows))}</ul></article>'
        for item in found.claims
    )
    return f'<div class="grows">{claims}</div>'


def _change(step: Step) -> str:
    """Return what would change a step's finding."""
    texts = "".join(f"<p>{_kept(text)}</p>" for text in step.change.texts)
    return (
        f'<aside class="card change" aria-label="What would change this"><h2>What would change this</h2>{texts}'
        f'<p class="doors"><a class="btn" href="{escape(step.change.link)}">{step.change.act}</a> '
        f'<a class="btn" href="{escape(step.live)}">See it run</a></p></aside>'
    )


def _ways(name: str, place: int) -> str:
    """Return the links to all steps, and to the same step of the other account."""
    to_steps = "".join(
        f'<li><a href="{_to(there, name)}"{_current(there == place)}><b>{there}</b> <span>{title}</span></a></li>'
        for there, title in enumerate(NAMES, 1)
    )
    accounts = "".join(
        f'<a href="{_to(place, other)}"{_current(other == name)} title="The deal {escape(words)}">'
        f"{SHORT_ACCOUNTS.get(other, words)}</a>"
        for other, words in ACCOUNTS.items()
    )
    return (
        f'<div class="ways"><nav class="steps" aria-label="Steps"><ol>{to_steps}</ol></nav>'
        f'<nav class="seg" aria-label="Account of the deal">{accounts}</nav></div>'
    )


def _turns(name: str, place: int) -> str:
    """Return the links to the step before and to the next one; after the last, to the market."""
    links = [f'<a class="btn" rel="prev" href="{_to(place - 1, name)}">Back</a>'] if place > 1 else []
    if place < len(NAMES):
        links.append(f'<a class="btn main" rel="next" href="{_to(place + 1, name)}">Next: {NAMES[place]}</a>')
    else:
        scenario = "" if name == USUAL else f"&amp;scenario={name}"
        links.append(f'<a class="btn main" href="{WATCH}{scenario}">Watch it happen</a>')
    links.append('<span class="hint">← → or swipe</span>')
    return f'<nav class="doors turns" aria-label="On and back">{"".join(links)}</nav>'


def _to(step: int, name: str) -> str:
    """Return a link to a step of an account, as HTML has it."""
    return f"story?step={step}" + ("" if name == USUAL else f"&amp;account={name}")


def _current(here: bool) -> str:
    """Return what marks a link that leads to where one is."""
    return ' aria-current="true"' if here else ""


def _refused(title: str, problem: str) -> str:
    """Return a page that shows no number, says why, and leads on."""
    body = (
        f'<section class="hero"><p class="news"><b>June 2026, the news.</b> {NEWS} <cite>Source: {SOURCE}.</cite></p>'
        f'<h1>What it changes</h1><p class="d" role="alert">{escape(problem)}.</p>'
        f'<p class="doors"><a class="btn main" href="{WATCH}">Watch it happen</a> '
        '<a class="btn" href="./?page=claims">Judge the claims now</a></p></section>'
    )
    return _document(title, "arrival", body)


def _kept(text: str) -> str:
    """Return a text as HTML, in which numbers stay beside their units."""
    return _UNIT.sub("\\1\N{NO-BREAK SPACE}\\2", escape(text).replace("bn $", "bn\N{NO-BREAK SPACE}$"))


def _document(title: str, kind: str, body: str) -> str:
    """Return a whole page."""
    words = glossary.payload_of(re.sub(r"<[^>]*>", " ", body))
    script = (
        f'<script type="application/json" id="words">{words}</script>'
        '<script type="module" src="browser/story.js"></script>'
    )
    styles = "".join(f'<link rel="stylesheet" href="browser/{name}.css">' for name in ("tokens", "app", "painted"))
    tabs = "".join(f'<a href="./?page={page}">{page.title()}</a>' for page in ("watch", "claims", "model"))
    here = ' aria-current="page"' if kind == "told" else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f'<meta name="description" content="{ABOUT}"><link rel="icon" type="image/svg+xml" href="browser/favicon.svg">'
        f'<script src="browser/custom.js"></script>{styles}{script}</head><body class="painted {kind}">'
        '<a class="skip" href="#main">Skip to the answer</a><header class="bar">'
        f'<a class="brand" href="./">{LOGO}<span>aimarket</span></a><nav class="tabs" aria-label="Pages">'
        f'<a href="story?step=1"{here}>Story</a>{tabs}</nav></header><main id="main" tabindex="-1">{body}</main>'
        f'<footer class="foot"><span><b>{HOW}</b> {SHIPPED}</span></footer></body></html>'
    )
