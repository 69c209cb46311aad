"""A chart that is taken home says what it shows, of which run, by what it was made and where it is found again."""

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image

from .browsing import DRAWN

AROUND = ("Title", "Run", "Source", "Link")
SVG = "{http://www.w3.org/2000/svg}"


def taken(page, kind):
    """Return what a chart is called, and the bytes of its file."""
    button = page.locator(".pics li").nth(1).get_by_role("button", name=kind, exact=False).first
    title = page.locator(".pics li span").nth(1).inner_text()
    with page.expect_download() as download:
        button.click()
    return title, Path(download.value.path()).read_bytes()


def png(content):
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        assert picture.width % 2 == 0
        return picture.text


def svg(content):
    root = ElementTree.fromstring(content)
    found = dict(line.split(": ", 1) for line in root.find(f"{SVG}desc").text.splitlines())
    assert root.find(f"{SVG}title").text == found["Title"]
    assert root.find(f".//{SVG}a").attrib["href"] == found["Link"]
    assert root.findall(f".//{SVG}path")
    return found


def csv(content):
    text = content.decode()
    frame = pd.read_csv(io.StringIO(text), comment="#")
    assert frame["Quarter"].iloc[-1] == "2028Q1"
    assert frame.drop(columns="Quarter").dtypes.eq(float).all()
    found = dict(line[2:].split(": ", 1) for line in text.splitlines() if line.startswith("# "))
    assert found.pop("Unit")
    return found


@pytest.fixture
def drawer(opened):
    page = opened("?quarter=2028Q1&seed=3")
    page.wait_for_selector(DRAWN)
    page.get_by_role("button", name="Download").first.click()
    page.locator(".pics li").first.wait_for()
    return page


def test_png_svg_and_csv_of_a_chart_say_the_same_of_it(drawer):
    for kind, read in (("PNG", png), ("SVG", svg), ("CSV", csv)):
        title, content = taken(drawer, kind)
        found = read(content)
        assert tuple(found) == AROUND, kind
        assert found["Title"].startswith(title)
        assert found["Link"] == drawer.url.partition("&drawer")[0]
        assert "seed 3, replicate 0, to 2028Q1" in found["Run"]
        assert found["Source"].startswith("aimarket ")


def test_references_hold_the_link_of_the_page(opened):
    page = opened("?quarter=2028Q1")
    page.get_by_role("button", name="Code").first.click()
    for name in ("bibtex", "apa"):
        text = page.locator(f"pre[data-code={name}]").inner_text()
        assert page.url.partition("&drawer")[0] in text
        assert "drawer=" not in text
        assert "{link}" not in text


def test_a_chart_is_printed_to_pdf_on_a_sheet_of_its_own(drawer, chromium):
    entry = drawer.locator(".pics li").nth(1)
    title = entry.locator("span").inner_text()
    with drawer.expect_popup() as opening:
        entry.get_by_role("button", name="print, or save as PDF").click()
    sheet = opening.value
    sheet.wait_for_selector("svg + p")
    said = sheet.locator("body").inner_text() + " ".join(sheet.locator("svg text").all_text_contents())
    for text in (title, "seed 3, replicate 0, to 2028Q1", "aimarket ", "One run of each world"):
        assert text in said
    assert sheet.locator("svg a").first.get_attribute("href") == drawer.url.partition("&drawer")[0]
    content = sheet.pdf(prefer_css_page_size=True, print_background=True)
    wide, tall = map(float, re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", content).groups())
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", content)) == 1
    box = sheet.locator("svg").first.bounding_box()
    assert wide / tall == pytest.approx(box["width"] / (box["height"] + 44), rel=0.02)
    assert b"/Title" in content
    sheet.close()
