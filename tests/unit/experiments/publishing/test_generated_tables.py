"""The documents say what the code does: names, tables, equations and files agree with it."""

import ast
import re
from pathlib import Path

import pytest

import aimarket
from aimarket.agents.firm import Firm
from aimarket.agents.state.column import Mirror
from aimarket.agents.state.population import MarketAgent, decisions
from aimarket.agents.state.signals import Signals
from aimarket.agents.state.table import columns_of
from aimarket.agents.vehicle import Vehicle
from aimarket.experiments.publishing.generated_tables import SECTIONS, DocumentError, main, rewritten
from aimarket.model.accounting.identities import IDENTITIES
from aimarket.model.deals.facilities import Facilities
from aimarket.model.economy import Economy
from aimarket.model.indicators import INDICATORS
from aimarket.model.initial_state import load_start
from aimarket.model.parameters import KINDS
from aimarket.model.quarter import QUARTER
from aimarket.model.randomness import Stream

ROOT = Path(__file__).resolve().parents[4]
ODD = ROOT / "docs" / "odd.md"
HOUSE = ROOT / "docs" / "architecture.md"
REFERENCE = ROOT / "docs" / "reference.md"
GLOSSARY = ROOT / "docs" / "glossary.md"
COMMAND = (
    "python -m aimarket.experiments.publishing.generated_tables "
    "docs/odd.md docs/architecture.md docs/reference.md docs/glossary.md"
)
GENERATED = re.compile(r"<!-- (\w+) -->(.*?)<!-- /\1 -->", re.DOTALL)
BLOCK = re.compile(r"```text\n(.*?)```", re.DOTALL)
NAME = re.compile(r"`([A-Za-z_]\w*)`")
WORDS = re.compile(r"[a-z]\w*")
SNAKE = re.compile(r"(?<![\w.])[a-z]+(?:_[a-z]+)+\b")
PACKAGE = ("agents", "model", "experiments")

TABLES = (MarketAgent, Firm, *KINDS, Vehicle, Facilities, Economy)
COLUMNS = {name for kind in TABLES for name in columns_of(kind)}
MIRRORS = {name for kind in KINDS for name in dir(kind) if isinstance(getattr(kind, name), Mirror)}


@pytest.fixture(scope="module")
def text():
    return ODD.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def prose(text):
    return GENERATED.sub("", text)


@pytest.fixture(scope="module")
def words_of_the_code():
    return {word for folder in PACKAGE for path in (ROOT / folder).rglob("*.py") for word in words_of(path)} | {
        quantity for stocks in load_start().stocks.values() for quantity in stocks
    }


