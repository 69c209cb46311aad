"""What people write by mistake into a scenario is told with its remedy, and never silently does nothing."""

import codecs
from dataclasses import replace

import pandas as pd
import pytest

import aimarket
from aimarket import Condition, Deal, LateWarning, ScenarioError, Tranche
from aimarket.experiments.sweeps.study_file import parse_study
from aimarket.model.scenarios.firm_overrides import FirmOverride
from aimarket.model.scenarios.scenario import Change, Entry, Scenario, load_scenario, parse_scenario
from aimarket.server.cli.commands.validate import checked

DEAL = '[[deals]]\ndate = "2026Q2"\namount = 35\nrecipients = { Anthropic = 1.0 }\nfunders = { Apollo = 1.0 }\n'
CHANGE = '[[changes]]\nparameter = "grid_available"\nfrom = "2027Q1"\nmultiply = 0.5\n'
ENTRY = '[[entries]]\nfirm = "Vendor entrant"\ndate = "2027Q1"\n'
EVERYBODY = " , ".join(
    f'"{name}" = {part}'
    for name, part in zip(
        (
            "Apollo",
            "BlackRock",
            "Blackstone",
            "Sovereign and growth equity",
            "Insurers and investment-grade credit",
            "Venture capital",
        ),
        (0.2, 0.2, 0.2, 0.2, 0.1, 0.1),
        strict=True,
    )
)

WRONG = {
    "a rate in per cent": (DEAL + "rate = 7", "rate = 7 lies outside .*; 7 % is written 0.07"),
    "parts in per cent": (DEAL.replace("= 1.0 }", "= 100 }", 1), "Anthropic = 100 .*; 100 % is written 1"),
    "draws in per cent": (DEAL + "draw = [50, 50]", "50 % is written 0.5"),
    "the same deal twice": (DEAL + DEAL, r"deals\[1\]: it is a deal above once more"),
    "a name twice": (2 * (DEAL + 'name = "x"\n'), "two deals are called 'x'"),
    "the same change twice": (CHANGE + CHANGE, r"changes\[1\]: it is a change above once more"),
    "an entry twice": (ENTRY + ENTRY, "Vendor entrant enters twice"),
    "a deal before the run": (DEAL.replace("2026Q2", "2025Q4"), "2025Q4 is before the run's first quarter, 2026Q1"),
    "a change before the run": (
        CHANGE.replace("2027Q1", "2024Q1") + 'until = "2025Q4"',
        "until 2025Q4 is before the run's first quarter",
    ),
    "an unknown indicator": (
        DEAL + 'when = { indicator = "ai_revenu", above = 3.0 }',
        "the model has no 'ai_revenu'; did you mean",
    ),
    "a firm that differs in nothing": ('[firms."xAI"]\nwhy = "so"', "xAI: it differs in nothing"),
    "a part to pass on to nobody": (
        DEAL.replace("Apollo = 1.0", EVERYBODY) + "syndicated = 0.5",
        "none is left to pass a part on to",
    ),
    "a covenant of nothing": (DEAL + "covenant = { coverage = 0, quarters = 2 }", "covenants nothing"),
    "a single table": (DEAL.replace("[[deals]]", "[deals]"), r"written \[\[deals\]\]"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_what_would_do_nothing_or_something_else_is_reported(text, said):
    with pytest.raises(ScenarioError, match=said):
        aimarket.MarketModel(parse_scenario(text, "mine", "mine.toml"), record=())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_is_read_however_an_editor_has_saved_it(tmp_path, encoding, end):
    file = tmp_path / "mine.toml"
    file.write_bytes(('title = "größer"\n' + DEAL).replace("\n", end).encode(encoding))
    assert load_scenario(file).deals == parse_scenario(DEAL, "mine", "mine.toml").deals
    assert load_scenario(file).title == "größer"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('title = "größe"'.encode("latin-1"), "save it as UTF-8"),
        (codecs.BOM_UTF16_LE + b"\x00", "save it as UTF-8"),
        (b'{"deals": []}', "is not TOML"),
        (b"\x00\x00", "is not TOML"),
    ],
)
def test_a_file_that_is_something_else_is_reported(tmp_path, content, said):
    file = tmp_path / "mine.toml"
    file.write_bytes(content)
    assert said in checked(str(file)).error


def test_an_empty_file_is_said_to_change_nothing(tmp_path):
    (tmp_path / "mine.toml").write_text("\n")
    assert checked(str(tmp_path / "mine.toml")).note == " that changes nothing"


@pytest.mark.parametrize("text", [DEAL, CHANGE, ENTRY], ids=["deal", "change", "entry"])
def test_what_lies_after_the_run_is_warned_of(text):
    case = parse_scenario(text.replace("2026Q2", "2027Q1"), "mine", "mine.toml")
    with pytest.warns(LateWarning, match="mine: the run ends in 2026Q4, before .*2027Q1.*: that never happens"):
        aimarket.run_ensemble(case, replicates=1, quarters=4)


def test_a_study_warns_of_it_too():
    text = 'question = "What?"\nscenarios = ["deal_delayed"]\nquarters = 4\n[design]\nmethod = "one_at_a_time"\n'
    with pytest.warns(LateWarning, match="deal_delayed"):
        parse_study(text + 'parameters = ["dilution"]\n[outcomes]\nx = { quantity = "ai_revenue", at = "2026Q2" }\n')


