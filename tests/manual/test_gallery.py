"""The gallery's command plots every figure in both themes, and its page is the command's."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def gallery():
    """Return the module that plots the gallery."""
    spec = importlib.util.spec_from_file_location("gallery", DOCS / "manual" / "gallery.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_figures_are_plotted_in_both_themes_and_shown_with_what_they_say(gallery, tmp_path):
    gallery.main(tmp_path, {"one_at_a_time": 0}, pairs=2)
    page = (tmp_path / "gallery.md").read_text(encoding="utf-8")
    plotted = sorted(path.name for path in (tmp_path / "gallery").glob("*.svg"))
    assert {name.rpartition("-")[2] for name in plotted} == {"light.svg", "dark.svg"}
    assert all(f"gallery/{name}#only-" in page for name in plotted)


def test_the_page_is_the_command_s_and_shows_every_figure_that_is_there(gallery):
    page = (DOCS / "gallery.md").read_text(encoding="utf-8")
    figures = [path.name for path in (DOCS / "gallery").iterdir()]
    assert page.startswith(gallery.PAGE.strip()), "run: make gallery"
    assert all(f"## {title}\n" in page for title, _, _ in gallery.STUDIES.values()), "run: make gallery"
    assert figures
    assert [name for name in figures if name not in page] == [], "no figure of the gallery: delete it"
