"""What happened: deals drawn, releases, changes of the lead, new chips, failures, shortages, turns of the scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...experiments.formatting import numeral, shown
from ...model.dates import quarter_date
from .firm_labels import kind_of, token
from .quantities import GAP, LEAD_TIME, PERCENT

if TYPE_CHECKING:
    from ..sessions.twin_run import Quarter, TwinRun, World

LONG_WAIT = 2.0
"""Quarters of lead time from which chips count as short."""

WAITING_HALLS = 0.10
"""Part of all halls that wait for the grid from which connections count as short."""

DEAR_POWER = 1.5
"""Times the price at the start from which power counts as dear."""

FEW_FUNDS = 0.5
"""Part of what labs asked for below which money counts as short."""

OF_LEASES = ("rent missed", "repossession", "guarantee call", "covenant", "lease ended")
LARGEST = {
    "largest in consumer": "consumers",
    "largest in enterprise": "enterprises",
    "largest in coding": "coding and agents",
}
"""What a lab has become the largest in, by the kind of event."""

SIGN = {
    "draw": "sq",
    "release": "",
    "lead": "",
    "generation": "sq",
    "default": "tri",
    "exit": "tri",
    "shortage": "tri",
    "turn": "sq",
    "signed": "sq",
    "idle": "tri",
    "landlord covenant": "tri",
    **dict.fromkeys(LARGEST, ""),
    **dict.fromkeys(OF_LEASES, "tri"),
    "lease ended": "sq",
}
"""The mark of a kind of event: circle, square or triangle."""

GROUP = {
    "draw": "Deal",
    "turn": "Scenario",
    "release": "Releases",
    "lead": "Releases",
    "generation": "Chips",
    "default": "Defaults",
    "exit": "Defaults",
    "shortage": "Shortages",
    "signed": "Clouds",
    "idle": "Clouds",
    "landlord covenant": "Clouds",
    **dict.fromkeys(LARGEST, "Customers"),
    **dict.fromkeys(OF_LEASES, "Leases"),
}
"""Under which word the log files a kind of event."""

WEIGHT = (
    "turn",
    "exit",
    "default",
    "repossession",
    "guarantee call",
    "covenant",
    "landlord covenant",
    "shortage",
    "idle",
    "generation",
)
"""The kinds of event that the time line marks, the weightiest first; a deal has its flag."""


class Event(NamedTuple):
    """One event.

    Attributes:
        kind: a key of `SIGN`.
        firm: the firm it happened to; empty for the market.
        text: what happened.
        note: a number that belongs to it.
        only: whether it did not happen in the twin in the same quarter.
        token: the style's variable of its colour.
    """

    kind: str
    firm: str
    text: str
    note: str
    only: bool
    token: str


def events_in(run: TwinRun, quarter: int) -> list[Event]:
    """Return what happened in the quarter-th quarter of the scenario's world."""
    now, before = run.at(quarter), run.at(quarter - 1)
    found = [*_turns(run, now), *_draws(run, quarter), *_of_leases(now), *_of_firms(run, now, before)]
    found += [*_of_rent(run, now, before), *_of_segments(run, now)]
    found += _lead(run, now, before)
    return [*found, *_shortages(run, now, before)]


def payload(run: TwinRun, quarter: int) -> list[list[object]]:
    """Return what happened in a quarter as a page shows it: kind's word, sign, colour, text, note, only here, firm."""
    return [
        [GROUP[item.kind], SIGN[item.kind], item.token, item.text, item.note, item.only, item.firm]
        for item in events_in(run, quarter)
    ]


def mark(run: TwinRun, quarter: int) -> list[object]:
    """Return the mark of a quarter on the time line: quarter, sign and words of what weighs most; nothing if none."""
    found = sorted(
        (item for item in events_in(run, quarter) if item.kind in WEIGHT), key=lambda item: WEIGHT.index(item.kind)
    )
    return [quarter, SIGN[found[0].kind], found[0].text] if found else []


def _turns(run: TwinRun, now: Quarter) -> Iterator[Event]:
    """Yield where a change of the scenario begins or ends, and who enters."""
    for change in run.case.changes:
        name = change.parameter.replace("_", " ")
        if change.start == now.number:
            amount = {"multiply": f"× {change.value:g}", "add": f"{change.value:+g}", "set": f"= {change.value:g}"}
            until = f"until {_date(change.end)}" if change.end is not None else "for good"
            yield Event("turn", "", f"The scenario begins: {name} {amount[change.way]}", until, True, "ink2")
        elif change.end is not None and change.end + 1 == now.number:
            yield Event("turn", "", f"The scenario ends: {name} as before", "", True, "ink2")
    for name in now.own.happened("entry"):
        yield Event("turn", name, f"{name} enters the market", "", True, token(run, name))


