"""With constant demand fleets and halls come to rest where the plans' arithmetic says."""

import numpy as np
import pytest

import aimarket
from aimarket.model.markets.ageing import retiring_part
from aimarket.model.markets.datacenters import build_halls
from aimarket.model.markets.planning import publish
from aimarket.model.quarter import QUARTER

from ..builders import one_lab_one_vendor, with_stocks

DEMAND = 25.0
NO_RIVALS = {"rivalry": 0.0, "research_target": 0.5}
PLENTY = 1e4
ALONE = np.ones((1, 1))


class Unhurried(aimarket.AILab):
    """A lab that neither money nor returns hold back or drive on."""

    def brake(self, signals):
        return np.ones_like(self.active)


def steady_lab(start=None, **parameters):
    """One lab whose demand and algorithms stand still, rich in halls and returns, with nothing on order."""
    start = start or one_lab_one_vendor(chips_on_order=0.0)
    firms = dict.fromkeys(start.names("ai_labs"), Unhurried)
    model = aimarket.MarketModel(start=start, parameters=NO_RIVALS | parameters, firms=firms)
    nothing = 0.0 * ALONE
    model.labs.commit(
        demanded=evenly(DEMAND * ALONE),
        expected_growth=nothing,
        expected_revenue_growth=nothing,
        log_efficiency=nothing,
        efficiency_trend=nothing,
        power_bill=nothing,
        revenue=PLENTY * ALONE,
        vendor_mix=np.ones((1, 1, 1)),
    )
    return model


def evenly(units):
    """Units asked for by segment, as many in each, shape (1, 3, 1)."""
    return np.repeat(units / 3.0, 3)[None, :, None]


def plans(model):
    """What the lab wants to order now."""
    publish(model)
    return model.labs.decide("plan_compute", model.signals)


def settled_fleet(**parameters):
    """Let chips arrive in the quarter they are ordered until the fleet stands still; return it with the last order.

    Rents and power stay as they are, so that an old chip is kept for `old_life`.
    """
    model = steady_lab(**parameters)
    labs, p = model.labs, model.parameters
    labs.commit(halls=PLENTY * ALONE)
    for _ in range(600):
        order, fleet, old = plans(model).compute, labs.all.compute, labs.old_fleet
        retired, aged = retiring_part(model, labs) * fleet, (fleet - old) / p.young_life
        labs.commit(fleet=(fleet - retired + order)[:, None], old_fleet=old + aged - retired, retired=retired)
    return labs.all.compute[0, 0], order[0, 0]


def wanted_fleet(research_target=0.5, compute_intensity=0.2):
    """K* = N kappa0 / (1 - f*)."""
    return DEMAND * compute_intensity / (1.0 - research_target)


def gap_behind(order, stock, pace):
    """The gap x behind an order y = m (1 - exp(-x pace / m)) with m = .5 (stock + .2), a limit that bends."""
    most = 0.5 * (stock + 0.2)
    return -most * np.log(1.0 - order / most) / pace


def closed_in_a_quarter(time):
    """The part of a gap that a lab closes in a quarter: 1 - exp(-1 / adj_time)."""
    return 1.0 - np.exp(-1.0 / time)


@pytest.mark.parametrize(
    ("young", "old", "time", "horizon"), [(12.0, 8.0, 2.0, 5.0), (8.0, 4.0, 4.0, 6.0), (16.0, 12.0, 5.0, 3.0)]
)
def test_the_fleet_rests_where_orders_replace_what_retires(young, old, time, horizon):
    """T9: K* = K (1 - delta H) + x(delta K), delta = 1 / (young_life + old_life), as long as a chip is kept (R8)."""
    fleet, _ = settled_fleet(young_life=young, old_life=old, adjustment_time=time, horizon=horizon)
    leaving = 1.0 / (young + old)
    gap = gap_behind(leaving * fleet, fleet, closed_in_a_quarter(time))
    assert fleet * (1.0 - leaving * horizon) + gap == pytest.approx(wanted_fleet(), rel=1e-12)


def test_by_default_the_fleet_rests_a_seventh_above_what_is_wanted():
    """T9: at the defaults K = 1.13153 K*."""
    fleet, _ = settled_fleet()
    assert fleet / wanted_fleet() == pytest.approx(1.13153, abs=5e-6)


def test_at_rest_orders_are_what_retires():
    """T9: orders per quarter are K / 20."""
    fleet, order = settled_fleet()
    assert order == pytest.approx(0.05 * fleet, rel=1e-12)


