"""The examples of the documents run, and show what they say."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "examples"


def loaded(name):
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_cautious_lab_has_a_longer_runway_and_less_compute():
    table = loaded("cautious_lab").table(replicates=4, quarters=12)
    assert table.loc["cautious", "runway, quarters"] > table.loc["as usual", "runway, quarters"]
    assert table.loc["cautious", "compute, M H100e"] < table.loc["as usual", "compute, M H100e"]


def test_managers_that_follow_returns_place_their_money_otherwise():
    table = loaded("momentum_manager").table(replicates=2, quarters=6)
    parts = [column for column in table if column.startswith("part for")]
    assert np.isfinite(table.to_numpy()).all()
    assert not np.array_equal(table.loc["none"], table.loc["all"])
    assert ((table[parts] >= 0.0) & (table[parts] <= 1.0)).all(axis=None)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_says_what_it_asks(path):
    assert path.read_text("utf-8").partition('"""')[2].splitlines()[0].count("?") >= 1
