"""A lab that rents more gains: what a deal brings its recipient is the compute that runs for it, whoever owns it."""

from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket.experiments.claims.c4 import BOARD
from aimarket.experiments.comparison.comparison import RECORD
from aimarket.experiments.figures.deal import draw
from aimarket.experiments.report.fan_exhibits import fans

MORE = 1.1
"""Compute that runs for the recipient over what ran without it: a tenth more, all of it rented."""


@pytest.fixture(scope="module")
def twins():
    """A deal of nothing beside the baseline, in which the recipient rents a tenth more from the deal on."""
    found = aimarket.compare("deal_35bn", replicates=2, quarters=14, rng=7, parameters={"deal_scale": 0.0}, runs=())
    treated = found.ensembles["treated"]
    series = treated.records["ai_labs"]
    running = series.values["powered_compute"].copy()
    running[found.begin :, found.subject.row] *= MORE
    records = {**treated.records, "ai_labs": series._replace(values={**series.values, "powered_compute": running})}
    return replace(found, ensembles={**found.ensembles, "treated": replace(treated, records=records)})


def test_what_a_recipient_owns_is_not_compared():
    assert "ai_labs.powered_compute" in RECORD
    assert "ai_labs.compute" not in RECORD


def test_differences_and_their_summary_count_what_the_recipient_rents(twins):
    rows = twins.differences.query("quantity == 'recipient_powered_compute'").set_index("quarter")
    assert rows.loc["2027Q2", "relative"] == pytest.approx(10.0)
    assert "compute that runs for Anthropic +10 %" in twins.summary()[1]


def test_the_figure_of_the_deal_counts_what_the_recipient_rents(twins, tmp_path):
    plotted = draw(twins, tmp_path / "deal.svg").read_text(encoding="utf-8")
    assert "Compute that runs for Anthropic" in plotted
    assert "+10" in plotted


def test_the_fan_of_a_report_counts_what_the_recipient_rents(twins):
    (exhibit,) = [one for one in fans(twins) if one.title == "Compute that runs for Anthropic, over its twin"]
    assert "10 %" in exhibit.reading


def test_labs_that_rent_all_they_run_are_in_the_regression_of_shares_on_compute():
    """C4c: Google DeepMind owns no chip, and more compute than anybody runs for it."""
    without = aimarket.compare("deal_35bn", replicates=4, quarters=16, rng=7, runs=())
    alone = without.evidence.run("control")
    housed = alone.ensemble.records["ai_labs"].firms.index("Google DeepMind")
    assert (alone.labs("power_at_work")[:, housed] > 0.0).all()
    (pooled,) = [one for one in BOARD if getattr(one, "runs", None) == ("control",)]
    silent = running_without(alone, housed)
    values = [
        next(iter(pooled.rows(replace(without.evidence, ensembles={"control": run.ensemble})))).interval.value
        for run in (alone, silent)
    ]
    assert np.isfinite(values).all()
    assert values[0] != values[1]


def running_without(run, row):
    """Return a run in which nothing runs for a lab, which the regression then leaves out."""
    series = run.ensemble.records["ai_labs"]
    running = series.values["powered_compute"].copy()
    running[:, row] = 0.0
    values = {**series.values, "powered_compute": running}
    records = {**run.ensemble.records, "ai_labs": series._replace(values=values)}
    return replace(run, ensemble=replace(run.ensemble, records=records))
