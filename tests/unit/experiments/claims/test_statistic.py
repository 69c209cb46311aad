"""Statistics of the claims: found by key or claim, read from no more runs than they name."""

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import aimarket
from aimarket.experiments.claims.evidence import Evidence
from aimarket.experiments.claims.rows import Sample
from aimarket.experiments.claims.sizes import SIZES
from aimarket.experiments.claims.statistic import BOARD, STATISTICS, find_statistic, sample_of_each, samples
from aimarket.experiments.claims.treatments import treatments
from aimarket.experiments.comparison.comparison import compare, evidence_of
from aimarket.experiments.statistics import mean_interval
from aimarket.model.scenarios.scenario import ScenarioError, load_scenario

QUARTERS, REPLICATES = 29, 4
WITHOUT_SIZE = {"C0.strayed", "C2a.lasting"}
"""Money that strays is wrong whatever it amounts to; and a second step asks only not to be smaller than the first."""

C0 = [item for item in BOARD if getattr(item, "claim", "") == "C0"]

DEAL = {"scenario": "deal_35bn", "against": "baseline"}
LUCK = {"replicates": REPLICATES, "quarters": QUARTERS, "rng": 7}


@pytest.fixture(scope="module")
def comparison():
    return compare(**DEAL, **LUCK)


@pytest.fixture(scope="module")
def evidence(comparison):
    return comparison.evidence


class Watched(Mapping):
    """Runs that remember which of them were read."""

    def __init__(self, ensembles):
        self.ensembles, self.read = ensembles, set()

    def __getitem__(self, name):
        self.read.add(name)
        return self.ensembles[name]

    def __contains__(self, name):
        return name in self.ensembles

    def __iter__(self):
        return iter(self.ensembles)

    def __len__(self):
        return len(self.ensembles)


def test_every_run_that_a_statistic_names_is_planned():
    planned = treatments(load_scenario("deal_35bn"), load_scenario("baseline"), aimarket.load_start())
    assert {run for item in STATISTICS.values() for run in item.runs} == set(planned)


@pytest.mark.parametrize("key", STATISTICS)
def test_a_statistic_reads_the_runs_that_it_names_and_no_others(evidence, key):
    watched = Watched(evidence.ensembles)
    found = STATISTICS[key].measure(Evidence(watched, evidence.subject, QUARTERS))
    assert found.change.shape == (REPLICATES,)
    assert watched.read == set(STATISTICS[key].runs)


@pytest.mark.parametrize("key", STATISTICS)
def test_a_statistic_is_known_from_the_quarters_that_it_reaches(evidence, key):
    short = Evidence(evidence.ensembles, evidence.subject, evidence.subject.begin + STATISTICS[key].reach)
    assert short.quarters <= QUARTERS
    np.testing.assert_array_equal(samples(short, [key])[key], samples(evidence, [key])[key])


def test_whatever_asks_for_a_sign_names_the_smallest_effect_that_matters_in_its_own_unit():
    asked = [item for item in STATISTICS.values() if item.condition and item.key not in WITHOUT_SIZE]
    assert {item.key: SIZES[item.size].unit for item in asked} == {item.key: item.unit for item in asked}


def test_every_claim_has_one_leading_statistic_which_has_a_condition():
    leading = [item for item in STATISTICS.values() if item.leading]
    assert sorted(item.claim for item in leading) == sorted({item.claim for item in STATISTICS.values()})
    assert all(item.condition for item in leading)


def test_no_two_statistics_share_their_key_or_their_words():
    both = [item for part in (BOARD, STATISTICS.values()) for item in part if hasattr(item, "key")]
    assert len({item.key for item in both}) == len(STATISTICS)
    assert len({(item.claim, item.wording) for item in STATISTICS.values()}) == len(STATISTICS)


def test_a_claim_stands_for_its_leading_statistic():
    names = ("C1a", "C1b", "C2a", "C2b", "C4a")
    keys = ("C1a.funding", "C1b.spending_others", "C2a.one_oom", "C2b.gap_7", "C4a.edge_8")
    assert tuple(find_statistic(name).key for name in names) == keys


@pytest.mark.parametrize(("name", "nearest"), [("C1a.fundng", "C1a.funding"), ("C2b.gap_8", "C2b.gap_7")])
def test_an_unknown_statistic_is_reported_with_the_nearest(name, nearest):
    with pytest.raises(KeyError, match=f"did you mean '{nearest}'"):
        find_statistic(name)


def test_the_board_has_the_mean_of_every_sample(comparison, evidence):
    board = comparison.claims().set_index(["claim", "statistic"])["value"]
    for item in BOARD:
        if hasattr(item, "key"):
            shown = board[item.claim, item.wording.format(recipient="Anthropic")]
            assert mean_interval(samples(evidence, [item])[item.key]).value == pytest.approx(shown, nan_ok=True)


def test_what_runs_alone_is_what_it_is_among_all_runs(evidence):
    item = find_statistic("C4a.edge_8")
    alone = evidence_of(**DEAL, runs=item.runs, **LUCK)
    assert set(alone.ensembles) == set(item.runs)
    np.testing.assert_array_equal(samples(alone, [item])[item.key], samples(evidence, [item])[item.key])


