"""What is said of each claim follows its verdict and its sign, whatever comes of it."""

import pytest

from aimarket.experiments.claims import findings
from aimarket.experiments.claims.findings import TITLES, TOLD
from aimarket.experiments.claims.statistic import STATISTICS
from aimarket.experiments.statistics import AGAINST, OPEN, SUPPORTED, TOO_SMALL

VERDICTS = (SUPPORTED, AGAINST, OPEN, TOO_SMALL)
EVERY = [(claim, key) for claim, told in TOLD.items() for key in told]


def row(value=0.5, verdict=SUPPORTED, half=0.1, **given):
    ends = {"value": value, "low": value - half, "high": value + half}
    rest = {"unit": "%", "condition": "> 0.1", "same_sign": 0.9, "undefined": 0, "runs": 200}
    return {**ends, **rest, "verdict": verdict, **given}


def rows(**given):
    return {key: row(**given) for told in TOLD.values() for key in told}


def test_every_claim_is_told_by_statistics_of_its_own_the_leading_one_first():
    for claim, told in TOLD.items():
        known = [key for key in told if key in STATISTICS]
        assert STATISTICS[known[0]].condition
        assert all(key.startswith(claim) for key in told)
    assert set(TOLD) == set(TITLES)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_stands_behind_what_was_found(verdict):
    for claim in TOLD:
        said = list(findings.sentences(claim, rows(verdict=verdict)))
        assert len(said) == len(TOLD[claim])
        assert all(f": **{verdict}** (> 0.1)." in text and text[0].isupper() for text in said)


@pytest.mark.parametrize(("claim", "key"), EVERY)
def test_words_follow_the_sign(claim, key):
    told = TOLD[claim][key]
    more, less, either = (findings.said(told, row(value=value)) for value in (0.5, -0.5, 0.01))
    assert more != either
    if told.less:
        assert len({more, less, either}) == 3
        assert "-" not in less.partition("]")[0], "what is less has its sign in the words"
    assert "0.50 [0.40, 0.60] %" in more


@pytest.mark.parametrize(("claim", "key"), EVERY)
def test_what_is_undefined_or_nothing_is_said_so(claim, key):
    told, nan = TOLD[claim][key], float("nan")
    unknown = row(value=nan, verdict="", undefined=200)
    assert "undefined in 200 of 200 runs" in findings.said(told, unknown)
    assert not any(letter.isdigit() for letter in findings.said(told, row(value=0.0, half=0.0)))


@pytest.mark.parametrize(
    ("verdict", "word"),
    [(SUPPORTED, "supported"), (AGAINST, "not supported"), (OPEN, "undecided"), (TOO_SMALL, "too small to matter")],
)
def test_the_word_for_a_claim_is_that_of_its_statistics(verdict, word):
    for claim, title in TITLES.items():
        assert findings.bullet(claim, rows(verdict=verdict)).startswith(f"- **{claim}, {title}: {word}.** ")
        assert f":** {word}. " in findings.line(claim, rows(verdict=verdict))


def test_a_claim_splits_where_its_statistics_do():
    mixed = {**rows(), "C3.sales.trend": row(verdict=AGAINST)}
    assert findings.word_of("C3", mixed) == "Split"
    assert findings.word_of("C4", mixed) == "Supported"


def test_what_has_no_condition_does_not_count():
    context = {**rows(), "C2a.lasting": row(verdict="", condition="")}
    assert findings.word_of("C2", context) == "Supported"
