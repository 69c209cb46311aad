"""A statistic that has no value is said to have none, and in how many runs, wherever it is told."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import aimarket
from aimarket.experiments.analysis.tipping import tipping
from aimarket.experiments.claims.evidence import Evidence
from aimarket.experiments.claims.rows import Sample
from aimarket.experiments.claims.statistic import find_statistic
from aimarket.experiments.formatting import estimate, numeral, probability
from aimarket.experiments.report import captions
from aimarket.experiments.report.claims_board import board
from aimarket.experiments.statistics import mean_interval, mean_intervals, pairing, same_sign
from aimarket.experiments.storage.frames import plain
from aimarket.experiments.sweeps.outcomes import made, measure
from aimarket.model.dates import quarter_number
from aimarket.server.cli.commands import sweep
from aimarket.server.cli.console import percentiles, print_run
from aimarket.server.cli.main import app
from aimarket.server.jobs.claim_questions import judged

NO_NUMBER = re.compile(r"\b(nan|inf|None|NaN|NaT)\b")
GONE = "undefined in 2 of 2 runs"


@pytest.fixture(scope="module")
def short():
    """A deal beside its twin, for too few quarters to judge most claims."""
    return aimarket.compare("deal_35bn", replicates=2, quarters=6, runs=())


@pytest.fixture(scope="module")
def holed(short):
    """The same with a value that is missing in one run, and another that is in both."""
    return without(short, lab_compute=0, funding=slice(None))


def without(found, **missing):
    """Return a comparison in whose run with the deal indicators are missing, in some replicates each."""
    treated = found.ensembles["treated"]
    series = treated.records["indicators"]
    values = {name: array.copy() for name, array in series.values.items()}
    for name, replicates in missing.items():
        values[name][:, replicates] = np.nan
    treated = replace(treated, records={**treated.records, "indicators": series._replace(values=values)})
    return replace(found, ensembles={**found.ensembles, "treated": treated})


@pytest.mark.parametrize(
    "words",
    [
        ("compare", "deal_35bn", "--replicates", "2", "--quarters", "2"),
        ("compare", "deal_35bn", "--replicates", "1", "--quarters", "4"),
        ("run", "baseline", "--replicates", "2", "--quarters", "2"),
        ("trail", "deal_35bn", "--quarters", "1"),
    ],
    ids=" ".join,
)
def test_no_command_prints_what_is_no_number(words):
    done = CliRunner().invoke(app, list(words), prog_name="aimarket")
    assert done.exit_code == 0, done.stderr
    assert not NO_NUMBER.search(done.stdout)


def test_a_claim_without_a_value_says_in_how_many_runs(short):
    rows = short.claims().set_index("statistic")
    gone = rows[rows["value"].isna()]
    assert len(gone) > 5
    assert (gone["undefined"] == 2).all()
    assert {estimate(row) for row in gone.to_dict("records")} == {GONE}


def test_a_claim_without_a_value_in_some_runs_is_about_the_others():
    longer = aimarket.compare("deal_35bn", replicates=2, quarters=14, runs=())
    rows = without(longer, **dict.fromkeys(longer.ensembles["treated"].records["indicators"].values, 0)).claims()
    in_part = rows[rows["value"].notna() & (rows["undefined"] > 0)]
    assert len(in_part) > 0
    assert in_part["note"].str.contains("undefined in 1 of 2 runs, which are left out").all()


def test_machines_get_null_and_a_count(short):
    rows = json.loads(json.dumps(short.to_json(), allow_nan=False))["claims"]
    assert {(row["value"], row["undefined"], row["runs"]) for row in rows if row["value"] is None} == {(None, 2, 2)}


def test_the_reports_board_says_it_too(short):
    strips = [strip for group in board(short.claims()) for strip in (*group.judged, *group.context)]
    assert GONE in {strip.interval for strip in strips}
    assert not NO_NUMBER.search(" ".join(f"{strip.value} {strip.interval} {strip.note}" for strip in strips))


def test_the_pages_board_says_it_too(short):
    output = judged(find_statistic("C2b.gap_7"), short.evidence)
    assert (output["shown"], output["interval"], output["value"]) == ("undefined", "in 2 of 2 pairs", None)


def test_a_sentence_says_what_is_missing(holed):
    output = holed.summary()[1]
    assert "new funding of all firms undefined in 2 of 2 runs" in output
    assert "one replicate: no interval, undefined in 1 of 2 runs" in output
    assert not NO_NUMBER.search(" ".join(holed.summary()))


def test_differences_are_those_of_the_runs_that_have_them(holed, short):
    rows = holed.differences.set_index("quantity").loc["lab_compute"].set_index("quarter")
    other = (short.ensembles[name].values("lab_compute")[-1, 1] for name in ("treated", "control"))
    assert rows["undefined"].unique().tolist() == [1]
    assert rows["mean"].iloc[-1] == pytest.approx(next(other) - next(other))


def test_a_difference_from_nothing_is_reported_in_its_unit(short):
    values = short.ensembles["control"].records["indicators"].values
    nothing = (
        short.ensembles["control"]
        .records["indicators"]
        ._replace(values={**values, "funding": np.zeros_like(values["funding"])})
    )
    control = replace(short.ensembles["control"], records={**short.ensembles["control"].records, "indicators": nothing})
    output = replace(short, ensembles={**short.ensembles, "control": control}).summary()[1]
    assert re.search(r"new funding of all firms \+[\d.,]+ USD bn/quarter", output)


def test_percentiles_are_those_of_the_runs_that_have_them(holed):
    found = percentiles(holed.ensembles["treated"])
    assert found["lab_compute"]["undefined"].tolist() == [1] * 6
    assert np.isfinite(found["lab_compute"]["median"]).all()
    assert plain(found["funding"])["median"] == [None] * 6
    assert found["funding"]["undefined"].tolist() == [2] * 6


def test_books_that_cannot_be_checked_do_not_hold(short, capsys):
    control = short.ensembles["control"]
    residuals = {**control.residuals, "I2": np.array([np.nan, 0.0])}
    print_run(replace(control, residuals=residuals), ["aimarket"], [])
    output = capsys.readouterr().out
    assert "DO NOT ALL HOLD; largest residual undefined in at least one run (I2)" in output
    assert np.isnan(replace(short, ensembles={"a": control, "b": replace(control, residuals=residuals)}).checks()["I2"])


# Statistics


def test_intervals_of_many_samples_leave_out_what_is_missing():
    sample = np.array([[1.0, 2.0, np.nan, 4.0], [1.0, 2.0, 3.0, 4.0], [np.nan] * 4])
    many = np.array(mean_intervals(sample)).T
    for row, one in zip(many, sample, strict=True):
        np.testing.assert_array_equal(row, mean_interval(one))
    np.testing.assert_array_equal(same_sign(np.array([[1.0, np.nan, -0.5], [np.nan] * 3])), [0.5, np.nan])


def test_pairing_leaves_out_what_is_missing():
    one, other = np.array([1.0, 2.0, 4.0, np.nan]), np.array([0.0, 2.0, 1.0, 5.0])
    assert pairing(one, other) == pairing(one[:3], other[:3])


def test_a_percentage_leaves_out_what_is_missing():
    change, base = np.array([1.0, 2.0, np.nan]), np.array([10.0, 10.0, 20.0])
    sample = Sample(change, base, percent=True)
    assert sample.interval() == Sample(change[:2], base[:2], percent=True).interval()
    assert sample.undefined == 1


@pytest.mark.parametrize(("p", "text"), [(0.0, "< 0.001"), (0.00099, "< 0.001"), (0.0042, "0.004"), (0.5, "0.50")])
def test_no_probability_is_nothing(p, text):
    assert probability(p) == text


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, None])
def test_a_figure_of_no_number_is_a_dash(value):
    assert numeral(value) == "-"


# Sweeps, tipping and reports


@pytest.mark.parametrize(
    ("values", "output"),
    [([np.nan, np.nan], (GONE, GONE)), ([1.0, np.nan], ("1 [1, 1] (undefined in 1 of 2 runs)", "100 % of the others"))],
)
def test_a_sweep_says_in_how_many_runs_an_outcome_is_undefined(values, output):
    outcome = made("x", {"quantity": "ai_revenue", "at": "2026Q1", "condition": "> 0"}, quarter_number("2026Q1"), 4)
    row = sweep._summary(replace(outcome, unit="1"), "baseline", np.array(values))
    shown = sweep._row(row, named=False)
    assert (shown[1], shown[3]) == output
    assert row["undefined"] == int(np.isnan(values).sum())


@pytest.mark.parametrize(
    ("way", "value"),
    [
        ({"at": "2026Q1"}, np.nan),
        ({"at": "2026Q4"}, 3.0),
        ({"sum": ["2026Q1", "2026Q4"]}, 5.0),
        ({"mean": ["2026Q1", "2026Q4"]}, 2.5),
        ({"largest": ["2026Q1", "2026Q4"]}, 3.0),
        ({"mean": ["2026Q1", "2026Q2"]}, np.nan),
    ],
)
def test_an_outcome_of_a_firm_counts_the_quarters_in_which_it_is_in_business(way, value):
    runs = aimarket.run_ensemble("baseline", 1, 4, record=("ai_labs.capability",))
    series = runs.records["ai_labs"]
    values, active = series.values["capability"].copy(), series.active.copy()
    values[:, 4, 0], active[:, 4, 0] = (-1.0, -1.0, 2.0, 3.0), (0.0, 0.0, 1.0, 1.0)
    own = replace(runs, records={"ai_labs": series._replace(values={"capability": values}, active=active)})
    content = {"quantity": "ai_labs.capability", "firm": series.firms[4], **way}
    outcome = made("x", content, quarter_number("2026Q1"), 4)
    np.testing.assert_array_equal(measure([outcome], Evidence({"treated": own}, None, 4))["x"], [value])


def test_a_tipping_value_is_reported_beside_the_values_at_which_nothing_is_known():
    def sample(evidence):
        scale = evidence.ensembles["control"].parameters["deal_scale"]
        return np.where(scale < 1.0, np.nan, scale)

    planted = replace(find_statistic("C0"), sample=sample, runs=("control",), condition="> 1.3", reach=1)
    found = tipping("deal_scale", planted, replicates=2)
    gone = found.curve[found.curve["mean"].isna()]
    assert len(gone) > 0
    assert set(gone["undefined"]) == {2}
    assert f"It is undefined at {len(gone)} of the {len(found.curve)} values tried." in found.sentence()
    assert not NO_NUMBER.search(json.dumps(found.to_json(), allow_nan=False))


def test_an_index_of_nothing_is_undefined_and_not_nothing():
    nothing = pd.DataFrame({"parameter": ["rivalry"], "total": [np.nan], "mu_star": [np.nan]})
    for say in (captions.of_indices(nothing, "sales"), captions.of_effects(nothing, "sales", "1")):
        assert say.startswith("Sales is undefined in every block")
