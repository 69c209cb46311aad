"""Estimation: known truths are recovered, the future is not seen, and the same seed gives the same posterior."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest, norm

import aimarket
from aimarket.experiments.calibration import abc
from aimarket.experiments.calibration.abc import contraction, fitted, posterior_of, targets_of
from aimarket.experiments.calibration.bank import Bank, run_bank
from aimarket.experiments.calibration.errors import drifts_of
from aimarket.experiments.calibration.estimate import estimate
from aimarket.experiments.calibration.observations import observed
from aimarket.experiments.calibration.prior import prior
from aimarket.experiments.calibration.recovery import INFORMED, LEAST, MOST, recovered
from aimarket.experiments.calibration.series import find_series
from aimarket.experiments.publishing.backtest_page import parameter_estimates
from aimarket.experiments.runs import posterior as shipped
from aimarket.experiments.runs.posterior import posterior, sampled
from aimarket.experiments.storage.model_version import is_of_this_model
from aimarket.model.parameters import parameters

WORLDS = 4000
FEW = 4
"""Truths where it is asked whether they are the same, not how many are covered."""


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    return run_bank(tmp_path_factory.mktemp("bank"), size=WORLDS, workers=0)


@pytest.fixture(scope="module")
def truths(tmp_path_factory):
    return run_bank(tmp_path_factory.mktemp("truths"), size=100, seed=4, workers=0)


@pytest.fixture(scope="module")
def targets(bank):
    return targets_of(bank, "2025Q4", late=True)


@pytest.fixture(scope="module")
def fit(bank, targets):
    return fitted(bank, targets)


@pytest.fixture(scope="module")
def recovery(fit, truths, targets):
    """A tenth of this small bank is too little for so many observations; of the large one 4,000 are kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(abc, "LARGEST_PART", 0.3)
        return recovered(fit, truths, targets)


def test_intervals_cover_twenty_truths_as_often_as_they_say(recovery):
    assert LEAST <= recovery.table["covered_of_20"].mean() <= MOST


def test_ranks_of_truths_are_uniform(recovery):
    assert kstest(recovery.ranks.to_numpy().ravel(), "uniform").pvalue > 0.001
    assert recovery.table["uniform_p"].min() > 0.01 / len(recovery.table)  # one in a hundred banks, were it chance


def test_some_parameter_is_informed_and_most_are_not(recovery):
    informed = set(recovery.table.query("informed")["parameter"])
    assert "generation_performance" in informed
    assert len(informed) < len(recovery.table) / 2


def test_who_reports_the_prior_informs_nothing():
    factors, chance = prior(), np.random.default_rng(1)
    sample = pd.DataFrame({factor.name: chance.uniform(factor.low, factor.high, 4000) for factor in factors})
    assert contraction(sample, factors).min() > INFORMED


def test_no_row_after_the_cut_off_enters_an_estimate(bank):
    table = observed()
    future = table["quarter"] > "2024Q4"
    poisoned = pd.concat(
        [
            table.assign(value=table["value"].where(~future, 1e9)),
            table[future & (table["series"] == "openai_run_rate")].assign(quarter="2024Q2", value=1e9),
        ]
    )
    posteriors = []
    for own in (table, poisoned):
        targets = targets_of(bank, "2024Q4", late=False, table=own)
        posteriors.append(posterior_of(fitted(bank, targets), targets.values))
    pd.testing.assert_frame_equal(*posteriors, check_exact=True)


def test_what_was_published_after_a_back_test_informs_the_last_estimate_only(bank):
    then, now = (set(targets_of(bank, "2024Q4", late=late).rows["series"]) for late in (False, True))
    assert "openai_compute" in now - then


def test_the_posterior_agrees_with_weights_that_are_exact():
    # a world in which one parameter makes one series, and the others nothing
    chance, factors = np.random.default_rng(2), prior()
    unit = chance.uniform(size=(60_000, len(factors)))
    points = pd.DataFrame({f.name: f.low + unit[:, i] * (f.high - f.low) for i, f in enumerate(factors)})
    series = find_series("nvidia_data_center")
    bank = Bank("2023Q4", points, np.exp(unit[None, None, :, 0]), (series,))
    table = observed().query("series == 'nvidia_data_center' and quarter == '2024Q1'").assign(value=np.exp(0.4))
    targets = targets_of(bank, "2024Q1", late=True, table=table)
    sample = posterior_of(fitted(bank, targets), targets.values, size=2000)
    drift = drifts_of(len(unit), 3)["drift_of_others"] / 2.0  # of a quarter
    weights = norm.pdf(0.4, unit[:, 0], np.hypot(series.error, drift))
    place = (sample[factors[0].name] - factors[0].low) / (factors[0].high - factors[0].low)
    mean = np.average(unit[:, 0], weights=weights)
    assert place.mean() == pytest.approx(mean, abs=0.01)
    assert place.std() == pytest.approx(np.sqrt(np.average((unit[:, 0] - mean) ** 2, weights=weights)), rel=0.08)
    assert contraction(sample, factors)[[factor.name for factor in factors[1:]]].min() > INFORMED


