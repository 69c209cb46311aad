"""Numbers as they are written: no more exactly than they are known."""

import pytest

from aimarket.experiments.formatting import as_exactly, estimate, whole_percent


def row(value, low, high):
    return {"value": value, "low": low, "high": high, "unit": "1", "undefined": 0, "runs": 200}


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((-0.00374, -0.0924, 0.0849), "0.00 [−0.09, 0.08]"),
        ((0.114, 0.0903, 0.137), "0.114 [0.090, 0.137]"),
        ((-0.188, -0.229, -0.148), "−0.19 [−0.23, −0.15]"),
        ((1234.5, 1100.0, 1369.0), "1,234 [1,100, 1,369]"),
        ((0.0, 0.0, 0.0), "0 [0, 0]"),
    ],
)
def test_an_estimate_is_written_as_exactly_as_its_interval_is_wide(values, text):
    output = row(*values)
    assert estimate(output, as_exactly(output)) == text


@pytest.mark.parametrize("end", [None, float("nan")])
def test_without_an_interval_a_number_has_its_usual_digits(end):
    assert as_exactly({"low": end, "high": end})(0.12345) == "0.123"


def test_a_part_of_a_whole_is_written_in_whole_per_cent():
    assert [whole_percent(part, "-") for part in (0.284, 1.0, float("nan"))] == ["28 %", "100 %", "-"]
