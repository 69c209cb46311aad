"""The bench on Explore in a real browser: a sweep is put together, run, taken home, refused, opened from a file."""

import re
from pathlib import Path

from ..small_studies import STUDY
from .browsing import fits

READY = "main.bench textarea"


def test_a_sweep_is_put_together_run_and_taken_home(opened):
    page = opened("?page=explore", drawn="main.explore")
    page.get_by_role("button", name="Your own sweep").click()
    page.wait_for_selector(READY)
    page.get_by_label("Points").fill("10")
    page.get_by_label("Quarters").fill("20")
    page.get_by_role("button", name="Run it").click()
    page.wait_for_selector(".res tbody tr")
    assert page.locator(".res .sub").first.inner_text().startswith("10 runs")
    page.wait_for_url(re.compile("source=bench&study="))
    for name, words in (("Download", "size = 10"), ("All runs, CSV", "# Units: outcome_1")):
        with page.expect_download() as download:
            page.locator(".file").get_by_role("button", name=name, exact=True).click()
        assert words in Path(download.value.path()).read_text()
    for width in (1440, 390):
        fits(page, width)
    page.reload()
    page.wait_for_selector(".res tbody tr")


def test_a_file_is_opened_and_what_cannot_be_run_is_said(opened, tmp_path):
    page = opened("?page=explore&source=bench", drawn=READY)
    for name, text in (("study.toml", STUDY), ("bad.toml", STUDY.replace("spillover =", "spillower ="))):
        (tmp_path / name).write_text(text)
    page.get_by_label("A study file").set_input_files(tmp_path / "bad.toml")
    page.wait_for_function("document.querySelector('textarea').value.includes('spillower')")
    page.get_by_role("button", name="Run it").click()
    assert "spillower" in page.get_by_role("alert").inner_text()
    page.get_by_label("A study file").set_input_files(tmp_path / "study.toml")
    page.wait_for_function("!document.querySelector('textarea').value.includes('spillower')")
    page.get_by_role("button", name="Run it").click()
    page.wait_for_selector(".res tbody tr")
    assert page.locator("main.bench h1").inner_text() == "What moves revenue?"
