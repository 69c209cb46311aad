"""A scenario as the TOML file that the command line takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..dates import quarter_date
from .deal_reader import deal_table
from .scenario import USUAL_START

if TYPE_CHECKING:
    from .scenario import Change, Scenario


def scenario_toml(case: Scenario, settings: Mapping[str, float] | None = None) -> str:
    """Return a scenario as TOML, such that `parse_scenario` gives the same scenario.

    Args:
        case: the scenario.
        settings: values that override the scenario's parameters, and take their place in the file.
    """
    import tomli_w

    content: dict[str, Any] = {"title": case.title, "why": case.why}
    if case.start != USUAL_START:
        content["start"] = case.start
    values = {**case.parameters, **(settings or {})}
    if values:
        content["parameters"] = values
    for name, tables in (
        ("changes", [dict(_change(item)) for item in case.changes]),
        ("deals", [deal_table(item) for item in case.deals]),
        ("entries", [{"firm": e.firm, "date": quarter_date(e.start), "why": e.why} for e in case.entries]),
    ):
        if tables:
            content[name] = tables
    if case.firms:
        content["firms"] = {name: override.describe() for name, override in case.firms.items()}
    return tomli_w.dumps(content)


def _change(item: Change) -> Iterator[tuple[str, Any]]:
    """Yield what a file says of a change."""
    yield from (("parameter", item.parameter), ("from", quarter_date(item.start)))
    if item.end is not None:
        yield "until", quarter_date(item.end)
    yield item.way, item.value
    if item.firms:
        yield "firms", list(item.firms)
    yield "why", item.why
