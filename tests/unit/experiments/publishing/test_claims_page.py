"""Nobody types a result: what people write about the claims holds no figure of one, commands write those."""

import json
import re
from pathlib import Path

import pytest

from aimarket.experiments.publishing.claims_page import SECTIONS

ROOT = Path(__file__).parents[4]
CLAIMS, README = ROOT / "docs" / "claims.md", ROOT / "README.md"
MADE = re.compile(r"<!-- (\w+) -->.*?<!-- /\1 -->", re.DOTALL)
ASIDE = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)|<picture>.*?</picture>", re.DOTALL)
NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d.,]*(?:\s?%)?")
PART = re.compile(r"\b(?:a|an|one|two|three|four|five|some) (?:\w+-)?(?:third|fifth|sixth|seventh|eighth|tenth)s?\b")
SETTINGS = {
    "C0": "a claim",
    "35": "bn, the deal's amount",
    "95 %": "level of intervals",
    "90 %": "of pairs within a band",
    "200": "replicates",
    "64": "pairs of worlds at a place of the map",
    "400": "draws of the posterior",
    "7": "seed, and a quarter that statistics read",
    "40": "quarters",
    "2011": "year of a paper",
    "2024": "year of a back-test",
    "2025": "year of a back-test",
    "2032": "last year that is told",
}
"""The numbers that people may write there: what is asked, and none of what came out."""

CHANCES = ("a tenth of worlds",)
"""Parts that are settings as well."""


def by_hand(text):
    """Return what people wrote of a document: without generated sections, code, links and pictures."""
    return ASIDE.sub(" ", MADE.sub(" ", text))


def results(text):
    """Return figures and parts in what people wrote that are no settings."""
    plain = by_hand(text)
    for allowed in CHANCES:
        plain = plain.replace(allowed, " ")
    numbers = [found.strip(".,") for found in NUMBER.findall(plain)]
    return [found for found in (*numbers, *PART.findall(plain)) if found not in SETTINGS]


def said_in_readme():
    """Return the README's section on what the model says of the news item."""
    return README.read_text(encoding="utf-8").partition("## What it says of the news item")[2].partition("\n## ")[0]


def test_no_result_in_the_document_of_the_claims_is_typed():
    assert results(CLAIMS.read_text(encoding="utf-8")) == []


def test_no_result_in_the_readme_is_typed():
    assert results(said_in_readme()) == []


@pytest.mark.parametrize(
    "typed", ["It adds 1.45 dollars.", "a seventh of a quarter sooner", "rises by 4 %", "1.8 % more"]
)
def test_a_typed_result_is_seen(typed):
    assert results(typed)


def test_what_a_command_wrote_is_no_typed_result():
    assert results("<!-- claims -->\n\n| 1.45 |\n\n<!-- /claims -->\nWith 95 % intervals over 200 replicates.") == []


@pytest.mark.parametrize("text", [CLAIMS.read_text(encoding="utf-8"), said_in_readme()], ids=["claims", "readme"])
def test_every_section_that_a_command_writes_is_written(text):
    assert set(MADE.findall(text)) <= set(SECTIONS)
    for found in MADE.finditer(text):
        assert len(found[0].splitlines()) > 4, f"{found[1]} is empty: run the command that the document names"


SPOKEN = re.compile(r"\b(surge appears|no surge|hardly moves|mostly replaces|more than 0\.\d)\b")


@pytest.mark.parametrize("notebook", sorted((ROOT / "docs" / "tutorials").glob("*.ipynb")), ids=lambda path: path.stem)
def test_tutorials_say_how_to_ask_and_not_what_came_of_it(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    told = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    assert not SPOKEN.findall(told)
