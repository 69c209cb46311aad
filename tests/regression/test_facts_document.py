"""docs/facts.md says what the model does now."""

from pathlib import Path

from aimarket.experiments.publishing import facts_page

DOCUMENT = Path(__file__).parents[2] / "docs" / "facts.md"
COMMAND = "python -m aimarket.experiments.publishing.facts_page docs/facts.md"


def test_every_outcome_stands_there():
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, made in facts_page.SECTIONS.items():
        written = text.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
        assert written.strip() == made(), f"run {COMMAND}"
