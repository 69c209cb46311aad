"""Documents: which addresses are painted here before anything runs, and what is put right in Solara's own document."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl

from ..url.limits import PAGES

STORY = "/story"
"""The address of the story, below the prefix; a step and an account stand in its query."""

REPLACED = (
    ("<html>", '<html lang="en">'),
    ("<title>aimarket</title>", "<title>{title} - aimarket</title>"),
    (", maximum-scale=1, user-scalable=no, minimal-ui", ""),
    ('loading_text: "Loading resources"', 'loading_text: "Loading {title}: scripts and styles"'),
    ("loading_text = 'Loading app'", "loading_text = 'Loading {title}: a market of your own'"),
)
"""What stands in Solara's document, and what stands there instead."""

OTHER_ICON = re.compile(r'<link rel="icon" type="image/png"[^>]*>')
"""Solara's own icon; ours takes the place of the other one, whose name it has."""


def painted(path: str, query: str) -> Callable[[], str] | None:
    """Return what makes the page of an address; None where it is one of the market's own pages, or no page.

    A link that says anything goes straight to what it names: only the bare address is the arrival.
    """
    if path == "/" and not query:
        return _arrival
    return partial(_story, query) if path == STORY else None


def dressed(body: bytes, query: str) -> bytes:
    """Return Solara's document with a title of its page, its language, and words for what is being loaded."""
    text = body.decode()
    for found, instead in REPLACED:
        text = text.replace(found, instead.replace("{title}", _title(query)), 1)
    return OTHER_ICON.sub("", text).encode()


def _title(query: str) -> str:
    """Return the title of the page that a query names; of the first where it names none."""
    named = dict(parse_qsl(query)).get("page", "")
    page = named if named in PAGES else PAGES[0]
    return TITLES.get(page, page.title())


TITLES = {"money": "Money trail", "backtest": "Back-test"}
"""Titles of pages that are called otherwise than their name; the pages themselves say the same."""


def _arrival() -> str:
    """Return the arrival."""
    from ..presenters.painted import arrival

    return arrival()


def _story(query: str) -> str:
    """Return the step of the story that a query names."""
    from ..presenters.painted import story

    return story(dict(parse_qsl(query)))
