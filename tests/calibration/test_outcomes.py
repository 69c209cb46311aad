"""Outcomes: what the model has for a series, by hand."""

import numpy as np
import pytest

from aimarket.experiments.calibration.bank import run_bank, started
from aimarket.experiments.calibration.errors import disturbed, drifts_of
from aimarket.experiments.calibration.outcomes import RECORD, Runs, outcome, runs_of
from aimarket.experiments.calibration.prior import prior
from aimarket.experiments.calibration.series import declared_series, find_series
from aimarket.experiments.designs.design import make_design
from aimarket.experiments.runs.ensemble import run_ensemble
from aimarket.model.initial_state import load_start
from aimarket.model.market_model import MarketModel
from aimarket.model.parameters import parameters

LABS = ("openai", "anthropic", "google", "meta", "xai")


@pytest.fixture(scope="module")
def runs():
    return runs_of(run_ensemble(started("2023Q4"), 3, 8, record=RECORD))


def by_hand(**paths):
    names = {
        "sales": ("chip_vendors.sales", "NVIDIA"),
        "output_ever": ("chip_vendors.output_ever", "NVIDIA"),
        "performance": ("chip_vendors.performance", "NVIDIA"),
        "all_sales": ("vendor_sales", ""),
        "clusters": ("cluster_sales", ""),
    }
    return Runs(load_start("2023Q4"), {names[key]: np.array(values)[:, None] for key, values in paths.items()})


def test_units_are_the_change_of_what_was_ever_made():
    made = load_start("2023Q4").array("chip_vendors", "output_ever")[0, 0]
    runs = by_hand(output_ever=[made + 0.5, made + 1.25])
    assert outcome(runs, find_series("nvidia_units"))[:, 0] == pytest.approx([0.5, 0.75])


def test_the_price_of_compute_is_that_of_the_generation_delivered():
    made = load_start("2023Q4").array("chip_vendors", "output_ever")[0, 0]
    first = load_start("2023Q4").array("chip_vendors", "performance")[0, 0]
    made, sales = [made + 0.5, made + 1.0], [16.0, 20.0]
    runs = by_hand(output_ever=made, sales=sales, performance=[2.0, 2.0], all_sales=[20.0, 25.0], clusters=[5.0, 5.0])
    expected = [1.25 * 16.0 / (0.5 * first), 1.20 * 20.0 / (0.5 * 2.0)]
    assert outcome(runs, find_series("nvidia_price"))[:, 0] == pytest.approx(expected)


def test_what_labs_are_observed_to_use_is_compared_with_what_runs(runs):
    """What labs own, rent and are housed with, as far as it ran for them; what comes runs from the next quarter on."""
    labs = ("own_compute", "in_house", "rented", "housed", "compute", "sublet")
    ran = run_ensemble(started("2023Q4"), 3, 8, record=[f"ai_labs.{name}" for name in labs])
    own, in_house, rented, housed, owned, sublet = (ran.values(name, "ai_labs") for name in labs)
    for row, name in enumerate(LABS):
        read = outcome(runs, find_series(f"{name}_compute"))
        assert read == pytest.approx((own - in_house + rented - sublet + housed)[:, row])
    assert (own[:, 3] < owned[:, 3]).all()


def test_what_ran_in_the_world_is_what_its_owners_ran(runs):
    """In the first quarter that is the start's, what ran in the quarter before and what came in it; growing halls."""
    series, start = find_series("world_running"), runs.start
    began = sum(start.array("ai_labs", name).sum() for name in ("running", "arriving"))
    began += sum(start.array("clouds", name).sum() for name in ("running", "arriving"))
    began += sum(start.array("economy", f"outside_{name}") for name in ("running", "arriving"))
    world = outcome(runs, series)
    assert world[0] == pytest.approx(began, rel=1e-3)  # all of it has halls
    part = sum(outcome(runs, find_series(f"{name}_compute")) for name in LABS)
    assert outcome(runs, find_series("labs_share")) == pytest.approx(part / world)


def test_capital_spending_takes_each_company_once(runs):
    names = ("capex", "other_capex")
    spent = run_ensemble(started("2023Q4"), 3, 8, record=[f"{k}.{n}" for k in ("ai_labs", "clouds") for n in names])
    clouds = sum(spent.values(name, "clouds") for name in names)
    of_meta = sum(spent.values(name, "ai_labs")[:, 3] for name in names)
    assert outcome(runs, find_series("big_four_capex")) == pytest.approx(clouds[:, :3].sum(1) + of_meta)
    assert outcome(runs, find_series("oracle_capex")) == pytest.approx(clouds[:, 3])


