"""Painted pages say what the shipped results say, in words that follow their signs and verdicts."""

import re
from types import MappingProxyType

import pytest

from aimarket.experiments.statistics import SUPPORTED, TOO_SMALL
from aimarket.experiments.storage.shipped_results import STALE, StaleResultsError
from aimarket.server.presenters import painted
from aimarket.server.presenters.shipped_accounts import ACCOUNTS, account
from aimarket.server.presenters.story import NAMES, steps
from aimarket.server.url.view_state import read_link

STEPS = range(1, len(NAMES) + 1)
LINKS = re.compile(r'(?:href|src)="([^"]*)"')


def told(**asked):
    return painted.story({name: str(value) for name, value in asked.items()})


def changed(**rows):
    """Return the news item's account with other values of some statistics: value, low, high, verdict."""
    found = account("deal_35bn")
    names = ("value", "low", "high", "verdict")
    new = {key.replace("_", ".", 1): dict(zip(names, row, strict=True)) for key, row in rows.items()}
    merged = {key: {**row, **new.get(key, {})} for key, row in found.rows.items()}
    return found._replace(rows=MappingProxyType(merged))


def test_the_arrival_says_each_verdict_with_its_size_and_its_doubt():
    page, found = painted.arrival().replace("\N{NO-BREAK SPACE}", " "), account("deal_35bn")
    assert found.headline in page
    assert page.count('class="claim"') == len(found.claims) == 5
    for item in found.claims:
        assert item.word in page
        assert item.finding in page
        for row in item.rows:
            assert f"<b>{row['shown']}</b> ({row['interval']})" in page


def test_the_arrival_names_its_news_its_source_and_where_to_go_on():
    page = painted.arrival()
    assert "June 2026" in page
    assert "Source: " in page
    assert ">Watch it happen</a>" in page
    assert ">Read it in six steps</a>" in page
    assert "polygon" in page  # the interval of its chart


@pytest.mark.parametrize("name", ACCOUNTS)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_a_page_of_its_own(name, step):
    page = told(step=step, account=name)
    assert page.startswith('<!doctype html><html lang="en">')
    assert f"<title>{NAMES[step - 1]} - the deal in six steps - aimarket</title>" in page
    assert page.count("<h1>") == 1
    assert page.count('aria-current="true"') == 2
    assert "What would change this" in page
    assert ("<figure" in page) != (step == len(NAMES))
    assert ('rel="next"' in page) == (step < len(NAMES))
    assert ('rel="prev"' in page) == (step > 1)


@pytest.mark.parametrize(
    "page", [painted.arrival, *(lambda s=s, n=n: told(step=s, account=n) for s in STEPS for n in ACCOUNTS)]
)
def test_every_link_is_relative_and_leads_to_what_there_is(page):
    for link in LINKS.findall(page()):
        assert not link.startswith(("/", "http")), link
        if link.startswith("./?"):
            assert read_link(link.removeprefix("./?").replace("&amp;", "&")).problems == (), link


@pytest.mark.parametrize("asked", [{"step": "0"}, {"step": "7"}, {"step": "<b>"}, {"account": "<script>"}, {"x": "y"}])
def test_what_is_no_step_or_account_is_taken_for_the_first_and_never_repeated(asked):
    assert painted.story(asked) == told(step=1)


def test_results_of_another_model_are_not_shown_and_the_command_is(monkeypatch):
    def refuse(name):
        raise StaleResultsError(STALE)

    monkeypatch.setattr(painted, "_arrival", refuse)
    monkeypatch.setattr(painted, "_step", lambda name, place: refuse(name))
    for page in (painted.arrival(), told(step=3)):
        assert "python -m aimarket.experiments.publishing.default_results" in page
        assert 'class="est"' not in page
        assert "<figure" not in page
        assert ">Watch it happen</a>" in page


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ((0.4, 0.3, 0.5, SUPPORTED), "it draws in 0.40 $ of other money"),
        ((-0.4, -0.5, -0.3, "not supported"), "it keeps 0.40 $ of other money away"),
        ((0.1, -0.1, 0.3, "undecided"), "whether other money comes or stays away is open"),
    ],
)
def test_the_words_about_other_money_follow_its_sign(others, words):
    assert words in steps(changed(C1a_others=others))[4].sentence


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        ((-0.3, -0.4, -0.2, SUPPORTED), "is 0.30 OOM nearer to the best model"),
        ((-0.05, -0.08, -0.02, TOO_SMALL), "nearer to the best model: real but too small to matter"),
        ((-0.1, -0.18, -0.02, "undecided"), "nearer to the best model: whether that matters is open"),
        ((0.3, 0.2, 0.4, "not supported"), "is 0.30 OOM farther from the best model"),
        ((0.0, -0.1, 0.1, "not supported"), "surely neither nearer to the best model nor farther from it"),
    ],
)
def test_the_words_about_the_lead_follow_its_sign_and_verdict(gap, words):
    assert words in steps(changed(C2b_gap_7=gap))[3].sentence


@pytest.mark.parametrize(
    ("sign", "words"), [(1.0, "M H100e more than"), (-1.0, "M H100e less than"), (0.0, "neither more nor less")]
)
def test_the_words_about_compute_follow_its_sign(sign, words):
    found = account("deal_35bn")
    half = {"mean": 0.0, "low": -0.1, "high": 0.1}
    line = {end: [2.0 * sign + half[end]] * len(found.dates) for end in half}
    lines = MappingProxyType({**found.lines, "added powered_compute": line})
    assert words in steps(found._replace(lines=lines))[2].sentence
