"""What would lose results or read the wrong ones is refused before anything is run."""

import time

import pytest

from aimarket.experiments.sweeps.outcomes import Outcome
from aimarket.experiments.sweeps.study import StudyError
from aimarket.experiments.sweeps.study_file import parse_study

from .studies import SMALL, small

TABLE = "[outcomes]"


def test_two_scenarios_of_one_name_are_refused(tmp_path):
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "deal.toml").write_text(f'title = "{folder}"\n')
    text = SMALL.replace("quarters = 14", 'quarters = 14\nscenarios = ["one/deal.toml", "other/deal.toml"]')
    with pytest.raises(StudyError, match="2 scenarios are called 'deal'"):
        parse_study(
            text.partition(TABLE)[0] + f'{TABLE}\na = {{ quantity = "ai_revenue", at = "2026Q3" }}', "s", tmp_path
        )


def test_a_change_that_leaves_the_range_within_the_design_is_refused(tmp_path):
    (tmp_path / "fast.toml").write_text('[[changes]]\nparameter = "deployment"\nfrom = "2026Q3"\nmultiply = 1.5\n')
    text = SMALL.replace("quarters = 14", 'quarters = 14\nscenarios = ["fast.toml"]')
    with pytest.raises(StudyError, match=r"deployment = .* lies outside .* narrower range"):
        parse_study(
            text.partition(TABLE)[0] + f'{TABLE}\na = {{ quantity = "ai_revenue", at = "2026Q3" }}', "s", tmp_path
        )


def test_a_recipient_is_looked_for_among_labs_only():
    with pytest.raises(StudyError, match="the recipient is a lab"):
        small(change=("ai_labs.powered_compute", "asset_managers.cash"))


def test_an_indicator_may_be_named_with_its_kind():
    study = small(change=('"ai_labs.powered_compute", firm = "recipient"', '"indicators.ai_revenue"'))
    assert study.outcomes[1].record == ("indicators",)


def test_far_too_many_variants_are_refused_at_once():
    many = ", ".join(map(str, range(1000)))
    labs = ", ".join(f'"{name}"' for name in range(1000))
    begun = time.monotonic()
    with pytest.raises(StudyError, match="1,000,000 variants"):
        parse_study(f"{SMALL}\n[deal]\namount = [{many}]\nrecipient = [{labs}]\n")
    assert time.monotonic() - begun < 10.0


@pytest.mark.parametrize(
    ("old", "new", "output"),
    [
        ("[outcomes]", "without = 5\n[outcomes]", "has to be a list of names"),
        ("[outcomes]", f"ranges = {{ deployment = [0.1, 1{'0' * 400}] }}\n[outcomes]", "give two numbers"),
        ('"latin_hypercube"', f'"morris"\nlevels = 1{"0" * 400}', "at most 1,000"),
        ("size = 10", f"size = 1{'0' * 400}", "far too many"),
        ("chunk = 6", f"replicates = 1{'0' * 400}", "at most 1,000,000"),
        ("chunk = 6", "deal = 5", "a table, written"),
        ('"C1a.funding"', '{ statistic = "C1a", condition = 0 }', "condition = 0 is not a text"),
        ('"C1a.funding"', '{ statistic = "C1a", condition = "> nan" }', "has to be a sign and a number"),
        ('"C1a.funding"', '{ statistic = "C1a", label = 5 }', "label = 5 is not a text"),
        ("[outcomes]", "[deal]\namount = [35.0, 35.0000001]\n[outcomes]", "the same in six figures"),
    ],
)
def test_a_value_of_another_kind_is_reported_in_words(old, new, output):
    with pytest.raises(StudyError, match=output):
        small(change=(old, new))


def test_more_runs_than_memory_holds_are_refused():
    with pytest.raises(StudyError, match="give fewer of either"):
        small(size=("size = 10", "size = 100"), more=("chunk = 6", "replicates = 1000000"))


def test_an_outcome_without_end_is_refused():
    with pytest.raises(ValueError, match="no span"):
        Outcome("a", quantity="ai_revenue", reduce="by_quarter", end=10**9)
