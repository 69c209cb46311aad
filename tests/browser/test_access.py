"""Whoever does not see, has no mouse or wants no motion gets the same: axe-core's rules, keys, names and tables."""

from axe_playwright_python.sync_playwright import Axe

from aimarket.server.url.limits import PAGES

from .browsing import DRAWN

MOST_STOPS = 9
"""Stops of the tabulator before a page's own content."""

SETTLED = """name => {
  const main = document.querySelector('main.' + name)
  return main && main.offsetHeight > 0 && !document.getAnimations().some((one) => one.playState === 'running')
}"""
BESIDE = (
    "?page=model&section=limits",
    "?page=model&section=data",
    "?quarter=2026Q2&drawer=steer&scenario=deal_reported",
    "?quarter=2026Q2&drawer=download",
    "?drawer=code",
    "?quarter=2026Q2&firm=Anthropic",
    "?page=money&scenario=baseline",
    "?page=nowhere",
    "story?step=3",
    "story?step=6&account=deal_reported",
    "",
)
"""What else there is to be read beside the pages: other parts, drawers, a firm, what is wrong with a link."""

ELSEWHERE = ("color-contrast", "scrollable-region-focusable", "target-size")
"""Rules whose answer hangs on colours or on the width of the window."""

UNNAMED = """() => {
  const figures = [...document.querySelectorAll('main canvas')].filter((one) => one.offsetParent)
    .map((one) => one.closest('[role=figure]'))
  const rows = (one) => {
    const button = one.querySelector('.tblb')
    button.click()
    const found = one.querySelectorAll('.tbl tbody td').length
    button.click()
    return found
  }
  return [figures.length, figures.filter((one) => !one || !one.getAttribute('aria-label') || !rows(one))
    .map((one) => one && (one.getAttribute('aria-label') || one.outerHTML.slice(0, 80)))]
}"""
"""How many charts are drawn, and those that lack a name, or a table with something in it."""


def walked(page):
    """Yield the name of each page of the market once it is there, in one window."""
    for number, name in enumerate(PAGES, 1):
        page.keyboard.press(str(number))
        page.wait_for_function(SETTLED, arg=name)
        yield name


def violations(page, rules=None):
    """Return what axe-core finds wrong: the rule, what it asks for, and where."""
    chosen = {"resultTypes": ["violations"], **({"runOnly": {"type": "rule", "values": list(rules)}} if rules else {})}
    found = Axe().run(page, options=chosen).response["violations"]
    return [f"{one['id']}: {one['help']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def found_both_ways(page):
    """Return what is wrong with a page in the light of a desk, and on a phone in the dark."""
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 900})
    found += violations(page, ELSEWHERE)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    return found


def test_axe_finds_nothing_on_any_page(opened):
    page = opened("?quarter=2026Q2&twin=one")
    assert {name: found_both_ways(page) for name in walked(page)} == {name: [] for name in PAGES}


def test_axe_finds_nothing_beside_the_pages(opened, address):
    page, found = opened("", drawn="h1", reduced_motion="reduce"), {}  # charts at rest, with all their labels
    for query in BESIDE:
        page.goto(f"{address}/{query}")
        page.wait_for_selector(DRAWN if query.startswith("?") else "h1")
        found[query] = found_both_ways(page)
    assert found == {query: [] for query in BESIDE}


def test_the_description_can_be_read_by_keys_and_readers(opened):
    page = opened("?page=model&section=description")
    page.locator("article pre").first.wait_for()
    assert violations(page, ["scrollable-region-focusable", "heading-order", "list", "region", "link-name"]) == []


def test_every_chart_has_a_name_and_a_table(opened):
    page, charts = opened("?quarter=2026Q4&twin=one"), 0
    for name in walked(page):
        if name in {"compare", "claims", "explore"}:  # their charts come with what is computed: other tests wait
            continue
        count, unnamed = page.evaluate(UNNAMED)
        assert unnamed == [], name
        charts += count
    assert charts > 20


def test_the_network_says_what_is_paid(opened):
    page = opened("?quarter=2026Q4")
    spoken = page.locator(".net [role=figure]").get_attribute("aria-label")
    assert spoken.startswith("Who pays whom, bn $ in 2026 Q4: ")
    assert "flows, the largest: Other business to " in spoken


def test_a_page_begins_after_few_stops_and_its_log_is_one(opened):
    page, stops = opened("?quarter=2027Q4"), []
    page.evaluate("document.activeElement.blur()")
    while not page.evaluate("!!document.activeElement.closest('main')"):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.innerText")
        )
        assert len(stops) <= MOST_STOPS + 1, stops
    assert page.locator(".log button").count() > 10
    assert page.locator(".log button[tabindex='0']").count() == 1


def test_arrows_lead_along_pages_tools_and_the_log(opened):
    page = opened("?quarter=2027Q4")
    focused = "document.activeElement.innerText.trim() || document.activeElement.getAttribute('aria-label')"
    page.locator(".tabs a[aria-current]").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "Twin"
    page.get_by_role("button", name="Steer").focus()
    page.keyboard.press("End")
    assert page.evaluate(focused) == "Theme: auto"
    dates = page.locator(".log button").all_inner_texts()
    page.locator(".log button[tabindex='0']").focus()
    page.keyboard.press("End")
    assert page.evaluate(focused) == dates[-1]
    page.keyboard.press("Enter")
    page.wait_for_function("date => document.querySelector('.qbox b').innerText === date", arg=dates[-1])


DRAWINGS = """() => new Promise((done) => {
  const chart = document.querySelector('main.watch').__vue__.boards.share, seen = new Set()
  const look = () => { seen.add(chart.drawn); requestAnimationFrame(look) }
  look()
  setTimeout(() => done(seen.size), 1600)
})"""


def test_charts_change_once_a_second_where_less_motion_is_wanted(opened):
    page = opened("?page=watch&speed=8", reduced_motion="reduce")
    page.locator(".play").click()
    page.wait_for_function("Number(document.querySelector('[role=slider]').getAttribute('aria-valuenow')) > 2")
    assert page.evaluate(DRAWINGS) <= 3
    option = page.evaluate("document.querySelector('main.watch').__vue__.boards.share.inner.getOption().animation")
    assert option is False
