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
"""As many replicates as it takes for a verdict on what others spend, which differs by chance more than most."""
UP_TO = 2.5
"""Deals this many times as large as the one announced: what others spend rises with the deal up to there."""


def added():
    """Return funding added per dollar of the deal, asked whether it exceeds the deal."""
    return replace(find_statistic("C1a"), condition="> 1")


@pytest.fixture(scope="module")
def size():
    return tipping("deal_scale", "C1b", **MANY, high=UP_TO, tolerance=0.02)


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


def test_a_deal_has_to_be_large_for_others_to_spend_more(size):
    """No deal adds nothing, by construction; so the verdict flips from there to a deal that is large enough."""
    assert (size.below, size.above) == ("not supported", "supported")
    assert 0.0 < size.low < size.value < size.high < UP_TO
    assert size.curve["mean"].iloc[0] == 0.0


@pytest.mark.parametrize("side", ["below", "above"])
def test_the_verdict_on_either_side_is_that_of_the_board(size, side):
    value = 0.5 * size.low if side == "below" else size.high + 0.02
    found = compare("deal_35bn", **MANY, quarters=size.quarters, runs=(), parameters={"deal_scale": value})
    sample = size.statistic.measure(found.evidence).interval()
    limit = bound(size.statistic.condition)
    assert (sample.high <= limit) if side == "below" else (sample.low > limit)


def test_a_point_of_the_curve_is_what_a_run_of_its_own_gives(size):
    point = size.curve.iloc[3]
    values = {"deal_scale": point["value"]}
    alone = compare("deal_35bn", **MANY, quarters=size.quarters, runs=(), parameters=values)
    assert tuple(point[["mean", "low", "high"]]) == pytest.approx(size.statistic.measure(alone.evidence).interval())


def test_the_curve_is_in_order_and_knows_its_units(size):
    assert size.curve["value"].is_monotonic_increasing
    assert size.curve.attrs["units"] == {"value": "1", "mean": "%", "low": "%", "high": "%"}


def test_a_claim_that_nothing_tips_is_reported_as_such():
    found = tipping("deal_scale", planted("< 20"), **SMALL)
    assert not found.found
    assert "is supported for every deal_scale in [0, 10]" in found.sentence()


def test_the_sentence_says_what_tips_and_where(size):
    sentence = size.sentence()
    assert sentence.startswith(
        "C1b.spending_others, spending on chips and halls by everybody except the recipient > 0.5, tips at "
    )
    assert "not supported up to 0." in sentence
    assert "undecided in between, supported from " in sentence
    assert "the default is 1." in sentence


@pytest.mark.parametrize(
    ("below", "above", "output"),
    [
        ("supported", "not supported", "supported up to 0.2, undecided in between, not supported from 0.4 on"),
        ("supported", "undecided", "supported up to 0.2, undecided above"),
        ("undecided", "supported", "undecided below, supported from 0.4 on"),
        ("undecided", "undecided", "undecided throughout"),
    ],
)
def test_the_sentence_says_where_no_verdict_is_reached(size, below, above, output):
    sentence = replace(size, below=below, above=above, low=0.2, high=0.4).sentence()
    assert f": {output} (95 %)" in sentence


def test_a_whole_parameter_takes_whole_values():
    found = tipping("ramp_quarters", "C2b.share_7", **{**SMALL, "replicates": 2}, high=4)
    assert (found.curve["value"] == found.curve["value"].round()).all()


def test_other_parameters_are_held():
    few = {"replicates": 2, "rng": 7, "high": UP_TO, "tolerance": 0.5}
    usual, held = (tipping("deal_scale", "C1b", **few, parameters=p).curve for p in ({}, {"earmark_pace": 0.2}))
    assert held["mean"].iloc[-1] != usual["mean"].iloc[-1]


def test_the_progress_counts_every_run_and_stays_below_what_it_says():
    output = []
    found = tipping(
        "announcement_effect", "C1a", **{**SMALL, "replicates": 2}, progress=lambda *step: output.append(step)
    )
    assert sum(count for count, _ in output) == len(found.curve) * 2 * found.quarters * 2
    assert len({whole for _, whole in output}) == 1
    assert sum(count for count, _ in output) <= output[0][1]


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
