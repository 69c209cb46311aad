"""The tipping value of an assumption: a verdict really flips there, and what cannot be asked is refused."""

from dataclasses import replace

import numpy as np
import pytest

from aimarket.experiments.analysis.tipping import tipping
from aimarket.experiments.claims.statistic import find_statistic
from aimarket.experiments.comparison.comparison import compare
from aimarket.experiments.statistics import bound
from aimarket.model.scenarios.scenario import ScenarioError

SMALL = {"replicates": 8, "rng": 7}
SCARCE = {"called_part": 0.0, "open_private": 0.0}
"""Where savers newly raise nothing of a deal and no lender outside takes private credit: elsewhere the news is moot."""

MANY = {"replicates": 64, "rng": 7}
"""As many replicates as it takes for a verdict on funding, which differs by chance more than most."""


def added():
    """Return funding added per dollar of the deal, asked whether it exceeds the deal."""
    return replace(find_statistic("C1a"), condition="> 1")


@pytest.fixture(scope="module")
def news():
    return tipping("announcement_effect", added(), **MANY, parameters=SCARCE, tolerance=0.05)


def planted(condition, *, unit="1"):
    """Return a statistic that is deal_scale itself, with chance that is the same for every value."""

    def sample(evidence):
        scale = evidence.ensembles["control"].parameters["deal_scale"]
        noise = evidence.run("control").labs("powered_compute")[-1].sum(0)
        return scale + 0.01 * (noise - noise[: SMALL["replicates"]].mean())

    return replace(find_statistic("C0"), sample=sample, runs=("control",), condition=condition, unit=unit, reach=2)


def test_a_planted_root_is_found():
    found = tipping("deal_scale", planted("> 1.3"), **SMALL)
    assert found.value == pytest.approx(1.3, abs=1e-9)
    assert found.low < 1.3 < found.high
    assert found.high - 1.3 == pytest.approx(1.3 - found.low)


def test_all_values_have_common_random_numbers():
    curve = tipping("deal_scale", planted("> 1.3"), **SMALL).curve
    np.testing.assert_allclose(np.ptp(curve["high"] - curve["mean"]), 0.0, atol=1e-12)


def test_the_news_has_to_lift_the_mood_for_a_surge(news):
    assert (news.below, news.above) == ("not supported", "supported")
    assert 0.0 < news.low < news.value < news.high <= 1.2


@pytest.mark.parametrize("side", ["below", "above"])
def test_the_verdict_on_either_side_is_that_of_the_board(news, side):
    value = 0.5 * news.low if side == "below" else news.high + 0.02
    found = compare(
        "deal_35bn", **MANY, quarters=news.quarters, runs=(), parameters={**SCARCE, "announcement_effect": value}
    )
    sample = news.statistic.measure(found.evidence).interval()
    limit = bound(news.statistic.condition)
    assert (sample.high <= limit) if side == "below" else (sample.low > limit)


def test_a_point_of_the_curve_is_what_a_run_of_its_own_gives(news):
    point = news.curve.iloc[3]
    values = {**SCARCE, "announcement_effect": point["value"]}
    alone = compare("deal_35bn", **MANY, quarters=news.quarters, runs=(), parameters=values)
    assert tuple(point[["mean", "low", "high"]]) == pytest.approx(news.statistic.measure(alone.evidence).interval())


def test_the_curve_is_in_order_and_knows_its_units(news):
    assert news.curve["value"].is_monotonic_increasing
    assert news.curve.attrs["units"] == {"value": "1", "mean": "1", "low": "1", "high": "1"}


def test_a_claim_that_nothing_tips_is_reported_as_such():
    kept = replace(find_statistic("C0"), reach=8)  # beyond it a recipient may fail, and its money goes free
    found = tipping("announcement_effect", kept, **{**SMALL, "replicates": 2}, quarters=9)
    assert not found.found
    assert "is supported for every announcement_effect in [0, 1.2]" in found.sentence()


def test_the_sentence_says_what_tips_and_where(news):
    sentence = news.sentence()
    assert sentence.startswith(
        "C1a.funding, funding added per dollar of the deal > 1, tips at announcement_effect = 0."
    )
    assert "not supported up to 0." in sentence
    assert "undecided in between, supported from 1." in sentence
    assert "the default is 0." in sentence


@pytest.mark.parametrize(
    ("below", "above", "told"),
    [
        ("supported", "not supported", "supported up to 0.2, undecided in between, not supported from 0.4 on"),
        ("supported", "undecided", "supported up to 0.2, undecided above"),
        ("undecided", "supported", "undecided below, supported from 0.4 on"),
        ("undecided", "undecided", "undecided throughout"),
    ],
)
def test_the_sentence_says_where_no_verdict_is_reached(news, below, above, told):
    sentence = replace(news, below=below, above=above, low=0.2, high=0.4).sentence()
    assert f": {told} (95 %)" in sentence


def test_a_whole_parameter_takes_whole_values():
    found = tipping("ramp_quarters", "C2b.share_7", **{**SMALL, "replicates": 2})
    assert (found.curve["value"] == found.curve["value"].round()).all()


def test_other_parameters_are_held(news):
    held = {**SCARCE, "deal_scale": 0.5}
    found = tipping("announcement_effect", added(), **MANY, parameters=held, low=0.0, high=1.2, tolerance=0.5)
    assert found.curve["mean"].iloc[0] != news.curve["mean"].iloc[0]


def test_the_progress_counts_every_run_and_stays_below_what_it_says():
    told = []
    found = tipping(
        "announcement_effect", "C1a", **{**SMALL, "replicates": 2}, progress=lambda *step: told.append(step)
    )
    assert sum(count for count, _ in told) == len(found.curve) * 2 * found.quarters * 2
    assert len({whole for _, whole in told}) == 1
    assert sum(count for count, _ in told) <= told[0][1]


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (("announcement_effct", "C1a"), KeyError, "did you mean 'announcement_effect'"),
        (("announcement_effect", "C1a.fundng"), KeyError, "did you mean 'C1a.funding'"),
        (
            ("announcement_effect", "C1a.funding.quiet"),
            ValueError,
            "reads the run 'quiet', which sets announcement_eff",
        ),
        (("announcement_effect", "C3.debt_share"), ValueError, "C3.debt_share has no condition"),
        (("announcement_effect", "C1a", "chip_shock"), ScenarioError, "chip_shock holds no deal"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked, error, said):
    with pytest.raises(error, match=said):
        tipping(*asked, **SMALL)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"low": -1.0}, "leaves the declared"),
        ({"replicates": 1}, "take at least 2"),
        ({"quarters": 3}, "give more than 3 quarters"),
        ({"parameters": {"announcement_effect": 0.1}}, "leave it out"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(options, said):
    with pytest.raises(ValueError, match=said):
        tipping("announcement_effect", "C1a", **{**SMALL, **options})
