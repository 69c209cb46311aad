"""docs/facts.md and docs/replications.md say what the model does now."""

from pathlib import Path

import pytest

from aimarket.experiments.publishing import facts_page, replications_page

DOCUMENTS = {"facts": facts_page, "replications": replications_page}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_outcome_stands_there(name):
    page = DOCUMENTS[name]
    text = (Path(__file__).parents[2] / "docs" / f"{name}.md").read_text(encoding="utf-8")
    for section, made in page.SECTIONS.items():
        written = text.partition(f"<!-- {section} -->")[2].partition(f"<!-- /{section} -->")[0]
        assert written.strip() == made(), f"run python -m {page.__name__} docs/{name}.md"
