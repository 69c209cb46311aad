"""Documents: what is painted before anything runs, and what is put right in Solara's own."""

import pytest

from aimarket.server.app import pages
from aimarket.server.web.document import dressed, painted

SOLARA = (
    b'<html><title>aimarket</title><link rel="icon" type="image/png" sizes="any" href="/market/static/assets/x.png">'
    b'<meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1, user-scalable=no, '
    b'minimal-ui">'
    b"loading_text: \"Loading resources\" app.$data.loading_text = 'Loading app';"
)


@pytest.mark.parametrize(
    ("path", "query"), [("/", "page=watch"), ("/", "quarter=2030Q4"), ("/", "nothing"), ("/x", ""), ("/story/x", "")]
)
def test_a_link_that_says_anything_goes_straight_to_what_it_names(path, query):
    assert painted(path, query) is None


def test_every_page_of_the_market_is_called_by_its_name_before_it_runs():
    for name, page in pages().items():
        assert f"<title>{page.TITLE} - aimarket</title>".encode() in dressed(SOLARA, f"page={name}&seed=8")


def test_a_document_says_its_language_what_is_loading_and_may_be_zoomed():
    told = dressed(SOLARA, "page=<script>").decode()
    assert '<html lang="en"><title>Watch - aimarket</title>' in told
    assert "Loading Watch: scripts and styles" in told
    assert "Loading Watch: a market of your own" in told
    assert "Loading app" not in told
    assert "user-scalable" not in told
    assert "image/png" not in told
