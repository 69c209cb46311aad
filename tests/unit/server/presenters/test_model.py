"""The Model page: matrices that add up, identities in words, texts without tags, tables with everything in them."""

import json
import re

import numpy as np
import pytest

import aimarket
from aimarket.experiments.formatting import booked
from aimarket.model.accounting.identities import IDENTITIES, TOLERANCE
from aimarket.model.accounting.sector_books import FLOWS
from aimarket.server.presenters import markdown, model, reference_tables, sector_books
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.view_state import EXTRA, data_tables


@pytest.fixture(scope="module")
def run():
    """A run of the deal."""
    run = TwinRun("deal_35bn")
    run.reach(6)
    return run


def lines(run, quarter=6, world="own"):
    world = getattr(run.at(quarter), world)
    return [*sector_books.balance(world), *(line for _, group in sector_books.flows(world) for line in group)]


@pytest.mark.parametrize("world", ["own", "twin"])
@pytest.mark.parametrize("quarter", [1, 6])
def test_what_one_owns_another_owes(run, quarter, world):
    for line in lines(run, quarter, world):
        if line.kind in {"claim", "flow"}:
            assert line.amounts.sum() == pytest.approx(0.0, abs=TOLERANCE * (1.0 + np.abs(line.amounts).max()))


def test_net_worth_adds_up_to_plant_and_deposits(run):
    sheet = {line.label: line.amounts.sum() for line in sector_books.balance(run.at(6).own)}
    assert sheet["Net worth"] == pytest.approx(sheet["Plant, fleets, halls"] + sheet["Cash and deposits"])


def test_all_deposits_add_to_the_same_in_every_quarter(run):
    sums = [sector_books.balance(run.at(quarter).own)[0].amounts.sum() for quarter in range(7)]
    assert sums == pytest.approx([sums[0]] * 7)


def test_cash_changes_by_the_flows(run):
    before, after = (sector_books.balance(run.at(quarter).own)[0].amounts for quarter in (5, 6))
    assert lines(run)[-1].amounts == pytest.approx(after - before)


def test_every_flow_of_the_model_has_a_name():
    known = {name for group in FLOWS.values() for name in group}
    for case in ("deal_35bn", "bust", "vendor_entry", "deal_stress", "financing_hyperion", "financing_vendor_equity"):
        run = TwinRun(case)
        run.reach(12)
        posted = {row for quarter in range(1, 13) for row, _ in run.at(quarter).own.flows}
        assert posted - known == set()


def test_a_flow_without_a_name_is_shown_all_the_same(run):
    now = run.at(6).own
    gift = {**now.flows, ("gift_of_the_gods", "economy"): np.ones(2)}
    group, found = sector_books.flows(now._replace(flows=gift))[-2]
    assert (group, found[0].label) == ("Other", "gift of the gods")


def test_the_difference_is_what_is_shown_of_one_world_less_what_is_shown_of_the_other(run):
    own, twin = (lines(run, world=world) for world in ("own", "twin"))
    output = json.loads(sector_books.payload(run, 6, "difference"))
    rows = [*output["balance"], *(line for _, group in output["flows"] for line in group)]
    for row, with_it, without in zip(rows, own, twin, strict=True):
        rounded = [[float(f"{value:.1f}") for value in line.amounts] for line in (with_it, without)]
        amounts = [booked(a - b) for a, b in zip(*rounded, strict=True)]
        assert row[1] == [f"+{amount}" if amount[0].isdigit() else amount for amount in amounts]


def test_vehicles_have_a_column_and_their_notes_a_row_in_both_worlds():
    run = TwinRun("deal_reported")
    run.reach(8)
    output = json.loads(sector_books.payload(run, 8, "difference"))
    vehicles = [name for name, _ in output["columns"]].index("Vehicles")
    rows = {row[0]: row for row in output["balance"]}
    assert rows["Notes of vehicles"][1][vehicles][0] == "−"
    assert rows["Plant, fleets, halls"][1][vehicles][0] == "+"
    assert all(row[-1] for row in output["balance"])
    assert "Leases" in [group for group, _ in output["flows"]]


def test_a_world_without_vehicles_has_no_column_for_them(run):
    output = json.loads(sector_books.payload(run, 6))
    assert "Vehicles" not in [name for name, _ in output["columns"]]
    assert "Leases" not in [group for group, _ in output["flows"]]


