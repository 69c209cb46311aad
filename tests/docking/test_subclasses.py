"""A subclass changes what its own firms decide, alike in a single model and in an ensemble, and nothing else."""

import numpy as np
import pytest

import aimarket
from aimarket.agents.ai_lab import AILab
from aimarket.agents.chip_vendor import ChipVendor
from aimarket.agents.fleet_owner import ComputePlan
from aimarket.agents.state.column import Column

LAB, ROW = "xAI", 4
REPLICATES, QUARTERS, SEED = 64, 5, 7


class CautiousLab(AILab):
    """A lab that orders half of what others would, and remembers its last plan."""

    last_plan = Column("M H100e/quarter", "compute planned in the last quarter")

    def plan_compute(self, signals):
        plan = super().plan_compute(signals)
        return ComputePlan(0.5 * plan.compute, 0.5 * plan.halls)

    def remember(self, signals):
        return {"last_plan": self.planned_compute}


def after(quarters, *, firms=None, **more):
    model = aimarket.MarketModel(rng=SEED, firms=firms, **more)
    for _ in range(quarters):
        model.step()
    return model


@pytest.fixture(scope="module")
def plain():
    return after(1, replicates=REPLICATES)


@pytest.fixture(scope="module")
def cautious():
    return after(1, replicates=REPLICATES, firms={LAB: CautiousLab})


def ordered(model):
    """Return what labs ordered this quarter, USD bn by vendor and lab."""
    return sum(e.change for e in model.ledger.changes("chip_vendors", "order_value") if e.cause == "ordered")


def test_the_labs_plan_is_halved(plain, cautious):
    assert np.array_equal(cautious.labs.planned_compute[ROW], 0.5 * plain.labs.planned_compute[ROW])


def test_the_labs_orders_fall(plain, cautious):
    assert (ordered(cautious)[:, ROW].sum(0) < ordered(plain)[:, ROW].sum(0)).all()


def test_no_other_lab_plans_otherwise(plain, cautious):
    others = np.arange(len(plain.labs)) != ROW
    for column in ("planned_compute", "planned_halls", "vendor_mix", "debt_request", "equity_request", "price"):
        assert np.array_equal(plain.labs.columns[column][others], cautious.labs.columns[column][others]), column


@pytest.mark.parametrize("group", ["vendors", "energy", "equipment"])
def test_no_other_kind_plans_otherwise(plain, cautious, group):
    for column in ("planned_capacity", "debt_request", "equity_request"):
        one, other = getattr(plain, group).columns[column], getattr(cautious, group).columns[column]
        assert np.array_equal(one, other), column


def test_the_labs_other_decisions_before_the_plan_are_untouched(plain, cautious):
    for column in ("inference", "price", "vendor_mix", "research_labour"):
        assert np.array_equal(plain.labs.columns[column][ROW], cautious.labs.columns[column][ROW]), column


@pytest.mark.parametrize("batch", [64, 20])
def test_an_ensemble_says_what_single_models_say(batch):
    ensemble = aimarket.run_ensemble(
        replicates=REPLICATES, quarters=QUARTERS, rng=SEED, record=("ai_labs",), firms={LAB: CautiousLab}, batch=batch
    )
    for replicate in (0, 19, 20, 63):
        single = after(QUARTERS, replicate=replicate, firms={LAB: CautiousLab}).history.series("ai_labs").values
        for name, values in single.items():
            assert values[..., 0].tobytes() == ensemble.values(name, "ai_labs")[..., replicate].tobytes(), name


def test_a_subclass_remembers_in_a_column_of_its_own(cautious):
    assert np.array_equal(cautious.labs.last_plan[ROW], cautious.labs.planned_compute[ROW])


def test_what_a_subclass_remembers_touches_no_other_firm(cautious):
    assert not np.delete(cautious.labs.last_plan, ROW, 0).any()


def test_a_subclass_that_decides_for_all_decides_as_one_that_decides_for_each():
    start = aimarket.load_start()
    labs = start.names("ai_labs")

    class Twin(CautiousLab):
        """The same rules under another name, so that labs fall into two groups."""

    together = after(3, firms=dict.fromkeys(labs, CautiousLab))
    apart = after(3, firms={name: Twin if row % 2 else CautiousLab for row, name in enumerate(labs)})
    for name, values in together.labs.columns.items():
        assert np.array_equal(values, apart.labs.columns[name]), name


def test_mesa_finds_a_subclass_by_its_type():
    model = after(0, firms={LAB: CautiousLab})
    assert [lab.name for lab in model.agents_by_type[CautiousLab]] == [LAB]


class Summing(AILab):
    """A lab that gives one number where one a lab is due."""

    def split_compute(self, signals):
        return super().split_compute(signals).sum(0)


class Listing(AILab):
    """A lab that gives a list where an array is due."""

    def pay_researchers(self, signals):
        return [1.0]


class Forgetful(AILab):
    """A lab that plans compute and forgets the halls."""

    def plan_compute(self, signals):
        return super().plan_compute(signals).compute


class HalfForgetful(AILab):
    """A lab whose halls have the wrong shape."""

    def plan_compute(self, signals):
        plan = super().plan_compute(signals)
        return plan._replace(halls=plan.halls[0])


@pytest.mark.parametrize(
    ("cls", "error", "message"),
    [
        (Summing, ValueError, r"Summing\.split_compute: result has shape \(2,\), expected \(1, 2\)"),
        (Listing, ValueError, r"Listing\.pay_researchers: result has shape \(1,\), expected \(1, 2\)"),
        (Forgetful, TypeError, r"Forgetful\.plan_compute: returned ndarray, expected ComputePlan"),
        (HalfForgetful, ValueError, r"HalfForgetful\.plan_compute: halls has shape \(2,\), expected \(1, 2\)"),
    ],
)
def test_a_wrong_answer_is_named_by_class_and_method(cls, error, message):
    with pytest.raises(error, match=message):
        after(1, replicates=2, firms={LAB: cls})


def test_a_subclass_of_another_kind_is_refused():
    class Vendor(ChipVendor):
        """A vendor."""

    with pytest.raises(TypeError, match=r"xAI is one of ai_labs: Vendor is no subclass of AILab"):
        after(0, firms={LAB: Vendor})


def test_an_unknown_firm_is_refused_with_the_nearest_name():
    with pytest.raises(KeyError, match="did you mean 'Anthropic'"):
        after(0, firms={"Antropic": CautiousLab})


def test_a_subclass_may_not_write_what_it_decides():
    class Writing(AILab):
        """A lab that helps itself."""

        def split_compute(self, signals):
            self.cash = self.cash + 1.0
            return super().split_compute(signals)

    with pytest.raises(AttributeError, match=r"Writing\.cash: a view is read-only"):
        after(1, firms={LAB: Writing})
