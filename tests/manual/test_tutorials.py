"""The notebooks run from the first cell to the last, and print what is stored below their cells."""

import importlib.util
import json
import re
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "tutorials").glob("*.ipynb"))
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
CLOSE = 0.02
"""Libraries and processors may differ in last digits; a rule that changes shows more."""


@pytest.fixture(scope="module")
def notebooks():
    """Return the module that runs notebooks."""
    spec = importlib.util.spec_from_file_location("notebooks", ROOT / "docs" / "manual" / "notebooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def printed(text):
    """Return all that a notebook's cells print or show, as text."""
    outputs = [output for cell in json.loads(text)["cells"] for output in cell.get("outputs", [])]
    return " ".join("".join(output.get("text") or output["data"]["text/plain"]) for output in outputs)


def words(text):
    return NUMBER.sub("#", text).split()


def numbers(text):
    return np.array(NUMBER.findall(text), float)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_prints_what_is_stored(path, notebooks, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    stored = path.read_text(encoding="utf-8")
    now, before = printed(notebooks.executed(stored)), printed(stored)
    assert words(now) == words(before), "run: make tutorials"
    np.testing.assert_allclose(numbers(now), numbers(before), rtol=CLOSE, atol=CLOSE, err_msg="run: make tutorials")


def test_there_are_three_and_every_cell_has_been_run():
    cells = [cell for path in NOTEBOOKS for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    assert len(NOTEBOOKS) == 3
    assert all(cell["execution_count"] for cell in cells if cell["cell_type"] == "code")


def test_a_cell_shows_what_it_prints_and_its_last_value(notebooks):
    cell = {"cell_type": "code", "source": ["print('a < b')\n", "1 + 1"], "outputs": [], "execution_count": None}
    page = notebooks.page_of(notebooks.executed(json.dumps({"cells": [cell]})))
    assert "<pre>a &lt; b</pre>" in page
    assert "<pre>2</pre>" in page
