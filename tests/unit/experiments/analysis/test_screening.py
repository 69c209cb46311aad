"""Which parameters survive a screening, and what Sobol indices say of these."""

import numpy as np
import pytest

import aimarket
from aimarket.experiments.analysis.decomposition import decompose, to_decompose
from aimarket.experiments.analysis.screening import DRAW, left_out, scale_of, screen, screened
from aimarket.experiments.claims.deciding import NOTHING, deciding, deciding_words
from aimarket.experiments.claims.sizes import SIZES
from aimarket.experiments.claims.statistic import STATISTICS
from aimarket.model.parameters import parameters

NAMES = ["labour_per_revenue", "momentum", "hall_lead_time", "earmark_pace"]
KEYS = ["C3.pay.trend", "C1b.spending_recipient"]


@pytest.fixture(scope="module")
def found():
    return screen(worlds=4, again=0, names=NAMES, keys=KEYS, progress=False)


@pytest.fixture(scope="module")
def effects(found):
    return found.effects.set_index(["statistic", "parameter"])


def test_every_statistic_has_every_parameter_and_chance(effects):
    assert list(effects.index) == [(key, name) for key in KEYS for name in [*NAMES, DRAW]]


def test_what_does_nothing_has_no_effect_at_all(found, effects):
    assert found.still == ["momentum"]
    assert effects.loc[(slice(None), "momentum"), "mu_star"].to_list() == [0.0, 0.0]


def test_a_trend_hangs_on_what_it_is_made_of(effects):
    row = effects.loc["C3.pay.trend", "labour_per_revenue"]
    assert row["low"] > effects.loc["C3.pay.trend", "earmark_pace"]["high"]
    assert row["same_sign"] == 1.0


def test_an_effect_is_in_terms_of_the_smallest_that_matters(found):
    point = {"labour_per_revenue": [0.05, 0.4]}
    runs = aimarket.compare("deal_35bn", parameters=point, replicates=2, quarters=13, numbers=[0, 0], runs=())
    one, other = STATISTICS["C3.pay.trend"].measure(runs.evidence).of_own()
    row = found.effects.query("statistic == 'C3.pay.trend' and parameter == 'labour_per_revenue'").iloc[0]
    assert 0.5 < row["mu"] * scale_of(STATISTICS["C3.pay.trend"]) / (other - one) < 2.0


@pytest.fixture(scope="module")
def twice():
    """The same small screening, run two times."""
    few = {"worlds": 2, "again": 2, "names": ["labour_per_revenue", "momentum"], "keys": KEYS[:1], "progress": False}
    return [screen(**few).effects for _ in range(2)]


def test_a_screening_is_the_same_again(twice):
    assert twice[0].equals(twice[1])


def test_the_likely_ones_are_moved_in_more_worlds(twice):
    worlds = twice[0].set_index("parameter")["worlds"]
    assert worlds.to_dict() == {"labour_per_revenue": 4, "momentum": 2, DRAW: 4}


def test_every_parameter_is_screened_or_left_out_for_a_reason():
    without = left_out(aimarket.load_scenario("deal_35bn"))
    assert all(without.values())
    assert {"demand_available", "hall_cost_share", "takeoff_uncertain", "compute_wedge"} <= set(without)
    assert {"hall_lead_time", "announcement_effect", "dry_powder"}.isdisjoint(without)


def test_every_statistic_with_a_verdict_has_a_scale():
    assert all(scale_of(item) in {size.least for size in SIZES.values()} for item in screened().values())


def test_the_largest_of_each_statistic_are_decomposed_first(found):
    names = to_decompose(found, most=1)
    assert len(names) <= 1
    assert set(names) <= set(found.survivors["parameter"])


def test_indices_name_chance_as_a_factor():
    statistics = {key: STATISTICS[key] for key in KEYS[:1]}
    shares = decompose("deal_35bn", NAMES[:1], 8, statistics=statistics, progress=False).set_index("parameter")
    assert list(shares.index) == [NAMES[0], DRAW]
    assert shares.loc[NAMES[0], "total"] > shares.loc[DRAW, "total"] >= 0.0
    assert set(shares["blocks"]) == {8}


def test_what_is_kept_names_parameters_and_statistics_of_today():
    kept = deciding()
    assert set(kept["parameter"]) - {DRAW} <= set(parameters())
    assert set(kept["statistic"].dropna()) == set(screened())


def test_a_statistic_is_decided_by_survivors_in_order_of_size():
    kept = deciding()
    assert (kept.loc[kept["survives"], "high"] > 0.0).all()
    for key in screened():
        rows = kept[(kept["statistic"] == key) & kept["survives"]]
        assert np.all(np.diff(rows["mu_star"]) <= 0.0)
        assert deciding_words(key).startswith(rows["parameter"].iloc[0] if len(rows) else NOTHING)
