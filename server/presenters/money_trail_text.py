"""The money trail in a sentence: what of the deal is spent, what waits, what is not drawn, and what went astray."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...experiments.formatting import booked, listed, numeral
from ...model.deals.earmarks import USES
from ..url.dates import date_of

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun
    from .money_trail import Trail

PERCENT = 100.0
PAYEES = ("cluster builders", "chip vendors", "builders of halls", "researchers", "landlords")
"""Who is paid for a use in a sentence, in the order of `USES`."""

Pieces = list[list[str]]


def sentence(run: TwinRun, now: Trail) -> Pieces:
    """Return where the dollars are as pieces of text, each with its colour's name or none."""
    whole = numeral(now.agreed)
    if not seen(now.agreed):
        return [["No deal in this scenario: there is no money to follow", ""]]
    if not seen(now.drawn):
        first = min(deal.start for deal in run.case.deals)
        date = date_of(run.case, first - run.first + 1)
        return [["The ", ""], [f"{whole} bn", "deal"], [f" come in {date}: nothing is drawn yet", ""]]
    spent = float(now.spent.sum())
    if not seen(now.agreed - spent):
        return [["All ", ""], [f"{whole} bn", "deal"], [f" are spent: {_split(now)}", ""]]
    waiting, freed = float(now.waiting.sum()), float(now.released.sum())
    pieces = [
        (spent, _verb(spent, "spent")),
        (waiting, "wait in accounts tied to their use"),
        (now.free, "came with no use attached"),
        (freed, _verb(freed, "set free by a default")),
        (now.strayed, "strayed from their use"),
        (now.undrawn, _verb(now.undrawn, "not drawn")),
    ]
    shown = [(booked(amount), text) for amount, text in pieces if seen(amount)]
    opening: Pieces = [[f"Of the {whole} bn, ", ""], [shown[0][0], "deal"], [f" {shown[0][1]}", ""]]
    return [*opening, *([f", {amount} {text}", ""] for amount, text in shown[1:])]


def detail(now: Trail, instalments: tuple[int, int]) -> str:
    """Return what else there is to say: instalments, who got most of what is spent, what waits most."""
    done, number = instalments
    if not number:
        return ""
    sentences = [_progress(done, number)]
    spent, waiting = now.spent, now.waiting
    if seen(float(spent.sum())):
        most = int(spent.argmax())
        part = PERCENT * float(spent[most] / spent.sum())
        sentences.append(f"{numeral(part)} % of what is spent went to {PAYEES[most]}.")
    if seen(float(waiting.sum())):
        most = int(waiting.argmax())
        sentences.append(f"Of what waits, {booked(float(waiting[most]))} bn are tied to {USES[most]}.")
    return " ".join(sentences)


def seen(amount: float) -> bool:
    """Return whether an amount is more than nothing once it is rounded for a sentence."""
    return booked(amount) != "–"


def _progress(done: int, number: int) -> str:
    """Return how far the instalments are."""
    if number == 1:
        return f"{'After' if done else 'Before'} the only instalment."
    if done == 0:
        return f"All {number} instalments are to come."
    return f"After {'all' if done == number else f'{done} of'} {number} instalments."


def _verb(amount: float, what: str) -> str:
    """Return what happened to an amount, in the number that it takes."""
    return f"{'is' if booked(amount) == '1.0' else 'are'} {what}"


def _split(now: Trail) -> str:
    """Return the parts of the uses in what is spent, the largest first."""
    whole = float(now.spent.sum())
    parts = sorted(((float(now.spent[use]), USES[use]) for use in range(len(USES))), reverse=True)
    words = [f"{numeral(round(PERCENT * amount / whole))} % on {use}" for amount, use in parts if seen(amount)]
    return listed(words)
