"""Views of the visitor's own: kept by name in their browser, opened again, forgotten; no server hears of them."""

import re

from .browsing import fits

NAME = "<b>bust</b>, agents"


def kept(page):
    return page.locator(".views li a").all_inner_texts()


def named(page, name):
    page.get_by_label("Name of this view").fill(name)
    page.get_by_role("button", name="Keep").click()


def test_a_view_is_kept_opened_again_and_forgotten(opened):
    page = opened("?page=model&section=limits&scenario=bust&seed=3&drawer=download")
    assert kept(page) == []
    named(page, NAME)
    assert kept(page) == [NAME]
    page.get_by_role("button", name="Close, Escape").click()
    page.get_by_role("link", name="Money trail").click()
    page.wait_for_url(re.compile("page=money"))
    page.reload()
    page.wait_for_selector("main.money")
    page.get_by_role("button", name="Download").click()
    page.get_by_role("link", name=NAME).click()
    page.wait_for_url(re.compile(r"\?page=model&scenario=bust&seed=3&section=limits$"))
    page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_role("button", name="Download").click()
    page.get_by_role("button", name=f"Forget {NAME}").click()
    assert kept(page) == []
    assert page.evaluate("localStorage.getItem('aimarket-views')") == "{}"


def test_views_are_few_and_an_old_name_is_given_anew(opened):
    page = opened("?page=model&section=limits&drawer=download", width=360)
    for number in range(21):
        named(page, f"view {number}")
    assert len(kept(page)) == 20
    assert page.get_by_text("No more than 20 are kept: forget one first.").is_visible()
    named(page, "view 3")
    assert len(kept(page)) == 20
    fits(page, 360)


def test_a_browser_with_something_else_in_its_place_keeps_nothing(opened):
    page = opened("?page=model&section=limits")
    page.evaluate("localStorage.setItem('aimarket-views', 'nonsense')")
    page.goto(page.url + "&drawer=download")
    page.get_by_label("Name of this view").wait_for()
    assert kept(page) == []
