"""The manual is built without a warning, asks no other host for anything, and its links lead somewhere."""

import re
import shutil
import warnings
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

import aimarket

from ..browser.conftest import chromium  # noqa: F401 - a fixture

ROOT = Path(__file__).parents[2]
ASKED_FOR = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "srcset"}
"""What a browser asks for as it shows a page, by tag."""


THEMES = ("light", "dark")


class Links(HTMLParser):
    """What a page asks for, where it leads, and the anchors that it has."""

    def __init__(self, text):
        super().__init__()
        self.asked, self.leads, self.anchors = set(), set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.anchors |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag in ASKED_FOR and given.get(ASKED_FOR[tag]):
            self.asked.add(given[ASKED_FOR[tag]])
        if tag == "a" and given.get("href"):
            self.leads.add(given["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the folder of the manual, built strictly, as for the first time: a warning would be an error."""
    place = tmp_path_factory.mktemp("manual")
    shutil.rmtree(ROOT / "build" / "manual", ignore_errors=True)  # links to the package
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other people's code, warning about other people's code
        build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(place), strict=True))
    return place


@pytest.fixture(scope="module")
def pages(site):
    return {path: Links(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def outside(address):
    return re.match(r"[a-z]+:", address) is not None and not address.startswith("data:")


def test_no_page_asks_another_host_for_anything(pages):
    asked = {path.name: sorted(filter(outside, page.asked)) for path, page in pages.items()}
    assert {name: found for name, found in asked.items() if found} == {}


def test_every_figure_is_shown_in_both_themes(pages):
    pictures = [picture for page in pages.values() for picture in page.asked if picture.partition("#")[0] != picture]
    shown = {theme: len([picture for picture in pictures if picture.endswith(f"#only-{theme}")]) for theme in THEMES}
    assert len(set(shown.values())) == 1
    assert min(shown.values()) > 0


def test_no_figure_of_a_study_or_a_notebook_is_shown_in_one_theme_alone(pages, site):
    for name in ("studies/surge/results.html", "tutorials/own_firm.html"):
        figures = [address for address in pages[site / name].asked if re.search(r"svg\b", address)]
        assert figures
        assert all("#only-" in address for address in figures), name


def test_search_works_in_a_folder_without_a_server(site, chromium):  # noqa: F811
    page = chromium.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "howto" / "index.html").as_uri())
    page.click(".md-search__input")
    page.keyboard.type("covenant")
    page.wait_for_selector(".md-search-result__item a[href*='odd.html']")
    assert [address for address in asked if re.match("https?:", address)] == []
    page.close()


def test_style_sheets_ask_no_other_host(site):
    assert [
        path for path in site.rglob("*.css") if re.search(r"url\(['\"]?(https?:)?//", path.read_text("utf-8"))
    ] == []


def test_every_link_leads_to_a_page_and_a_place_on_it(pages, site):
    broken = []
    for path, page in pages.items():
        for address in page.leads | page.asked:
            if outside(address) or address.startswith("data:") or path.name == "404.html":
                continue
            place, anchor = urldefrag(unquote(address))
            target = (path.parent / place).resolve() if place else path
            there = target in pages and (not anchor or anchor in pages[target].anchors)
            if not there and not (target.is_file() and target.suffix != ".html"):
                broken.append(f"{path.relative_to(site)}: {address}")
    assert broken == []


def test_every_public_name_is_in_the_reference(pages, site):
    anchors = {anchor for path, page in pages.items() if path.parent == site / "api" for anchor in page.anchors}
    assert {f"aimarket.{name}" for name in aimarket.__all__} - anchors == {"aimarket.__version__"}


def test_every_page_of_the_documents_is_in_the_menu():
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if page not in menu] == []
