"""The story of the deal in six steps: a sentence that follows the data, a chart, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ...experiments.claims.deciding import NAMED, deciding
from ...experiments.claims.evidence import SOON, WINDOW
from ...experiments.formatting import as_exactly, between, dated, listed, numeral, percent, unit_words, words
from ...experiments.publishing.deal_accounts import ACCOUNTS
from ...experiments.publishing.default_results import PLACES
from ...experiments.statistics import LEVEL, SUPPORTED, TOO_SMALL, bound
from ...model.parameters import parameters
from ..jobs.claim_questions import Claim, asked
from ..url.view_state import View, known_scenarios
from .plots import Chart, Line
from .shipped_accounts import USUAL, Account
from .sliders import label

NEARLY_ALL = 0.999
"""The part of the money from which on all of it is drawn."""

ADDED = ("funding", "funding of the recipient", "funding of others")


class Change(NamedTuple):
    """What would change a step's finding: sentences, and a link to where it can be tried."""

    texts: tuple[str, ...]
    link: str
    act: str


class Step(NamedTuple):
    """A step of the story.

    Attributes:
        name: what it is about, in a word or two.
        sentence: the finding.
        detail: what stands behind it.
        chart: the numbers; None where they are those of the claims.
        change: what would change it.
        live: a link to the page that shows it at work.
    """

    name: str
    sentence: str
    detail: str
    chart: Chart | None
    change: Change
    live: str


def steps(found: Account) -> tuple[Step, ...]:
    """Return the six steps of an account."""
    return tuple(make(found) for make in (_announced, _drawn, _compute, _lead, _money, _verdict))


NAMES = ("Announced", "Drawn", "Contracts and chips", "Lead", "Other money", "Verdict")


def _announced(found: Account) -> Step:
    """Tell what was announced, and how much that is."""
    deal = known_scenarios()[found.name].deals[0]
    who, year = listed(list(deal.funders)), found.year
    lab, size = found.recipient, f"{numeral(deal.amount)} bn $"
    how = f"A vehicle of {who} leases chips to {lab} for {size}" if deal.leased else f"{who} lend {lab} {size}"
    part = percent(deal.amount / year["value"])
    uses = listed([f"{words(use)} {percent(share)}" for use, share in deal.earmark.items()])
    tied = f"Bound to {uses}: the split is an assumption." if uses else ""
    if deal.guarantor:
        tied = f"{deal.guarantor} guarantees up to {numeral(deal.guarantee)} bn $."
    date, raised = dated(found.dates[found.begin]), _text(year, year["value"])
    chart = Chart(
        "What all firms raise without the deal, beside the deal itself",
        "bn $ a quarter",
        found.dates,
        [Line("All firms", "twin", found.lines["funding without the deal"], dashed=True)],
        found.begin,
        (deal.amount, f"The deal: {numeral(deal.amount)}"),
    )
    return Step(
        NAMES[0],
        f"{how}: as much as {part} of what all firms here raise in a year",
        " ".join((f"In the year from {date} they raise {raised} bn $ without it ({_between(year)}).", tied)),
        chart,
        Change(
            ("Which account is right: the news item tells of a loan, most reports of a leasing vehicle.",),
            _story(1, next(name for name in ACCOUNTS if name != found.name)),
            "See the other account",
        ),
        _page("watch", found),
    )


def _drawn(found: Account) -> Step:
    """Tell when the money comes, and when it is spent."""
    amount, last = known_scenarios()[found.name].deals[0].amount, found.begin + WINDOW
    drawn, spent = (found.lines[name]["mean"] for name in ("drawn", "spent"))
    when = next((date for date, sum_ in zip(found.dates, drawn, strict=True) if sum_ >= NEARLY_ALL * amount), "")
    come = (
        f"All of it is drawn by {dated(when)}" if when else f"{percent(drawn[-1] / amount)} of it is drawn in the end"
    )
    chart = Chart(
        "Drawn and spent so far",
        "bn $",
        found.dates,
        [
            Line("Drawn", "capital", found.lines["drawn"]),
            Line("Spent", "deal", found.lines["spent"]),
        ],
        found.begin,
        (amount, f"Agreed: {numeral(amount)}"),
    )
    return Step(
        NAMES[1],
        f"{come}, and {percent(spent[last] / amount)} is spent within three years",
        found.claims[0].finding,
        chart,
        _change("C0.strayed", "the money that strays", found),
        _page("money", found),
    )


