"""A study says what is run and kept; what it says wrong is named with its place."""

import pickle

import numpy as np
import pandas as pd
import pytest

from aimarket.experiments.runs.posterior import posterior
from aimarket.experiments.sweeps.study import StudyError, study_of
from aimarket.experiments.sweeps.study_file import load_study, parse_study
from aimarket.model.parameters import parameters

from .studies import SMALL, small

STRUCTURAL = 'parameters = ["announcement_effect", "hall_lead_time"]'
VARIED = """
[deal]
recipient = ["OpenAI", "Anthropic"]
instrument = ["loan", "equity"]
[deal.earmark]
chips = { chips = 1.0 }
free = {}
"""


def test_another_process_makes_the_same_study_from_its_description():
    one = small()
    other = study_of(one.describe())
    assert other.digest == one.digest
    assert other.design.points.equals(one.design.points)


def test_a_pickled_study_is_light_and_the_same():
    large = small(size=("size = 10", "size = 20000"))
    packed = pickle.dumps(large)
    assert len(packed) < 10_000
    assert pickle.loads(packed).design.points.equals(large.design.points)


@pytest.mark.parametrize(
    "change",
    [
        ("size = 10", "size = 11"),
        ("seed = 7", "seed = 8"),
        ("quarters = 14", "quarters = 15"),
        ("chunk = 6", "chunk = 5"),
    ],
)
def test_another_study_has_another_digest(change):
    assert small(change=change).digest != small().digest


def test_chunks_take_every_run_once():
    study = small(size=("size = 10", "size = 10\n"), more=("chunk = 6", "chunk = 7\nreplicates = 3"))
    taken = np.concatenate([study.rows_of(chunk) for chunk in range(study.chunks)])
    assert sorted(taken) == list(range(30))


def test_runs_with_the_same_structural_value_stand_together():
    study = small(design=('parameters = ["announcement_effect", "deployment"]', STRUCTURAL))
    points = study.design.points["hall_lead_time"].to_numpy()[study.order]
    assert (np.diff(points) >= 0).all()


def test_an_assumption_may_be_left_out_of_a_group():
    study = small(of=('parameters = ["announcement_effect", "deployment"]', 'without = ["announcement_effect"]'))
    assert len(study.design.factors) == sum(item.uncertain for item in parameters().values()) - 1
    assert "announcement_effect" not in study.design.points


@pytest.mark.parametrize(
    ("way", "unit"),
    [
        ('at = "2026Q4"', "USD bn/quarter"),
        ('sum = ["2026Q2", "2026Q4"]', "USD bn"),
        ('sum = ["2026Q2", "2026Q4"], versus = "twin, %"', "%"),
    ],
)
def test_a_quantity_has_the_unit_of_how_it_is_read(way, unit):
    study = small(what=('at = "2027Q2", versus = "twin"', way), of=("ai_labs.powered_compute", "ai_labs.revenue"))
    assert study.outcomes[1].unit == unit


def test_the_terms_of_a_deal_are_crossed():
    study = parse_study(SMALL + VARIED, "small.toml")
    assert len(study.variants) == 8
    assert len({variant.scenario.name for variant in study.variants}) == 8
    deals = [variant.scenario.deals[0] for variant in study.variants]
    assert {(*deal.recipients, deal.instrument, *deal.earmark) for deal in deals} == {
        (who, how, *what) for who in ("OpenAI", "Anthropic") for how in ("loan", "equity") for what in (["chips"], [])
    }


