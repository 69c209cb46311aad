"""The server ends and comes again while a page is open."""

from urllib.parse import urlsplit

from .browsing import DRAWN, PATIENCE, QUARTER, TOURED, serving

SEEN = "window.seenBefore"


def test_after_a_restart_a_page_comes_back_by_itself_with_what_it_showed(chromium, tmp_path):
    page = chromium.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    page.add_init_script(TOURED)
    with serving(tmp_path / "first") as url:
        page.goto(f"{url}/?page=watch&scenario=chip_shock&quarter=2026Q3&theme=dark")
        page.wait_for_selector(DRAWN)
        shown = page.evaluate(QUARTER)
        page.evaluate(f"{SEEN} = true")
    with serving(tmp_path / "second", at=urlsplit(url).port):
        page.wait_for_function(f"!{SEEN} && document.querySelector('{DRAWN}')")
        assert (page.evaluate(QUARTER), shown) == (3, 3)
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert page.locator("button[aria-haspopup=listbox]").first.inner_text().startswith("Chip shock")
    page.close()