def test_a_sum_that_ought_to_be_nought_and_is_not_is_marked(run):
    sheet = sector_books.balance(run.at(6).own)
    wrong = sheet[2]._replace(amounts=sheet[2].amounts + np.eye(len(sheet[2].amounts))[0])
    assert sector_books.shown(sheet[2])[-1]
    assert sector_books.shown(wrong)[2:] == ["1.0", "claim", "loans", False]


def test_before_the_first_quarter_there_are_stocks_and_no_flows():
    run = TwinRun()
    output, world = json.loads(sector_books.payload(run, 0)), run.start.own
    deposits = sum(float(world.balances["cash", sector][world.place]) for sector in world.sectors)
    assert output["balance"][0][2] == f"{deposits:.1f}"
    assert deposits > 100.0
    assert output["flows"] == []


def test_every_identity_is_reported_with_its_residual(run):
    output = sector_books.identities(run)
    assert [code for code, *_ in output] == list(IDENTITIES)
    residuals = run.residuals()
    for code, words, shown, length, holds in output:
        assert words[0].isupper()
        assert float(shown.replace("−", "-")) == pytest.approx(residuals[code], rel=0.05)
        assert 0.0 <= length <= 1.0
        assert holds


def test_an_identity_that_fails_is_the_sentence(run, monkeypatch):
    monkeypatch.setattr(run, "residuals", lambda: {"I1": 0.0, "I4": 2e-6})
    assert sector_books.sentence(run) == [["Identity I4 does not hold: its residual is 2.0e−6", ""]]


def test_the_sentence_never_says_less_than_the_residual(run, monkeypatch):
    monkeypatch.setattr(run, "residuals", lambda: {"I1": 0.0, "I4": 2.1e-15})
    assert sector_books.sentence(run) == [
        ["Every dollar and every loan has two ends: 2 identities hold to 3 parts in 10", ""],
        ["15", "sup"],
    ]


@pytest.mark.parametrize("section", ["books", "description", "parameters", "data", "limits"])
def test_every_part_of_the_page_has_a_sentence_with_a_number(run, section):
    EXTRA["section"](section)
    output = json.loads(model.head(run, section))
    assert re.search(r"\d", "".join(part for part, _ in output["sentence"]))


def test_the_description_is_there_and_its_markers_are_not():
    text = markdown.description()
    assert "&lt;!--" not in text.html
    assert {"1. Overview", "2. Design concepts", "3. Details"} <= {words for _, words, _ in text.contents}
    for _, _, anchor in text.contents:
        assert f'id="{anchor}"' in text.html


def test_the_limits_are_those_of_the_description():
    assert markdown.limits().html in markdown.description().html
    assert markdown.limits().html.count("<li>") > 10


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](//elsewhere.example)",
    ],
)
def test_no_tag_and_no_foreign_link_comes_through(hostile):
    html = markdown.rendered(hostile)
    assert re.findall(r"<(?!/?(?:p|a)\b)", html) == []
    assert "href" not in html


def test_a_link_to_another_site_opens_a_window_that_cannot_reach_back():
    assert 'rel="noopener noreferrer"' in markdown.rendered("[x](https://example.org)")


def test_a_wide_table_scrolls_by_itself():
    assert markdown.rendered("| a | b |\n| - | - |\n| 1 | 2 |").startswith('<div class="scroll"')


def test_every_parameter_is_in_the_table(run):
    output = json.loads(reference_tables.all_parameters(run))
    rows = {row[0]: row for group in output["groups"] for row in group[2]}
    assert set(rows) == set(aimarket.parameters())
    assert rows["loan_to_value"][3:7] == ["0.65", "0.4 to 0.85", "", aimarket.parameters()["loan_to_value"].source]


def test_a_parameter_that_was_set_shows_the_value_of_this_run():
    run = TwinRun(settings={"loan_to_value": 0.6})
    rows = {row[0]: row for group in json.loads(reference_tables.all_parameters(run))["groups"] for row in group[2]}
    assert rows["loan_to_value"][-1] == "0.6"
    assert rows["deal_scale"][-1] == ""
    assert rows["outside_preference"][-1] == "1.6, 1, 1, 1"


@pytest.mark.parametrize("name", data_tables())
def test_every_table_of_data_can_be_shown_and_names_its_sources(name):
    shown = json.loads(reference_tables.data("2025Q4", name))["shown"]
    assert shown["name"] == name
    assert shown["about"]
    source = shown["heads"].index("Source")
    assert all(row[source] for row in shown["rows"])
    assert {len(row) for row in shown["rows"]} == {len(shown["heads"])}


def test_every_observation_says_how_certain_it_is():
    assert set(reference_tables.certainties()) == {"quoted", "secondary", "unverified"}