def test_a_landlord_s_books_are_read_as_they_stand(runs):
    kept = ("fleet", "backlog", "debt", "rent_income", "rent_price")
    quarters, premium = 8, parameters()["small_premium"].default
    model, read = MarketModel(started("2023Q4"), replicates=3, record=()), {name: [] for name in kept}
    for _ in range(quarters):
        model.step()
        for name in kept:
            read[name].append(getattr(model.clouds.all, name)[4])
    fleet, backlog, debt, earned, asked = (np.array(read[name]) for name in kept)
    assert outcome(runs, find_series("neoclouds_fleet")) == pytest.approx(fleet.sum(1))
    assert outcome(runs, find_series("coreweave_backlog")) == pytest.approx(backlog)
    assert outcome(runs, find_series("coreweave_debt")) == pytest.approx(debt)
    growth = outcome(runs, find_series("coreweave_revenue"))
    assert np.isnan(growth[0]).all()
    assert growth[1:] == pytest.approx(earned[1:] / earned[:-1])
    assert outcome(runs, find_series("contract_rent")) == pytest.approx(premium * asked.mean(1) / 2.19)


def test_rent_of_labs_is_a_rate_a_year(runs):
    due = run_ensemble(started("2023Q4"), 3, 8, record=("ai_labs.rent_bill",)).values("rent_bill", "ai_labs")
    assert outcome(runs, find_series("anthropic_rent")) == pytest.approx(4.0 * due[:, 1])
    assert outcome(runs, find_series("openai_rent"))[7] == pytest.approx(due[4:, 0].sum(0))


def test_a_yearly_series_is_a_mean_of_four_quarters(runs):
    path, quarters = outcome(runs, find_series("power_price")), runs("power_price", "")
    assert np.isnan(path[:3]).all()
    assert path[7] == pytest.approx(quarters[4:].mean(0))


def test_every_series_finds_its_outcome(runs):
    assert all(outcome(runs, series).shape == (8, 3) for series in declared_series().values())


def test_the_bank_holds_what_an_ensemble_of_its_points_has(tmp_path):
    bank = run_bank(tmp_path / "bank", size=4, workers=0)
    points = make_design("latin_hypercube", prior(), size=4, seed=20_231_231).points
    runs = runs_of(run_ensemble(started("2023Q4"), None, 8, 20_231_231, points, record=RECORD))
    same = np.stack([outcome(runs, series) for series in bank.series])
    kept = [row for row, point in points.reset_index(drop=True).iterrows() if (bank.points == point).all(axis=1).any()]
    assert len(kept) == len(bank.points) > 0
    assert np.array_equal(bank.paths, same[..., kept], equal_nan=True)


def test_errors_of_a_series_do_not_depend_on_the_others():
    series = [find_series("nvidia_units"), find_series("openai_power")]
    paths, drifts = np.ones((2, 8, 5)), drifts_of(5, 1)
    assert np.array_equal(disturbed(paths, series, drifts, 3)[1], disturbed(paths[1:], series[1:], drifts, 3)[0])
    assert not np.array_equal(disturbed(paths, series, drifts, 3), disturbed(paths, series, drifts, 4))


def test_drift_grows_with_the_square_root_of_time():
    drifts = {"drift_of_others": 0.2, "drift_of_labs": 9.9}  # of a vendor's series, the labs' does not matter
    drifted = np.log(disturbed(np.ones((1, 8, 20_000)), [find_series("nvidia_data_center")], drifts, 1)[0])
    # 0.2 a year, and 0.05 of measurement in every quarter
    assert drifted.std(1) == pytest.approx(np.sqrt(0.05**2 + 0.01 * np.arange(1, 9)), rel=0.03)


def test_parts_of_enterprises_use_are_parts_of_what_labs_sell_to_them_and_to_coders(runs):
    names = ("sales_enterprise", "sales_coding")
    sold = run_ensemble(started("2023Q4"), 3, 8, record=[f"ai_labs.{name}" for name in names])
    whole = sum(sold.values(name, "ai_labs") for name in names)
    assert outcome(runs, find_series("anthropic_api_share")) == pytest.approx(whole[:, 1] / whole.sum(1))


def test_the_fall_of_a_price_is_told_by_the_year(runs):
    price = runs("price_at_fixed_capability", "")
    fall = outcome(runs, find_series("price_fixed"))
    assert np.isnan(fall[0]).all()
    assert fall[4] == pytest.approx(price[0] / price[4])
    assert fall[2] == pytest.approx((price[0] / price[2]) ** 2)
