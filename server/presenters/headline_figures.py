"""The headline figures of a quarter, each with its twin's value and the difference, and the finding as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...experiments.formatting import beside, listed, numeral, shown
from ...model.dates import LAST_TOLD
from ..url.dates import date_of
from . import quantities
from .firm_labels import focus, recipients
from .quantities import SHARE, Quantity, row_of_focus

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun

HEADLINES = (
    quantities.REVENUE,
    quantities.COMPUTE_OF_LABS,
    quantities.CAPITAL,
    quantities.LEAD_TIME,
    quantities.POWER_PRICE,
    quantities.GAP,
)
"""The figures of the page; all but the last are indicators that the command line prints, too."""

BEYOND = "; later years only show that the model stays bounded"
"""What is said instead of a finding of years in which nothing is claimed."""

Pieces = list[list[str]]
"""A sentence as pieces of text, each with its colour's name or none."""


def labels(run: TwinRun) -> list[list[str]]:
    """Return the names and units of the figures."""
    return [[item.called(focus(run)), item.unit] for item in HEADLINES]


def payload(run: TwinRun, quarter: int) -> list[list[str]]:
    """Return a quarter's figures as a page shows it: value, twin's value, difference; the last two empty if no twin."""
    return [_figure(run, item, quarter) for item in HEADLINES]


def _figure(run: TwinRun, item: Quantity, quarter: int) -> list[str]:
    """Return one figure as it is shown."""
    now, row = run.at(quarter), row_of_focus(run)
    if not run.has_twin:
        return [shown(item.read(now.own, row), item.unit), "", ""]
    return list(beside(item.read(now.own, row), item.read(now.twin, row), item.unit))


def last_claimed(run: TwinRun) -> int:
    """Return the last quarter of a run of which a finding is claimed."""
    return LAST_TOLD - run.first + 1


def sentence(run: TwinRun, quarter: int) -> Pieces:
    """Return the finding of a quarter in this one run; of the last that is claimed for all later ones."""
    quarter = min(quarter, last_claimed(run))
    now, lab, row = run.at(quarter), focus(run), row_of_focus(run)
    share = beside(SHARE.read(now.own, row), SHARE.read(now.twin, row), SHARE.unit)
    date = date_of(run.case, quarter)
    text = f"In this one run {lab} holds {share.value} % of AI revenue in {date}"
    if not run.has_twin:
        return [[text, ""]]
    other = "in the world without the deal" if run.case.deals else "in the world where nothing happens"
    if not share.change:
        return [[f"{text}, as much as {other}", ""]]
    return [[f"{text}, ", ""], [points(share.change), "deal"], [f" {more(share.change)} than {other}", ""]]


def points(change: str) -> str:
    """Return a difference of shares without its sign, in points."""
    return f"{change[1:]} point{'' if change[1:] == '1' else 's'}"


def more(change: str) -> str:
    """Return whether a difference is upwards or downwards, in a word."""
    return "more" if change.startswith("+") else "less"


def story(run: TwinRun) -> str:
    """Return in a line what the scenario is."""
    if len(recipients(run)) == 1 and len(run.case.deals) == 1:
        deal = run.case.deals[0]
        uses = listed(list(deal.earmark)) if deal.earmark else "any use"
        date = date_of(run.case, deal.start - run.first + 1)
        length = f", drawn over {len(deal.draw)} quarters" if len(deal.draw) > 1 else ""
        givers = listed(list(deal.funders)) if deal.instrument != "vendor" else "Chip vendors"
        if deal.leased:
            verb = "finances" if len(deal.funders) == 1 else "finance"
            vehicle = f"a vehicle that buys {deal.bought} and leases them to {recipients(run)[0]}"
            return (
                f"In {date} {givers} {verb} {vehicle}: {numeral(deal.amount)} bn ${length.replace('drawn', 'ordered')}."
            )
        verb = {"loan": "lend", "equity": "buy shares of", "vendor": "give credit to"}[deal.instrument]
        singular = "s" if len(deal.funders) == 1 and deal.instrument != "vendor" else ""
        who = f"{givers} {verb}{singular} {recipients(run)[0]}"
        amount = f"{numeral(deal.amount)} bn $" if deal.instrument == "loan" else f"for {numeral(deal.amount)} bn $"
        back = f", {deal.repayment}" if deal.repayment else ""
        return f"In {date} {who} {amount} for {uses}{length}{back}."
    return f"{run.case.title.rstrip('.')}. {' '.join(run.case.why.split())}"