def words_of(path):
    """Yield the names that a source file gives or reads, and the words of its strings that are one word."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for field in ("name", "id", "attr", "arg"):
            if isinstance(getattr(node, field, None), str):
                yield getattr(node, field)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value


def section(text, name):
    return dict(GENERATED.findall(text))[name]


def first_cells(table):
    """Return the name in the first cell of every row."""
    return set(re.findall(r"^\| \**`(\w+)`", table, re.MULTILINE))


@pytest.mark.parametrize("name", SECTIONS)
def test_every_table_is_as_the_code_gives_it_now(text, name):
    others = "".join(place.read_text(encoding="utf-8") for place in (HOUSE, REFERENCE, GLOSSARY))
    found = dict(GENERATED.findall(text + others)).get(name)
    assert found is not None, f"none of {COMMAND.partition('documents ')[2]} has a section {name}"
    assert found.strip() == SECTIONS[name](), f"the table of {name} is out of date; run `{COMMAND}`"


def test_phases_are_named_in_their_order(text):
    rows = re.findall(r"^\| `(P\d+a?)` \| `([\w ]+)` \|", section(text, "phases"), re.MULTILINE)
    assert rows == [(phase.code, phase.name) for phase in QUARTER]


def test_every_phase_has_its_submodel_in_order(prose):
    heads = re.findall(r"^#### (P\d+a?) (.+)$", prose, re.MULTILINE)
    assert heads == [(phase.code, phase.name) for phase in QUARTER]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("parameters", set(aimarket.parameters())),
        ("scenarios", set(aimarket.scenarios())),
        ("indicators", set(INDICATORS)),
        ("state", COLUMNS | MIRRORS),
        ("streams", {stream.name for stream in Stream}),
        ("stocks", {quantity for stocks in load_start().stocks.values() for quantity in stocks}),
    ],
)
def test_tables_name_everything_that_exists_and_nothing_else(text, name, known):
    assert first_cells(section(text, name)) == known


def test_every_identity_is_named_with_its_function(text):
    rows = re.findall(r"^\| `(I\d+)` \| `(\w+)` \|", section(text, "identities"), re.MULTILINE)
    assert rows == [(code, check.__name__) for code, check in IDENTITIES.items()]


def test_every_decision_is_named(text):
    named = set(NAME.findall(section(text, "decisions")))
    assert named == {name for kind in KINDS for name in decisions(kind)}


def test_every_random_stream_is_explained(prose):
    assert {stream.name for stream in Stream} <= set(NAME.findall(prose))


def test_what_every_parameter_does_is_said(prose):
    submodels = prose.partition("### 3.2")[2].partition("### 3.5")[0]
    missing = set(aimarket.parameters()) - set(WORDS.findall(submodels))
    assert missing == set(), "write into docs/odd.md, section 3.4, what these parameters do"


def test_every_name_in_code_letters_exists(prose, words_of_the_code):
    strangers = set(NAME.findall(prose)) - words_of_the_code - {"x", "in_code_letters"}
    assert strangers == set(), "docs/odd.md names what the code does not know"


def test_every_word_of_an_equation_exists(prose, words_of_the_code):
    equations = "\n".join(re.sub(r"#.*", "", block) for block in BLOCK.findall(prose))
    assert set(SNAKE.findall(equations)) - words_of_the_code == set()


@pytest.mark.parametrize("path", [ODD, HOUSE], ids=["odd", "architecture"])
def test_rewriting_a_document_that_is_true_changes_nothing(path):
    text = path.read_text(encoding="utf-8")
    assert rewritten(text) == text, f"run `{COMMAND}`"


def test_every_file_that_the_architecture_names_exists():
    named = set(re.findall(r"`([\w/]+(?:/|\.)[\w/.]+)`", GENERATED.sub("", HOUSE.read_text(encoding="utf-8"))))
    places = {name for name in named if "/" in name}
    assert places
    assert {name for name in places if not (ROOT / name).exists()} == set()


def test_rewriting_changes_marked_sections_alone():
    text = "before\n<!-- streams -->\nold\n<!-- /streams -->\nafter `old`\n"
    now = rewritten(text)
    assert now.startswith("before\n<!-- streams -->\n\n| stream |")
    assert now.endswith("|\n\n<!-- /streams -->\nafter `old`\n")


def test_main_writes_the_file(tmp_path):
    place = tmp_path / "page.md"
    place.write_text("<!-- phases -->\n<!-- /phases -->\n", encoding="utf-8")
    main([str(place)])
    assert SECTIONS["phases"]() in place.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nothing", "no markers"),
        ("<!-- weather -->\n<!-- /weather -->", "nothing writes a section 'weather'"),
        ("<!-- phases -->", "not closed by <!-- /phases -->"),
    ],
)
def test_a_wrong_marker_is_named(text, message):
    with pytest.raises(DocumentError, match=message):
        rewritten(text)


def test_main_says_which_file_cannot_be_read(tmp_path):
    with pytest.raises(SystemExit, match=r"gone\.md"):
        main([str(tmp_path / "gone.md")])


def test_uncertain_parameters_stand_in_bold(text):
    bold = set(re.findall(r"^\| \*\*`(\w+)`\*\* \|", section(text, "parameters"), re.MULTILINE))
    assert bold == {name for name, item in aimarket.parameters().items() if item.uncertain}


def test_a_default_by_firm_is_shown_by_firm(text):
    assert re.search(r"`outside_preference` .*\| 1\.6, 1, 1, 1 by firm \|", section(text, "parameters"))


def test_the_table_of_signals_holds_every_signal_and_nothing_else():
    rows = re.findall(r"^\| `([^`]*)` \| (.+) \|$", SECTIONS["signals"](), re.MULTILINE)
    assert sorted(name for name, _ in rows) == sorted(Signals.__annotations__)
