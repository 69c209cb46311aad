"""A chart in a frame of another page, a page on paper, and what other sites show beside a link."""

import io
import re

import pytest
from PIL import Image

from .browsing import DRAWN

ALONE = "?quarter=2027Q1&embed=share-of-ai-revenue"
PRINTED = re.compile(rb"/Type\s*/Page\b(?!s)")
FRAME = """([address, query]) => {
  document.body.innerHTML = `<iframe src="${address}/${query}" title="Chart" width="720" height="420"></iframe>`
}"""
SEEN = """() => [...document.querySelectorAll('button, a, h2, [role=slider]')]
  .filter((one) => getComputedStyle(one).visibility === 'visible' && one.getClientRects().length)
  .map((one) => one.innerText.trim()).filter(Boolean)"""


def framed(page, site, address, query):
    """Show a page of a site in which a link of the server stands in a frame."""
    page.goto(f"{site}/story")
    page.evaluate(FRAME, [address, query])
    return page.frame_locator("iframe")


def test_a_chart_stands_alone_in_a_frame_of_a_site_that_was_named(chromium, address):
    page = chromium.new_page()
    inside = framed(page, address.replace("127.0.0.1", "localhost"), address, ALONE)
    inside.locator("[data-embedded] canvas").first.wait_for()
    assert page.frames[1].evaluate(SEEN) == ["Share of AI revenue per cent", "Table", "aimarket: the whole page"]
    assert inside.locator(".foot a").get_attribute("href") == "?quarter=2027Q1"
    assert page.frames[1].evaluate("getComputedStyle(document.documentElement).overflowY") == "hidden"
    inside = framed(page, address.replace("127.0.0.1", "localhost"), address, "story?step=3&embed=1")
    inside.locator(".alone figure").wait_for()
    assert inside.locator("a:visible").all_inner_texts() == ["aimarket: the deal in six steps"]
    page.close()


@pytest.mark.parametrize("query", ["?page=watch", "story?step=3"])
def test_no_whole_page_is_shown_in_a_frame_of_another_site(chromium, address, query):
    page = chromium.new_page()
    with page.expect_event("console", lambda message: "frame-ancestors" in message.text):
        framed(page, address.replace("127.0.0.1", "localhost"), address, query)
    page.close()


def test_what_the_drawer_copies_is_the_frame_of_a_chart(opened):
    page = opened("?quarter=2027Q1&drawer=download")
    page.get_by_role("button", name="Copy the frame of Capability").click()
    page.get_by_text("Copied", exact=True).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(
        f'<iframe src="{page.url.partition("?")[0]}?quarter=2027Q1&amp;embed=capability" title="Capab'
    )


@pytest.mark.parametrize(("query", "most"), [("?quarter=2027Q1", 6), ("story?step=3", 2), ("", 3)])
def test_on_paper_a_page_is_read_without_what_is_pressed(opened, query, most):
    page = opened(query, drawn=DRAWN if query.startswith("?") else "h1")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.locator(".bar:visible, .ctl:visible, .scrub:visible, .tblb:visible").count() == 0
    page.emulate_media(media="screen")
    assert 1 <= len(PRINTED.findall(page.pdf(format="A4", print_background=True))) <= most


def test_a_link_says_what_others_show_beside_it(opened, address):
    for query in ("", "story?step=5", "?page=claims&scenario=deal_reported"):
        page = opened(query, drawn=DRAWN if query.startswith("?") else "h1")
        told = {name: page.locator(f"meta[property='og:{name}']").get_attribute("content") for name in ("url", "image")}
        assert told["url"].startswith(f"{address}/")
        answer = page.request.get(told["image"])
        with Image.open(io.BytesIO(answer.body())) as picture:
            assert picture.size == (1200, 630)
