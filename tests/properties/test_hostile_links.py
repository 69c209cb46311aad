"""Whatever a link says, the page shows something, and says in words what it could not use."""

import random
from urllib.parse import quote

import pytest
import solara
from hypothesis import given
from hypothesis import strategies as st

from aimarket.server.app import Shown
from aimarket.server.url.view_state import PAGES, PARTS, THEMES, View, known_scenarios, link_of, read_link

NAMES = (*PARTS, "x", "")
TEXTS = (
    "",
    "0",
    "-1",
    "1e999",
    "nan",
    "inf",
    "9" * 30,
    "2030Q4",
    "2030Q9",
    "0026Q1",
    "true",
    "null",
    "None",
    "[]",
    "{}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE x; --",
    "../../etc/passwd",
    "\x00\x01",
    "é" * 50,
    "\u202e",
    "deal_35bn",
    "dael",
    "watch",
    "money",
    "model",
    "dark",
    "baseline",
    "quarter",
    "difference",
    "description",
    "data",
    "power",
    "limits",
    "loan_to_value:0.6",
    "loan_to_value:9",
    "dilution:",
    ":",
    "deal_35bn.toml",
    "%",
    "%zz",
    "&&",
    "\ud7ff",
    "OpenAI",
    "4",
    "{{1}}",
)


def hostile(source):
    """Return a query of a few parts, none of which has to make sense."""
    return "&".join(f"{source.choice(NAMES)}={quote(source.choice(TEXTS))}" for _ in range(source.randint(0, 6)))


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text):
    view, problems = read_link(text)
    assert view.page in PAGES
    assert view.theme in THEMES
    assert view.scenario in known_scenarios()
    assert all(problem.isprintable() for problem in problems)


@given(st.randoms(use_true_random=False))
def test_what_was_read_of_a_hostile_link_comes_back_from_a_clean_one(source):
    view, _ = read_link(hostile(source))
    assert read_link(link_of(view)) == (view, ())


@pytest.mark.parametrize("links", [80, pytest.param(300, marks=pytest.mark.acceptance)])
def test_many_hostile_links_show_a_page(links):
    source = random.Random(1)
    for _ in range(links):
        query = hostile(source)
        shown, context = solara.render(Shown(query), handle_error=False)
        assert shown.children, query
        context.close()


def test_nothing_said_means_the_usual_view():
    assert read_link(None) == (View(), ())
