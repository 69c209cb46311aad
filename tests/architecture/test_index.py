"""A newcomer finds any rule in one guess: the index of docs/architecture.md answers questions in plain words."""

import ast
import math
import re
from collections import Counter

import pytest

from .source import PACKAGE, ROOT, files

ROW = re.compile(r"^\| \[`([^`]+)`\]\([^)]*\) \| (.*) \|$", re.MULTILINE)
INDEX = dict(ROW.findall((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")))
"""What every file is, by its place, as the document says it."""

EMPTY = {
    "a", "an", "and", "are", "as", "at", "be", "by", "do", "does", "for", "from", "how", "in", "is", "it", "its", "of",
    "on", "or", "that", "the", "they", "to", "was", "were", "what", "when", "where", "which",
}  # fmt: skip

QUESTIONS = [
    ("Where is the rule for a lab's orders of compute?", "agents/ai_lab.py", "plan_compute"),
    ("Where does a chip vendor set its price?", "agents/chip_vendor.py", "set_price"),
    ("Where is a link's value checked?", "server/url/view_state.py", "read_link"),
    ("Where is a fan chart's band computed?", "experiments/figures/fan.py", "plot_fan"),
    ("Where is the ledger that moves money?", "model/accounting/ledger.py", "Ledger"),
    ("Where are deals drawn?", "model/deals/facilities.py", "begin"),
    ("Where does a new lab enter?", "model/demography/lab_entry.py", "admit_labs"),
    ("Where is a scenario read from its TOML file?", "model/scenarios/scenario.py", "load_scenario"),
    ("Where is a saved run written?", "model/checkpoint.py", "save"),
    ("Where is a sweep's chunk computed?", "experiments/sweeps/chunks.py", "compute"),
    ("Where are random numbers sampled?", "model/randomness.py", "Randomness"),
    ("Where are the accounting identities checked?", "model/accounting/identities.py", "IDENTITIES"),
    ("Where is the order of phases in a quarter?", "model/quarter.py", "QUARTER"),
    ("Where does a lab default on its loans?", "model/demography/distress.py", "settle_distress"),
    ("Where are Sobol indices computed?", "experiments/analysis/sensitivity.py", "sobol_indices"),
    ("Where does a cloud set its rent?", "agents/cloud.py", "set_rent"),
    ("Where is an indicator measured?", "model/indicators.py", "INDICATORS"),
    ("Where does a sweep run on Dask?", "experiments/sweeps/executors/dask.py", "DaskCluster"),
    ("Where is the prefix of a proxy taken off?", "server/web/gateway.py", "Site"),
    ("How far were forecasts from what happened?", "experiments/backtest/scores.py", "backtest"),
]
"""A question, the file that answers it, and what it defines."""


def words_of(text):
    """Return the words of a text that say something, without the s of a plural or a genitive."""
    found = re.findall(r"[a-z]+", re.sub(r"['’]s\b", "", text.lower()))
    return {
        word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "su" else word for word in found
    } - EMPTY


def ranked(question):
    """Return the files whose lines share words with a question, first those that share the rarest."""
    lines = {place: words_of(f"{place} {line}") for place, line in INDEX.items()}
    common = Counter(word for words in lines.values() for word in words)
    asked = words_of(question)
    score = {
        place: sum(math.log(len(lines) / common[word]) for word in sorted(asked & words))
        for place, words in lines.items()
    }
    return sorted(score, key=lambda place: (-score[place], len(lines[place]), place))


def defined(place):
    """Return the names that a file defines: functions, classes, methods and constants."""
    for node in ast.walk(ast.parse((ROOT / place).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


@pytest.mark.parametrize(("question", "place", "name"), QUESTIONS)
def test_the_first_guess_is_the_file_with_the_answer(question, place, name):
    assert ranked(question)[0] == place, f"the first line of {place} does not say it: {INDEX.get(place)}"
    assert name in set(defined(place))


def test_the_index_names_every_file_once_and_each_line_says_something():
    named = ROW.findall((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    there = {path.relative_to(ROOT).as_posix() for path in files("*.py", *PACKAGE) if path.name != "__init__.py"}
    assert sorted(place for place, _ in named) == sorted(there)
    assert [place for place, line in named if not line] == []


def test_a_question_about_what_is_not_there_has_no_answer():
    assert not words_of("Where is the weather?") & set().union(*map(words_of, INDEX.values()))
