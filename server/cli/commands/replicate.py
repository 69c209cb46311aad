"""Ask the engine for a published result from the command line, or list those that it can be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ....experiments.formatting import numeral
from ...errors import FAILED
from ..command_line import as_typed
from ..console import open_console, print_end, print_json, print_table
from ..options import Json

if TYPE_CHECKING:
    from ....experiments.replications.board import Replication


def replicate(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="What the result is called.  [default: list all that there are]")
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Ask the engine for a published result, within its tolerance; exit code 1 where it gives another.

    Without a name, list the results that there are, and what cannot be tested here.
    """
    if name is None:
        _print_list(json=json)
        return
    from ....experiments.replications import board

    found = board.replicate(name)
    if json:
        print_json({"command": as_typed(context), **found.to_json()})
    else:
        _print_found(found)
        print_end(open_console(), as_typed(context))
    if not found.agrees:
        raise typer.Exit(FAILED)


def _print_list(*, json: bool) -> None:
    """Print every published result that can be asked for, and what cannot be tested here."""
    from ....experiments.replications.board import PUBLISHED
    from ....experiments.replications.stylised import NOT_TESTED

    if json:
        results = [
            {"name": name, "title": result.title, "reference": result.reference, "way": result.way}
            for name, result in PUBLISHED.items()
        ]
        print_json({"results": results, "not_tested": NOT_TESTED})
        return
    console = open_console()
    rows = [(name, result.title, result.reference) for name, result in PUBLISHED.items()]
    print_table(console, ("", "what was found", "by whom"), rows, ends=range(len(rows)))
    console.print("What some thirty firms over ten years cannot test:\n")
    print_table(console, ("", "why"), list(NOT_TESTED.items()), ends=range(len(NOT_TESTED)))


def _print_found(found: Replication) -> None:
    """Print every figure of a published result beside what was found here."""
    console = open_console()
    console.print(f"{found.published.title}.\n{found.published.reference}; here: {found.published.way}.\n")
    rows = [
        (figure.what, figure.expected, numeral(figure.found), "agrees" if figure.agrees else "does not agree")
        for figure in found.figures
    ]
    print_table(console, ("", "published", "found", ""), rows, ends=range(len(rows)))
