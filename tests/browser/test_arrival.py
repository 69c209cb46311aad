"""The arrival is there before the market runs; the story is walked by keys and by fingers, on a desk and on a phone."""

import pytest

from aimarket.server.url.limits import PAGES

from .browsing import DRAWN

USABLE = 2.0
"""Seconds until the first page can be used."""

HOME = "a.btn.main[href='./?page=watch']"
STEPS = ("Announced", "Drawn", "Contracts and chips", "Lead", "Other money", "Verdict")
STEP = "() => document.querySelector('.k')?.innerText"
SWIPE = """([from, to]) => {
  const touch = (x) => [new Touch({ identifier: 1, target: document.querySelector('h1'), clientX: x, clientY: 200 })]
  const words = document.querySelector('h1')
  const tell = (name, all) => words.dispatchEvent(new TouchEvent(name, { bubbles: true, ...all }))
  tell('touchstart', { touches: touch(from), changedTouches: touch(from) })
  tell('touchend', { touches: [], changedTouches: touch(to) })
}"""

COLOURS = "['color', 'backgroundColor'].map((name) => getComputedStyle(document.activeElement)[name])"


def at_step(page, step):
    """Wait until a step of the story is shown."""
    page.wait_for_function(
        "(words) => document.querySelector('.k')?.innerText === words", arg=f"Step {step} of 6: {STEPS[step - 1]}"
    )


def test_the_first_page_can_be_used_at_once_and_leads_to_the_market(opened):
    page = opened("", drawn=HOME)
    page.reload()  # what the tests' server does for its first visitor `serve` does before
    assert page.locator("h1").is_visible()
    taken = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000")
    assert taken < USABLE
    assert page.evaluate("typeof window.solara") == "undefined"  # nothing that would open a socket is there
    assert page.title().endswith(" - aimarket")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to the answer"
    page.locator(HOME).click()
    page.wait_for_selector(DRAWN)
    page.wait_for_function("() => document.title === 'Watch - aimarket'")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.locator("a.skip").focus()
    assert page.evaluate(COLOURS)[0] != page.evaluate(COLOURS)[1]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.localName") == "main"
    page.reload()  # the bare address is the arrival: the market's own is another
    page.wait_for_selector(DRAWN)
    page.keyboard.press(str(PAGES.index("claims") + 1))
    page.wait_for_function("() => document.title === 'Claims - aimarket'")


def test_keys_walk_through_the_story_and_back(opened):
    page = opened("story?step=1", drawn="h1")
    for step in range(1, 6):
        at_step(page, step)
        page.keyboard.press("ArrowRight")
    at_step(page, 6)
    page.keyboard.press("ArrowLeft")
    at_step(page, 5)
    page.get_by_role("slider", name="Quarter").focus()
    page.keyboard.press("ArrowLeft")  # moves the quarter, not the step
    at_step(page, 5)
    page.go_back()
    at_step(page, 6)


@pytest.mark.parametrize("width", [360, 768])
def test_fingers_walk_through_the_story_and_nothing_overflows(opened, width):
    page = opened("story?step=1&account=deal_reported", width=width, height=780, drawn="h1", has_touch=True)
    for step in range(1, 7):
        at_step(page, step)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("[aria-current=true]").last.inner_text() == "Reports: a vehicle"
        page.evaluate(SWIPE, [300, 100])
    page.evaluate(SWIPE, [100, 300])
    at_step(page, 5)


def test_a_chart_moves_unless_somebody_wants_less_motion(opened):
    seen = "() => getComputedStyle(document.querySelector('.pane')).getPropertyValue('--seen')"
    page = opened("story?step=3", drawn=".scrub", reduced_motion="reduce")
    assert page.evaluate(seen) == "100.00%"
    page.get_by_role("slider", name="Quarter").fill("13")
    assert page.locator("output").inner_text().startswith("2029 Q2: ")
    page = opened("story?step=3", drawn=".scrub", reduced_motion="no-preference")
    page.wait_for_function(f"() => parseFloat(({seen})()) < 100")
    page.wait_for_function(f"() => parseFloat(({seen})()) === 100")
