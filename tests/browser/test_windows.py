"""Every page in every window, from a phone's to a wall's, and a phone's in fingers."""

import pytest

from aimarket.server.url.limits import PAGES

from .browsing import DRAWN, fits

WIDTHS = (2560, 1440, 1280, 1024, 768, 390, 360)
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
BESIDE = ("", "story?step=1", "story?step=6", "?firm=Anthropic&quarter=2027Q1", "?drawer=steer")
WHOLE = "() => [...document.querySelectorAll('.panel')].every((one) => one.scrollWidth <= one.clientWidth)"
WAITING = "name => document.querySelector('main.' + name)?.offsetHeight > 0"


def test_no_page_is_wider_than_any_window(opened):
    page = opened("?page=watch&quarter=2028Q1&twin=one")
    for number, name in enumerate(PAGES, 1):
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.keyboard.press(str(number))
        page.wait_for_function(WAITING, arg=name)
        for width in WIDTHS:
            fits(page, width)


@pytest.mark.parametrize("query", BESIDE)
def test_nothing_beside_the_pages_is_wider_than_any_window(opened, query):
    page = opened(query, drawn=".panel, .painted h1")
    for width in WIDTHS:
        fits(page, width)
        page.wait_for_function(WHOLE)


def test_fingers_find_pages_in_a_menu_and_scenarios_in_a_row_of_their_own(opened):
    page = opened("?quarter=2026Q2", **PHONE)
    assert not page.locator("nav.tabs").is_visible()
    page.get_by_role("button", name="Page Watch").tap()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Money trail").tap()
    page.wait_for_selector("main.money")
    assert not page.locator("nav.tabs").is_visible()
    chooser, play = page.locator(".scen").bounding_box(), page.locator(".ctl").bounding_box()
    assert chooser["y"] + chooser["height"] <= play["y"]
    page.locator(".scen button.v").tap()
    page.get_by_role("option", name="Baseline").tap()
    page.wait_for_selector(".money .none")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_fingers_move_the_time_line_and_open_a_firm(opened):
    page = opened("?quarter=2026Q4", **PHONE)
    line = page.get_by_role("slider", name="Quarter").bounding_box()
    page.touchscreen.tap(line["x"] + line["width"] / 40.0 * 2.0, line["y"] + line["height"] / 2.0)
    page.wait_for_function("document.querySelector('.qbox b').innerText === '2026 Q2'")
    page.locator(".log button").first.tap()
    page.get_by_role("button", name="Steer").tap()
    page.get_by_role("dialog", name="Steer").get_by_role("button", name="Close, Escape").tap()
    page.get_by_role("dialog", name="Steer").wait_for(state="detached")


def test_every_page_may_be_zoomed(opened, address):
    page = opened("?page=watch", **PHONE)
    for query, drawn in (("?page=watch", DRAWN), ("story?step=1", "h1")):
        page.goto(f"{address}/{query}")
        page.wait_for_selector(drawn)
        content = page.locator("meta[name=viewport]").get_attribute("content")
        assert "width=device-width" in content
        assert "scale=1," not in content.replace("initial-scale=1,", "")
        assert "user-scalable" not in content


TEXTS = """() => {
  const { width, height, inner } = document.querySelector('main.watch').__vue__.boards.net
  const boxes = inner.getZr().storage.getDisplayList().filter((one) => one.type === 'tspan').map((one) => {
    const box = one.getBoundingRect().clone()
    if (one.transform) box.applyTransform(one.transform)
    return { text: one.style.text, x: box.x, y: box.y, right: box.x + box.width, bottom: box.y + box.height }
  })
  const outside = boxes.filter((b) => b.x < -1 || b.y < -1 || b.right > width + 1 || b.bottom > height + 1)
  const over = boxes.flatMap((a, k) => boxes.slice(k + 1).filter((b) =>
    Math.min(a.right, b.right) - Math.max(a.x, b.x) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.y, b.y) > 3)
    .map((b) => `${a.text} | ${b.text}`))
  return [boxes.length, outside.map((b) => b.text), over]
}"""


@pytest.mark.parametrize("width", [360, 390])
@pytest.mark.parametrize("quarter", ["2026Q2", "2031Q1"])
def test_on_a_phone_the_network_stands_upright_and_no_name_touches_another(opened, width, quarter):
    page = opened(f"?quarter={quarter}", **PHONE | {"width": width})
    page.wait_for_function(f"() => ({TEXTS})()[0] > 40")
    count, outside, over = page.evaluate(TEXTS)
    assert (outside, over) == ([], [])
    assert count > 40
    roll = page.locator(".roll")
    assert roll.evaluate("(one) => one.scrollWidth <= one.clientWidth")
