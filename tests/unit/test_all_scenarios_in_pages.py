"""Every scenario that comes with the model can be looked at: what pages are told of each, and of every firm in it."""

import json

import pytest

import aimarket
from aimarket.server.presenters import events, firm, money_trail, network, sector_books, twin, watch
from aimarket.server.sessions.twin_run import TwinRun

STEPS = 4


@pytest.fixture(scope="module", params=list(aimarket.scenarios()))
def run(request):
    found = TwinRun(request.param)
    for _ in range(STEPS):
        found.step()
    return found


def test_pages_are_reported_of_it(run):
    for page in (watch, twin, money_trail):
        assert json.loads(page.setup(run))
        assert json.dumps(page.frame(run, STEPS), allow_nan=False)
    assert all(item.text for quarter in range(1, STEPS + 1) for item in events.events_in(run, quarter))


def test_the_books_of_every_world_are_shown(run):
    for world in ("own", "twin", "difference"):
        sheets = json.loads(sector_books.payload(run, STEPS, world))
        assert sheets["balance"]
        assert sheets["columns"][-1][0] == "Outside"


def test_every_firm_has_a_panel(run):
    for names in run.firms.values():
        for name in names:
            panel = json.loads(firm.payload(run, name, STEPS))
            assert panel["figures"]
            assert panel["sheet"]["sum"]


def test_every_edge_joins_two_nodes(run):
    known = {node.name for node in network.nodes(run)}
    for edge in network.edges(run, STEPS):
        assert {edge.payer, edge.payee} <= known
        assert edge.amount > 0.0


def test_the_money_page_holds_every_dollar(run):
    frame = money_trail.frame(run, STEPS)
    promised = sum(deal.amount for deal in run.case.deals)
    assert float(frame["ledger"][-2][1].replace(",", "")) == pytest.approx(promised, abs=0.01)
    assert frame["ledger"][-1][1].lstrip("−") == "0.000"
