"""The glossary as pages hold it: each term with what it means, and how it is found in a heading."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache

from ...experiments.publishing.glossary import Term
from ...experiments.publishing.glossary_terms import explained, plain, spelling, terms


@cache
def payload() -> str:
    """Return the terms that pages explain, as JSON: name, meaning, and regular expressions."""
    return _as_json(term for term in terms() if term.said)


def payload_of(text: str) -> str:
    """Return the terms that a text uses, as JSON that may stand in HTML."""
    return _as_json(explained(text)).replace("<", "\\u003c")


def _as_json(found: Iterable[Term]) -> str:
    """Return terms as JSON."""
    rows = [[plain(term.name), plain(term.meaning), [spelling(one) for one in term.said]] for term in found]
    return json.dumps(rows, ensure_ascii=False)
