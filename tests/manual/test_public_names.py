"""Every public name has an example in its docstring, and each example gives what stands below it."""

import doctest
import re
import shutil
from pathlib import Path

import pytest

import aimarket

ROOT = Path(__file__).parents[2]
NAMES = sorted(set(aimarket.__all__) - {"__version__"})
LOOSE = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
RESULTS = "results"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """Return a folder with the study of docs/experiments.md, small, and its results."""
    place = tmp_path_factory.mktemp("examples")
    text = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    (study,) = re.findall(r"```toml\n(question.*?)```", text, re.DOTALL)
    (place / "study.toml").write_text(re.sub(r"^size = \d+", "size = 2", study, flags=re.MULTILINE), encoding="utf-8")
    aimarket.run_sweep(place / "study.toml", place / RESULTS, workers=0)
    return place


def example_of(name):
    documented = getattr(aimarket, name).__doc__ or ""
    return doctest.DocTestParser().get_doctest(documented, {}, name, None, None)


def failures(test):
    said = []
    runner = doctest.DocTestRunner(verbose=False, optionflags=LOOSE)
    runner.run(test, out=said.append)
    return said


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_public_name_gives_what_it_says(name, prepared, tmp_path, monkeypatch):
    shutil.copytree(prepared, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    if name == "run_sweep":
        shutil.rmtree(RESULTS)
    test = example_of(name)
    assert test.examples, f"aimarket.{name} has no example in its docstring"
    assert failures(test) == []


def test_the_package_s_own_example_runs():
    assert failures(doctest.DocTestParser().get_doctest(aimarket.__doc__, {}, "aimarket", None, None)) == []
    assert "aimarket.__version__" in aimarket.__doc__


def test_a_wrong_example_is_seen():
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, None)
    assert failures(wrong)
