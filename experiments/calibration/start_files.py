"""Files of starts: how a start stands in them, and what a stock in one may rest on."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

STATED, BETWEEN = ("2023Q4", "2025Q4"), "2024Q4"
STARTS = (STATED[0], BETWEEN, STATED[1])
OBSERVED, LATE, DERIVED, IMPUTED, ASSUMED = "observed", "observed later", "definition", "imputed", "assumption"
DIGITS = 3

Content = dict[str, dict[str, dict[str, Any]]]
"""A start as its file holds it: by kind and quantity, unit, source, basis and values."""


def stated(quarter: str) -> Content:
    """Return a start as its file holds it."""
    content: Any = tomllib.loads(text_in(f"initial_{quarter}.toml"))
    content.pop("quarter")
    return content


def text_in(name: str) -> str:
    """Return a file of the model's data."""
    return files("aimarket.model").joinpath("data", name).read_text(encoding="utf-8")


def text_of(quarter: str, content: Content) -> str:
    """Return a start as the TOML that ships."""
    return "\n".join(_lines(quarter, content))


def item(unit: str, source: str, basis: str | list[str], values: Any) -> dict[str, Any]:
    """Return a quantity as a start's file holds it."""
    return {"unit": unit, "source": source, "basis": basis, "values": values}


def rounded(value: float) -> float:
    """Return a number with as many digits as it deserves."""
    return float(f"{value:.{DIGITS}g}")


def _lines(quarter: str, content: Content) -> Iterator[str]:
    """Yield the lines of a start's file."""
    made = "all of it" if quarter == BETWEEN else "what is observed, and fleets with their use; the rest is edited here"
    yield f"# Stocks at the end of {quarter}, in the order of the roster's rows. Each quantity has its unit, its source"
    yield "# and its basis, one a firm where they differ. experiments/calibration/openings.py makes"
    yield f"# {made}. What follows by arithmetic is computed in the model."
    yield f'\nquarter = "{quarter}"'
    for kind, table in content.items():
        for quantity, stock in table.items():
            yield f"\n[{kind}.{quantity}]"
            for key in ("unit", "source", "basis", "values"):
                yield f"{key} = {_written(stock[key])}"
    yield ""


def _written(value: Any) -> str:
    """Return a value as TOML: text, a number, a list, or amounts by name."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(name)} = {_written(part)}" for name, part in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
