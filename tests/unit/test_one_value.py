"""No quantity is told with two values: every number of every page, read with its name and quarter, and compared."""

import json
import re
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from aimarket.experiments import formatting
from aimarket.experiments.comparison.comparison import compare
from aimarket.experiments.formatting import numeral
from aimarket.model.dates import LAST_TOLD, quarter_date
from aimarket.server.jobs import paired_runs
from aimarket.server.presenters import headline_figures, network, pair_means
from aimarket.server.sessions.twin_run import TwinRun, World
from aimarket.server.url.dates import date_of
from aimarket.server.url.view_state import read_link

from ..shown_numbers import contradictions, off_all, range_of

QUARTERS = (1, 7, 9, 20, 40)


@pytest.fixture(scope="module")
def run():
    run = TwinRun("deal_35bn")
    run.reach(40)
    return run


@pytest.fixture(scope="module")
def few():
    view = read_link("").view
    return next(paired_runs.growing("few", TwinRun(view.scenario, view.seed), lambda *_: None))


@pytest.mark.parametrize("quarter", QUARTERS)
def test_no_quantity_of_the_deal_is_reported_with_two_values(run, few, quarter):
    numbers = off_all(run, quarter, few)
    assert len({one.name for one in numbers}) > 100
    assert contradictions(numbers) == []


@pytest.mark.parametrize("scenario", ["deal_reported", "lab_entry", "financing_vendor_equity", "bust", "baseline"])
def test_no_quantity_of_other_scenarios_is_reported_with_two_values(scenario):
    run = TwinRun(scenario, seed=3)
    run.reach(20)
    assert [fault for quarter in (2, 7, 12, 20) for fault in contradictions(off_all(run, quarter))] == []


def choice(world, table, name):
    return world.tables[table]["market_share" if name == "revenue_share" else name][..., world.place]


def difference_of_all_digits(value, twin, unit=""):
    text = numeral(abs(value - twin))
    return "" if text == "0" else f"{'−' if value < twin else '+'}{text}"


def mixed(world, rows, sectors, booked=network._booked):
    return booked(world, rows, sectors) + (booked(world, network.FUNDING, sectors) if rows != network.FUNDING else 0.0)


FAULTS = {
    "customers' choice told as a share of revenue": (World, "column", choice),
    "a difference with digits of its own": (formatting, "difference", difference_of_all_digits),
    "sales and funding mixed": (network, "_booked", mixed),
    "customers left out": (network, "_of_customers", lambda *_: iter(())),
    "rent left out": (network, "_rent", lambda *_: iter(())),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_put_back_is_found(monkeypatch, name):
    monkeypatch.setattr(*FAULTS[name])
    run = TwinRun("deal_35bn")
    run.reach(8)  # some customers are not served then, so that what they choose is not what they buy
    assert contradictions(off_all(run, 8))


@pytest.mark.parametrize(("quarter", "date"), [(9, "2028 Q1"), (28, "2032 Q4"), (29, "2032 Q4"), (40, "2032 Q4")])
def test_headlines_of_one_run_say_so_and_stop_at_2032(run, quarter, date):
    output = "".join(piece[0] for piece in headline_figures.sentence(run, quarter))
    assert output.startswith("In this one run Anthropic holds ")
    assert f" of AI revenue in {date}" in output
    assert date_of(run.case, headline_figures.last_claimed(run)) == "2032 Q4"


def test_a_text_stands_for_what_it_may_have_been_rounded_from():
    output = {
        ("41.1", "%"): (41.05, 41.15),
        ("22", "%"): (21.95, 22.05),
        ("22", ""): (21.95, 22.05),
        ("3.4", ""): (3.395, 3.405),
        ("110", ""): (109.5, 110.5),
        ("<0.1", "quarters"): (0.0, 0.1),
    }
    assert np.allclose([range_of(*text) for text in output], list(output.values()))


def test_the_mean_of_many_pairs_stands_beside_the_finding_of_one_run(run, few):
    output = ["".join(piece[0] for piece in pieces) for pieces in json.loads(pair_means.payload(run, few))]
    assert len(output) == headline_figures.last_claimed(run)
    assert output[0] == "; over 40 pairs there is no sure difference"
    assert re.fullmatch(r"; over 40 pairs it is [\d.]+ points? more on average", output[8])
    assert pair_means.payload(run, None) == "[]"


def test_pairs_that_were_run_to_judge_the_claims_are_known_to_other_pages():
    view = replace(read_link("").view, seed=991)
    found = compare("deal_35bn", replicates=3, quarters=10, rng=991, runs=())
    assert paired_runs.known(view) is None
    paired_runs.keep(view, found.ensembles["treated"], found.ensembles["control"])
    assert paired_runs.extent(paired_runs.known(view)) == (10, 3)
    own = found.ensembles["treated"].values("revenue_share", "ai_labs")
    assert np.array_equal(paired_runs.known(view).own["revenue_share"], own)


def test_charts_shade_the_years_of_which_nothing_is_claimed():
    text = files("aimarket.server").joinpath("browser", "charts.js").read_text(encoding="utf-8")
    assert f"export const LAST_YEAR = {quarter_date(LAST_TOLD)[:4]}\n" in text
