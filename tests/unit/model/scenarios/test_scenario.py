"""A scenario file of a stranger's is checked, and every mistake in it is named with its place and its remedy."""

import pytest

import aimarket
from aimarket.model.dates import quarter_number
from aimarket.model.scenarios.scenario import ScenarioError, load_scenario, parse_scenario

DEAL = """
title = "A deal"
[[deals]]
date = "2026Q2"
amount = 35.0
recipients = { Anthropic = 1.0 }
funders = { Apollo = 0.5, BlackRock = 0.5 }
earmark = { chips = 0.6, halls = 0.4 }
draw = [0.5, 0.5]
"""
CHANGE = """
[[changes]]
parameter = "grid_available"
from = "2027Q1"
until = "2028Q4"
multiply = 0.35
"""


def parsed(text):
    return parse_scenario(text, "mine", "mine.toml")


def deal_with(line, without=""):
    """Return the deal with one line more, and without the line that a word begins."""
    kept = [row for row in DEAL.splitlines() if not without or not row.startswith(without)]
    return "\n".join([*kept, line])


def change_with(line, without=""):
    kept = [row for row in CHANGE.splitlines() if not without or not row.startswith(without)]
    return "\n".join([*kept, line])


def test_a_deal_is_read_as_it_is_written():
    deal = parsed(DEAL).deals[0]
    assert (deal.amount, deal.start, deal.instrument) == (35.0, quarter_number("2026Q2"), "loan")
    assert deal.recipients == {"Anthropic": 1.0}
    assert deal.funders == {"Apollo": 0.5, "BlackRock": 0.5}
    assert (deal.earmark, deal.draw) == ({"chips": 0.6, "halls": 0.4}, (0.5, 0.5))


def test_a_change_is_read_as_it_is_written():
    change = parsed(CHANGE).changes[0]
    assert (change.parameter, change.way, change.value) == ("grid_available", "multiply", 0.35)
    assert (change.start, change.end) == (quarter_number("2027Q1"), quarter_number("2028Q4"))


@pytest.mark.parametrize(("at", "holds"), [("2026Q4", False), ("2027Q1", True), ("2028Q4", True), ("2029Q1", False)])
def test_a_change_holds_from_its_first_to_its_last_quarter(at, holds):
    assert parsed(CHANGE).changes[0].holds(quarter_number(at)) is holds


def test_an_empty_file_is_a_baseline():
    assert parsed("").deals == parsed("").changes == parsed("").entries == ()


