"""A replay from the drawer plays from the disk, without a server, and holds the link of the page."""

from pathlib import Path

PLAYED = """document.getElementById('date').textContent === '2027 Q1'
  && document.getElementById('play').textContent === 'Play'"""


def test_the_replay_of_the_drawer_plays_from_the_disk(opened, chromium, tmp_path):
    page = opened("?quarter=2027Q1&seed=3&drawer=download")
    with page.expect_download() as download:
        page.get_by_role("button", name="Replay, HTML").click()
    assert download.value.suggested_filename == "replay_deal_35bn_seed3_5_quarters.html"
    file = tmp_path / "replay.html"
    file.write_bytes(Path(download.value.path()).read_bytes())
    context = chromium.new_context(offline=True, reduced_motion="reduce", viewport={"width": 390, "height": 800})
    alone, problems = context.new_page(), []
    alone.on("pageerror", lambda error: problems.append(str(error)))
    alone.on("request", lambda request: problems.append(request.url) if request.url != file.as_uri() else None)
    alone.goto(file.as_uri())
    assert "In this one run Anthropic holds" in alone.locator("h1").inner_text()
    assert alone.locator("svg[role=img]").count() == 6
    assert alone.get_by_role("link").get_attribute("href") == page.url.partition("&drawer")[0]
    assert "seed 3, replicate 0, to 2027Q1" in alone.locator("footer").inner_text()
    assert alone.evaluate("document.documentElement.scrollWidth") <= 390
    line = alone.get_by_role("slider", name="Quarter")
    line.fill("2")
    assert alone.locator("output").inner_text() == "2026 Q2"
    before = alone.locator("h1").inner_text()
    alone.get_by_role("button", name="Play").click()
    alone.wait_for_function(PLAYED)
    assert alone.locator("h1").inner_text() != before
    alone.get_by_role("button", name="Play").click()
    alone.get_by_role("button", name="Pause").click()
    assert alone.locator("svg[role=img]").first.get_attribute("aria-label").startswith("Share of AI revenue, %, 2026 Q")
    assert problems == []
    context.close()