def _compute(found: Account) -> Step:
    """Tell how much more compute runs, and where."""
    place = found.begin + WINDOW
    whole, own, rented, sublet = (_at(found.lines[f"added {name}"], place) for name in PLACES)
    date, lab = dated(found.dates[place]), found.recipient
    if whole["low"] <= 0.0 <= whole["high"]:
        sentence = f"In {date}, three years on, {lab} runs surely neither more nor less compute than without the deal"
    else:
        way, size = ("more", whole) if whole["value"] > 0.0 else ("less", _turned(whole))
        sentence = (
            f"In {date}, three years on, {lab} runs {_text(size, size['value'])} M H100e {way} than without the deal"
        )
    chart = Chart(
        f"Compute that runs for {lab}: deal less no deal",
        "M H100e",
        found.dates,
        [
            Line("All", "deal", found.lines["added powered_compute"]),
            Line("Own chips", "chips", found.lines["added own_compute"], banded=False),
            Line("Rented", "clouds", found.lines["added rented"], banded=False),
        ],
        found.begin,
    )
    return Step(
        NAMES[2],
        sentence,
        f"95 % interval {_between(whole)}: on its own chips {_signed(own)}, rented under contracts {_signed(rented)}, "
        f"of which let on to others {_signed(sublet)}.",
        chart,
        _change("C1b.spending_recipient", "its own spending on plant per dollar of the deal", found),
        _page("twin", found),
    )


def _lead(found: Account) -> Step:
    """Tell whether the recipient comes nearer to the leader."""
    row = found.rows[f"C2b.gap_{SOON}"]
    if row["low"] <= 0.0 <= row["high"]:
        sentence = (
            f"After {SOON} quarters {found.recipient} is surely neither nearer to the best model nor farther from it"
        )
    else:
        way, size = ("nearer to", _turned(row)) if row["value"] < 0.0 else ("farther from", row)
        ending = {SUPPORTED: "", TOO_SMALL: f": {TOO_SMALL}"}.get(row["verdict"], ": whether that matters is open")
        sentence = (
            f"After {SOON} quarters {found.recipient} is {_text(size, size['value'])} OOM {way} the best model{ending}"
        )
    chart = Chart(
        "Gap to the best model: deal less no deal",
        "OOM, below nothing is nearer",
        found.dates,
        [Line("Gap", "deal", found.lines["gap"])],
        found.begin,
        (bound(row["condition"]), "From here it matters"),
    )
    return Step(
        NAMES[3],
        sentence,
        f"{_text(row, row['value'])} OOM, orders of magnitude (95 % interval {_between(row)}). "
        f"{found.claims[2].finding}",
        chart,
        _change(f"C2b.gap_{SOON}", "the gap", found),
        _page("twin", found),
    )


def _money(found: Account) -> Step:
    """Tell whether other money comes or stays away."""
    whole, others = found.rows["C1a.funding"], found.rows["C1a.others"]
    sentence = f"A dollar of the deal brings {_text(whole, whole['value'])} $ of funding in three years"
    if others["low"] > 0.0:
        ending = f": it draws in {_text(others, others['value'])} $ of other money"
    elif others["high"] < 0.0:
        ending = f": it keeps {_text(others, -others['value'])} $ of other money away"
    else:
        ending = ": whether other money comes or stays away is open"
    until = found.begin + WINDOW
    lines = [(name, {end: values[:until] for end, values in found.lines[f"added {name}"].items()}) for name in ADDED]
    named = dict(zip(ADDED, (("All firms", "deal"), (found.recipient, "labs"), ("All others", "capital")), strict=True))
    chart = Chart(
        "Funding added so far, per dollar of the deal",
        "$",
        found.dates[:until],
        [Line(*named[name], values, banded=name != ADDED[1]) for name, values in lines],
        found.begin,
        (1.0, "The deal itself: 1"),
    )
    return Step(
        NAMES[4],
        sentence + ending,
        f"In all {_between(whole)}, of everybody else {_between(others)} (95 % intervals).",
        chart,
        _change("C1a.others", "other people’s money", found),
        _page("claims", found, claim="C1a.funding"),
    )


