"""The reference names every key of scenario and study files, and every key that it names is read."""

import datetime
import re
from pathlib import Path

import pytest
import tomli_w

from aimarket.experiments.designs.design import METHODS
from aimarket.experiments.publishing.generated_tables import rewritten
from aimarket.experiments.publishing.key_reference import SCENARIO, STUDY
from aimarket.experiments.sweeps.outcomes import REDUCTIONS
from aimarket.experiments.sweeps.study import StudyError
from aimarket.experiments.sweeps.study_file import DESIGN_KEYS, parse_study
from aimarket.model.deals.deal import ScenarioError
from aimarket.model.scenarios.scenario import load_scenario, parse_scenario
from aimarket.model.scenarios.scenario_writer import scenario_toml

from ....cli.line import typed

ROOT = Path(__file__).resolve().parents[4]
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
NEITHER = {"scenario": datetime.datetime(2026, 5, 1, 12, 30), "study": [True]}
"""What no key of such a file takes."""

LEASE = {
    "date": "2026Q2",
    "amount": 35,
    "instrument": "lease",
    "recipients": {"xAI": 1.0},
    "funders": {"Apollo": 1.0},
    "supplier": "NVIDIA",
    "tranches": [{"name": "A", "part": 1.0, "rate": 0.05, "guaranteed": True}],
    "guarantee": {"by": "NVIDIA", "up_to": 5},
    "covenant": {"coverage": 1.1, "quarters": 2},
    "when": {"indicator": "ai_revenue", "above": 1.0},
}
WHOLE_SCENARIO = {
    "changes": [{"parameter": "grid_available", "from": "2027Q1", "multiply": 0.5}],
    "deals": [LEASE],
    "entries": [{"firm": "Vendor entrant", "date": "2027Q1"}],
    "firms": {"xAI": {"class": "cautious"}},
}
WHOLE_STUDY = {
    "question": "What?",
    "quarters": 12,
    "design": {"method": "one_at_a_time", "parameters": ["dilution"]},
    "outcomes": {"sales": {"quantity": "ai_revenue", "at": "2026Q4"}},
}
PLACES = {
    "[[changes]]": ("changes", 0),
    "[[deals]]": ("deals", 0),
    "when": ("deals", 0, "when"),
    "covenant": ("deals", 0, "covenant"),
    "[[deals.tranches]]": ("deals", 0, "tranches", 0),
    "guarantee": ("deals", 0, "guarantee"),
    "[[entries]]": ("entries", 0),
    '[firms."NAME"]': ("firms", "xAI"),
    "[design]": ("design",),
    "[deal]": ("deal",),
    "[outcomes]": ("outcomes", "sales"),
}


def with_value(kind, whole, title, key):
    """Return the text of a whole file in which one key says what no key can."""
    content = _copy(whole)
    table = content
    for step in PLACES.get(title.partition("`")[2].partition("`")[0], ()):
        table = table[step] if isinstance(step, int) else table.setdefault(step, {})
    table[key] = NEITHER[kind]
    return tomli_w.dumps(content)


def _copy(value):
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def test_the_reference_is_as_the_code_gives_it_now():
    assert rewritten(REFERENCE) == REFERENCE, (
        "run python -m aimarket.experiments.publishing.generated_tables docs/reference.md"
    )


def test_the_command_line_prints_the_same():
    output = typed("validate", "--keys").stdout
    for table in re.findall(r"(?:^\|.*\n)+", REFERENCE, re.MULTILINE):
        assert table in output


def test_whole_files_are_read():
    assert parse_scenario(tomli_w.dumps(WHOLE_SCENARIO), "mine", "mine.toml").deals[0].guarantee == 5.0
    assert parse_study(tomli_w.dumps(WHOLE_STUDY)).quarters == 12


@pytest.mark.parametrize(("title", "key"), [(title, key.name) for title, keys in SCENARIO for key in keys])
def test_every_key_of_a_scenario_is_read(title, key):
    with pytest.raises(ScenarioError, match=key):
        parse_scenario(with_value("scenario", WHOLE_SCENARIO, title, key), "mine", "mine.toml")


@pytest.mark.parametrize(("title", "key"), [(title, key.name) for title, keys in STUDY for key in keys])
def test_every_key_of_a_study_is_read(title, key):
    with pytest.raises(StudyError, match=rf"{key}|no parameter's name"):
        parse_study(with_value("study", WHOLE_STUDY, title, key))


def test_every_option_of_a_design_and_every_reduction_can_be_said():
    assert {option for options in METHODS.values() for option in options} <= {key.name for key in DESIGN_KEYS}
    outcomes = {key.name for title, keys in STUDY for key in keys if title.startswith("`[outcomes]`")}
    assert set(REDUCTIONS) <= outcomes


@pytest.mark.parametrize("name", ["deal_reported", "lab_entry", "cautious_recipient", "triple_squeeze"])
def test_what_is_left_out_is_what_the_reference_says(name):
    """A file of ours with every usual value taken out is the same scenario."""
    case = load_scenario(name)
    assert parse_scenario(scenario_toml(case), case.name, "any") == case
