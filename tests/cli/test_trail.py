"""aimarket trail: every dollar of a deal, by use and by claim."""

import pandas as pd
import pytest

from .line import answer, typed


def test_the_trail_of_the_deal_adds_up_in_every_quarter_shown():
    output = answer("trail", "deal_35bn", "--quarters", "6")
    trail = pd.DataFrame(output["trail"])
    sums = trail[trail["side"] != "income"].groupby(["quarter", "side"])["amount"].sum()
    assert len(sums) == 8
    assert sums.to_list() == pytest.approx([35.0] * 8, rel=1e-9)
    assert {"spent: NVIDIA", "spent: Construction", "restricted: research"} <= set(trail["place"])


def test_tables_show_one_quarter_and_how_to_get_them_again():
    text = typed("trail", "deal_reported", "--quarter", "2027Q3", "--quarters", "12").stdout
    assert "2027Q3" in text
    assert "2026Q1" not in text
    assert "outstanding: Blackstone" in text
    assert "aimarket trail deal_reported --quarter 2027Q3 --seed 7 --replicate 0 --quarters 12" in text


def test_every_quarter_is_written_as_csv(tmp_path):
    place = tmp_path / "trail.csv"
    assert typed("trail", "deal_35bn", "--quarters", "6", "--csv", place).exit_code == 0
    assert pd.read_csv(place)["quarter"].nunique() == 6


@pytest.mark.parametrize(
    ("words", "output"),
    [
        (["baseline"], "has no deal"),
        (["deal_35bn", "--quarter", "2050Q1", "--quarters", "12"], "give 97, or leave --quarters out"),
        (["deal_36bn"], "did you mean 'deal_35bn'"),
    ],
)
def test_what_cannot_be_followed_is_reported(words, output):
    result = typed("trail", *words)
    assert result.exit_code == 2
    assert output in " ".join(result.stderr.split())