WRONG = {
    # keys
    "unknown key": ('titel = "x"', r"mine\.toml: .*'titel'; did you mean 'title'"),
    "unknown key of a deal": (deal_with("ammount = 1.0"), r"deals\[0\]: .*'ammount'; did you mean 'amount'"),
    "unknown key of a change": (change_with('unitl = "2027Q1"'), r"changes\[0\]: .*'unitl'; did you mean 'until'"),
    "unknown key of an entry": (
        '[[entries]]\nfirm = "x"\ndate = "2026Q1"\nhwy = ""',
        r"entries\[0\].*did you mean 'why'",
    ),
    "missing date": (deal_with("", "date"), r"deals\[0\]: date is missing"),
    "missing amount": (deal_with("", "amount"), r"deals\[0\]: amount is missing"),
    "missing recipients": (deal_with("", "recipients"), r"deals\[0\]: recipients is missing"),
    "missing parameter": (change_with("", "parameter"), r"changes\[0\]: parameter is missing"),
    "missing from": (change_with("", "from"), r"changes\[0\]: from is missing"),
    "missing firm": ('[[entries]]\ndate = "2026Q1"', r"entries\[0\]: firm is missing"),
    # parameters
    "unknown parameter": ("[parameters]\noutside_waer = 0.05", r"'outside_waer'; did you mean 'outside_wear'"),
    "parameter out of range": (
        "[parameters]\noutside_wear = 2",
        r"outside_wear = 2 1/quarter lies outside \[0\.03, 0\.08\]",
    ),
    "parameter is text": ('[parameters]\noutside_wear = "much"', r"outside_wear = 'much' is not a number"),
    "parameter is a yes": ("[parameters]\noutside_wear = true", "outside_wear = '?True'? is not a number"),
    "parameter is a list": ("[parameters]\noutside_wear = [0.05]", r"outside_wear = '?\[0\.05\]'? is not a number"),
    "parameter is not a number at all": ("[parameters]\noutside_wear = nan", "outside_wear = '?nan"),
    "parameter is infinite": ("[parameters]\noutside_wear = inf", "outside_wear = '?inf"),
    "parameter is huge": (f"[parameters]\noutside_wear = 1{'0' * 400}", "outside_wear"),
    "structural parameter in parts": (
        "[parameters]\nhall_lead_time = 4.5",
        "hall_lead_time = 4.5 has to be one whole number",
    ),
    "parameters are no table": ("parameters = 3", "parameters has to be a table"),
    # numbers
    "amount is text": (deal_with('amount = "35"', "amount"), r"deals\[0\]: amount = '35' is not a number"),
    "amount is a yes": (deal_with("amount = true", "amount"), "amount = '?True'? is not a number"),
    "amount is not a number at all": (deal_with("amount = nan", "amount"), "amount = '?nan'? is not a number"),
    "amount is infinite": (deal_with("amount = inf", "amount"), "amount = '?inf'? is not a number"),
    "amount is negative": (deal_with("amount = -1", "amount"), r"amount = -1 lies outside \[0, 1000\]"),
    "amount is huge": (deal_with("amount = 1e9", "amount"), r"amount = 1e\+09 lies outside \[0, 1000\]"),
    "amount has 400 digits": (deal_with(f"amount = 1{'0' * 400}", "amount"), "amount"),
    "factor is text": (change_with('multiply = "half"', "multiply"), "multiply = 'half' is not a number"),
    "factor has 400 digits": (change_with(f"multiply = 1{'0' * 400}", "multiply"), "multiply"),
    # dates
    "month for a quarter": (
        deal_with('date = "2026-06"', "date"),
        r"deals\[0\]: date: '2026-06' is not a quarter; write it as 2026Q2",
    ),
    "fifth quarter": (deal_with('date = "2026Q5"', "date"), "'2026Q5' is not a quarter"),
    "date is a year": (deal_with("date = 2026", "date"), "2026 is not a quarter"),
    "date is a calendar date": (deal_with("date = 2026-06-08", "date"), "is not a quarter"),
    "end before start": (change_with('until = "2026Q1"', "until"), "until = 2026Q1 is before from = 2027Q1"),
    # parts
    "recipients beyond one": (
        deal_with("recipients = { Meta = 0.7, xAI = 0.7 }", "recipients"),
        "parts of recipients add to 1.4, expected 1",
    ),
    "recipients short of one": (
        deal_with("recipients = { Meta = 0.7 }", "recipients"),
        "parts of recipients add to 0.7, expected 1",
    ),
    "no recipients": (deal_with("recipients = {}", "recipients"), "parts of recipients add to 0, expected 1"),
    "no funders": (deal_with("", "funders"), "parts of funders add to 0, expected 1"),
    "earmark beyond one": (
        deal_with("earmark = { chips = 0.8, halls = 0.8 }", "earmark"),
        "parts of earmark add to 1.6",
    ),
    "negative part": (deal_with("earmark = { chips = -0.5 }", "earmark"), r"chips = -0\.5 lies outside \[0, 1\]"),
    "draw short of one": (deal_with("draw = [0.5]", "draw"), "parts of draw add to 0.5, expected 1"),
    "empty draw": (deal_with("draw = []", "draw"), "draw has to be a list of 1 to 40 parts"),
    "endless draw": (deal_with(f"draw = {[0.001] * 1000}", "draw"), "draw has to be a list of 1 to 40 parts"),
    "draw is a number": (deal_with("draw = 1.0", "draw"), "draw has to be a list"),
    "unknown use": (deal_with("earmark = { chip = 1.0 }", "earmark"), "'chip'; did you mean 'chips'"),
    "unknown instrument": (deal_with('instrument = "loam"'), "'loam'; did you mean 'loan'"),
    "recipients are no table": (deal_with('recipients = "Meta"', "recipients"), "recipients has to name parts"),
    # changes
    "two ways": (change_with("set = 0.5"), "exactly one of multiply, add, set"),
    "no way": (change_with("", "multiply"), "exactly one of multiply, add, set"),
    "change of an unknown parameter": (change_with('parameter = "grid"', "parameter"), r"changes\[0\]: .*'grid'"),
    "change of structure": (
        change_with('parameter = "hall_lead_time"', "parameter"),
        "hall_lead_time cannot change during a run",
    ),
    "firms are no list": (change_with('firms = "Meta"'), "firms has to be a list of names"),
    "firms are numbers": (change_with("firms = [1]"), "firms has to be a list of names"),
    # shape of the file
    "deals are one table": ("[deals]\namount = 1.0", r"deals has to be a list of tables, written \[\[deals\]\]"),
    "changes are a number": ("changes = 3", "changes has to be a list of tables"),
    "title is a number": ("title = 3", "title = 3 is not a text"),
    "truncated": ('title = "x"\n[[deals]]\namount = ', r"mine\.toml is not TOML: .*line 3"),
    "open string": ('title = "x', r"is not TOML: .*line 1"),
    "key twice": ('title = "x"\ntitle = "y"', r"is not TOML: .*line 2"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_mistake_is_named(what):
    text, message = WRONG[what]
    with pytest.raises(ScenarioError, match=message):
        parsed(text)


@pytest.mark.parametrize("what", WRONG)
def test_a_complaint_names_the_file_and_is_one_line(what):
    with pytest.raises(ScenarioError) as caught:
        parsed(WRONG[what][0])
    assert "mine.toml" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


DEPRECIATION = '[[changes]]\nparameter = "depreciation_labs"\nfrom = "2026Q1"\nset = 0.05\nfirms = [{}]'
FIRMS = {
    "unknown recipient": (deal_with("recipients = { Antropic = 1.0 }", "recipients"), "did you mean 'Anthropic'"),
    "unknown funder": (deal_with("funders = { Apolo = 1.0 }", "funders"), "did you mean 'Apollo'"),
    "funder as recipient": (deal_with("recipients = { Apollo = 1.0 }", "recipients"), "'Apollo'"),
    "unknown entrant": ('[[entries]]\nfirm = "Vendor entrnt"\ndate = "2026Q3"', "did you mean 'Vendor entrant'"),
    "change for an unknown firm": (DEPRECIATION.format('"Meto"'), "Meto"),
    "change for firms of two kinds": (DEPRECIATION.format('"Meta", "NVIDIA"'), "Meta, NVIDIA"),
    "change of a market's number for one firm": (
        change_with('firms = ["Meta"]'),
        "grid_available is one number for all",
    ),
}


@pytest.mark.parametrize("what", FIRMS)
def test_a_firm_that_does_not_exist_is_named(what):
    text, message = FIRMS[what]
    with pytest.raises(ScenarioError, match=message) as caught:
        aimarket.MarketModel(parsed(text))
    assert "mine.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("multiply = 0.001", r"from 2027Q1: grid_available = 0\.001 lies outside \[0\.05, 2\]"),
        ("add = 5", "grid_available = 6 lies outside"),
        ("set = -1", "grid_available = -1 lies outside"),
    ],
)
def test_a_change_that_leaves_the_range_is_named_with_its_quarter(line, message):
    with pytest.raises(ScenarioError, match=message):
        aimarket.MarketModel(parsed(change_with(line, "multiply")))


