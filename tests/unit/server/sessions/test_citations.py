"""What a page says of how to cite it names the run, the model and the day, and agrees with CITATION.cff."""

from datetime import date
from pathlib import Path

import pytest
import yaml

import aimarket
from aimarket.server.sessions.citations import AUTHORS, LINK, TITLE, about, apa, bibtex
from aimarket.server.url.view_state import read_link

LINKED = "scenario=deal_35bn&seed=3&quarter=2027Q2&set=loan_to_value:0.6"


def view():
    return read_link(LINKED).view


def test_a_figure_names_its_run():
    said = about(view())
    assert said["run"] == "seed 3, replicate 0, to 2027Q2, loan_to_value = 0.6"
    assert said["scenario"] == aimarket.load_scenario("deal_35bn").title
    assert said["source"].startswith(f"aimarket {aimarket.__version__}, model ")
    assert said["date"] == date.today().isoformat()


@pytest.mark.parametrize("write", [bibtex, apa])
def test_a_reference_holds_all_that_finds_the_page_again(write):
    text = write(view())
    for part in (AUTHORS, TITLE, LINK, about(view())["run"], str(date.today().year)):
        assert part in text
    assert text.count("{") == text.count("}")


def test_authors_and_title_are_those_of_the_citation_file():
    cited = yaml.safe_load((Path(__file__).parents[4] / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["authors"] == [{"name": AUTHORS}]
    assert TITLE.startswith(f"{cited['title']}: ")