def _verdict(found: Account) -> Step:
    """Tell what holds of the news item."""
    texts = tuple(_decided(item.claim, key) for item in found.claims for key in item.claim.statistics[:1])
    return Step(
        NAMES[5],
        found.headline,
        "Each statistic with its 95 % interval beside the bound that is asked for; where the claim holds is shaded.",
        None,
        Change(texts, _page("claims", found), "Move them yourself"),
        _page("claims", found),
    )


def _decided(claim: Claim, key: str) -> str:
    """Return which assumptions decide the first statistic of a claim, in words."""
    kept = deciding()
    here = kept.loc[(kept["statistic"] == key) & kept["survives"], "parameter"].head(NAMED)
    named = listed([label(name) for name in here])
    return f"{claim.title}: {named or 'no assumption alone'}."


def _change(key: str, what: str, found: Account) -> Change:
    """Return what decides a statistic, as the search among all parameters found it."""
    kept = deciding()
    here = kept[(kept["statistic"] == key) & kept["survives"]]
    searched = "" if found.name == USUAL else " This was searched for the loan."
    if here.empty:
        text = "No assumption alone: moved over its range, none changes this surely more than chance does."
        return Change((text + searched,), _page("claims", found), "See what was tried")
    row = here.iloc[0]
    item = parameters()[row["parameter"]]
    unit = f" {unit_words(item.unit)}".rstrip()
    way = "changes" if row["same_sign"] < LEVEL else "raises" if row["mu"] > 0.0 else "lowers"
    texts = (
        f"Most of all “{label(item.name)}”: {item.doc}.",
        f"Assumed to be {numeral(item.default)}{unit}, in the range {numeral(item.low)} to {numeral(item.high)}.",
        f"Moved up, it {way} {what}.",
        f"In {percent(row['turned'])} of {row['worlds']:.0f} worlds near the defaults the verdict turns.{searched}",
    )
    known = asked(View(extra={"claim": key}))
    shown = {"claim": key, "lever": item.name} if key in {ask.statistic for ask in known} else {}
    page = _page("claims", found, **shown) if shown else _page("watch", found, drawer="steer")
    return Change((" ".join(texts[:2]), " ".join(texts[2:])), page, "Move it yourself")


def _page(name: str, found: Account, **parts: str) -> str:
    """Return a link to a page of the market, from any page that is painted."""
    told = {"page": name, **({} if found.name == USUAL else {"scenario": found.name}), **parts}
    return "./?" + "&".join(f"{part}={value}" for part, value in told.items())


def _story(step: int, name: str) -> str:
    """Return a link to a step of an account."""
    return f"story?step={step}" + ("" if name == USUAL else f"&account={name}")


def _at(line: Mapping[str, Any], place: int) -> dict[str, float]:
    """Return a quarter of a line as an estimate."""
    return {"value": line["mean"][place], "low": line["low"][place], "high": line["high"][place]}


def _turned(row: Mapping[str, Any]) -> dict[str, float]:
    """Return an estimate with its sign turned round."""
    return {"value": -row["value"], "low": -row["high"], "high": -row["low"]}


def _text(row: Mapping[str, Any], value: float) -> str:
    """Return a number of an estimate as exactly as its interval is wide, with a true minus."""
    return as_exactly(row, numeral)(value).replace("-", "−")


def _signed(row: Mapping[str, Any]) -> str:
    """Return an estimate with its sign."""
    return ("+" if row["value"] > 0.0 else "") + _text(row, row["value"])


def _between(row: Mapping[str, Any]) -> str:
    """Return the interval of an estimate in words."""
    return between(row["low"], row["high"], lambda value: _text(row, value))
