"""One glossary for the manual and the pages: every unit is in it, and a heading's words are found in it."""

import json
import re
from pathlib import Path

import pytest

from aimarket.experiments.publishing.generated_tables import rewritten
from aimarket.experiments.publishing.glossary_terms import explained, plain, spelling, terms
from aimarket.server.presenters import glossary, headline_figures, quantities
from aimarket.server.presenters.quantities import Quantity

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "glossary.md"


def test_the_manual_lists_the_terms_of_the_table():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert rewritten(text) == text, "python -m aimarket.experiments.publishing.generated_tables docs/glossary.md"
    assert text.count("\n: ") == len(terms())


def test_each_spelling_is_of_one_term_and_is_found():
    spelled = [one for term in terms() for one in term.said]
    assert len(spelled) == len(set(spelled))
    for term in terms():
        for one in term.said:
            assert re.search(spelling(one), f"10 {one} of it")
            assert explained(one)


@pytest.mark.parametrize(
    "unit", sorted({item.unit for item in vars(quantities).values() if isinstance(item, Quantity)} - {""})
)
def test_the_unit_of_every_quantity_is_in_it(unit):
    assert explained(unit)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Capability OOM over the start’s frontier", ["OOM", "Capability"]),
        ("Capital raised bn $/quarter", ["Capital raised", "bn $/quarter, USD bn/quarter"]),
        ("Effect on compute % over the twin", ["Compute", "% over the twin"]),
        ("What compute is let for $ per H100e-hour", ["Compute", "$/H100e-hour"]),
        ("Who pays whom, 2028 Q1", []),
        ("roommates twinned", []),
    ],
)
def test_a_text_is_explained_by_the_longest_spellings(text, names):
    assert [term.name for term in explained(text)] == names


def test_pages_get_plain_words():
    assert plain("the *control* beside `given_up` [Watch](pages.md)") == "the control beside given_up Watch"
    assert all(len(found) == 3 and found[2] for found in json.loads(glossary.payload()))


def test_units_of_headlines_are_explained():
    assert all(explained(item.unit) for item in headline_figures.HEADLINES)
