"""docs/claims.md says what the model says now."""

import re
from pathlib import Path

import numpy as np
import pytest

import aimarket
from aimarket.experiments.claims import findings

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "claims.md"
COMMAND = "python -m aimarket.experiments.publishing.claims_page docs/claims.md README.md"
NUMBERS = re.compile(r"(\S+) \[(\S+), (\S+)\]")


@pytest.fixture(scope="module")
def comparison():
    return aimarket.compare("deal_35bn", replicates=200, quarters=40, rng=7)


@pytest.fixture(scope="module")
def board(comparison):
    return comparison.claims()


def written():
    """Return the rows of the board in the document: claim, statistic, estimate and verdict."""
    text = DOCUMENT.read_text(encoding="utf-8").partition("<!-- claims -->")[2].partition("<!-- /claims -->")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.strip().splitlines()[2:]]
    return [(claim, statistic, estimate, verdict.strip("*")) for claim, statistic, estimate, _, verdict, _ in rows]


def test_every_statistic_stands_there(board):
    expected = list(zip(board["claim"], board["statistic"], strict=True))
    assert [row[:2] for row in written()] == expected, f"run {COMMAND}"


def test_every_verdict_is_the_models(board):
    assert [row[3] for row in written()] == list(board["verdict"]), f"run {COMMAND}"


def test_every_estimate_is_the_models(board):
    for (_, statistic, estimate, _), row in zip(written(), board.itertuples(), strict=True):
        if estimate.startswith("undefined"):
            assert np.isnan(row.value), statistic
            continue
        value, low, high = map(float, NUMBERS.match(estimate).groups())
        # exp and log differ in the last bit between processors: a tenth of the interval is room enough
        room = 0.1 * (high - low) + 0.006 * abs(value) + 1e-12
        assert value == pytest.approx(row.value, abs=room), f"{statistic}: run {COMMAND}"


def words(text):
    """Return a text without its figures, which may differ in the last digit between processors."""
    return re.sub(r"[-+]?\d[\d.]*", "", text)


def test_every_sentence_about_a_claim_is_the_models(comparison):
    found = findings.found_of(comparison.evidence)
    document, readme = (words((ROOT / name).read_text(encoding="utf-8")) for name in ("docs/claims.md", "README.md"))
    for claim in findings.TITLES:
        assert words(findings.bullet(claim, found)) in document, f"run {COMMAND}"
        assert words(findings.line(claim, found)) in readme, f"run {COMMAND}"
