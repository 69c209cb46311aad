"""C1 as a map over whose money a deal is: every place is what the claims say there."""

import pandas as pd
import pytest

from aimarket.experiments.claims import sources
from aimarket.experiments.claims.statistic import STATISTICS, quarters_needed
from aimarket.experiments.comparison.comparison import evidence_of
from aimarket.experiments.figures.sources import plot_sources
from aimarket.experiments.publishing.money_sources import PAIRS, STEPS, levels, mapped
from aimarket.model.parameters import parameters
from aimarket.model.scenarios.scenario import load_scenario
from aimarket.server.presenters.claims import money_map

PLACES = [(1.0, 0.0, 0.0), (1.0, 0.5, 0.5)]
FEW = 3


@pytest.fixture(scope="module")
def two():
    return mapped(FEW, PLACES)


def test_a_place_is_what_the_claim_says_of_the_deal_there(two):
    items = [STATISTICS[key] for key in (sources.ALL, sources.OTHERS)]
    quarters = quarters_needed(items, load_scenario(sources.SCENARIO))
    runs = {run for item in items for run in item.runs}
    for place in PLACES:
        values = dict(zip(sources.WHERE, place, strict=True))
        alone = evidence_of(
            sources.SCENARIO, "baseline", runs, replicates=FEW, quarters=quarters, rng=7, parameters=values
        )
        for item in items:
            row = two[(two["statistic"] == item.key) & (two["called_part"] == place[1])].iloc[0]
            expected = item.measure(alone).interval()
            assert row[["value", "low", "high"]].tolist() == pytest.approx(list(expected), rel=1e-9)
            assert row["verdict"] == item.judge(expected)


def test_money_called_from_savers_or_taken_outside_crowds_out_less(two):
    value = two.set_index(["statistic", "called_part"])["value"]
    for key in (sources.ALL, sources.OTHERS):
        assert value[key, 0.5] > value[key, 0.0]


def test_the_map_that_ships_holds_every_place_once():
    kept = sources.money_sources()
    asked = pd.MultiIndex.from_product([sorted([sources.ALL, sources.OTHERS]), *map(levels, sources.WHERE)])
    assert list(kept.set_index(["statistic", *sources.WHERE]).index) == list(asked)
    assert kept["model"].nunique() == 1
    assert len(levels(sources.DOWN)) == len(levels(sources.ACROSS)) == STEPS
    assert all(parameters()[name].default in levels(name) for name in sources.WHERE)
    assert PAIRS >= 64


def test_every_verdict_of_the_map_is_that_of_its_interval():
    for row in sources.money_sources().itertuples():
        bound = float(STATISTICS[row.statistic].condition.removeprefix("> "))
        assert (row.verdict == "supported") == (row.low > bound), row


def test_the_page_shows_the_map_with_its_default_and_its_limit():
    shown = money_map()
    cells = [cell for row in shown["rows"] for cell in row["cells"]]
    assert [row["down"] for row in shown["rows"]] == ["1", "0.75", "0.5", "0.25", "0"]
    assert len(cells) == STEPS**2
    assert [cell["default"] for cell in cells].count(True) == 1
    for row in shown["rows"]:
        for before, cell in zip(row["cells"], row["cells"][1:], strict=False):
            assert ("left" in cell["edges"]) == (before["held"] != cell["held"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_figure_has_a_number_and_an_interval_at_every_place(theme):
    figure = plot_sources(sources.at_default(sources.of(sources.ALL), sources.YIELD), theme=theme)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert sum(text.startswith("±") for text in texts) == STEPS**2 == len(texts) / 2
