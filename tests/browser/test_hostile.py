"""Whatever a link says, a real browser shows the page and words, runs nothing of it and complains of nothing."""

import random

import pytest

from ..properties.test_hostile_links import hostile

LINKS = 6
MARKUP = "document.querySelectorAll('img, body script:not([src])').length"


@pytest.mark.slow
def test_hostile_links_show_a_page_and_run_nothing(opened):
    source, output = random.Random(30), 0
    clean = opened()
    usual = clean.evaluate(MARKUP)
    for _ in range(LINKS):
        query, alarms = hostile(source) or "page=watch", []  # a link that says nothing is the arrival
        page = opened(f"?{query}")
        page.on("dialog", lambda dialog, alarms=alarms: (alarms.append(dialog.message), dialog.dismiss()))
        words = page.locator("body").inner_text()
        assert "Traceback" not in words, query
        assert "Error" not in words, query
        assert page.evaluate(MARKUP) == usual, query
        assert alarms == [], query
        output += page.get_by_role("alert").count()
        page.close()
    assert output > LINKS / 2
