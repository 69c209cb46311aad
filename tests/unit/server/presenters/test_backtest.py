"""The Back-test page shows what the tables that ship say, and no more."""

import json

import numpy as np
import pytest

from aimarket.experiments.backtest.forecast import LATEST
from aimarket.experiments.backtest.record import ORIGINS, kept
from aimarket.experiments.backtest.scores import summary
from aimarket.experiments.backtest.words import detail, headline
from aimarket.server.presenters import backtest
from aimarket.server.url.view_state import EXTRA, BadLinkError, read_link


def series(origin, name):
    return next(row for row in json.loads(backtest.payload(origin))["series"] if row["name"] == name)


@pytest.mark.parametrize("origin", ORIGINS)
def test_the_sentence_and_every_series_are_those_of_the_scores(origin):
    output = json.loads(backtest.payload(origin))
    assert output["sentence"] + "." == headline(kept(origin), origin)
    assert output["more"] == detail(kept(origin))
    assert [row["name"] for row in output["series"]] == list(summary(kept(origin))["series"])
    assert [row["won"] for row in output["series"]] == list(summary(kept(origin))["skill"] > 0)


def test_what_was_known_ends_at_the_origin_and_what_happened_begins_after_it():
    row = series("2024Q4", "nvidia_data_center")
    assert row["past"][-1] == [11, 35.6]
    assert [place for place, _ in row["seen"]] == [12, 13, 14, 15]
    assert row["seen"][-1][1] == 62.3


def test_bands_are_nested():
    bands = np.array(series("2023Q4", "broadcom_ai")["model"])[:, 1:]
    assert (np.diff(bands, axis=1) >= 0).all()


def test_a_forecast_of_what_has_not_happened_has_no_scores():
    output = json.loads(backtest.payload(LATEST))
    assert not output["scored"]
    assert all(row["seen"] == [] and len(row["cells"]) == 2 for row in output["series"])


def test_tables_of_another_model_are_marked(monkeypatch):
    monkeypatch.setattr(backtest, "is_of_this_model", lambda folder: False)
    assert json.loads(backtest.payload.__wrapped__("2024Q4"))["stale"] == backtest.STALE


def test_a_link_names_an_origin_or_is_reported_which_there_are():
    assert read_link("page=backtest&origin=2023Q4").view.extra["origin"] == "2023Q4"
    with pytest.raises(BadLinkError, match=r"origin = 2022Q4 is none of 2024Q4, 2023Q4, 2025Q4"):
        EXTRA["origin"]("2022Q4")
