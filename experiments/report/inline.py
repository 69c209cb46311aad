"""Figures inside a page: SVG whose colours follow the page's theme."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from ..figures.style import THEMES, svg

if TYPE_CHECKING:
    from .exhibits import Exhibit

TOKENS = {
    "page": "card",
    "ink": "ink",
    "soft": "ink2",
    "faint": "ink3",
    "grid": "grid",
    "deal": "deal",
    "line": "line2",
    "holds": "holds",
}
"""By colour of a figure's theme, the page's variable."""

HEAD = re.compile(r"^.*?<svg[^>]*?viewBox=\"([^\"]*)\"[^>]*>", re.DOTALL)
SETTINGS = re.compile(r"<metadata>.*?</metadata>|<defs>\s*<style.*?</style>\s*</defs>|<!--.*?-->", re.DOTALL)
NAMES = re.compile(r'(\bid="|href="#|url\(#)')
FONT = re.compile(r"(font: [^;\"']*?px)[^;\"]*?(?=;|\")")
XLINK = re.compile(r"xlink:href=")
SPACE = re.compile(r"\s*\n\s*")


def inline(exhibit: Exhibit) -> Markup:
    """Return an exhibit's figure as SVG to put into a page: its names are its own, its colours the page's."""
    assert exhibit.plot is not None
    text = svg(exhibit.plot(theme="light"))
    found = HEAD.match(text)
    assert found is not None
    body = SETTINGS.sub("", text[found.end() :])
    body = NAMES.sub(rf"\g<1>{exhibit.name}-", body)
    body = XLINK.sub("href=", body)
    for colour, token in TOKENS.items():
        body = re.sub(getattr(THEMES["light"], colour), f"var(--{token})", body, flags=re.IGNORECASE)
    opening = f'<svg viewBox="{found.group(1)}" role="img" aria-label="{escape(exhibit.alt)}">'
    return Markup(opening + SPACE.sub("\n", FONT.sub(r"\1 var(--font)", body)))
