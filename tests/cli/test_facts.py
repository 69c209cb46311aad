"""`aimarket facts` says which stylised facts the model has."""

import json

import pytest

from aimarket.experiments.facts.board import FACTS

from .line import typed

ASKED = ("facts", "--replicates", "2", "--quarters", "24", "--set", "loan_to_value=0.6")


@pytest.fixture(scope="module")
def shown():
    return typed(*ASKED)


def test_every_fact_is_printed_with_what_came_of_it(shown):
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout.startswith(f"Of {len(FACTS)} stylised facts ")
    words = " ".join(shown.stdout.split())
    assert sum(words.count(word) for word in ("present", "absent", "undecided")) >= len(FACTS)
    assert "Again: aimarket facts baseline --set loan_to_value=0.6 --seed 7 --replicates 2 --quarters 24" in words


def test_machines_get_the_same(shown):
    content = json.loads(typed(*ASKED, "--json").stdout)
    assert [fact["key"] for fact in content["facts"]] == list(FACTS)
    assert content["sentence"] in " ".join(shown.stdout.split())


@pytest.mark.parametrize(("words", "said"), [(("--quarters", "8"), "at least 24"), (("nowhere",), "nowhere")])
def test_what_cannot_be_asked_is_one_line(words, said):
    refused = typed("facts", *words)
    assert refused.exit_code == 2
    assert said in refused.stderr
