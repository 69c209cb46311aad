"""What stands at the head of every part of the Model page: one sentence with its number, and how the books close."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from ...agents.firm import ASSUMPTION
from ...model.accounting.identities import IDENTITIES
from ...model.parameters import KINDS, parameters
from ...model.quarter import QUARTER
from . import markdown, reference_tables, sector_books

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun

QUOTED = "quoted"
"""How the data mark a value that the named source states."""

Pieces = list[list[str]]


def head(run: TwinRun, section: str) -> str:
    """Return what stands above a part of the page, as JSON: sentence, identities, and what its tabs say.

    Args:
        run: the pair of worlds, as far as it has run.
        section: one of those that `state.EXTRA` allows.
    """
    payload = {
        "sentence": SENTENCES[section](run),
        "identities": sector_books.identities(run),
        "dates": [sector_books.date(run, 1), sector_books.date(run, run.length)] if run.length else [],
        "twin": run.has_twin,
        "deal": bool(run.case.deals),
        "parameters": len(parameters()),
    }
    return json.dumps(payload)


def text(section: str) -> str:
    """Return the text of a part, as JSON; empty for parts without one, null where the document is not installed."""
    if section not in {"description", "limits"}:
        return ""
    document = markdown.description() if section == "description" else markdown.limits()
    return json.dumps(None if document is None else document._asdict())


def table(run: TwinRun, section: str, chosen: str) -> str:
    """Return the table of a part, as JSON; empty for parts without one."""
    if section == "parameters":
        return reference_tables.all_parameters(run)
    return reference_tables.data(run.case.start, chosen) if section == "data" else ""


def _of_description(run: TwinRun) -> Pieces:
    """Return how large the model is."""
    return _plain(
        f"{len(KINDS)} kinds of firm act in {len(QUARTER)} phases a quarter; "
        f"{len(IDENTITIES)} identities hold the books together"
    )


def _of_parameters(run: TwinRun) -> Pieces:
    """Return how many parameters there are, and how many rest on an assumption alone."""
    items = parameters().values()
    assumed = sum(item.source.startswith(ASSUMPTION) for item in items)
    uncertain = sum(item.uncertain for item in items)
    return _plain(f"{len(items)} parameters: {assumed} are assumptions, and {uncertain} are to be doubted first")


def _of_data(run: TwinRun) -> Pieces:
    """Return how many observations there are, and how many of them their source states."""
    certainties = reference_tables.certainties()
    quoted = sum(mark == QUOTED for mark in certainties)
    return _plain(f"{len(certainties)} observations: {quoted} are quoted from a source, the others are marked")


def _of_limits(run: TwinRun) -> Pieces:
    """Return how many limits the document names."""
    document = markdown.limits()
    number = "Some" if document is None else document.html.count("<li>")
    return _plain(f"{number} things that the model cannot tell")


def _plain(words: str) -> Pieces:
    """Return words as pieces of text."""
    return [[words, ""]]


SENTENCES: Mapping[str, Callable[[TwinRun], Pieces]] = MappingProxyType(
    {
        "books": sector_books.sentence,
        "description": _of_description,
        "parameters": _of_parameters,
        "data": _of_data,
        "limits": _of_limits,
    }
)
