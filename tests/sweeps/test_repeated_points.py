"""A point that recurs in a table keeps its row, and has the same random numbers and so the same outcome each time."""

import numpy as np
import pandas as pd
import pytest

from aimarket.experiments.analysis.discovery import find_box, grow_tree
from aimarket.experiments.designs.design import factors_of, make_design
from aimarket.experiments.sweeps.chunks import runs_of
from aimarket.experiments.sweeps.results import check_runs
from aimarket.experiments.sweeps.study_file import parse_study

TABLE = "hall_lead_time,dilution\n4,0.02\n5,0.03\n4,0.020\n4,0.02\n"


def recurring(folder, shared, replicates=2):
    """A study of four rows, of which three are one point."""
    (folder / "points.csv").write_text(TABLE)
    return parse_study(
        f'question = "q"\nquarters = 2\nreplicates = {replicates}\ncommon_random_numbers = "{shared}"\n'
        '[design]\nmethod = "table"\n'
        'table = "points.csv"\n[outcomes]\nrev = { quantity = "ai_revenue", at = "2026Q2" }\n',
        "study.toml",
        folder,
    )


@pytest.mark.parametrize("shared", ["block", "shared", "own"])
def test_the_same_point_has_the_same_random_numbers(tmp_path, shared):
    study = recurring(tmp_path, shared)
    numbers = study.numbers(np.arange(study.rows)).reshape(-1, 2)
    assert (numbers[[0, 0]] == numbers[[2, 3]]).all()
    assert len(np.unique(numbers)) == (4 if shared == "own" else 2)


@pytest.mark.parametrize("shared", ["block", "own"])
def test_the_same_point_has_the_same_outcome_in_a_row_of_its_own(tmp_path, shared):
    study = recurring(tmp_path, shared)
    runs = pd.concat([runs_of(study, chunk) for chunk in range(study.chunks)]).sort_values("run")
    check_runs(runs)
    revenue = runs["rev"].to_numpy().reshape(4, 2)
    assert runs["point"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert (revenue[[0, 0]] == revenue[[2, 3]]).all()
    assert revenue[0, 0] != revenue[0, 1]


def test_points_of_a_sample_that_recur_keep_random_numbers_of_their_own():
    design = make_design("latin_hypercube", factors_of(["ramp_quarters"]), size=40, seed=1)
    assert design.first.tolist() == list(range(40))


def test_a_region_is_found_among_points_that_recur():
    rng = np.random.default_rng(1)
    points = pd.DataFrame({"a": rng.integers(0, 2, 200), "b": rng.integers(0, 3, 200)})
    holds = (points["b"] == 2).to_numpy()
    assert find_box(points, holds).density == 1.0
    assert grow_tree(points, holds).boxes["density"].max() == 1.0
