"""The glossary as pages hold it: each term with what it means, and how it is found in a heading."""

from __future__ import annotations

import json
from functools import cache

from ...experiments.publishing.glossary_terms import plain, spelling, terms


@cache
def payload() -> str:
    """Return the terms that pages explain, as JSON: name, meaning, and regular expressions."""
    found = [
        [plain(term.name), plain(term.meaning), [spelling(one) for one in term.said]] for term in terms() if term.said
    ]
    return json.dumps(found, ensure_ascii=False)