def test_the_value_of_a_replicate_does_not_hang_on_those_beside_it():
    scale = np.array([0.5, 1.0, 1.5, 2.0])
    keys = ("C1a.funding", "C1b.spending_others")
    runs = find_statistic("C1a").runs
    luck = {**LUCK, "quarters": 14}
    many = evidence_of(**DEAL, runs=runs, **luck, parameters=pd.DataFrame({"deal_scale": scale}))
    few = evidence_of(**DEAL, runs=runs, **{**luck, "replicates": 2}, parameters={"deal_scale": scale[:2]})
    for key in keys:
        np.testing.assert_array_equal(sample_of_each(key, many)[:2], sample_of_each(key, few))


def test_replicates_of_one_number_differ_by_their_parameters_alone():
    numbers, scale = [3, 5, 3, 5], [1.0, 1.0, 2.0, 2.0]
    asked = {"rng": 7, "quarters": 14, "runs": find_statistic("C1a").runs}
    both = evidence_of(**DEAL, **asked, parameters=pd.DataFrame({"deal_scale": scale}), numbers=numbers)
    alone = evidence_of(**DEAL, **asked, parameters={"deal_scale": 2.0}, numbers=numbers[:2])
    np.testing.assert_array_equal(sample_of_each("C1a", both)[2:], sample_of_each("C1a", alone))


def test_replicates_that_failed_in_any_run_are_known(evidence):
    broken = evidence.ensembles["treated"].failures.reindex([2])
    treated = replace(evidence.ensembles["treated"], failures=broken)
    found = replace(evidence, ensembles={**evidence.ensembles, "treated": treated})
    assert found.failed.tolist() == [False, False, True, False]
    assert not evidence.failed.any()


def test_own_bases_and_the_mean_base_differ_only_by_the_base():
    sample = Sample(np.array([1.0, 2.0]), np.array([4.0, 12.0]), percent=True)
    np.testing.assert_allclose(sample.of_mean(), [12.5, 25.0])
    np.testing.assert_allclose(sample.of_own(), [25.0, 100.0 / 6.0])


def test_nothing_is_reported_in_terms_of_nothing():
    sample = Sample(np.array([1.0, 2.0]), np.zeros(2))
    assert np.isnan(sample.of_own()).all()
    assert not sample.interval().known


def test_the_board_shows_what_the_runs_tell():
    found = compare("deal_35bn", **{**LUCK, "quarters": 18}, runs=("compute for one", "algorithms for one")).claims()
    assert set(found["claim"]) == {"C0", "C1b", "C2a", "C2b", "C3", "C4a", "C4c"}
    assert found["statistic"].str.contains("for Anthropic: its share").sum() == 2


def test_without_news_the_quiet_run_is_the_deal_itself(comparison):
    assert comparison.ensembles["quiet"] is comparison.ensembles["treated"]


def test_with_news_the_quiet_run_is_another():
    news = {"announcement_effect": [0.0, 0.0, 0.0, 0.3]}
    found = compare("deal_35bn", **{**LUCK, "quarters": 6}, runs=("quiet",), parameters=news)
    quiet, treated = (found.ensembles[name].values("funding") for name in ("quiet", "treated"))
    np.testing.assert_array_equal(quiet[:, :3], treated[:, :3])
    assert (quiet[:, 3] != treated[:, 3]).any()


def test_an_unknown_run_is_reported_with_the_nearest():
    with pytest.raises(KeyError, match="did you mean 'quiet'"):
        compare("deal_35bn", **LUCK, runs=("quite",))


def test_a_run_that_is_missing_is_named():
    few = evidence_of(**DEAL, runs=("treated",), **{**LUCK, "quarters": 2})
    with pytest.raises(KeyError, match="control"):
        find_statistic("C1a").measure(few)


def test_claims_need_a_deal():
    with pytest.raises(ScenarioError, match="chip_shock holds no deal"):
        evidence_of("chip_shock", "baseline", ("treated",))


def test_differences_are_reckoned_once_and_when_asked_for(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "aimarket.experiments.comparison.comparison.differences", lambda *_: asked.append(1) or SimpleNamespace()
    )
    found = compare("deal_35bn", **{**LUCK, "quarters": 2}, runs=())
    assert not asked
    assert found.differences is found.differences
    assert asked == [1]


def test_whether_money_keeps_to_its_purpose_does_not_hang_on_how_long_a_run_goes_on():
    """The page runs as far as its statistics need, the command to 2035: both read six years after the deal."""
    boards = [
        aimarket.compare("deal_35bn", replicates=2, quarters=quarters, rng=7, runs=("treated", "control")).claims()
        for quarters in (26, 32)
    ]
    short, long = (board[board["claim"] == "C0"][["statistic", "value"]] for board in boards)
    assert list(short["statistic"]) == [item.wording for item in C0]
    assert short.equals(long)