def test_files_that_a_study_names_are_looked_for_beside_it(tmp_path):
    (tmp_path / "mine.toml").write_text('[[changes]]\nparameter = "dilution"\nfrom = "2026Q2"\nmultiply = 1.1\n')
    (tmp_path / "points.csv").write_text("deployment\n0.2\n0.3\n")
    (tmp_path / "study.toml").write_text(
        'question = "?"\nscenarios = ["mine.toml"]\nquarters = 4\n[design]\nmethod = "table"\ntable = "points.csv"\n'
        '[outcomes]\nsales = { quantity = "ai_revenue", at = "2026Q4" }\n'
    )
    study = load_study(tmp_path / "study.toml")
    assert study.variants[0].scenario.name == "mine"
    assert study.design.points["deployment"].tolist() == [0.2, 0.3]
    assert study_of(study.describe()).digest == study.digest


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("quarters = 14", "quartes = 14", "did you mean 'quarters'"),
        ("quarters = 14", "quarters = 12", "C1a.funding needs 13 quarters"),
        ("quarters = 14", "quarters = 0", "quarters = 0"),
        ("quarters = 14", 'quarters = "many"', "many"),
        ("seed = 7", "seed = -1", "seed = -1"),
        ("seed = 7", 'common_random_numbers = "bad"', "common_random_numbers = 'bad' is none of block, shared, own"),
        ('question = "What makes a surge?"', "", "question is missing"),
        ("C1a.funding", "C1a.fundin", "did you mean 'C1a.funding'"),
        ('"ai_labs.powered_compute"', '"ai_labs.powered_computer"', "did you mean 'powered_compute'"),
        ('"ai_labs.powered_compute"', '"labs.powered_compute"', "outcomes.compute"),
        ('"recipient"', '"Antropic"', "did you mean 'Anthropic'"),
        ('at = "2027Q2"', 'at = "2037Q2"', "not within the run"),
        ('at = "2027Q2"', 'at = "soon"', "'soon' is not a quarter"),
        ('at = "2027Q2"', 'at = "2027Q2", mean = ["2027Q1", "2027Q2"]', "exactly one of"),
        ('versus = "twin"', 'versus = "nothing"', "versus = 'nothing'"),
        ('versus = "twin"', 'condition = "large"', "sign and a number"),
        ("surge =", "point =", "'point' would be two columns"),
        ("surge =", '"a b" =', "letters, digits and underscores"),
        ('"deployment"]', '"deploymet"]', "did you mean 'deployment'"),
        ("size = 10", "size = 10\nranges = { deployment = [0.0, 9.0] }", "deployment"),
        ("size = 10", "size = 10_000_000", "10,000,000"),
        ("size = 10", 'size = 10\nwithout = ["dilution"]', "'dilution' is not varied"),
        ("chunk = 6", "parameters = { deployment = 0.2 }", "varied by the design"),
        ("chunk = 6", "parameters = { dilution = 2.0 }", "lies outside"),
        ("chunk = 6", 'scenarios = ["baseline"]', "is about a deal, and the scenario holds none"),
        ("chunk = 6", 'scenarios = ["deal_35bm"]', "did you mean 'deal_35bn'"),
        ("chunk = 6", 'scenarios = ["deal_35bn", "deal_35bn"]', "twice"),
        ("chunk = 6", "scenarios = [", "small.toml is not TOML"),
    ],
)
def test_what_is_wrong_with_a_study_is_named(old, new, words):
    assert old in SMALL
    with pytest.raises(StudyError, match=words):
        parse_study(SMALL.replace(old, new), "small.toml")


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ('recipient = "OpenAI"', "recipient is a list"),
        ('recipient = ["OpenAI", "OpenAI"]', "different values"),
        ('recipient = ["Nobody"]', "Nobody"),
        ('instrument = ["gift"]', "instruments are loan"),
        ("amount = [35, -1]", "amount = -1"),
        ("earmark = { chips = { chps = 1.0 } }", "did you mean 'chips'"),
        ("date = [1]", "'date'"),
    ],
)
def test_what_is_wrong_with_the_terms_of_a_deal_is_named(terms, words):
    with pytest.raises(StudyError, match=words):
        parse_study(f"{SMALL}\n[deal]\n{terms}\n", "small.toml")


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(StudyError, match=r"cannot read study .*nowhere\.toml: No such file"):
        load_study("nowhere.toml")


def test_points_can_be_the_draws_of_the_posterior():
    text = 'question = "?"\nquarters = 4\n[design]\nmethod = "table"\ntable = "posterior"\n[outcomes]\n'
    asked = parse_study(f'{text}load = {{ quantity = "ai_load", at = "2026Q4" }}\n', "study.toml")
    pd.testing.assert_frame_equal(asked.design.points, posterior(), check_exact=True)
