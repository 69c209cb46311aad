"""docs/backtest.md and the dated forecast say what the tables that ship say."""

from pathlib import Path

import pytest

from aimarket.experiments.publishing.backtest_claims import ACCOUNTS
from aimarket.experiments.publishing.backtest_page import SECTIONS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", SECTIONS)
def test_every_table_is_as_the_tables_that_ship_give_it(name):
    text = (DOCS / "backtest.md").read_text(encoding="utf-8")
    written = text.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0].strip()
    assert written == SECTIONS[name](), "run make calibration"


def test_every_account_of_the_deal_is_judged():
    text = (DOCS / "claims.md").read_text(encoding="utf-8")
    output = text.partition("<!-- posterior -->")[2].partition("<!-- /posterior -->")[0]
    for account in ACCOUNTS:
        assert f"**`{account}`**" in output
