"""Documents: what is painted before anything runs, and what is put right in Solara's own."""

import re

import pytest

from aimarket.server.app import pages
from aimarket.server.web.document import dressed, painted

SOLARA = (
    b'<html><title>aimarket</title><link rel="icon" type="image/png" sizes="any" href="/market/static/assets/x.png">'
    b'<meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1, user-scalable=no, '
    b'minimal-ui">'
    b"</head>loading_text: \"Loading resources\" app.$data.loading_text = 'Loading app';"
)


@pytest.mark.parametrize(
    ("path", "query"), [("/", "page=watch"), ("/", "quarter=2030Q4"), ("/", "nothing"), ("/x", ""), ("/story/x", "")]
)
def test_a_link_that_says_anything_goes_straight_to_what_it_names(path, query):
    assert painted(path, query) is None


def test_every_page_of_the_market_is_called_by_its_name_before_it_runs():
    for name, page in pages().items():
        told_of = dressed(SOLARA, f"page={name}&seed=8").decode()
        assert f"<title>{page.TITLE} - aimarket</title>" in told_of
        assert f'property="og:title" content="{page.TITLE}: ' in told_of


def test_a_document_says_its_language_what_is_loading_and_may_be_zoomed():
    told = dressed(SOLARA, "page=<script>").decode()
    assert '<html lang="en"><title>Watch - aimarket</title>' in told
    assert "Loading Watch: scripts and styles" in told
    assert "Loading Watch: a market of your own" in told
    assert "Loading app" not in told
    assert "user-scalable" not in told
    assert "image/png" not in told


def told(html):
    """Return what a page says to sites that show something of it."""
    return dict(re.findall(r'<meta property="og:([a-z_:]+)" content="([^"]*)">', html))


@pytest.mark.parametrize("path", ["/", "/story"])
def test_a_painted_page_says_what_others_show_of_it(path):
    found = told(painted(path, "", "https://host/market")())
    assert found["url"] == f"https://host/market{path}" + ("?step=1&amp;account=deal_35bn" if path == "/story" else "")
    assert found["image"].startswith("https://host/market/preview.png")
    assert len(found["description"]) > 40


def test_a_page_of_the_market_says_its_scenario_and_date_and_nothing_of_a_stranger_s():
    found = told(dressed(SOLARA, "page=twin&scenario=cloud_glut&quarter=2028Q1&firm=<b>", "https://host").decode())
    assert found["title"] == "Twin: For three years tenants stay away, and clouds stand part empty, 2028 Q1"
    assert found["url"] == "https://host/?page=twin&amp;scenario=cloud_glut&amp;quarter=2028Q1&amp;firm=&lt;b&gt;"


@pytest.mark.parametrize("query", ["page=twin&seed=1", "page=twin&seed=2&x=<script>"])
def test_there_are_no_more_pictures_than_pages_and_steps(query):
    assert painted("/preview.png", query)() is painted("/preview.png", "page=twin")()


def test_a_chart_of_the_story_can_stand_alone():
    whole, alone = (painted("/story", f"step=2{end}")() for end in ("", "&embed=1"))
    assert "<figure" in alone
    assert '<nav class="steps"' in whole
    assert '<nav class="steps"' not in alone
