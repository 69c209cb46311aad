"""Texts of the model for reading in a page: its description and its limits, from the document that ships with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

DOCUMENT = ("docs", "odd.md")
LIMITS = "5. Limits"
"""How the heading of the section about limits begins."""

MARKER = re.compile(r"^<!-- /?\w+ -->\n", re.MULTILINE)
DEEPEST = 3
"""The lowest rank of a heading that the list of contents has."""

ABROAD = ("http://", "https://")


class Prose(NamedTuple):
    """A text: its HTML, and the headings of its list of contents, each with rank, words and anchor."""

    html: str
    contents: tuple[tuple[int, str, str], ...]


@cache
def description() -> Prose | None:
    """Return the whole description of the model; None where the document is not installed."""
    text = _document()
    return None if text is None else _rendered(text)


@cache
def limits() -> Prose | None:
    """Return what the model cannot tell; None where the document is not installed."""
    text = _document()
    if text is None:
        return None
    begun = text.partition(f"\n## {LIMITS}")[2].partition("\n")[2]
    return _rendered(begun.partition("\n## ")[0])


def rendered(text: str) -> str:
    """Return Markdown as HTML: tags in it stay text, and links lead nowhere but to headings and other sites."""
    return _rendered(text).html


def _document() -> str | None:
    """Return the document's text without the markers of its tables."""
    place = files(__package__.partition(".")[0]).joinpath(*DOCUMENT)
    return MARKER.sub("", place.read_text(encoding="utf-8")) if place.is_file() else None


def _rendered(text: str) -> Prose:
    """Return Markdown as HTML and its headings; they rank below the page's own."""
    markdown = _markdown()
    tokens = markdown.parse(text)
    contents = tuple(_name_headings(tokens))
    for token in tokens:
        _tame_links(token.children or [])
    return Prose(markdown.renderer.render(tokens, markdown.options, {}), contents)


def _markdown() -> MarkdownIt:
    """Return a reader of Markdown that takes tags for text and lets wide tables scroll."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("table_open", lambda *_: '<div class="scroll" tabindex="0"><table>\n')
    markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")
    markdown.add_render_rule("fence", lambda _, tokens, place, *__: _preformatted(tokens[place].content))
    return markdown


def _preformatted(text: str) -> str:
    """Return lines that stay as they are; keys can roll them where they are wider than the page."""
    return f'<pre tabindex="0"><code>{escape(text)}</code></pre>\n'


def _name_headings(tokens: Sequence[Token]) -> Iterator[tuple[int, str, str]]:
    """Give headings anchors, and yield those of the list of contents."""
    for place, token in enumerate(tokens):
        if token.type not in {"heading_open", "heading_close"}:
            continue
        rank = int(token.tag[1:])
        token.tag = f"h{min(rank + 1, 6)}"
        if token.type == "heading_open":
            words = "".join(part.content for part in tokens[place + 1].children or [])
            token.attrSet("id", anchor(words))
            if 1 < rank <= DEEPEST:
                yield rank, words, anchor(words)


def anchor(words: str) -> str:
    """Return the anchor of a heading as repositories name it."""
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")


def _tame_links(parts: Sequence[Any]) -> None:
    """Open links to other sites in a window of their own, and make text of links to files, which are not here."""
    for part in parts:
        if part.type != "link_open":
            continue
        target = str(part.attrGet("href") or "")
        if target.startswith(ABROAD):
            part.attrSet("target", "_blank")
            part.attrSet("rel", "noopener noreferrer")
        elif not target.startswith("#"):
            part.attrs = {"class": "file", "title": target}
