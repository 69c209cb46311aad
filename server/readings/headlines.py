"""The headline figures of a quarter, each with its twin's value and the difference, and the finding as a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from ..output import difference, figure
from ..state import date_of
from .cast import focus, recipients

if TYPE_CHECKING:
    from ..session import Session, World

PERCENT = 100.0
SAME = "no difference"


class Headline(NamedTuple):
    """A figure: its name, its unit as it is shown, and how it is read off a world."""

    label: str
    unit: str
    read: Callable[[World], float]


def headlines(session: Session) -> list[Headline]:
    """Return the figures of the page; the first five are indicators that the command line prints, too."""
    lab = focus(session)
    row = session.firms["ai_labs"].index(lab)
    return [
        Headline("AI revenue", "bn $/quarter", lambda world: world.indicator("ai_revenue")),
        Headline("Compute of the labs", "M H100e", lambda world: world.indicator("lab_compute")),
        Headline("Capital raised", "bn $/quarter", lambda world: world.indicator("funding")),
        Headline("Chip lead time", "quarters", lambda world: world.indicator("chip_lead_time")),
        Headline("Power price", "$/MWh", lambda world: world.indicator("power_price")),
        Headline(f"{lab}’s gap to the leader", "OOM", lambda world: float(world.column("ai_labs", "gap")[row])),
    ]


def told(session: Session, quarter: int) -> list[list[str]]:
    """Return a quarter's figures as a page is told: value, twin's value, difference; the last two empty if no twin."""
    now = session.at(quarter)
    found = []
    for item in headlines(session):
        value, twin = item.read(now.own), item.read(now.twin)
        change = difference(value, twin) if session.has_twin else ""
        found.append([figure(value), figure(twin) if session.has_twin else "", change])
    return found


def sentence(session: Session, quarter: int) -> list[list[str]]:
    """Return the finding of a quarter as pieces of text, each with its colour's name or none."""
    now, lab = session.at(quarter), focus(session)
    row = session.firms["ai_labs"].index(lab)
    share, twin = (PERCENT * float(world.column("ai_labs", "market_share")[row]) for world in (now.own, now.twin))
    text = f"{lab} holds {figure(share)} % of AI revenue"
    if not session.has_twin:
        return [[text, ""]]
    change = difference(share, twin)
    other = "in the world without the deal" if session.case.deals else "in the world where nothing happens"
    if not change:
        return [[f"{text}, as much as {other}", ""]]
    points = f"{change[1:]} point{'' if change[1:] == '1' else 's'}"
    return [[f"{text}, ", ""], [points, "deal"], [f" {'more' if change[0] == '+' else 'less'} than {other}", ""]]


def story(session: Session) -> str:
    """Return in a line what the scenario is."""
    if len(recipients(session)) == 1 and len(session.case.deals) == 1:
        deal = session.case.deals[0]
        uses = _listed(list(deal.earmark)) if deal.earmark else "any use"
        date = date_of(session.case.name, deal.start - session.first + 1)
        length = f", drawn over {len(deal.draw)} quarters" if len(deal.draw) > 1 else ""
        givers = _listed(list(deal.funders)) if deal.instrument != "vendor" else "Chip vendors"
        if deal.leased:
            verb = "finances" if len(deal.funders) == 1 else "finance"
            bought = f"{deal.asset} of {deal.supplier}" if deal.supplier else deal.asset
            vehicle = f"a vehicle that buys {bought} and leases them to {recipients(session)[0]}"
            return (
                f"In {date} {givers} {verb} {vehicle}: {figure(deal.amount)} bn ${length.replace('drawn', 'ordered')}."
            )
        verb = {"loan": "lend", "equity": "buy shares of", "vendor": "give credit to"}[deal.instrument]
        singular = "s" if len(deal.funders) == 1 and deal.instrument != "vendor" else ""
        who = f"{givers} {verb}{singular} {recipients(session)[0]}"
        amount = f"{figure(deal.amount)} bn $" if deal.instrument == "loan" else f"for {figure(deal.amount)} bn $"
        return f"In {date} {who} {amount} for {uses}{length}."
    return f"{session.case.title.rstrip('.')}. {' '.join(session.case.why.split())}"


def _listed(words: list[str]) -> str:
    """Return words as a list in a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
