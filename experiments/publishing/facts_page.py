"""Which stylised facts the model has, as a table of docs/facts.md: made by a command, so that nobody types a figure.

``python -m aimarket.experiments.publishing.facts_page docs/facts.md`` runs what is needed, some ten seconds.
"""

from __future__ import annotations

import sys

from ..facts.fact import PRESENT
from ..formatting import estimate
from ..replications.stylised import baseline_facts
from .generated_tables import Sections, main
from .markdown_tables import markdown_table


def sentence() -> str:
    """Return how many facts there are."""
    return baseline_facts().sentence()


def table() -> str:
    """Return what came of each fact, as a Markdown table."""
    rows = [
        (
            row["title"],
            row["statistic"],
            estimate({**{str(key): value for key, value in row.items()}, "unit": "1"}, "{:.3g}".format),
            row["expected"],
            f"**{row['outcome']}**" + (", by a rule" if row["by_rule"] and row["outcome"] == PRESENT else ""),
        )
        for row in baseline_facts().frame.to_dict("records")
    ]
    return markdown_table(("fact", "what is read", "value [95 % interval]", "expected", "outcome"), rows)


def reasons() -> str:
    """Return who found each fact, and what makes it here, as a Markdown table."""
    rows = [(row["title"], row["reference"], row["mechanism"]) for row in baseline_facts().frame.to_dict("records")]
    return markdown_table(("fact", "found by", "what makes it, or would have to"), rows)


SECTIONS: Sections = {"sentence": sentence, "facts": table, "reasons": reasons}


if __name__ == "__main__":
    main(sys.argv[1:], SECTIONS)