def test_a_lab_that_looks_as_far_as_it_takes_to_close_a_gap_rests_at_what_is_wanted():
    """T9: K = K* where H = x(delta K*) / (delta K*): 5.8062 quarters for an adjustment time of 5."""
    worn = 0.05 * wanted_fleet()
    horizon = gap_behind(worn, wanted_fleet(), closed_in_a_quarter(5.0)) / worn
    assert horizon == pytest.approx(5.8062, abs=5e-5)
    fleet, _ = settled_fleet(adjustment_time=5.0, horizon=horizon)
    assert fleet == pytest.approx(wanted_fleet(), rel=1e-12)


def test_the_largest_lab_chases_its_own_fleet():
    """T9 needs theta_c = 0: the largest fleet that labs catch up with (P7) is also the leader's own.

    With theta_c = .2 a lab alone rests where K* (1 - theta) = K (1 - theta - delta H) + x(delta K).
    """
    fleet, _ = settled_fleet(rivalry=0.2)
    gap = gap_behind(0.05 * fleet, fleet, closed_in_a_quarter(2.0))
    assert fleet * (0.8 - 0.05 * 5.0) + gap == pytest.approx(0.8 * wanted_fleet(), rel=1e-12)


def halls_over_need(model):
    """D / (W pue): halls over what the fleet draws."""
    labs = model.labs
    return (labs.halls / (labs.fleet_power * labs.pue))[0, 0]


def empty_pipelines(**stocks):
    """One lab and one vendor with no halls building or ordered, so that only its plans can add any."""
    return one_lab_one_vendor(halls_per_power_building=0.0, halls_per_power_ordered=0.0, **stocks)


def build(model):
    """Order the halls that are planned now, and run a quarter of building; money is no object."""
    model.labs.commit(halls_ordered=model.labs.halls_ordered + plans(model).halls, cash=PLENTY * ALONE)
    build_halls(model)
    model.quarter += 1


def test_halls_planned_for_a_constant_fleet_do_not_pile_up():
    """T30: for 60 quarters of constant fleet, halls planned and built never exceed what stood at the start."""
    model = steady_lab(empty_pipelines(chips_on_order=0.0))
    labs = model.labs
    labs.commit(demanded=evenly(labs.all.compute / 0.2 * (1.0 - 0.5)), cash=PLENTY * ALONE)
    ratio = [halls_over_need(model)]
    for _ in range(60):
        build(model)
        ratio.append(halls_over_need(model))
    assert max(ratio) <= ratio[0]
    assert min(ratio) > 0.8


def test_halls_rest_where_orders_replace_wear():
    """T30: D (1 + 4 x .006) + x(.006 D) = pue_new W: four quarters of wear are building or due, and one is planned for.

    The fleet draws what new chips draw, so that replacing them changes nothing.
    """
    start = empty_pipelines(chips_on_order=0.0, power_per_compute=2.1 / 2.48)
    model = steady_lab(start, cooling_progress=0.0, hall_wear=0.006, hall_lead_time=4)
    labs = model.labs
    labs.commit(demanded=evenly(labs.all.compute / 0.2 * (1.0 - 0.5)), cash=PLENTY * ALONE)
    for _ in range(400):
        build(model)
    assert model.signals.new_hall_pue[0] == pytest.approx(1.2)
    halls = labs.halls[0, 0]
    planned = gap_behind(0.006 * halls, halls, closed_in_a_quarter(1.0))
    assert halls * (1.0 + 4.0 * 0.006) + planned == pytest.approx(1.2 * labs.fleet_power[0, 0], rel=1e-6)


@pytest.mark.parametrize("chance", [0, 1])
def test_halls_of_a_fleet_held_constant_do_not_grow_in_the_model(chance):
    """T30 in the model: all phases run; before each plan the fleet, its demand and its money are what they were.

    New generations come out, chips are replaced and free their halls: 1.05 at the start, never more later.
    """
    start = with_stocks(empty_pipelines(), "ai_labs", cash=PLENTY)
    model = aimarket.MarketModel(start=start, parameters={"rivalry": 0.0, "chance": chance})
    labs = model.labs
    held = {name: labs.columns[name] for name in ("fleet", "fleet_power", "cash", "log_efficiency", "revenue")}
    held |= dict.fromkeys(("expected_growth", "expected_revenue_growth", "efficiency_trend"), 0.0 * ALONE)
    held["demanded"] = evenly(labs.all.compute / model.parameters.compute_intensity * 0.4)
    ratio = [halls_over_need(model)]
    for _ in range(60):
        run_quarter(model, held)
        ratio.append(halls_over_need(model))
    assert max(ratio) <= ratio[0]


def run_quarter(model, held):
    """Run every phase of a quarter, and put labs' columns back before they plan."""
    for phase in QUARTER:
        if phase.name == "plans":
            model.labs.commit(**held)
        phase.run(model)
    model.labs.commit(fleet=held["fleet"], fleet_power=held["fleet_power"])
    model.quarter += 1
