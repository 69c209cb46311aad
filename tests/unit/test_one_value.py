"""No quantity is told with two values: every number of every page, read with its name and quarter, and compared."""

import numpy as np
import pytest

from aimarket.server import pairs, shown
from aimarket.server.output import figure
from aimarket.server.readings import headlines, network
from aimarket.server.session import Session, World
from aimarket.server.state import date_of, read_link

from ..telling import contradictions, off_all, range_of

QUARTERS = (1, 7, 9, 20, 40)


@pytest.fixture(scope="module")
def session():
    session = Session("deal_35bn")
    session.reach(40)
    return session


@pytest.fixture(scope="module")
def few():
    view = read_link("").view
    return next(pairs.growing("few", Session(view.scenario, view.seed), lambda *_: None))


@pytest.mark.parametrize("quarter", QUARTERS)
def test_no_quantity_of_the_deal_is_told_with_two_values(session, few, quarter):
    numbers = off_all(session, quarter, few)
    assert len({one.name for one in numbers}) > 100
    assert contradictions(numbers) == []


@pytest.mark.parametrize("scenario", ["deal_reported", "lab_entry", "financing_vendor_equity", "bust", "baseline"])
def test_no_quantity_of_other_scenarios_is_told_with_two_values(scenario):
    session = Session(scenario, seed=3)
    session.reach(20)
    assert [fault for quarter in (2, 7, 12, 20) for fault in contradictions(off_all(session, quarter))] == []


def choice(world, table, name):
    return world.tables[table]["market_share" if name == "revenue_share" else name][..., world.place]


def difference_of_all_digits(value, twin, unit=""):
    text = figure(abs(value - twin))
    return "" if text == "0" else f"{'−' if value < twin else '+'}{text}"


def mixed(world, rows, sectors, booked=network._booked):
    return booked(world, rows, sectors) + (booked(world, network.FUNDING, sectors) if rows != network.FUNDING else 0.0)


FAULTS = {
    "customers' choice told as a share of revenue": (World, "column", choice),
    "a difference with digits of its own": (shown, "difference", difference_of_all_digits),
    "sales and funding mixed": (network, "_booked", mixed),
    "customers left out": (network, "_of_customers", lambda *_: iter(())),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_put_back_is_found(monkeypatch, name):
    monkeypatch.setattr(*FAULTS[name])
    session = Session("deal_35bn")
    session.reach(9)
    assert contradictions(off_all(session, 9))


@pytest.mark.parametrize(("quarter", "date"), [(9, "2028 Q1"), (28, "2032 Q4"), (29, "2032 Q4"), (40, "2032 Q4")])
def test_headlines_of_one_run_say_so_and_stop_at_2032(session, quarter, date):
    told = "".join(piece[0] for piece in headlines.sentence(session, quarter))
    assert told.startswith("In this one run Anthropic holds ")
    assert f" of AI revenue in {date}" in told
    assert date_of("deal_35bn", headlines.last_told(session)) == "2032 Q4"


def test_a_text_stands_for_what_it_may_have_been_rounded_from():
    told = {("41.1", "%"): (41.05, 41.15), ("22", "%"): (21.95, 22.05), ("22", ""): (21.95, 22.05),
            ("3.4", ""): (3.395, 3.405), ("110", ""): (109.5, 110.5), ("<0.1", "quarters"): (0.0, 0.1)}  # fmt: skip
    assert np.allclose([range_of(*text) for text in told], list(told.values()))
