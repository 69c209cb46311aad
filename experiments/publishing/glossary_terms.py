"""Terms of the glossary in texts: which of them a text uses, and how the manual lists them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from .glossary import FIELD, OWN, Term
from .glossary_units import UNITS

PARTS: Mapping[str, Sequence[Term]] = MappingProxyType({"own_words": OWN, "field_words": FIELD, "units": UNITS})
"""The parts of the glossary, by the section of docs/glossary.md."""

MARKS = re.compile(r"[*`\\]|\[([^]]*)\]\([^)]*\)")


def terms() -> tuple[Term, ...]:
    """Return all terms."""
    return (*OWN, *FIELD, *UNITS)


def definitions(section: str) -> str:
    """Return a part of the glossary as a list of definitions in Markdown."""
    return "\n\n".join(f"**{term.name}**\n: {term.meaning}" for term in PARTS[section])


def plain(text: str) -> str:
    """Return a text without the marks of Markdown."""
    return MARKS.sub(lambda mark: mark[1] or "", text)


def spelling(said: str) -> str:
    """Return a regular expression, of Python and of JavaScript, that finds a spelling or its plural in a text."""
    before = r"(?<![\w$/-])" if said[0].isalnum() else ""
    after = r"s?(?![\w-])" if said[-1].isalpha() else r"(?!\w)" if said[-1].isalnum() else ""
    return before + re.escape(said).replace("\\ ", "\\s") + after


def explained(text: str) -> list[Term]:
    """Return the terms that a text uses, longer spellings first taken, in the order of the glossary."""
    spellings = sorted(((one, term) for term in terms() for one in term.said), key=lambda pair: -len(pair[0]))
    found, rest = set[str](), text
    for one, term in spellings:
        rest, count = re.subn(spelling(one), " ", rest, flags=0 if one != one.lower() else re.IGNORECASE)
        if count:
            found.add(term.name)
    return [term for term in terms() if term.name in found]
