"""Firm overrides: a firm may have parameters of its own and another class, by name alone; a file never brings code."""

import sys
from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket.model.parameters import parameters
from aimarket.model.scenarios.firm_overrides import BEHAVIOURS, FirmOverride
from aimarket.model.scenarios.scenario import Scenario, parse_scenario, scenario_of
from aimarket.model.scenarios.scenario_writer import scenario_toml
from aimarket.server.sessions.twin_run import TwinRun

from ....builders import with_stocks

LAB, ROW = "Anthropic", 1
FIRMS = {
    "ai_labs": "Meta",
    "chip_vendors": "NVIDIA",
    "energy_suppliers": "Gas turbines",
    "equipment_suppliers": "Cooling",
    "asset_managers": "Apollo",
    "clouds": "Neoclouds",
}
OWN = [name for name, item in parameters().items() if item.group in FIRMS and not item.shared and not item.structural]


def parsed(text):
    return parse_scenario(text, "mine", "mine.toml")


def with_own(firm=LAB, behaviour="", **values):
    return Scenario("mine", firms={firm: FirmOverride(behaviour, values)}, source="mine.toml")


def run(scenario="baseline", quarters=3, **more):
    model = aimarket.MarketModel(scenario, rng=7, **more)
    for _ in range(quarters):
        model.step()
    return model


def state(model):
    return {(name, column): a for name, t in model.ledger.tables.items() for column, a in t.columns.items()}


def differing(one, other):
    return {key for key, array in state(one).items() if not np.array_equal(array, state(other)[key])}


@pytest.fixture(scope="module")
def plain():
    return run(replicates=2)


# Parameters of a firm's own


@pytest.mark.parametrize("name", OWN)
def test_every_parameter_of_a_firm_may_be_its_own(name):
    """One firm of its kind is at an end of the range, by a scenario: the market still runs, with its books closed."""
    item = parameters()[name]
    end = item.low if item.default > item.low else item.high
    model = run(with_own(FIRMS[item.group], **{name: end}), 2, replicates=2, strict=True, record=())
    population = next(p for p in model.populations if p.kind.group == item.group)
    row = population.names.index(FIRMS[item.group])
    values = model.base_values[name]
    assert values[row].tolist() == [end]
    assert (np.delete(values, row, 0) != end).any()


@pytest.mark.parametrize("group", FIRMS)
def test_values_that_all_have_change_nothing(group, plain):
    stocks, firms = aimarket.load_start().stocks[group], aimarket.load_start().names(group)
    row = firms.index(FIRMS[group])
    own = {name: item for name, item in parameters().items() if name in OWN and item.group == group}
    usual = {name: np.broadcast_to(stocks.get(name, item.default), len(firms))[row] for name, item in own.items()}
    model = run(with_own(FIRMS[group], **{name: float(value) for name, value in usual.items()}), replicates=2)
    assert own
    assert differing(model, plain) == set()


def test_a_lab_that_holds_less_working_capital_asks_for_less_money_and_nobody_else_does():
    poor = with_stocks(aimarket.load_start(), "ai_labs", cash=18.0)
    models = [run(case, 1, start=poor).labs for case in (with_own(working_capital=0.0), "baseline")]
    own, usual = (labs.debt_request + labs.equity_request for labs in models)
    assert own[ROW] < usual[ROW]
    assert np.array_equal(np.delete(own, ROW, 0), np.delete(usual, ROW, 0))


@pytest.mark.parametrize("dilution", [0.02, np.array([0.02, 0.04])])
def test_what_is_set_for_all_leaves_a_firms_own_value(dilution):
    model = aimarket.MarketModel(with_own(dilution=0.05), replicates=2, parameters={"dilution": dilution})
    values = np.broadcast_to(model.parameters.dilution, (len(model.labs), 2))
    assert values[ROW].tolist() == [0.05, 0.05]
    assert values[0].tolist() == np.broadcast_to(dilution, 2).tolist()


def test_money_of_a_firms_own_is_scaled_by_the_price_level():
    model = aimarket.MarketModel(with_own(labour_floor=0.2), parameters={"price_level": 3.0})
    assert model.parameters.labour_floor[ROW, 0] == pytest.approx(0.6)


def test_a_change_for_some_firms_builds_on_their_own_values():
    text = (
        f'[firms."{LAB}"]\nparameters = {{ dilution = 0.02 }}\n'
        f'[[changes]]\nparameter = "dilution"\nfrom = "2026Q2"\nmultiply = 1.5\nfirms = ["{LAB}"]'
    )
    model = run(parsed(text), 2)
    assert model.parameters.dilution[:3, 0].tolist() == [0.0325, 0.03, 0.0325]