def test_the_same_seed_gives_the_same_posterior_also_when_the_bank_was_interrupted(tmp_path):
    whole, again = (estimate(tmp_path, size=80, truths=FEW, workers=0, report=interrupt(tmp_path)) for _ in (1, 2))
    for name, frame in whole.items():
        pd.testing.assert_frame_equal(frame, again[name], check_exact=True)


def interrupt(folder):
    """Return a report that leaves the bank as a kill does: without one of its parts."""
    return lambda text: (folder / "bank" / "parts" / "part-00003.parquet").unlink(missing_ok=True)


def test_a_bank_of_another_model_is_begun_anew(tmp_path):
    run_bank(tmp_path, size=80, workers=0)
    known = json.loads((tmp_path / "study.json").read_text())
    known["made_with"]["model"] = "another"
    (tmp_path / "study.json").write_text(json.dumps(known))
    left = tmp_path / "left"
    left.write_text("of the other model")
    run_bank(tmp_path, size=80, workers=0)
    assert not left.exists()


def test_nothing_to_learn_from_is_reported(bank):
    with pytest.raises(ValueError, match="nothing was observed between 2023Q4 and 2023Q4"):
        targets_of(bank, "2023Q4", late=True)


@pytest.mark.parametrize("cutoff", ["2024Q4", "2025Q4"])
def test_draws_that_ship_are_of_declared_parameters_within_their_ranges(cutoff):
    sample, factors = posterior(cutoff), {factor.name: factor for factor in prior()}
    assert set(sample) == set(factors) or not is_of_this_model("posterior")
    assert set(sample) <= set(factors)
    assert all(sample[name].between(factors[name].low, factors[name].high).all() for name in sample)


@pytest.fixture
def earlier(monkeypatch):
    """Draws of parameters as an earlier version had them: one is gone, one has another range."""
    sample = pd.DataFrame({"dilution": [0.02, 0.03], "row_zero": [4.0, 5.0], "outside_orders": [1.0, 4.2]})
    monkeypatch.setattr(shipped, "whole_posterior", lambda cutoff: sample.assign(drift_of_labs=0.1))
    return sample


def test_what_an_earlier_model_called_otherwise_stays_at_its_default_and_is_reported(earlier, monkeypatch):
    monkeypatch.setattr(shipped, "is_of_this_model", lambda folder: False)
    with pytest.warns(aimarket.ScenarioWarning, match="earlier version of the model: row_zero, outside_orders is gone"):
        assert posterior().equals(earlier[["dilution"]])


def test_draws_of_this_model_that_do_not_fit_it_are_an_error(earlier, monkeypatch):
    monkeypatch.setattr(shipped, "is_of_this_model", lambda folder: True)
    with pytest.raises(KeyError, match="row_zero"):
        posterior()


def test_a_default_lies_in_its_interval_where_the_data_inform_it():
    """The horizon's lies at the lower end, and stays: at its median laws fail that hold at five (docs/backtest.md)."""
    table, declared = parameter_estimates("2025Q4").query("informed"), parameters()
    table = table[table["parameter"].isin(list(declared))]
    assert len(table)
    for row in table.itertuples():
        assert row.p5 <= declared[row.parameter].default <= row.p95, f"{row.parameter}: {row.p5:.3g} to {row.p95:.3g}"


def test_a_replicate_has_the_same_draw_alone_and_among_others():
    together = aimarket.run_ensemble("baseline", 6, 2, parameters="posterior")
    alone = aimarket.run_ensemble("baseline", numbers=[4], quarters=2, parameters="posterior")
    assert np.array_equal(together.values("ai_revenue")[:, 4:5], alone.values("ai_revenue"))
    assert sampled([1, 401]).iloc[0].equals(sampled([1, 401]).iloc[1])


def test_twins_have_the_same_draws():
    pair = aimarket.compare("deal_35bn", replicates=3, quarters=14, parameters="posterior", runs=[])
    treated, control = (pair.ensembles[name].parameters for name in ("treated", "control"))
    assert all(np.array_equal(treated[name], control[name]) for name in posterior())


def test_another_word_is_reported():
    with pytest.raises(ValueError, match="parameters = 'prior': give values by name, a data frame, or 'posterior'"):
        aimarket.run_ensemble("baseline", 2, 2, parameters="prior")
    with pytest.raises(ValueError, match="no posterior with the cut-off '2023Q4' ships; there is 2024Q4, 2025Q4"):
        posterior("2023Q4")
