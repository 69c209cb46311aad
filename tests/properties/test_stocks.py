"""What is started arrives, sums do not depend on company, quarters have dates, bound money is spent on its use."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import aimarket
from aimarket.agents.rules.building import advanced, started
from aimarket.agents.state.arrays import total
from aimarket.model.dates import quarter_date, quarter_number
from aimarket.model.deals.earmarks import USES, bind, release_all, settle_breaches, spend_earmarked

from .arrays import floats, sizes, table


@st.composite
def pipelines(draw):
    """Return a pipeline, what is started and when it is due, shapes (n, length, R), (n, R), a number or (n, R)."""
    n, replicates = draw(sizes(5))
    length = draw(st.integers(1, 8))
    pipeline = draw(table(n, length * replicates)).reshape(n, length, replicates)
    lead = draw(st.one_of(st.integers(0, 10), table(n, replicates, 0, 10).map(np.round)))
    return pipeline, draw(table(n, replicates)), lead


@given(pipelines())
def test_what_is_started_is_in_the_pipeline(case):
    pipeline, amount, lead = case
    np.testing.assert_allclose(started(pipeline, amount, lead).sum(1), pipeline.sum(1) + amount, rtol=1e-12)


@given(pipelines())
def test_what_arrives_leaves_the_pipeline(case):
    pipeline, _, _ = case
    due, rest = advanced(pipeline)
    assert rest.shape == pipeline.shape
    np.testing.assert_allclose(due + rest.sum(1), pipeline.sum(1), rtol=1e-12)


@given(pipelines())
def test_what_is_started_arrives_after_its_lead_time(case):
    pipeline, amount, lead = case
    going, arrived = started(np.zeros_like(pipeline), amount, lead), np.zeros_like(amount)
    for quarter in range(pipeline.shape[1]):
        due, going = advanced(going)
        arrived += due
        there = quarter >= np.minimum(lead, pipeline.shape[1] - 1)
        np.testing.assert_array_equal(arrived, np.where(there, amount, 0.0))


@given(sizes(20), st.data())
def test_a_sum_is_the_same_alone_and_among_replicates(size, data):
    n, replicates = size
    x = data.draw(table(n, replicates, -1e6, 1e6))
    for r in range(replicates):
        assert total(x[:, r : r + 1]).tobytes() == np.ascontiguousarray(total(x)[r : r + 1]).tobytes()


@given(st.integers(4000, 39999))
def test_a_quarter_survives_the_way_to_a_date_and_back(number):
    assert quarter_number(quarter_date(number)) == number


@given(st.integers(4000, 39998))
def test_later_quarters_have_later_dates(number):
    assert quarter_date(number) < quarter_date(number + 1)


class Purse:
    """Labs' earmarked money on a table of its own."""

    def __init__(self):
        self.model = aimarket.MarketModel(replicates=2)
        self.labs = self.model.labs
        self.everywhere = np.ones((len(self.labs), 2))

    def amount(self, number):
        return number * self.everywhere

    def sums(self):
        return {name: getattr(self.labs, f"restricted_{name}") for name in ("received", "cash", "spent", "released")}


deeds = st.lists(
    st.one_of(
        st.tuples(st.just("bind"), floats(0.0, 50.0), st.integers(0, 3)),
        st.tuples(st.just("spend"), floats(0.0, 50.0), st.integers(0, 3)),
        st.tuples(st.just("spend a little"), floats(0.0, 50.0), st.integers(0, 3)),
        st.tuples(st.just("release"), st.just(0.0), st.just(0)),
        st.tuples(st.just("breach"), st.just(0.0), st.just(0)),
    ),
    max_size=12,
)


def act(purse, deed, number, use):
    labs, amount = purse.labs, purse.amount(number)
    if deed == "bind":
        bind(labs, amount[:, None] * (np.arange(len(USES)) == use)[None, :, None])
    elif deed.startswith("spend"):
        payment = 0.1 * amount if deed.endswith("little") else amount
        spend_earmarked(purse.model, labs, use, payment, purse.model.payees.outside, amount[:, None])
    elif deed == "release":
        release_all(labs, (np.arange(len(labs)) == 1)[:, None] * purse.everywhere)
    else:
        settle_breaches(labs)


@given(deeds)
def test_bound_money_is_still_there_or_accounted_for(history):
    purse = Purse()
    for deed in history:
        act(purse, *deed)
        sums = {name: value.sum(1) for name, value in purse.sums().items()}
        np.testing.assert_allclose(
            sums["received"], sums["cash"] + sums["spent"] + sums["released"] + purse.labs.breach, atol=1e-9
        )


@given(deeds)
def test_no_use_spends_more_than_was_bound_to_it(history):
    purse = Purse()
    for deed in history:
        act(purse, *deed)
        sums = purse.sums()
        assert (sums["spent"] <= sums["received"] + 1e-9).all()
        assert (sums["cash"] >= 0.0).all()


@given(floats(0.0, 50.0), floats(0.0, 50.0), st.integers(0, 3))
def test_a_payment_draws_on_the_money_of_its_use_alone(bound, paid, use):
    purse = Purse()
    for other in range(len(USES)):
        act(purse, "bind", bound, other)
    act(purse, "spend", paid, use)
    spent = purse.sums()["spent"]
    np.testing.assert_allclose(spent[:, use], min(bound, paid), atol=1e-12)
    assert not np.delete(spent, use, 1).any()
