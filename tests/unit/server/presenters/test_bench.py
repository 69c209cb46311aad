"""The bench runs what the command line would, can be stopped, and says how outcomes spread and what moves them."""

import io
import json

import pandas as pd
import pytest

from aimarket.experiments.sweeps.sweep import run_sweep
from aimarket.server.jobs import bench as runs
from aimarket.server.jobs.background import StoppedError
from aimarket.server.presenters import bench
from aimarket.server.url.own_study import read_study

from ....small_studies import STUDY


@pytest.fixture(scope="module")
def found():
    steps = []
    *_, last = runs.growing(read_study(STUDY), lambda count, whole: steps.append((count, whole)))
    assert sum(count for count, _ in steps) == steps[0][1] == 12
    return last


def test_the_runs_are_those_of_the_command_line(found, tmp_path):
    sweep = run_sweep(read_study(STUDY), tmp_path / "out", workers=0)
    alone = sweep.frame(["run", "revenue"]).sort_values("run")["revenue"].to_numpy()
    assert found.frame["revenue"].to_numpy() == pytest.approx(alone, rel=1e-12)


def test_what_comes_of_it_is_told_by_outcome_and_parameter(found):
    told = json.loads(bench.shown_results(found))
    ((scenario, label, unit, *texts, count),) = told["rows"]
    assert (scenario, unit, count, len(texts)) == ("deal_35bn", "USD bn/quarter", 12, 4)
    ((named, movers),) = told["movers"]
    assert named == label
    assert {row[0] for row in movers} == {"Announcement effect", "Leak of know-how"}
    assert movers[0][2] == 1.0


def test_all_runs_are_taken_home_with_their_units(found):
    file = bench.csv_of(found)
    text = file.content.decode()
    assert "# Units: revenue: USD bn/quarter" in text
    frame = pd.read_csv(io.StringIO(text), comment="#")
    assert frame["revenue"].tolist() == pytest.approx(found.frame["revenue"].tolist())
    assert {"announcement_effect", "spillover"} <= set(frame)


def test_runs_that_nobody_needs_are_given_up():
    def stop(*_):
        raise StoppedError

    with pytest.raises(StoppedError):
        next(runs.growing(read_study(STUDY.replace("size = 12", "size = 13")), stop))


def test_every_choice_can_be_asked_for():
    offered = json.loads(bench.choices())
    for _, items in offered["outcomes"]:
        for terms, _ in items:
            line = f"revenue = {terms}"
            read_study(STUDY.replace("quarters = 6", "quarters = 40").replace(STUDY.splitlines()[-1], line))
