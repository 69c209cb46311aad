"""aimarket balance-sheet: the books of a quarter, as tables whose rows add up."""

import pandas as pd
import pytest

import aimarket
from aimarket.model.accounting import sector_books

from .line import answer, typed


@pytest.mark.parametrize("flows", [(), ("--flows",)])
def test_the_command_tells_what_the_model_tells(flows):
    output = answer("balance-sheet", "deal_reported", "--quarter", "2026Q3", "--seed", "7", "--replicate", "2", *flows)
    model = aimarket.MarketModel("deal_reported", rng=7, replicate=2)
    for _ in range(3):
        model.step()
    expected = (sector_books.flow_matrix if flows else sector_books.balance_sheet)(model)
    assert pd.DataFrame(output["rows"]).set_index("row").to_numpy() == pytest.approx(expected.to_numpy())


def test_people_are_shown_words_and_how_to_get_them_again():
    text = typed("balance-sheet", "deal_reported", "--quarter", "2026Q4").stdout
    assert "Balance sheets at the end of 2026Q4, USD bn" in text
    assert {"Labs", "Vehicles", "Outside", "Sum"} <= set(text.split())
    assert "Notes of vehicles" in text
    assert "aimarket balance-sheet deal_reported --quarter 2026Q4 --seed 7 --replicate 0" in text


def test_flows_that_nobody_paid_are_left_out():
    text = typed("balance-sheet", "baseline", "--quarter", "2026Q1", "--flows").stdout
    assert "AI services" in text
    assert "The deal" not in text


def test_a_table_is_written_as_csv(tmp_path):
    place = tmp_path / "books.csv"
    assert typed("balance-sheet", "baseline", "--quarter", "2026Q1", "--csv", place).exit_code == 0
    frame = pd.read_csv(place, index_col="row")
    assert list(frame.index) == list(sector_books.STOCKS)
    assert frame.loc["loans", "sum"] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("words", "output"),
    [
        (["baselne"], "did you mean 'baseline'"),
        (["baseline", "--quarter", "2028"], "--quarter: '2028' is not a quarter; write it as 2026Q2"),
        (["baseline", "--quarter", "2025Q4"], "lies before the run, whose first quarter is 2026Q1"),
        (["baseline", "--set", "loan_to_value=9"], "loan_to_value = 9"),
        (["baseline", "--csv", "."], "it is a folder; --csv wants a file"),
    ],
)
def test_books_that_cannot_be_shown_are_reported(words, output):
    result = typed("balance-sheet", *words)
    assert result.exit_code == 2
    assert output in " ".join(result.stderr.split())
