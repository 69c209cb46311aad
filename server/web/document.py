"""Documents: which addresses are painted here before anything runs, and what is put right in Solara's own document."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from ..url.limits import LONGEST_QUERY

if TYPE_CHECKING:
    from ..presenters.previews import Preview

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


PICTURE = "/preview.png"
"""The address of the picture that other sites show beside a link, below the prefix."""

HEAD_END = "</head>"


def painted(path: str, query: str, site: str = "") -> Callable[[], str | bytes] | None:
    """Return what makes the page or the picture of an address; None where it is a page of the market's own, or none.

    A link that says anything goes straight to what it names: only the bare address is the arrival.

    Args:
        path: of the address, below the prefix.
        query: what stands after the question mark.
        site: where visitors see the site, as in ``https://host/market``; previews need whole addresses.
    """
    if path == "/" and not query:
        return partial(_arrival, site)
    if path == PICTURE:
        return partial(_picture, query)
    return partial(_story, query, site) if path == STORY else None


def dressed(body: bytes, query: str, site: str = "") -> bytes:
    """Return Solara's document with its language, words for what is being loaded, and what others show of its link."""
    from ..presenters.previews import of_market, title_of

    asked = query[:LONGEST_QUERY]
    shown = of_market(asked)
    text = body.decode().replace(HEAD_END, f"{_about(shown)}{_preview(shown, f'/?{asked}', site)}{HEAD_END}", 1)
    for found, instead in REPLACED:
        text = text.replace(found, instead.replace("{title}", escape(title_of(shown.page))), 1)
    return OTHER_ICON.sub("", text).encode()


def crowded(query: str) -> str:
    """Return what a frame shows in the place of its chart while all places are taken; it asks again by itself."""
    whole = urlencode([(name, value) for name, value in parse_qsl(query[:LONGEST_QUERY]) if name != "embed"])
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="60">'
        "<title>A chart of aimarket, in a minute</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<style>:root{color-scheme:light dark}body{font:14px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;"
        "display:grid;place-content:center;text-align:center;padding:0 16px}"
        "p{margin:0 0 4px;text-wrap:balance}</style></head>"
        "<body><main><p><b>This chart is much asked for just now.</b></p>"
        "<p>Whoever computes it has no place free; it comes by itself within a minute or two.</p>"
        f'<p><a href="?{escape(whole)}" target="_blank">The whole page</a>, or <a href="./" target="_blank">'
        "the news and five verdicts</a>, which wait for nobody.</p></main></body></html>"
    )


def _arrival(site: str) -> str:
    """Return the arrival."""
    from ..presenters.painted import arrival
    from ..presenters.previews import of_arrival

    return arrival().replace(HEAD_END, f"{_preview(of_arrival(), '/', site)}{HEAD_END}", 1)


def _story(query: str, site: str) -> str:
    """Return the step of the story that a query names."""
    from ..presenters.painted import story
    from ..presenters.previews import of_story

    page, shown = story(dict(parse_qsl(query))), of_story(query)
    return page.replace(HEAD_END, f"{_preview(shown, f'{STORY}?{shown.picture}', site)}{HEAD_END}", 1)


def _picture(query: str) -> bytes:
    """Return the picture that other sites show beside a link, a PNG."""
    from ..presenters.previews import picture

    return picture(query)


def _preview(shown: Preview, address: str, site: str) -> str:
    """Return what sites read that show something of a link, in the words of the Open Graph protocol."""
    told = {
        "og:site_name": "aimarket",
        "og:type": "website",
        "og:title": shown.title,
        "og:description": shown.text,
        "og:url": f"{site}{address}",
        "og:image": f"{site}{PICTURE}" + (f"?{shown.picture}" if shown.picture else ""),
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": shown.text,
    }
    tags = "".join(f'<meta property="{name}" content="{escape(text)}">' for name, text in told.items())
    return f'{tags}<meta name="twitter:card" content="summary_large_image">'


def _about(shown: Preview) -> str:
    """Return the description of a page, as search engines read it."""
    return f'<meta name="description" content="{escape(shown.text)}">'
