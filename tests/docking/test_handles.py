"""Views refuse to write, firms refuse what is not theirs, mirrors show what another kind keeps."""

import numpy as np
import pytest

import aimarket

from ..builders import all_different


@pytest.fixture
def market():
    model = aimarket.MarketModel("deal_35bn", start=all_different())
    model.step()
    return model


@pytest.fixture
def crowd():
    model = aimarket.MarketModel(start=all_different(), replicates=3)
    model.step()
    return model


def lab_of(model, row=1):
    return next(agent for agent in model.agents if agent.group == "ai_labs" and agent.row == row)


@pytest.mark.parametrize("name", ["cash", "price", "fleet", "dilution", "chips_ordered", "anything", "remembered"])
def test_a_view_refuses_to_write(market, name):
    with pytest.raises(AttributeError, match="view is read-only"):
        setattr(market.labs.all, name, 1.0)


@pytest.mark.parametrize("name", ["cash", "price", "fleet", "chips_ordered"])
def test_what_a_view_shows_cannot_be_changed_in_place(market, name):
    with pytest.raises(ValueError, match="read-only"):
        getattr(market.labs.all, name)[0] = 1.0


@pytest.mark.parametrize("name", ["cash", "fixed_assets", "loans", "equity_held", "vendor_finance"])
def test_a_ledger_column_refuses_and_names_the_ledger(market, name):
    with pytest.raises(AttributeError, match=rf"{name} is money: .*ledger\.transfer"):
        setattr(lab_of(market), name, 1.0)


def test_money_is_unchanged_after_a_refusal(market):
    lab = lab_of(market)
    before = lab.cash
    with pytest.raises(AttributeError):
        lab.cash += 1.0
    assert lab.cash == before


@pytest.mark.parametrize(("wrong", "right"), [("markt_share", "market_share"), ("brnd", "brand"), ("prise", "price")])
def test_writing_an_unknown_name_tells_the_nearest(market, wrong, right):
    with pytest.raises(AttributeError, match=f"AILab has no '{wrong}'; did you mean '{right}'"):
        setattr(lab_of(market), wrong, 1.0)


def test_reading_an_unknown_name_raises(market):
    with pytest.raises(AttributeError, match="markt_share"):
        _ = lab_of(market).markt_share


def test_reading_an_unknown_column_tells_the_nearest(market):
    with pytest.raises(AttributeError, match="AILab has no 'markt_share'; did you mean 'market_share'"):
        _ = market.labs.markt_share


def test_a_parameter_refuses_and_says_how_to_set_it(market):
    with pytest.raises(AttributeError, match=r"dilution is a parameter: pass parameters=\{'dilution'"):
        lab_of(market).dilution = 0.05


def test_a_mirror_refuses_and_says_whose_it_is(market):
    with pytest.raises(AttributeError, match=r"chips_ordered mirrors chip_vendors\.backlog"):
        lab_of(market).chips_ordered = 1.0


def test_writing_a_firms_column_changes_that_firm_alone(market):
    before = market.labs.log_efficiency
    lab_of(market).log_efficiency = 0.75
    assert market.labs.log_efficiency[1, 0] == 0.75
    assert np.array_equal(np.delete(market.labs.log_efficiency, 1, 0), np.delete(before, 1, 0))


def test_one_value_is_written_in_all_replicates(crowd):
    lab_of(crowd).log_efficiency = 0.75
    assert (crowd.labs.log_efficiency[1] == 0.75).all()


def test_one_value_a_replicate_can_be_written(crowd):
    lab_of(crowd).log_efficiency = [0.1, 0.2, 0.3]
    assert crowd.labs.log_efficiency[1].tolist() == [0.1, 0.2, 0.3]


def test_too_many_values_are_refused(crowd):
    with pytest.raises(ValueError, match="shape"):
        lab_of(crowd).log_efficiency = [0.1, 0.2, 0.3, 0.4]


def test_a_firm_in_one_replicate_shows_floats(market):
    lab = lab_of(market)
    assert type(lab.cash) is float
    assert lab.cash == market.labs.cash[1, 0]


def test_a_firm_in_many_replicates_shows_one_value_each(crowd):
    assert np.array_equal(lab_of(crowd).cash, crowd.labs.cash[1])


def test_a_lab_sees_its_orders_as_vendors_keep_them(market):
    labs = len(market.labs)
    kept = {"chips_ordered": "backlog", "order_value": "order_value", "prepaid": "prepaid"}
    for mirror, column in kept.items():
        there = market.vendors.columns[column][:, :labs]
        assert np.array_equal(getattr(market.labs.all, mirror), there.transpose(1, 0, 2)), mirror


def test_a_mirror_leaves_out_the_rest_of_the_world(crowd):
    shape = len(crowd.labs), len(crowd.vendors), crowd.replicates
    assert crowd.vendors.backlog.shape[1] == len(crowd.labs) + len(crowd.clouds) + 1
    assert crowd.labs.all.chips_ordered.shape == shape
    assert crowd.clouds.all.chips_ordered.shape == (len(crowd.clouds), len(crowd.vendors), crowd.replicates)


def test_one_labs_mirror_is_its_row(market):
    assert np.array_equal(lab_of(market).chips_ordered, market.vendors.backlog[:, 1, 0])


def test_a_view_has_the_names_of_its_firms(market):
    assert market.labs.all.name == market.labs.names
    assert lab_of(market).name == market.labs.names[1]
