"""Terms of deals, each declared once: files, links, the form of the page and the reference loop over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..inputs.value_forms import (
    DATED,
    HUNDRED,
    LARGEST_NUMBER,
    QUARTER,
    TEXT,
    YES,
    Form,
    choice,
    elsewhere,
    number,
    part_list,
    parts,
    table,
    whole,
)
from .earmarks import USES

INSTRUMENTS = ("loan", "equity", "vendor", "lease")
"""A loan to the recipient, shares of it, credit of its chip vendors, or the notes of a vehicle that leases to it."""

CALLED = MappingProxyType({"loan": "a loan", "equity": "equity", "vendor": "vendor credit", "lease": "a lease"})
LEASE, FUNDED = ("lease",), ("loan", "equity", "lease")

ASSETS = ("chips", "halls", "existing halls")
"""What a vehicle buys: chips from a supplier, halls from the builders, or halls that the rest of the world has."""

LARGEST_DEAL = 1000.0
LONGEST_DRAW = 40
LONGEST_TERM = 80
HIGHEST_COUPON = 0.25
MOST_TRANCHES = 8
HIGHEST_COVENANT = 10.0

USUAL_TERM = 20
"""Quarters over which a lease is paid back where nothing is said."""

USUAL_COUPON = 0.07
"""Coupon of a lease's notes, 1/yr, where nothing is said; an assumption."""

USUAL_GRACE = 2
"""Quarters below a covenant that are borne where nothing is said."""

ANY_VALUE = number(-LARGEST_NUMBER, LARGEST_NUMBER)
BOUNDS = ("above", "below")
CONDITION_FORMS: Mapping[str, Form] = MappingProxyType({"indicator": TEXT, **dict.fromkeys(BOUNDS, ANY_VALUE)})
TRANCHE_FORMS: Mapping[str, Form] = MappingProxyType({
    "name": TEXT,
    "part": number(0.0, 1.0),
    "rate": number(0.0, HIGHEST_COUPON, "1/yr"),
    "rank": whole(1, MOST_TRANCHES),
    "guaranteed": YES,
})  # fmt: skip


@dataclass(frozen=True)
class Term:
    """A term of a deal.

    Attributes:
        name: the attribute of `Deal`.
        form: how its value is written.
        instruments: those that have it.
        key: its key in a file where that is another; guarantee.by is the key by of the table guarantee.
        written: how a file writes it, where code takes more.
        doc: what it means in a file, where that is not what it means in `Deal`.
        needed: whether a file has to give it.
        always: whether a file that is written says it, also where it is the usual one.
        optional: whether code may say that there is none.
        usual: what holds where it is left out, in words; nothing does where that is empty.
        parts: how the parts of an object are written, where the value is one, or a list of them.
    """

    name: str
    form: Form
    instruments: tuple[str, ...] = INSTRUMENTS
    key: str = ""
    written: Form | None = None
    doc: str = ""
    needed: bool = False
    always: bool = False
    optional: bool = False
    usual: str = ""
    parts: Mapping[str, Form] | None = None

    @property
    def place(self) -> tuple[str, str]:
        """Its key in the table of the deal, and where that is a table, its key in there."""
        head, _, inner = (self.key or self.name).partition(".")
        return head, inner


DEAL_TERMS = (
    Term("name", TEXT, always=True, usual="deal and its number"),
    Term("start", QUARTER, key="date", written=DATED, doc="the quarter of the announcement and of the first draw",
         needed=True, always=True),
    Term("amount", number(0.0, LARGEST_DEAL, "USD bn"), doc="the whole of it", needed=True, always=True),
    Term("instrument", choice(INSTRUMENTS), always=True, usual=INSTRUMENTS[0]),
    Term("recipients", parts(together=True), needed=True, always=True),
    Term("funders", parts(together=True), FUNDED, optional=True, usual="needed but for vendor credit"),
    Term("earmark", parts(together=False, known=USES), ("loan", "equity")),
    Term("draw", part_list(LONGEST_DRAW), always=True, usual="all at once"),
    Term("condition", table('indicator = "ai_revenue", above = 30.0'), key="when", parts=CONDITION_FORMS,
         doc="what it waits for from its date on", usual="it begins at its date"),
    Term("asset", choice(ASSETS), LEASE, optional=True, usual=ASSETS[0]),
    Term("rate", number(0.0, HIGHEST_COUPON, "1/yr"), ("loan",), doc="interest, fixed at signing", optional=True,
         usual="what lenders ask at each draw"),
    Term("term", whole(1, LONGEST_TERM, "quarters"), ("loan", "lease"), optional=True,
         usual=f"{USUAL_TERM} for a lease; a loan is paid back by the market's amortisation"),
    Term("supplier", TEXT, LEASE),
    Term("syndicated", number(0.0, 1.0), FUNDED),
    Term("guarantor", TEXT, LEASE, key="guarantee.by", needed=True),
    Term("guarantee", number(0.0, LARGEST_DEAL, "USD bn"), LEASE, key="guarantee.up_to", needed=True),
    Term("covenant", number(0.0, HIGHEST_COVENANT), key="covenant.coverage", needed=True,
         doc="least coverage ratio of the recipient, above 0"),
    Term("grace", whole(1, LONGEST_DRAW, "quarters"), key="covenant.quarters", needed=True, optional=True),
    Term("tranches", elsewhere("list of tables, written [[deals.tranches]]"), LEASE, parts=TRANCHE_FORMS,
         usual=f"one of {HUNDRED * USUAL_COUPON:.0f} %"),
    Term("why", TEXT, always=True),
)  # fmt: skip
"""All terms, in the order in which files, links and the reference say them."""

TABLES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "guarantee": ("by = ..., up_to = ...", "who stands behind guaranteed tranches"),
    "covenant": ("coverage = ..., quarters = ...", "what the recipient has to keep"),
})  # fmt: skip
"""Tables of a file in which several terms stand: how one is written, and what it means."""

TERMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {term.name: term.instruments for term in DEAL_TERMS if term.instruments != INSTRUMENTS}
)
"""The instruments that have a term; every instrument has those that are not listed."""

FORMS: Mapping[str, Form] = MappingProxyType({term.name: term.form for term in DEAL_TERMS if term.parts is None})
"""How the terms of a deal are written in code, but for those that are objects."""

OPTIONAL = tuple(term.name for term in DEAL_TERMS if term.optional)
"""Terms whose default says that there is none; funders only where the instrument has none."""
