"""What came of every published result, as tables of docs/replications.md: made by a command, so that nobody types it.

``python -m aimarket.experiments.publishing.replications_page docs/replications.md`` asks the engine for all of them,
in half a minute.
"""

from __future__ import annotations

import sys
from functools import cache

from ..replications.board import PUBLISHED, Replication, replicate
from ..replications.stylised import NOT_TESTED
from .generated_tables import Sections, main
from .markdown_tables import markdown_table


@cache
def found() -> tuple[Replication, ...]:
    """Return what came of every published result."""
    return tuple(map(replicate, PUBLISHED))


def sentence() -> str:
    """Return how many results the engine gives."""
    agree = sum(result.agrees for result in found())
    return f"Of {len(found())} published results the engine gives {agree}."


def results() -> str:
    """Return who found each result, and how it is asked for here, as a Markdown table."""
    rows = [
        (f"`{result.name}`", result.published.title, result.published.reference, result.published.way)
        for result in found()
    ]
    return markdown_table(("name", "what was found", "by whom", "how it is asked for here"), rows)


def figures() -> str:
    """Return each figure beside what was published, as a Markdown table."""
    rows = [
        (f"`{result.name}`", figure.what, figure.expected, f"{figure.found:.4g}", "yes" if figure.agrees else "**no**")
        for result in found()
        for figure in result.figures
    ]
    return markdown_table(("name", "figure", "published", "found", "agrees"), rows)


def not_tested() -> str:
    """Return what cannot be tested here, as a Markdown table."""
    return markdown_table(("what is often replicated", "why it cannot be tested here"), list(NOT_TESTED.items()))


SECTIONS: Sections = {"sentence": sentence, "results": results, "figures": figures, "not_tested": not_tested}


if __name__ == "__main__":
    main(sys.argv[1:], SECTIONS)
