"""The glossary behind headings: every unit and term there is explained by hover, focus and touch."""

import re

from aimarket.experiments.publishing.glossary_terms import explained, spelling, terms
from aimarket.server.url.limits import PAGES

from .test_windows import WAITING

UNITS = """() => [...document.querySelectorAll('main h2 .u, main .kpi small')].filter((one) => one.offsetParent)
  .map((one) => one.textContent.trim()).filter(Boolean)"""
MARKED = """() => {
  const heads = [...document.querySelectorAll('main h2, main .kpi, main thead th')].filter((one) => one.offsetParent)
  return heads.map((one) => [one.innerText.replace(/\\s+/g, ' ').trim(), !!one.querySelector('.glb')])
}"""
SCANNED = "async () => (await aimarket.load('glossary.js')).scan()"
INSIDE = """() => {
  const box = document.querySelector('.gloss:not([hidden])')?.getBoundingClientRect()
  return !!box && box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight
}"""
PLAIN = re.compile(
    r"\d{4} Q\d|[\d.]+|[,;:()+−≤-]|\b(?:above|and|below|best|by|each|end|frontier|in|is|less|line|model|not|of|one|or|"
    r"over|paid|received|signed|start’s|ten|the|times|to|won|yet)\b|’s|'s"
)
"""Dates, numbers and words of everybody that stand beside units."""


def left_over(text):
    """Return what is left of a text when all that the glossary explains is taken out of it."""
    for one in sorted((one for term in terms() for one in term.said), key=len, reverse=True):
        text = re.sub(spelling(one), " ", text, flags=0 if one != one.lower() else re.IGNORECASE)
    return PLAIN.sub(" ", text).split()


def test_every_unit_is_explained_and_every_heading_that_uses_a_term_has_its_mark(opened):
    page = opened("?quarter=2026Q4&twin=one")
    unexplained, unmarked = {}, {}
    for number, name in enumerate(PAGES, 1):
        page.keyboard.press(str(number))
        page.wait_for_function(WAITING, arg=name)
        page.evaluate(SCANNED)
        unexplained[name] = [text for text in page.evaluate(UNITS) if left_over(text)]
        unmarked[name] = [text for text, marked in page.evaluate(MARKED) if explained(text) and not marked]
    assert unexplained == {name: [] for name in PAGES}
    assert unmarked == {name: [] for name in PAGES}


def test_keys_and_the_mouse_find_what_a_unit_means(opened):
    page = opened("?quarter=2026Q4")
    mark = page.locator(".six .card", has_text="Capability").locator(".glb")
    mark.focus()
    tip = page.locator("#gloss")
    assert "a factor of ten" in tip.inner_text()
    assert mark.get_attribute("aria-describedby") == "gloss"
    assert page.evaluate(INSIDE)
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    page.locator(".six h2", has_text=re.compile("^Compute M H100e")).hover()
    page.wait_for_function("document.querySelector('#gloss').innerText.includes('H100 accelerator')")
    assert page.evaluate(INSIDE)
    tip.hover()
    assert tip.is_visible()
    page.locator(".foot").hover()
    tip.wait_for(state="hidden")


def test_fingers_find_it_on_a_phone_at_every_edge(opened):
    page = opened("?quarter=2026Q4", width=360, height=640, has_touch=True, is_mobile=True)
    marks = page.locator("main .glb:visible")
    for place in (1, 5, marks.count() - 1):
        marks.nth(place).tap()
        page.wait_for_function(INSIDE)
    page.locator("main h1").tap()
    page.locator("#gloss").wait_for(state="hidden")


def test_painted_pages_explain_the_units_of_their_charts(opened):
    page = opened("story?step=3", drawn="h1")
    mark = page.locator("figcaption .glb").first
    mark.focus()
    page.wait_for_function(INSIDE)
    assert len(page.locator("#gloss dt").all()) >= 1
