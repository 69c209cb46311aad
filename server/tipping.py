"""Find a tipping value from the command line, and tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import inputs
from .output import NO_FORECAST, figure, open_console, print_end, print_json, print_table

if TYPE_CHECKING:
    from ..experiments.analysis.tipping import Tipping


def find(parameter: str, claim: str, scenarios: tuple[str, str], given: Mapping[str, float], **options: Any) -> Tipping:
    """Find where a parameter flips the verdict on a claim, in a scenario beside another."""
    case, other = (inputs.case(name, given) for name in scenarios)
    from ..experiments.analysis.tipping import tipping

    with inputs.bad_input():
        return tipping(parameter, claim, case, against=other, parameters=given, **options)


def tell(found: Tipping, command: Sequence[str], *, json: bool) -> None:
    """Print where a parameter flips a verdict, for people or for machines."""
    if json:
        print_json({"command": command, **found.to_json(), "note": NO_FORECAST})
    else:
        _print(found, command)


def _print(found: Tipping, command: Sequence[str]) -> None:
    """Print it in words, then the scan, value by value."""
    from ..experiments.words import estimate

    console, statistic, factor = open_console(), found.statistic, found.factor
    console.print(f"{found.sentence()}\n")
    scanned: list[Any] = found.curve[found.curve["value"].isin(found.scan)].to_dict("records")
    rows = [
        (
            figure(row["value"]),
            estimate({**row, "value": row["mean"], "unit": "1", "runs": found.replicates}, figure),
            row["verdict"],
        )
        for row in scanned
    ]
    heads = (_with_unit(factor.name, factor.unit), f"{_with_unit(statistic.key, statistic.unit)} [95 %]")
    print_table(console, (*heads, f"{statistic.condition}?"), rows, right=(0,))
    console.print(f"{found.replicates} pairs of runs for each value, {found.quarters} quarters, the same luck for all.")
    print_end(console, command)


def _with_unit(name: str, unit: str) -> str:
    """Return a name with its unit, if it has one."""
    return name if unit == "1" else f"{name}, {unit}"
