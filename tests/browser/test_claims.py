"""The Claims page in a real browser: verdicts, the assumption that decides each, and its tipping value."""

import re

from .test_twin import wait_for

SURGE, PACE = "A surge of investment", "Faster iteration, sharper competition"


def card(page, title):
    return page.get_by_role("region", name=title)


def judged(page):
    page.wait_for_function("() => document.querySelector('.runs .count')?.textContent.startsWith('200 pairs')")
    return page


def test_claims_have_verdicts_with_icon_and_word_and_statistics_their_interval_and_threshold(opened):
    page = judged(opened("?page=claims"))
    assert page.locator(".claim").count() == 5
    assert page.locator(".claim .pill svg").count() == 5
    assert card(page, SURGE).locator(".pill").inner_text().strip() in ("Split", "In part")
    assert re.match(r"Of five claims, .* in this model", page.locator(".story h1").inner_text())
    lanes = page.locator(".lane")
    assert lanes.count() == 11
    for place in range(11):
        assert re.search(
            r"95 % interval .* to .*supports the claim if [<>≤≥]", lanes.nth(place).get_attribute("aria-label")
        )


def test_an_assumption_moved_across_its_tipping_value_turns_the_verdict(opened):
    page = judged(opened("?page=claims&claim=C1a.funding&lever=earmark_pace"))
    surge = card(page, SURGE)
    surge.locator(".ends .tip").wait_for()
    assert re.match(r"tips at 0\.\d+", surge.locator(".ends .tip").inner_text())
    surge.locator("input[type=range]").press("Home")
    page.wait_for_url(re.compile("set=earmark_pace:0.1"))
    wait_for(page, "the rest takes the place of other money", f"[aria-label='{SURGE}'] .says p")


def test_a_click_on_a_statistic_asks_what_decides_it(opened):
    page = judged(opened("?page=claims"))
    card(page, PACE).get_by_role("button", name="Second step less the first").click()
    page.wait_for_url(re.compile("claim=C2a.lasting"))
    other = card(page, PACE).locator("optgroup option").last
    name, label = other.get_attribute("value"), other.text_content()
    assert card(page, PACE).locator("label.n").inner_text() not in ("", label)
    card(page, PACE).get_by_role("combobox").select_option(name)
    page.wait_for_url(re.compile(f"lever={name}"))
    assert card(page, PACE).locator("label.n").inner_text() == label


def test_whose_money_it_is_stands_in_a_table_that_can_be_read_aloud(opened):
    table = opened("?page=claims").get_by_role("region", name="Whose money it is").get_by_role("table")
    table.wait_for()
    assert table.get_by_role("rowheader").all_inner_texts() == ["1", "0.75", "0.5", "0.25", "0"]
    cells = table.locator("tbody td")
    assert cells.count() == 25
    assert all(re.search(r"\d to .*(supported|undecided|matter)", text) for text in cells.all_text_contents())
    assert table.locator("td.default").count() == 1


def test_without_a_deal_the_page_says_what_to_do(opened):
    page = judged(opened("?page=claims"))
    page.locator(".scen button.v").click()
    page.get_by_role("option", name=re.compile("^Baseline")).click()
    page.get_by_role("button", name="Show the deal of 35 bn").click()
    judged(page)
    assert page.locator(".claim").count() == 5
