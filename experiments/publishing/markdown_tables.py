"""Tables in Markdown, as every generated document writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..formatting import numeral


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def banded(middle: float, low: float, high: float) -> str:
    """Return a median with the ends of its band, nothing where there is none."""
    return "" if middle != middle else f"{numeral(middle)} [{numeral(low)}, {numeral(high)}]"