def test_batches_report_values_of_firms_and_replicates():
    dilution = np.array([0.02, 0.03, 0.04])
    for batch in (1, 2, 3):
        runs = aimarket.run_ensemble(with_own(dilution=0.05), 3, 1, parameters={"dilution": dilution}, batch=batch)
        assert runs.effective["dilution"][ROW].tolist() == [0.05] * 3
        assert runs.effective["dilution"][0].tolist() == dilution.tolist()


# The roster


def test_the_roster_may_give_a_firm_values_of_its_own():
    start = replace(aimarket.load_start(), parameters={LAB: {"dilution": 0.03}, "Apollo": {"debt_mandate": 0.5}})
    overrides = {LAB: FirmOverride("", {"dilution": 0.03}), "Apollo": FirmOverride("", {"debt_mandate": 0.5})}
    by_roster, by_scenario = aimarket.MarketModel(start=start), aimarket.MarketModel(Scenario("mine", firms=overrides))
    for name in ("dilution", "debt_mandate"):
        assert np.array_equal(by_roster.base_values[name], by_scenario.base_values[name]), name


def test_what_is_set_for_all_overrides_the_roster():
    start = replace(aimarket.load_start(), parameters={LAB: {"dilution": 0.03}})
    assert aimarket.MarketModel(start=start, parameters={"dilution": 0.02}).parameters.dilution == 0.02


def test_a_start_with_other_firms_forgets_the_values_of_those_that_are_gone():
    start = replace(aimarket.load_start(), parameters={LAB: {"dilution": 0.03}, "Apollo": {"herding": 2.0}})
    labs = tuple((name.lower(), active) for name, active in start.roster["ai_labs"])
    assert start.with_firms("ai_labs", labs).parameters == {"Apollo": {"herding": 2.0}}


@pytest.mark.parametrize(
    ("own", "output"),
    [
        ({"Antropic": {"dilution": 0.03}}, "the roster: the roster has no 'Antropic'; did you mean 'Anthropic'"),
        ({LAB: {"dilution": 3}}, r"the roster, Anthropic: dilution = 3 1/quarter lies outside \[0\.015, 0\.05\]"),
    ],
)
def test_a_mistake_in_the_roster_is_named(own, output):
    with pytest.raises(ValueError, match=output):
        aimarket.MarketModel(start=replace(aimarket.load_start(), parameters=own))


def test_values_of_our_own_roster_have_a_source():
    import tomllib
    from importlib.resources import files

    roster = tomllib.loads(files("aimarket.model").joinpath("data", "roster.toml").read_text("utf-8"))
    assert [f["name"] for firms in roster.values() for f in firms if "parameters" in f and not f.get("source")] == []


# Classes by name


@pytest.mark.parametrize("word", BEHAVIOURS)
def test_a_class_is_chosen_by_its_word(word):
    cls = BEHAVIOURS[word]
    firm = FIRMS[cls.group]
    model = run(parsed(f'[firms."{firm}"]\nclass = "{word}"'), 1)
    assert [agent.name for agent in model.agents_by_type[cls]] == [firm]


def test_code_overrides_the_class_of_a_scenario():
    model = run(with_own(behaviour="cautious"), 0, firms={LAB: aimarket.AILab})
    assert {cls.__name__ for cls in model.labs.classes} == {"AILab"}


HOSTILE = [
    "os.system",
    "aimarket.agents.ai_lab.AILab",
    "__import__('os')",
    "../evil.py",
    "evil",
    "evil:Lab",
    "CautiousLab",
    "AILab",
    "",
    " cautious",
    "Cautious",
    "__class__",
    "keys",
    "get",
    "file:///evil.py",
    "cautious\u0000",
]


