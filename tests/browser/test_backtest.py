"""The Back-test page in a real browser: it draws every series and tells another origin when asked."""

import json

from aimarket.server.presenters import backtest


def test_every_series_is_drawn(opened):
    page = opened("?page=backtest")
    output = json.loads(backtest.payload("2024Q4"))
    assert output["sentence"] in page.locator("h1").inner_text()
    assert page.locator(".bg canvas").count() == len(output["series"])
    assert page.locator(".scores tbody tr").count() == len(output["series"])


def test_another_origin_is_shown_and_kept_in_the_link(opened):
    page = opened("?page=backtest")
    page.get_by_role("button", name="From 2025 Q4").click()
    page.wait_for_function("document.querySelector('h1').textContent.startsWith('From 2025Q4')")
    page.wait_for_function("location.search.includes('origin=2025Q4')")
    assert "5 to 95 %" in page.locator(".scores thead").inner_text()
