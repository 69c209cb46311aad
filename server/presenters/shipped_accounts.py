"""What ships of both accounts of the deal, in the words of the page Claims: shown before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from ...experiments.publishing.deal_accounts import ACCOUNTS
from ...experiments.storage.shipped_results import STALE, StaleResultsError, shipped_results
from ..jobs.claim_questions import CLAIMS, Claim
from ..jobs.shipped_verdicts import numbers, shown
from . import claims

USUAL = next(iter(ACCOUNTS))
"""The account that pages show unless a link says another: the news item's own."""


class ToldClaim(NamedTuple):
    """A claim with what the results say of it.

    Attributes:
        claim: what the news item says.
        word: the verdict in a word or two.
        style: the style of its pill.
        finding: what the model says, in a sentence.
        rows: its statistics, as the page Claims shows them.
    """

    claim: Claim
    word: str
    style: str
    finding: str
    rows: tuple[Mapping[str, Any], ...]


class Account(NamedTuple):
    """One account of the deal, as it ships.

    Attributes:
        name: the scenario's.
        pairs: how many pairs of worlds it rests on.
        recipient: the lab that gets the money.
        begin: the place of the deal's quarter.
        dates: the quarters, as in 2026Q1.
        lines: by name, mean, low and high by quarter.
        year: what all firms raise in the deal's first year without it, USD bn: value, low and high.
        rows: statistics by key, as rows of the board of claims.
        claims: the five claims.
    """

    name: str
    pairs: int
    recipient: str
    begin: int
    dates: tuple[str, ...]
    lines: Mapping[str, Mapping[str, list[float]]]
    year: Mapping[str, float]
    rows: Mapping[str, Mapping[str, Any]]
    claims: tuple[ToldClaim, ...]

    @property
    def headline(self) -> str:
        """The finding on all claims in a sentence."""
        return claims.headline([item.word for item in self.claims])


@cache
def account(name: str) -> Account:
    """Return what ships of an account.

    Raises:
        StaleResultsError: it is of another model, or lacks what the claims ask for; the message names the command.
    """
    found = shipped_results()
    kept = found["accounts"].get(name, {})
    rows = {key: numbers(row) for key, row in kept.get("rows", {}).items()}
    if not {key for claim in CLAIMS for key in claim.statistics} <= set(rows):
        raise StaleResultsError(STALE)
    return Account(
        name=name,
        pairs=found["pairs"],
        recipient=kept["recipient"],
        begin=kept["begin"],
        dates=tuple(kept["dates"]),
        lines=MappingProxyType(kept["lines"]),
        year=MappingProxyType(kept["year"]),
        rows=MappingProxyType(rows),
        claims=tuple(_told(claim, rows) for claim in CLAIMS),
    )


def _told(claim: Claim, rows: Mapping[str, Mapping[str, Any]]) -> ToldClaim:
    """Return a claim with what its rows say."""
    mine = {key: shown(key, rows[key]) for key in claim.statistics}
    word, style = claims.overall([row["verdict"] for row in mine.values()])
    return ToldClaim(claim, word, style, claims.finding(claim.name, mine), tuple(mine.values()))
