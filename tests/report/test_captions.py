"""What figures say is made from their numbers, and is true of them."""

import numpy as np
import pytest

from aimarket.experiments.formatting import bounded, dated, measured, number, percent, unit_words, words
from aimarket.experiments.report import captions

from . import drawings

UNKNOWN = float("nan")
TIPS = "The claim tips where announcement effect is 0.5: it is not supported up to 0.45"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.12345, "0.123"),
        (-2.5, "−2.5"),
        (1234.5, "1,234"),
        (118.04, "118"),
        (UNKNOWN, "–"),
        (1e-15, "0"),
        (0.00002, "0.00002"),
        (1e-11, "1e−11"),
        (99.96, "100"),
    ],
)
def test_numbers_have_three_digits_and_a_true_minus(value, text):
    assert number(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.5, "+0.5"), (-0.5, "−0.5"), (0.0, "±0")])
def test_differences_always_have_a_sign(value, text):
    assert number(value, sign=True) == text


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("1", ""),
        ("USD bn", "bn $"),
        ("1/quarter", "a quarter"),
        ("GW/quarter", "GW a quarter"),
        ("USD/MWh", "$/MWh"),
        ("1/OOM", "per OOM"),
        ("M H100e", "M H100e"),
    ],
)
def test_units_are_written_as_people_write_them(unit, text):
    assert unit_words(unit) == text


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (0.5, "50 %"),
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.004, "0.4 %"),
        (0.9999, "100.0 %"),
        (0.996, "99.6 %"),
        (-0.02, "−2 %"),
        (UNKNOWN, "–"),
    ],
)
def test_parts_near_nothing_or_all_keep_a_decimal(part, text):
    assert percent(part) == text


def test_names_quarters_and_conditions_are_written_as_words():
    assert (words("grid_connections"), dated("in 2030Q4"), bounded("<= -0.5")) == (
        "grid connections",
        "in 2030 Q4",
        "≤ −0.5",
    )
    assert measured(3.0, "USD bn/quarter") == "3 bn $ a quarter"


def test_the_leading_index_is_reported_with_its_interval():
    said = captions.of_indices(drawings.indices(), "funding")
    assert said.startswith(
        "Announcement effect accounts for 60 % of the variance of funding (95 % interval 54 % to 66 %), "
        "deployment for 45 % and coding threshold for 30 %; the other 2 at most 16 % each."
    )


def test_indices_that_are_not_settled_are_said_not_to_be():
    wide = drawings.indices()
    wide.loc[0, ["total_low", "total_high"]] = 0.2, 1.0
    assert "not settled" in captions.of_indices(wide, "funding")
    assert "not settled" not in captions.of_indices(drawings.indices(), "funding")


def test_an_outcome_that_never_varies_is_said_not_to():
    nothing = drawings.indices(total=0.0, first=0.0)
    assert captions.of_indices(nothing, "funding").startswith("Funding does not vary")


def test_a_tornado_is_reported_by_its_widest_bar():
    said = captions.of_tornado(drawings.tornado(), "funding", "USD bn")
    assert said.startswith("Announcement effect moves funding most: from 0.5 bn $ where it is 0.1 to 1.5 bn $ ")


def test_a_box_is_reported_by_its_limits():
    said = captions.of_box(drawings.box(), {"deployment": "1/quarter"})
    assert said == (
        "It holds in 40 % of all worlds, and in 65 % of those with announcement effect between 0.3 and 0.9 and "
        "deployment between 0.3 and 0.9 a quarter. They contain 70 % of all worlds in which it holds."
    )


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(0.0, 0.9, "deployment of at most 0.9"), (0.3, 1.2, "deployment of at least 0.3")],
)
def test_a_limit_at_the_end_of_the_range_is_no_limit(low, high, text):
    row = drawings.limits(["deployment"]).assign(low=low, high=high).iloc[0]
    assert captions.limit(row, {}) == text


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({}, f"{TIPS}, supported from 0.55, undecided in between; the default is 0.1."),
        ({"above": "undecided"}, f"{TIPS}, undecided elsewhere; the default is 0.1."),
        (
            {"value": UNKNOWN, "low": UNKNOWN, "high": UNKNOWN},
            "It does not tip: the claim is not supported over the whole range of announcement effect.",
        ),
        (
            {"value": UNKNOWN, "above": "not supported"},
            (
                "The claim is not supported at both ends of the range of announcement effect, "
                "and not everywhere between them: no single value tips it."
            ),
        ),
    ],
)
def test_a_tipping_value_is_reported_with_both_verdicts(changed, text):
    assert captions.of_tipping(drawings.tipped(**changed), "1", 0.1) == text


def test_fans_are_reported_by_the_last_quarter():
    said = captions.of_fan(drawings.fanned(), "2031 Q4")
    assert said.startswith("In 2031 Q4 the median is ")
    assert said.endswith("it is higher with it in 100 % of the pairs.")


def test_chance_is_the_rest():
    assert captions.of_variance_shares(drawings.parts(["Funding"])).startswith("Assumptions make 70 % of the variance")


def test_worlds_that_are_alike_are_not_ranked():
    same = drawings.estimated().assign(mean=1.0, low=UNKNOWN, high=UNKNOWN)
    assert captions.of_estimates(same, "funding", "1") == "Funding is 1 in all 2 alike."
    assert "highest" in captions.of_estimates(drawings.estimated(), "funding", "1")


def test_the_part_of_worlds_is_reported_with_its_interval():
    held = np.arange(100) < 36
    assert captions.of_part(held, 0.27, 0.46) == ("It holds in 36 of 100 worlds, 36 % (95 % interval 27 % to 46 %).")
