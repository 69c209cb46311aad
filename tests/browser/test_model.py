"""The Model page in a real browser: books of any quarter, identities, description, parameters, data and limits."""

import json
import re

import aimarket
from aimarket.model.accounting.identities import IDENTITIES
from aimarket.server.presenters import markdown, sector_books
from aimarket.server.sessions.twin_run import TwinRun

from .browsing import fits


def cells(page, table):
    """Return a matrix as the page shows it: label, amounts and sum of every row."""
    return page.locator(table).evaluate_all(
        "(rows) => rows.map((r) => [...r.children].map((c) => c.textContent.trim()))"
    )


def opened_tab(page, name):
    page.get_by_role("tab", name=re.compile(name)).click()
    page.locator(f"[role=tab][aria-selected=true]:has-text('{name}')").wait_for()


def test_the_matrices_are_those_of_the_books_in_every_world(opened):
    run = TwinRun()
    run.reach(3)
    page = opened("?page=model&quarter=2026Q3")
    for world, name in (("own", "With the deal"), ("twin", "Twin"), ("difference", "Difference")):
        page.get_by_role("button", name=name, exact=True).click()
        text = sector_books.payload(run, 3, world)
        page.wait_for_function("(text) => document.querySelector('main.model').__vue__.sheets === text", arg=text)
        output = json.loads(text)
        rows = [[line[0], *line[1], line[2]] for line in output["balance"]]
        assert cells(page, ".mats section:first-child tbody tr") == rows
        flows = [[line[0], *line[1], line[2]] for _, group in output["flows"] for line in group]
        assert cells(page, ".mats section:last-child tbody tr:not(.grp)") == flows
    page.wait_for_url(re.compile("world=difference"))


def test_another_quarter_shows_other_books_and_the_way_back_the_same(opened):
    page = opened("?page=model&quarter=2026Q4")
    before = cells(page, ".mats tbody tr")
    page.keyboard.press("ArrowRight")
    page.locator(".mats h2:has-text('2027 Q1')").wait_for()
    assert cells(page, ".mats tbody tr") != before
    page.keyboard.press("ArrowLeft")
    page.locator(".mats h2:has-text('2026 Q4')").wait_for()
    assert cells(page, ".mats tbody tr") == before


def test_another_scenario_has_other_books(opened):
    page = opened("?page=model&quarter=2027Q1&section=parameters&find=deal_scale")
    page.keyboard.press("Home")
    page.locator(".scen button.v").click()
    page.get_by_role("option", name=re.compile("^Baseline")).click()
    opened_tab(page, "Books")
    page.locator(".mats .seg").wait_for(state="detached")


def test_every_identity_is_there_with_its_residual_and_arrows_move_between_tabs_alone(opened):
    page = opened("?page=model&quarter=2026Q4")
    assert page.locator(".id .c").all_inner_texts() == list(IDENTITIES)
    assert re.fullmatch(r"(\d\.\de−\d+|0)", page.locator(".id .r").first.inner_text())
    output = page.locator(".story h1").inner_text()
    assert re.search(rf"{len(IDENTITIES)} identities hold to \d+ parts? in 10\d+", output)
    page.get_by_role("tab", name="Books").focus()
    page.keyboard.press("ArrowRight")
    page.locator("article").wait_for()
    assert page.locator(".qbox b").inner_text() == "2026 Q4"
    assert page.evaluate("document.activeElement.id") == "tab-description"


def test_the_description_can_be_read_and_jumped_in(opened):
    page = opened("?page=model")
    opened_tab(page, "Description")
    page.wait_for_url(re.compile("section=description"))
    assert page.locator("article h2").first.inner_text() == "The model in ODD+D order"
    page.get_by_role("link", name="3.5 Accounting").click()
    top = "document.activeElement.getBoundingClientRect().top"
    page.wait_for_function(
        f"document.activeElement.id === '35-accounting' && scrollY > 2000 && {top} >= 0 && {top} < 120"
    )
    assert "#" not in page.url
    fits(page, 768)


def test_parameters_can_be_looked_through(opened):
    page = opened("?page=model&section=parameters")
    count = len(aimarket.parameters())
    assert page.locator(".px tbody tr:not(.grp)").count() == count
    page.get_by_role("searchbox").fill("loan_to_value")
    page.wait_for_url(re.compile("find=loan_to_value"))
    assert page.locator(".px code").all_inner_texts() == ["loan_to_value"]
    page.get_by_role("searchbox").fill("<b>nothing</b>")
    assert "Nothing has “<b>nothing</b>” in it" in page.locator("#part .none").inner_text()
    page.get_by_role("button", name="Show all").click()
    assert page.locator(".px tbody tr:not(.grp)").count() == count


def test_data_are_shown_with_their_sources_and_limits_in_plain_words(opened):
    page = opened("?page=model&section=data")
    page.get_by_role("button", name=re.compile("^Financing deals")).click()
    page.wait_for_url(re.compile("table=financing_deals"))
    page.locator("td.certainty").first.wait_for()
    link = page.locator("td.source a").first
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("href").startswith("https://")
    opened_tab(page, "Limits")
    page.wait_for_url(re.compile("section=limits"))
    assert page.locator("article li").count() == markdown.limits().html.count("<li>")
    assert "Nothing here is a forecast" in page.locator("article").inner_text()


def test_no_part_is_wider_than_a_window(opened):
    page = opened("?page=model&quarter=2026Q3&theme=dark")
    for name in ("Limits", "Data", "Parameters", "Books"):
        opened_tab(page, name)
        for width in (1280, 768):
            fits(page, width)