def test_a_start_that_there_is_no_data_for_is_named():
    with pytest.raises(ValueError, match="1999Q1"):
        aimarket.MarketModel(parsed('start = "1999Q1"'))


@pytest.mark.parametrize("start", ["../2025Q4", "2025Q4/../x", "", "roster"])
def test_a_start_is_no_path(start):
    with pytest.raises(ValueError, match="no initial state"):
        aimarket.MarketModel(parsed(f'start = "{start}"'))


# Names and files


@pytest.mark.parametrize(("wrong", "right"), [("deal_35", "deal_35bn"), ("base_line", "baseline"), ("bst", "bust")])
def test_an_unknown_scenario_tells_the_nearest(wrong, right):
    with pytest.raises(ScenarioError, match=f"no scenario '{wrong}'; did you mean '{right}'"):
        load_scenario(wrong)


@pytest.mark.parametrize(
    "name", ["../baseline", "../../roster", "/etc/passwd", "data/scenarios/baseline", "", ".", "a\0b"]
)
def test_a_name_is_no_path(name):
    with pytest.raises(ScenarioError, match="no scenario"):
        load_scenario(name)


def test_a_file_of_ones_own_is_read(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(DEAL)
    for place in (path, str(path)):
        case = load_scenario(place)
        assert (case.name, case.deals[0].amount) == ("mine", 35.0)


def test_a_file_of_ones_own_runs(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(DEAL + CHANGE)
    model = aimarket.MarketModel(path)
    for _ in range(2):
        model.step()
    assert model.history.latest("deal_draw")[0] == pytest.approx(17.5)


@pytest.mark.parametrize("content", [bytes(range(256)), b"\xff\xfe\x00", "title = 'ä'".encode("latin-1")])
def test_a_binary_file_is_refused_by_name(tmp_path, content):
    path = tmp_path / "binary.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=r"binary\.toml"):
        load_scenario(path)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(ScenarioError, match=r"cannot read scenario .*none\.toml: No such file"):
        load_scenario(tmp_path / "none.toml")


def test_a_folder_is_refused_by_name(tmp_path):
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(ScenarioError, match=r"cannot read scenario .*folder\.toml"):
        load_scenario(tmp_path / "folder.toml")
