"""docs/backtest.md and the dated forecast say what the tables that ship say."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aimarket.experiments.backtest.record import LATEST, kept
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
    told = text.partition("<!-- posterior -->")[2].partition("<!-- /posterior -->")[0]
    for account in ACCOUNTS:
        assert f"**`{account}`**" in told


def test_the_dated_forecast_holds_the_bands_that_ship():
    dated = pd.read_csv(DOCS / "forecasts" / f"{LATEST}.csv")
    bands = kept(LATEST)
    assert list(dated["series"] + dated["quarter"]) == list(bands["series"] + bands["quarter"])
    for name in ("median", "p5", "p25", "p75", "p95"):
        assert np.allclose(dated[name], bands[name], rtol=1e-3)
    assert dated["made"].str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()
