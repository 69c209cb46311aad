"""Deals: financings as scenarios write them down, in the terms of the market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from ...agents.state.numbers import echo
from ...agents.state.shown import shown
from ...agents.state.table import unknown_name
from ..dates import quarter_date
from ..inputs.value_forms import HUNDRED, Form, parts
from .terms import (
    ASSETS,
    BOUNDS,
    CALLED,
    CONDITION_FORMS,
    FORMS,
    MOST_TRANCHES,
    OPTIONAL,
    TERMS,
    TRANCHE_FORMS,
    USUAL_COUPON,
    USUAL_GRACE,
    USUAL_TERM,
)

OUTSIDE = "outside"
"""The outside sector as a funder of shares: parents, strategic investors, the public."""

INSTEAD = MappingProxyType({
    ("rate", "lease"): "; the rates of a lease stand in its tranches",
    ("earmark", "lease"): "; a lease pays for what its vehicle buys",
    ("funders", "vendor"): "; the recipient's vendors give it",
})  # fmt: skip


def funder_names(managers: Sequence[str], vendors: Sequence[str]) -> tuple[str, ...]:
    """Return who may stand behind a deal, in the order of the axis of funders: managers, vendors, those outside."""
    return (*managers, *vendors, OUTSIDE)


class ScenarioError(ValueError):
    """A scenario says something that the model does not understand; the message names the place and the remedy.

    Examples:
        >>> import aimarket
        >>> try:
        ...     aimarket.load_scenario("deal_35")
        ... except aimarket.ScenarioError as error:
        ...     print(str(error).partition(",")[0])
        the model has no scenario 'deal_35'; did you mean 'deal_35bn'?
    """


def take_forms(item: object, forms: Mapping[str, Form], called: str) -> None:
    """Put what an object was made with into the form that the model takes, or say what is wrong with it.

    Raises:
        ScenarioError: a value is none of its form.
    """
    for name, form in forms.items():
        try:
            object.__setattr__(item, name, form.take(name, getattr(item, name)))
        except ValueError as error:
            raise ScenarioError(f"{called}: {error}") from None


@shown()
@dataclass(frozen=True)
class Tranche:
    """A part of a vehicle's notes.

    Attributes:
        name: as in A1.
        part: its part of the deal.
        rate: the coupon, 1/yr, fixed at signing.
        rank: who is paid first when the collateral is sold; 1 before 2, equal ranks alike.
        guaranteed: whether the guarantor makes good what the collateral does not fetch.

    Examples:
        >>> import aimarket
        >>> notes = (aimarket.Tranche("A", 0.8, 0.06, guaranteed=True), aimarket.Tranche("B", 0.2, 0.09, rank=2))
        >>> case = aimarket.load_scenario("deal_reported").with_deal(tranches=notes)
        >>> [tranche.rate for tranche in case.deals[0].notes]
        [0.06, 0.09]
    """

    name: str = "Notes"
    part: float = 1.0
    rate: float = USUAL_COUPON
    rank: int = 1
    guaranteed: bool = False

    def __post_init__(self) -> None:
        """Say which term is none, also in tranches that are made in code."""
        take_forms(self, TRANCHE_FORMS, str(self.name))


@shown()
@dataclass(frozen=True)
class Condition:
    """What has to be seen before a deal begins: an indicator of the quarter before, above or below a value.

    Attributes:
        indicator: its name.
        above: it has to be above this, in its unit.
        below: it has to be below this, in its unit; a condition has one of both.

    Examples:
        >>> import aimarket
        >>> short = aimarket.Condition("chip_lead_time", above=2.0)
        >>> case = aimarket.load_scenario("deal_35bn").with_deal(condition=short)
        >>> case.deals[0].condition.above
        2.0
    """

    indicator: str
    above: float | None = None
    below: float | None = None

    def __post_init__(self) -> None:
        """Say what is missing, also in conditions that are made in code."""
        given = [name for name in BOUNDS if getattr(self, name) is not None]
        take_forms(self, {name: CONDITION_FORMS[name] for name in ("indicator", *given)}, "when")
        if len(given) != 1:
            raise ScenarioError(f"when {self.indicator}: a condition needs one of {', '.join(BOUNDS)}")

    @property
    def bound(self) -> tuple[str, float]:
        """On which side the indicator has to be, and of what."""
        ((side, value),) = [(name, getattr(self, name)) for name in BOUNDS if getattr(self, name) is not None]
        return side, value


@shown()
@dataclass(frozen=True)
class Deal:
    """A financing: who gives how much to whom, when, by which instrument and for what.

    Attributes:
        name: what people call it.
        start: the quarter of the announcement and of the first draw, as 2026Q2, or in quarters since year 0.
        amount: USD bn.
        instrument: loan, equity, vendor (credit on deliveries) or lease (a vehicle buys and leases to the recipient).
        recipients: labs, clouds and their parts; a deal for a lab that its parent's cloud runs is its parent's.
        funders: asset managers and their parts; for shares also chip vendors and `outside`; none for vendor credit.
        earmark: uses and their parts; what is missing to one is free cash.
        draw: the part drawn in each quarter from the first; for a lease, the part ordered.
        why: the reason.
        condition: what has to be seen first, from `start` on; in each replicate the deal begins when it is.
        tranches: a vehicle's notes.
        asset: what a vehicle buys.
        supplier: the vendor whose chips it buys.
        guarantor: the vendor or lab that guarantees tranches.
        guarantee: the most that the guarantor ever pays, USD bn.
        syndicated: the part that the funders pass on to the other managers.
        rate: interest on a loan, 1/yr, fixed at signing; where left out, what lenders ask at each draw.
        term: quarters; every draw of a loan or a lease adds its term-th part to what is paid back each quarter.
        covenant: least coverage ratio of the recipient; none where left out.
        grace: quarters in a row below it that stop draws, half of dividends and half of new orders.

    Examples:
        >>> import aimarket
        >>> deal = aimarket.Deal("loan", "2027Q1", 20, recipients={"xAI": 1}, funders={"Apollo": 1})
        >>> deal.changed(amount=40, draw=(0.5, 0.5)).draw
        (0.5, 0.5)
    """

    name: str
    start: Any
    amount: float
    instrument: str = "loan"
    recipients: Mapping[str, float] = field(default_factory=dict)
    funders: Mapping[str, float] = field(default_factory=dict)
    earmark: Mapping[str, float] = field(default_factory=dict)
    draw: tuple[float, ...] = (1.0,)
    why: str = ""
    condition: Condition | None = None
    tranches: tuple[Tranche, ...] = ()
    asset: str = ""
    supplier: str = ""
    guarantor: str = ""
    guarantee: float = 0.0
    syndicated: float = 0.0
    term: int | None = None
    covenant: float = 0.0
    grace: int | None = None
    rate: float | None = None

    def __post_init__(self) -> None:
        """Say what does not add up, also in deals that are made in code."""
        self._fill_in()
        left_out = {name for name in FORMS if name in OPTIONAL and _left_out(self, name)}
        take_forms(self, {name: form for name, form in FORMS.items() if name not in left_out}, str(self.name))
        self._check_kinds()
        self._check_terms()
        if self.leased:
            self._check_lease()

    def _fill_in(self) -> None:
        """Put what is usual in the place of what is left out."""
        usual = {"asset": ASSETS[0], "term": USUAL_TERM} if self.instrument == "lease" else {}
        for name, value in (usual | ({"grace": USUAL_GRACE} if self.covenant else {})).items():
            if _left_out(self, name):
                object.__setattr__(self, name, value)

    def _check_kinds(self) -> None:
        """Say that tranches or the condition are something else."""
        listed: Any = self.tranches
        if not isinstance(listed, tuple | list) or not all(isinstance(item, Tranche) for item in listed):
            raise self._error(f"tranches = {echo(listed)} is no list of Tranche")
        object.__setattr__(self, "tranches", tuple(listed))
        if self.condition is not None and not isinstance(self.condition, Condition):
            raise self._error(f"condition = {echo(self.condition)} is no Condition")

    def _check_terms(self) -> None:
        """Say which term another instrument has, or does nothing without another."""
        for name, having in TERMS.items():
            if self.instrument not in having and not _left_out(self, name):
                owners, instead = " or ".join(map(CALLED.__getitem__, having)), INSTEAD.get((name, self.instrument), "")
                raise self._error(f"{name} belongs to {owners}, and this is {CALLED[self.instrument]}{instead}")
        if self.grace is not None and not self.covenant:
            raise self._error("grace does nothing without a covenant: give the least coverage, too")

    def _check_lease(self) -> None:
        """Say which term of a lease is missing or contradicts another."""
        if self.asset == "chips" and not self.supplier:
            raise self._error("a lease of chips needs the vendor that supplies them: supplier = ...")
        if self.asset != "chips" and self.supplier:
            raise self._error(f"supplier is for chips, and this lease is of {self.asset}")
        if len(self.tranches) > MOST_TRANCHES:
            raise self._error(f"{len(self.tranches)} tranches; at most {MOST_TRANCHES}")
        names = [item.name for item in self.tranches]
        if len(set(names)) < len(names):
            raise self._error("two tranches have one name: give each a name of its own")
        try:
            parts(together=True).take("tranches", {str(place): item.part for place, item in enumerate(self.notes)})
        except ValueError as error:
            raise self._error(str(error)) from None
        secured = any(item.guaranteed for item in self.tranches)
        if secured != bool(self.guarantor) or bool(self.guarantor) != (self.guarantee > 0.0):
            raise self._error("a guarantee needs a guarantor, an amount, and a tranche with guaranteed = true")

    def _error(self, what: str) -> ScenarioError:
        """Return the error that says what is wrong with the deal."""
        return ScenarioError(f"{self.name}: {what}")

    @property
    def leased(self) -> bool:
        """Whether a vehicle of its own carries the deal."""
        return self.instrument == "lease"

    @property
    def own_terms(self) -> bool:
        """Whether it is a loan with a rate or a term of its own, kept apart from its recipient's other loans."""
        return self.instrument == "loan" and not (self.rate is None and self.term is None)

    @property
    def bought(self) -> str:
        """What a vehicle buys and from whom, in words."""
        return f"{self.asset} of {self.supplier}" if self.supplier else self.asset

    @property
    def repayment(self) -> str:
        """How a loan on terms of its own is paid back, in words; empty for other deals."""
        if not self.own_terms:
            return ""
        over = "" if self.term is None else f" over {self.term} quarter{'' if self.term == 1 else 's'}"
        return f"paid back{over}" + ("" if self.rate is None else f" at {HUNDRED * self.rate:g} % a year")

    @property
    def title(self) -> str:
        """How much for whom, in words."""
        return f"{self.amount:g} bn for {', '.join(self.recipients)}"

    @property
    def notes(self) -> tuple[Tranche, ...]:
        """The tranches; one of the usual kind where none is named."""
        return self.tranches or (Tranche(),)

    def changed(self, **terms: Any) -> Deal:
        """Return the deal on other terms; of its own terms it keeps those that its instrument has.

        Raises:
            ScenarioError: a deal has no such term, or the terms contradict each other.
        """
        for name in terms:
            if name not in DEFAULTS:
                raise self._error(unknown_name("a deal", name, DEFAULTS))
        instrument = terms.get("instrument", self.instrument)
        dropped = {name: copy(DEFAULTS[name]) for name, having in TERMS.items() if instrument not in having}
        return replace(self, **{**dropped, **terms})

    def describe(self) -> dict[str, Any]:
        """Return the deal as plain values, as a manifest stores it."""
        return {**asdict(self), "start": quarter_date(self.start)}


DEFAULTS: Mapping[str, Any] = MappingProxyType({
    item.name: {} if item.default_factory is not MISSING else None if item.default is MISSING else item.default
    for item in fields(Deal)
})  # fmt: skip


def _left_out(deal: Deal, name: str) -> bool:
    """Return whether a term says nothing: it is what it is where nobody gives it."""
    value = getattr(deal, name)
    if name == "funders" and deal.instrument != "vendor" and not value:
        return False
    return bool(value is None or (isinstance(value, type(DEFAULTS[name])) and value == DEFAULTS[name]))


def deal_of(content: Mapping[str, Any]) -> Deal:
    """Return the deal that plain values describe, as `Deal.describe` returns them."""
    condition = content.get("condition")
    return Deal(**{
        **content,
        "draw": tuple(content["draw"]),
        "condition": None if condition is None else Condition(**condition),
        "tranches": tuple(Tranche(**item) for item in content.get("tranches", ())),
    })  # fmt: skip
