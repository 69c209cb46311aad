"""The Twin page in a real browser: fans of two hundred pairs, a slider that moves them, and the visitor's own pair."""

import re

READY = "200 of 200 pairs"


def wait_for(page, text, selector):
    page.wait_for_function(
        "([selector, text]) => document.querySelector(selector)?.textContent.includes(text)", arg=[selector, text]
    )


def ready(page):
    wait_for(page, READY, ".runs .count")
    page.wait_for_function("() => !document.querySelector('.tg .stale')")
    return page


def fans(page):
    return page.evaluate("document.querySelector('main.twin').__vue__.fans")


def slider(page, name):
    return page.locator(f"input[data-parameter={name}]")


def test_both_worlds_of_two_hundred_pairs_are_drawn_with_their_effect(opened):
    page = ready(opened("?page=twin&quarter=2028Q2"))
    assert re.match(
        r"In \d+ of 200 pairs the deal lifts Anthropic’s share of AI revenue, by",
        page.locator(".story h1").inner_text(),
    )
    assert page.locator(".fans canvas").count() == 4
    assert page.locator(".sumt tbody tr").count() == 8


def test_a_moved_slider_moves_the_fans_and_the_link(opened):
    page = ready(opened("?page=twin&quarter=2027Q2"))
    before = fans(page), page.locator(".sumt").inner_text()
    slider(page, "dry_powder").press("End")
    page.wait_for_url(re.compile("set=dry_powder:"))
    page.wait_for_function("before => document.querySelector('main.twin').__vue__.fans !== before", arg=before[0])
    ready(page)
    assert page.locator(".sumt").inner_text() != before[1]
    page.get_by_role("button", name="Reset all").click()
    page.wait_for_function("before => document.querySelector('main.twin').__vue__.fans === before", arg=before[0])
    assert page.locator(".sumt").inner_text() == before[1]


def test_runs_can_be_cancelled_and_taken_up_again(opened):
    page = opened("?page=twin&quarter=2026Q4&seed=11")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Go on").click()
    ready(page)


def test_one_pair_shows_the_run_of_the_watch_page(opened):
    page = ready(opened("?page=twin&quarter=2028Q2"))
    page.get_by_role("button", name="One pair").click()
    wait_for(page, "In this one run", ".story h1")
    page.wait_for_url(re.compile("twin=one"))
    output = page.locator(".sumt tbody tr").first.locator("td").all_inner_texts()
    page.get_by_role("link", name="Watch").click()
    wait_for(page, f"Anthropic holds {output[1]} % of AI revenue", ".story h1")


def test_a_quarter_further_on_is_another_effect_and_an_arrow_in_a_slider_moves_no_quarter(opened):
    page = ready(opened("?page=twin&quarter=2026Q4"))
    before = page.locator(".sumt").inner_text()
    page.keyboard.press("Shift+ArrowRight")
    wait_for(page, "2027 Q4", ".tg .d h2")
    assert page.locator(".sumt").inner_text() != before
    slider(page, "herding").press("ArrowRight")
    page.wait_for_url(re.compile("set=herding:"))
    assert page.locator(".qbox b").inner_text() == "2027 Q4"


def test_the_baseline_says_what_to_do(opened):
    page = opened("?page=twin&scenario=baseline&quarter=2026Q4")
    page.get_by_role("button", name="Show the deal of 35 bn").click()
    ready(page)
    assert "Anthropic" in page.locator(".fans h2").first.inner_text()