@pytest.mark.parametrize("word", HOSTILE)
def test_any_other_word_is_refused_and_nothing_is_imported(word, tmp_path, monkeypatch):
    (tmp_path / "evil.py").write_text("raise SystemExit('this ran')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    text = f"[firms.Meta]\nclass = {toml(word)}"
    before = set(sys.modules)
    with pytest.raises(
        aimarket.ScenarioError, match=r"firms, Meta: class = .* is none of cautious, momentum; a scenario"
    ):
        parsed(text)
    assert set(sys.modules) - before == set()


def toml(word):
    import tomli_w

    return tomli_w.dumps({"a": word}).partition("= ")[2].strip()


@pytest.mark.parametrize("value", ["3", "true", "['cautious']", "{ path = 'evil' }", "nan"])
def test_a_class_that_is_no_word_is_refused(value):
    with pytest.raises(aimarket.ScenarioError, match=r"class = .* is none of cautious, momentum"):
        parsed(f"[firms.Meta]\nclass = {value}")


def test_a_role_made_in_code_brings_no_other_class_either():
    with pytest.raises(aimarket.ScenarioError, match="no 'cautios'; did you mean 'cautious'"):
        aimarket.MarketModel(with_own(behaviour="cautios"))


WRONG = {
    "unknown firm": ('[firms.Antropic]\nclass = "cautious"', "did you mean 'Anthropic'"),
    "unknown firm with values": (
        "[firms.Antropic]\nparameters = { depreciation_labs = 0.05 }",
        "did you mean 'Anthropic'",
    ),
    "class of another kind": ('[firms.Apollo]\nclass = "cautious"', "Apollo is one of asset_managers, and 'cautious'"),
    "unknown key": ("[firms.Meta]\nclas = 'cautious'", "firms, Meta: .*'clas'; did you mean 'class'"),
    "unknown parameter": (
        "[firms.Meta]\nparameters = { depreciation_lab = 0.05 }",
        "firms, Meta: .*did you mean 'depreciation_labs'",
    ),
    "out of range": (
        "[firms.Meta]\nparameters = { depreciation_labs = 2 }",
        r"firms, Meta: depreciation_labs = 2 1/quarter lies outside \[0\.03",
    ),
    "no number": (
        "[firms.Meta]\nparameters = { depreciation_labs = 'x' }",
        "firms, Meta: depreciation_labs = 'x' is not a number",
    ),
    "parameters are no table": ("[firms.Meta]\nparameters = 3", "firms, Meta: parameters has to be a table"),
    "parameter of another kind": ("[firms.Meta]\nparameters = { herding = 2 }", "herding is a parameter of asset_man"),
    "parameter of a market": ("[firms.Meta]\nparameters = { grid_available = 1 }", "one number for all firms; set it"),
    "shared parameter": ("[firms.Meta]\nparameters = { reference_rate = 0.08 }", "one number for all firms; set it"),
    "structural": ("[firms.NVIDIA]\nparameters = { ramp_quarters = 4 }", "one number for all firms; set it"),
    "firms are a list": ("[[firms]]\nname = 'Meta'", r'firms has to be a table a firm, written \[firms\."NAME"\]'),
    "firms are a number": ("firms = 3", "firms has to be a table a firm"),
    "a firm is a word": ("[firms]\nMeta = 'cautious'", "firms has to be a table a firm"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_mistake_is_named_in_one_line_with_its_file(what):
    text, output = WRONG[what]
    with pytest.raises(aimarket.ScenarioError, match=output) as caught:
        aimarket.MarketModel(parsed(text))
    assert "mine.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


# Where a scenario goes, its firm overrides go


@pytest.mark.parametrize("name", ["cautious_recipient", "momentum"])
def test_roles_come_back_from_plain_values_and_from_toml(name):
    case = aimarket.load_scenario(name)
    assert case.firms
    assert scenario_of(case.describe(), case.source) == case
    assert parse_scenario(scenario_toml(case), name, case.source) == case


def test_a_description_without_roles_is_one_of_before_there_were_any():
    output = aimarket.load_scenario("deal_35bn").describe()
    del output["firms"]
    assert scenario_of(output, "deal_35bn.toml") == aimarket.load_scenario("deal_35bn")


@pytest.mark.parametrize("name", ["cautious_recipient", "momentum"])
def test_a_saved_run_takes_its_roles_up_again(name, tmp_path):
    half = run(name, 3)
    half.save(tmp_path / "run.npz")
    again, whole = aimarket.MarketModel.restore(tmp_path / "run.npz"), run(name, 6)
    for _ in range(3):
        again.step()
    assert differing(again, whole) == set()


@pytest.mark.parametrize("name", ["cautious_recipient", "momentum"])
def test_the_browser_holds_a_role_against_the_world_without_it(name):
    run = TwinRun(name)
    run.reach(4)
    own, twin = run.at(4).own, run.at(4).twin
    assert own.indicator("lab_compute") != twin.indicator("lab_compute")
