"""A deal beyond what its funders have is told, with what has to be called from savers."""

import warnings

import pytest

import aimarket
from aimarket import Deal, FundingWarning

from ....cli.line import typed

TERMS = {"start": "2026Q2", "recipients": {"Anthropic": 1.0}, "funders": {"Apollo": 1.0}}
FILE = '[[deals]]\nname = "a large deal"\ndate = "2026Q2"\namount = 900\nrecipients = { Anthropic = 1.0 }\n'


def model_with(amount, parameters=None, **terms):
    case = aimarket.load_scenario("baseline").with_deal(Deal("a large deal", amount=amount, **TERMS | terms))
    return aimarket.MarketModel(case, parameters=parameters)


def test_a_deal_beyond_its_funder_s_assets_is_warned_of():
    with pytest.warns(FundingWarning, match="Apollo is to give 450 bn .a large deal. and has 232 bn: about 429 bn"):
        model_with(900.0)


def test_what_is_said_to_be_called_is_what_the_model_calls():
    with pytest.warns(FundingWarning):
        model = model_with(900.0)
    model.step()
    cash = model.managers.cash[0, 0]
    model.step()
    expected = 450.0 - model.parameters.ready_cash_share * cash
    assert model.managers.called[0, 0] == pytest.approx(expected, rel=0.02)
    assert expected == pytest.approx(429.0, rel=0.03)


def test_the_factor_on_amounts_counts():
    with pytest.warns(FundingWarning, match="Apollo is to give 300 bn"):
        model_with(60.0, {"deal_scale": 10.0})


def test_a_funder_without_savers_overdraws_its_account():
    with pytest.warns(FundingWarning, match="NVIDIA is to give 500 bn .* overdrawn by 440 bn"):
        model_with(500.0, instrument="equity", funders={"NVIDIA": 1.0})


@pytest.mark.parametrize("name", [name for name, case in aimarket.scenarios().items() if case.deals])
def test_nobody_is_warned_of_what_funders_can_pay(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        aimarket.MarketModel(name, record=())


@pytest.mark.parametrize("command", [("run", "--replicates", "2", "--quarters", "2"), ("validate",)])
def test_a_command_says_it_in_one_line(tmp_path, command):
    file = tmp_path / "mine.toml"
    file.write_text(FILE + "funders = { Apollo = 1.0 }\n")
    name, *options = command
    result = typed(name, file, *options)
    assert result.exit_code == 0
    (line,) = [line for line in result.stderr.splitlines() if "warning" in line]
    assert line.startswith("aimarket: warning: Apollo is to give 450 bn")