def _draws(run: TwinRun, quarter: int) -> Iterator[Event]:
    """Yield the instalments of deals."""
    now = run.at(quarter)
    for name, amount in now.own.happened("draw").items():
        so_far = sum(run.at(past).own.happened("draw").get(name, 0.0) for past in range(1, quarter + 1))
        yield Event(
            "draw", "", f"{numeral(amount)} bn $ of the deal are drawn", f"{numeral(so_far)} so far", True, "deal"
        )


def _of_leases(now: Quarter) -> Iterator[Event]:
    """Yield what becomes of leases and covenants."""
    missed = now.own.happened("rent missed")
    words = {
        "rent missed": "The rent of “{}” is not paid",
        "repossession": "“{}” takes back what it owns and sells it",
        "guarantee call": "The guarantor pays for “{}”",
        "covenant": "{} breaks a covenant: draws stop, dividends and orders shrink",
    }
    for kind, text in words.items():
        for name, amount in now.own.happened(kind).items():
            note = f"{numeral(amount)} bn $" if kind in ("repossession", "guarantee call") else ""
            yield Event(kind, name, text.format(name), note, True, "bad")
    for name in now.own.happened("lease ended"):
        if name not in missed:
            yield Event("lease ended", name, f"“{name}” is paid off: the lease ends", "", True, "deal")


def _of_firms(run: TwinRun, now: Quarter, before: Quarter) -> Iterator[Event]:
    """Yield releases of models, generations of chips, defaults and exits."""
    for kind, text_of in (("default", _default), ("exit", _exit), ("release", _release), ("generation", _generation)):
        also = now.twin.happened(kind)
        for name in now.own.happened(kind):
            only = run.has_twin and name not in also
            text, note = text_of(run, name, now.own, before.own)
            yield Event(kind, name, text, note, only, token(run, name))


def _default(run: TwinRun, name: str, now: World, before: World) -> tuple[str, str]:
    """Return words for a default."""
    if name in now.happened("exit"):
        return f"{name} runs out of cash{'' if kind_of(run, name) == 'clouds' else ' again'}", ""
    return f"{name} runs out of cash; its lenders take a loss and shares", ""


def _exit(run: TwinRun, name: str, now: World, before: World) -> tuple[str, str]:
    """Return words for an exit: who took over what there was."""
    kind = kind_of(run, name)
    fleet = before.column(kind, "fleet")[run.firms[kind].index(name)]
    if kind == "clouds":
        acquired = now.posted(kind, "fixed_assets", "acquired")
        buyer, what = run.firms[kind][int(acquired.argmax())], "fleet and tenants"
    else:
        buyers = list(now.happened("acquisition"))
        buyer, what = buyers[0] if buyers else "the rest of the world", "fleet"
    return f"{name} leaves the market; {buyer} takes over its {what}", f"{numeral(float(fleet.sum()))} M H100e"


def _of_rent(run: TwinRun, now: Quarter, before: Quarter) -> Iterator[Event]:
    """Yield what begins in the market for compute: much signed, capacity idle, a landlord's covenant broken."""
    for kind, text_of in (("signed", _signed), ("idle", _idle), ("landlord covenant", _landlord)):
        also = now.twin.happened(kind)
        for name in now.own.happened(kind):
            only = run.has_twin and name not in also
            text, note = text_of(run, name, now.own)
            yield Event(kind, name, text, note, only, "bad" if kind == "landlord covenant" else token(run, name))


def _of_segments(run: TwinRun, now: Quarter) -> Iterator[Event]:
    """Yield who becomes the largest in a segment of the market for AI services."""
    for place, (kind, segment) in enumerate(LARGEST.items()):
        also = now.twin.happened(kind)
        for name in now.own.happened(kind):
            sales = float(now.own.column("ai_labs", "sales")[run.firms["ai_labs"].index(name)][place])
            text, note = f"{name} sells most for {segment}", f"{numeral(sales)} bn $ a quarter"
            yield Event(kind, name, text, note, run.has_twin and name not in also, token(run, name))


def _signed(run: TwinRun, name: str, now: World) -> tuple[str, str]:
    """Return words for contracts that a lab begins to sign: how much, of whom most, for how much."""
    row = run.firms["ai_labs"].index(name)
    signed, rents = now.column("ai_labs", "signed")[row], now.column("clouds", "rent_price")[:, row]
    most = run.firms["clouds"][int(signed.argmax())]
    worth = float(signed @ rents) * now.column("clouds", "contracts").shape[2]
    text = f"{name} begins to sign: {numeral(float(signed.sum()))} M H100e, most of it from {most}"
    return text, f"{numeral(worth)} bn $ of rent"


