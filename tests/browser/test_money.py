"""The money trail in a real browser: it follows the time line, misses no dollar, and says what to do without a deal."""

import re
from collections import Counter

import pytest

from aimarket.server.presenters import money_trail
from aimarket.server.sessions.twin_run import TwinRun

from .browsing import PAST

SHOWN = ".qbox b"


def wait_for(page, text, selector=SHOWN):
    page.wait_for_function(
        "([selector, text]) => document.querySelector(selector)?.textContent.includes(text)", arg=[selector, text]
    )


def streams(page):
    """Return the dollars that the Sankey draws, by where they come from and go to; all deals and tranches together."""
    links = page.evaluate(
        "document.querySelector('main.money').__vue__.streams.map((s) => [s.source, s.target, s.value])"
    )
    found = Counter()
    for *ends, value in links:
        found[tuple("drawn" if end.startswith("drawn:") else end for end in ends)] += value
    return dict(found)


@pytest.fixture(scope="module")
def run():
    """The run that the default link shows, without a browser."""
    run = TwinRun()
    run.reach(12)
    return run


def test_the_sankey_draws_the_dollars_of_the_books(opened, run):
    page = opened("?page=money&quarter=2027Q2")
    now, drawn = money_trail.trail(run, 6), streams(page)
    assert drawn["drawn", "use:Chips"] == pytest.approx(now.received[1])
    assert drawn["use:Research", "paid:Researchers"] == pytest.approx(now.spent[3])
    assert drawn["use:Research", "waits:Research"] == pytest.approx(now.waiting[3])
    assert drawn["Apollo", "undrawn"] == pytest.approx(now.undrawn / 2.0)
    assert "Of the 35 bn" in page.get_by_role("figure").first.get_attribute("aria-label")


def test_no_dollar_is_missing_in_any_quarter_that_is_played(opened):
    page = opened("?page=money&speed=8")
    page.keyboard.press(" ")
    page.wait_for_function(PAST, arg=8)
    page.keyboard.press(" ")
    page.get_by_role("button", name="Play", exact=True).first.wait_for()
    for _ in range(9):
        assert page.locator(".led tr.missing").inner_text().split() == ["Missing", "0.000"]
        page.keyboard.press("ArrowLeft")
    assert page.locator(".led tr.wrong").count() == 0


def test_the_time_line_moves_the_trail_and_its_sentence(opened):
    page = opened("?page=money&quarter=2027Q2")
    before = page.locator(".story h1").inner_text()
    page.keyboard.press("Home")
    wait_for(page, "The 35 bn come in 2026 Q2: nothing is drawn yet", ".story h1")
    assert set(streams(page)) == {("Apollo", "undrawn"), ("BlackRock", "undrawn")}
    page.keyboard.press("End")
    wait_for(page, before, ".story h1")


def test_a_single_quarter_can_be_shown_and_goes_into_the_link(opened, run):
    page = opened("?page=money&quarter=2027Q2")
    page.get_by_role("button", name="This quarter", exact=True).click()
    page.wait_for_url(re.compile("trail=quarter"))
    wait_for(page, "What moved in 2027 Q2", ".sk h2")
    now, before, drawn = money_trail.trail(run, 6), money_trail.trail(run, 5), streams(page)
    assert drawn["Apollo", "drawn"] == pytest.approx((now.drawn - before.drawn) / 4.0)  # half is of lenders outside
    assert drawn["before", "use:Research"] == pytest.approx(before.waiting[3])
    assert drawn["use:Research", "paid:Researchers"] == pytest.approx(now.spent[3] - before.spent[3])


def test_a_quarter_in_which_nothing_moved_says_so(opened):
    page = opened("?page=money&quarter=2026Q1&trail=quarter")
    assert "No dollar of the deal moved in 2026 Q1" in page.locator(".sk .empty").inner_text()
    page.get_by_role("button", name="Show all up to this quarter").click()
    page.locator(".sk .empty").wait_for(state="detached")


def test_a_scenario_without_a_deal_leads_to_one_that_has(opened):
    page = opened("?page=money&scenario=baseline&quarter=2027Q1")
    assert page.locator(".story h1").inner_text() == "No deal in this scenario: there is no money to follow"
    page.get_by_role("link", name=re.compile("lent to xAI")).click()
    wait_for(page, "Of the 35 bn", ".story h1")
    page.wait_for_url(re.compile("scenario=deal_challenger"))
    assert page.locator(SHOWN).inner_text() == "2027 Q1"
    page.locator(".scen button.v").click()
    page.get_by_role("option", name=re.compile("Deal split")).click()
    page.locator(".by tbody tr >> nth=4").wait_for()


def test_a_funder_opens_its_books_by_a_click_and_by_the_keyboard(opened):
    page = opened("?page=money&quarter=2027Q2")
    page.wait_for_function(
        "() => document.querySelector('main.money').__vue__.boards?.flow.inner.getZr().handler.findHover(8, 80).target"
    )
    box = page.locator(".sk .chart").bounding_box()
    page.mouse.click(box["x"] + 8, box["y"] + 80)
    page.get_by_role("dialog", name="Apollo").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Apollo").wait_for(state="detached")
    page.get_by_role("button", name="BlackRock, agreed 9.63 bn, drawn 7.88 bn").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="BlackRock").wait_for()


def test_the_trail_fits_a_laptop_without_scrolling(opened):
    page = opened("?page=money&quarter=2027Q2&theme=dark")
    assert page.evaluate("document.querySelector('.mg .sk').getBoundingClientRect().bottom") <= 900