TERMS = {"recipients": {"Anthropic": 1.0}, "funders": {"Apollo": 1.0}}
QUARTERS = ("2027Q1", pd.Period("2027Q1"), pd.Timestamp("2027-03-31"), 8108)


@pytest.mark.parametrize("quarter", QUARTERS, ids=str)
def test_everything_made_in_code_takes_a_quarter_as_people_write_it(quarter):
    assert Deal("x", quarter, 35, **TERMS).start == 8108
    assert Entry("Vendor entrant", quarter).start == 8108
    change = Change("grid_available", quarter, quarter, "multiply", 0.5)
    assert (change.start, change.end) == (8108, 8108)
    assert Scenario("x", start=quarter).start == "2027Q1"


@pytest.mark.parametrize(
    "quarter", ["2027Q5", "2027", 2027, None, pd.NaT, pd.Period("2027", "Y"), 8108.0, True], ids=str
)
def test_a_quarter_that_is_none_fails_where_it_is_given(quarter):
    for make in (lambda: Deal("x", quarter, 35, **TERMS), lambda: Entry("Vendor entrant", quarter)):
        with pytest.raises(ScenarioError, match="write it as 2026Q2"):
            make()
    with pytest.raises(ScenarioError, match="write it as 2026Q2"):
        Change("grid_available", quarter, None, "multiply", 0.5)


BAD_CODE = {
    "no such indicator bound": lambda: Condition("ai_revenue"),
    "both bounds": lambda: Condition("ai_revenue", above=1.0, below=2.0),
    "a bound in words": lambda: Condition("ai_revenue", above="30"),
    "a rate in per cent": lambda: Tranche("A", 1.0, 7),
    "a part below nothing": lambda: Deal(
        "x", "2027Q1", 35, recipients={"xAI": 1.5, "Meta": -0.5}, funders={"Apollo": 1}
    ),
    "no number": lambda: Deal("x", "2027Q1", float("nan"), **TERMS),
    "an unknown use": lambda: Deal("x", "2027Q1", 35, earmark={"chip": 1.0}, **TERMS),
    "one draw": lambda: Deal("x", "2027Q1", 35, draw=1.0, **TERMS),
    "grace without a covenant": lambda: Deal("x", "2027Q1", 35, grace=3, **TERMS),
    "a deal in words": lambda: Scenario("x", deals=("35 bn",)),
    "a single deal": lambda: Scenario("x", deals=Deal("x", "2027Q1", 35, **TERMS)),
    "a class in words": lambda: Scenario("x", firms={"xAI": "cautious"}),
    "an unknown way": lambda: Change("grid_available", "2027Q1", None, "times", 0.5),
    "an end before the start": lambda: Change("grid_available", "2027Q1", "2026Q4", "multiply", 0.5),
    "a parameter that shapes": lambda: Change("hall_lead_time", "2027Q1", None, "set", 4),
    "no such term": lambda: load_scenario("deal_35bn").with_deal(ammount=70),
    "too few terms": lambda: load_scenario("baseline").with_deal(amount=70),
    "no terms": lambda: load_scenario("baseline").with_deal(),
    "which of several": lambda: load_scenario("financing_valor").with_deal(amount=70),
}


@pytest.mark.parametrize("make", BAD_CODE.values(), ids=BAD_CODE)
def test_what_cannot_be_fails_at_construction(make):
    with pytest.raises(ScenarioError):
        make()


def test_a_scenario_made_in_code_is_the_one_of_a_file():
    text = (
        DEAL + 'name = "x"\nrate = 0.07\nterm = 8\nwhen = { indicator = "ai_revenue", above = 30 }\n' + CHANGE + ENTRY
    )
    text += '[firms."xAI"]\nclass = "cautious"\n'
    deal = Deal(
        "x",
        "2026Q2",
        35,
        recipients={"Anthropic": 1},
        funders={"Apollo": 1},
        rate=0.07,
        term=8,
        condition=Condition("ai_revenue", above=30),
    )
    made = Scenario(
        "mine",
        deals=[deal],
        changes=[Change("grid_available", "2027Q1", None, "multiply", 0.5)],
        entries=[Entry("Vendor entrant", "2027Q1")],
        firms={"xAI": FirmOverride("cautious")},
    )
    assert made == parse_scenario(text, "mine", "somewhere/mine.toml")


def test_with_deal_replaces_adds_and_changes():
    case, own = load_scenario("deal_35bn"), Deal("own", "2027Q1", 70, **TERMS)
    assert case.with_deal(own).deals == (own,)
    assert case.with_deal(own, add=True).deals == (*case.deals, own)
    assert case.with_deal(amount=70).deals == (replace(case.deals[0], amount=70.0),)
    assert case.with_deal(instrument="vendor").deals[0].funders == {}
    assert case.without_deals().deals == ()
    made = load_scenario("baseline").with_deal(start="2027Q1", amount=70, **TERMS)
    assert made.deals == (Deal("deal 1", "2027Q1", 70, **TERMS),)
    assert case.with_deal(amount=70).title == "70 bn for Anthropic"