def _idle(run: TwinRun, name: str, now: World) -> tuple[str, str]:
    """Return words for capacity that begins to stand idle."""
    row = run.firms["clouds"].index(name)
    idle, runs = (float(now.column("clouds", column)[row]) for column in ("idle", "own_compute"))
    return f"{name} finds no tenants for {numeral(idle)} M H100e", f"{shown(PERCENT * idle / runs, '%')} % idle"


def _landlord(run: TwinRun, name: str, now: World) -> tuple[str, str]:
    """Return words for a landlord whose contracts no longer cover its debt."""
    row = run.firms["clouds"].index(name)
    backlog, debt = (float(now.column("clouds", column)[row]) for column in ("backlog", "debt"))
    text = f"{name} breaks a covenant: contracts no longer cover its debt, and it may order less"
    return text, f"{numeral(backlog)} on {numeral(debt)} bn $"


def _release(run: TwinRun, name: str, now: World, before: World) -> tuple[str, str]:
    """Return words for a release."""
    row = run.firms["ai_labs"].index(name)
    gain = now.column("ai_labs", "capability")[row] - before.column("ai_labs", "capability")[row]
    gap = now.column("ai_labs", "gap")[row]
    return (
        f"{name} releases a model, +{shown(gain, GAP.unit)} OOM",
        f"gap {shown(gap, GAP.unit)}" if gap > 0.0 else "leads",
    )


def _generation(run: TwinRun, name: str, now: World, before: World) -> tuple[str, str]:
    """Return words for a generation of chips."""
    row = run.firms["chip_vendors"].index(name)
    speed = now.column("chip_vendors", "performance")[row] / before.column("chip_vendors", "performance")[row]
    cost = [
        world.column("chip_vendors", "price")[row] / world.column("chip_vendors", "performance")[row]
        for world in (now, before)
    ]
    change = f"{100.0 * (cost[0] / cost[1] - 1.0):+.0f} % per H100e".replace("-", "−")
    return f"{name} ships a new generation, {speed:.2f} × per chip", change


def _lead(run: TwinRun, now: Quarter, before: Quarter) -> Iterator[Event]:
    """Yield a change of the lab with the best model."""
    leader, old = (int(quarter.own.column("economy", "leader")) for quarter in (now, before))
    if old < 0 or leader == old:
        return
    labs = run.firms["ai_labs"]
    count = int(now.own.column("economy", "lead_changes"))
    only = run.has_twin and int(now.twin.column("economy", "leader")) != leader
    text = f"{labs[leader]} takes the lead from {labs[old]}"
    yield Event("lead", labs[leader], text, f"change {count}", only, token(run, labs[leader]))


def _shortages(run: TwinRun, now: Quarter, before: Quarter) -> Iterator[Event]:
    """Yield what has become short since the quarter before: chips, connections, power or money."""
    start = run.at(1).own.indicator("power_price") if run.length else 0.0
    lacks = zip(_lacks(now.own, start), _lacks(before.own, start), _lacks(now.twin, start), strict=True)
    for (text, note, short), (_, _, was_short), (_, _, twin_short) in lacks:
        if short and not was_short:
            yield Event("shortage", "", text, note, run.has_twin and not twin_short, "ink3")


def _lacks(world: World, power_at_start: float) -> list[tuple[str, str, bool]]:
    """Return words, a number and whether it is short, for everything that can be."""
    if not world.indicators:
        return [("", "", False)] * 4
    wait, price = world.indicator("chip_lead_time"), world.indicator("power_price")
    owned = sum(float(world.column(kind, "halls").sum()) for kind in ("ai_labs", "clouds"))
    halls = owned + float(world.column("economy", "outside_halls"))
    waiting = world.indicator("unconnected_halls")
    asked = float((world.column("ai_labs", "debt_request") + world.column("ai_labs", "equity_request")).sum())
    given = float((world.column("ai_labs", "debt_raised") + world.column("ai_labs", "equity_raised")).sum())
    return [
        (f"Chips are short: buyers wait {shown(wait, LEAD_TIME.unit)} quarters", "lead time", wait >= LONG_WAIT),
        (f"{numeral(waiting)} GW of finished halls wait for the grid", "halls", waiting > WAITING_HALLS * halls),
        (f"Power costs {numeral(price)} $/MWh", "dear", price > DEAR_POWER * power_at_start),
        (
            f"Labs get {numeral(100.0 * float(np.divide(given, asked or 1.0)))} % of the money they ask for",
            f"{numeral(given)} bn $",
            bool(asked > 0.0 and given < FEW_FUNDS * asked),
        ),
    ]


def _date(number: int) -> str:
    """Return a quarter since year 0 as it is shown."""
    return quarter_date(number).replace("Q", " Q")
