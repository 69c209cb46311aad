"""Sharing out what is short: rationing, pro rata, choice and sticky shares."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aimarket.agents.rules.choice import logit, sticky_shares
from aimarket.agents.rules.rationing import pro_rata, ration

from .arrays import amounts, floats, row, sizes, table

ROUNDING = 1e-9


@st.composite
def order_books(draw):
    """Return requests, what is available, and weights, shapes (n, R), (R,), (n, R)."""
    n, replicates = draw(sizes())
    requested = draw(hnp.arrays(np.float64, (n, replicates), elements=amounts()))
    available = draw(hnp.arrays(np.float64, (replicates,), elements=amounts()))
    return requested, available, draw(table(n, replicates, 0.01, 100.0))


@given(order_books())
def test_rationing_gives_nobody_more_than_requested(book):
    requested, available, weight = book
    given_out = ration(requested, available, weight)
    assert (given_out >= 0.0).all()
    assert (given_out <= requested * (1.0 + ROUNDING)).all()


@given(order_books())
def test_rationing_gives_out_all_there_is_or_all_that_is_asked(book):
    requested, available, weight = book
    out = ration(requested, available, weight).sum(0)
    np.testing.assert_allclose(out, np.minimum(available, requested.sum(0)), rtol=1e-9, atol=1e-8)


@given(order_books())
def test_rationing_does_not_depend_on_the_scale_of_weights(book):
    requested, available, weight = book
    np.testing.assert_allclose(
        ration(requested, available, weight), ration(requested, available, 8.0 * weight), atol=1e-8
    )


@given(order_books(), st.randoms(use_true_random=False))
def test_rationing_does_not_depend_on_who_comes_first(book, chance):
    requested, available, weight = book
    order = chance.sample(range(len(requested)), len(requested))
    swapped = ration(requested[order], available, weight[order])
    np.testing.assert_allclose(ration(requested, available, weight)[order], swapped, rtol=1e-9, atol=1e-8)


@given(order_books())
def test_equal_weights_serve_the_unsatisfied_alike(book):
    requested, available, _ = book
    out = ration(requested, available, np.ones_like(requested))
    for r in range(requested.shape[1]):
        short = out[:, r] < requested[:, r] - 1e-6
        if short.any():
            assert np.ptp(out[short, r]) <= 1e-6
            assert (out[:, r] <= out[short, r].max() + 1e-6).all()


@given(order_books())
def test_pro_rata_serves_everybody_the_same_part(book):
    requested, available, _ = book
    out = pro_rata(requested, available)
    part = np.minimum(1.0, available / np.maximum(requested.sum(0), 1e-12))
    np.testing.assert_allclose(out, requested * part, rtol=1e-9, atol=1e-12)
    assert (out.sum(0) <= available * (1.0 + ROUNDING) + 1e-12).all()


@st.composite
def menus(draw):
    """Return utilities and what is on offer, at least one option in each replicate, shapes (n, R)."""
    n, replicates = draw(sizes())
    offered = draw(hnp.arrays(np.float64, (n, replicates), elements=st.sampled_from([0.0, 1.0])))
    offered[draw(st.integers(0, n - 1))] = 1.0
    return draw(table(n, replicates, -700.0, 700.0)), offered


@given(menus())
def test_choices_add_to_one(menu):
    np.testing.assert_allclose(logit(*menu).sum(0), 1.0, rtol=1e-12)


@given(menus())
def test_nobody_chooses_what_is_not_on_offer(menu):
    utility, offered = menu
    assert (logit(utility, offered)[offered == 0.0] == 0.0).all()


@given(menus())
def test_nobody_chooses_where_nothing_is_on_offer(menu):
    utility, offered = menu
    assert not logit(utility, np.zeros_like(offered)).any()


@given(menus(), floats(-100.0, 100.0))
def test_only_differences_of_utility_matter(menu, shift):
    utility, offered = menu
    np.testing.assert_allclose(logit(utility + shift, offered), logit(utility, offered), rtol=1e-9, atol=1e-12)


@given(menus())
def test_what_is_better_is_chosen_no_less(menu):
    utility, offered = menu
    share = logit(utility, offered)
    for r in range(utility.shape[1]):
        there = offered[:, r] > 0.0
        order = np.argsort(utility[there, r])
        assert (np.diff(share[there, r][order]) >= -1e-15).all()


@st.composite
def markets(draw):
    """Return shares, targets, and the part that chooses again; shares and targets add to one."""
    n, replicates = draw(sizes())
    share, target = (draw(table(n, replicates, 0.01, 1.0)) for _ in range(2))
    return share / share.sum(0), target / target.sum(0), draw(row(replicates, 0.0, 1.0))


@given(markets())
def test_shares_still_add_to_one(market):
    np.testing.assert_allclose(sticky_shares(*market).sum(0), 1.0, rtol=1e-12)


@given(markets())
def test_a_share_moves_towards_its_target(market):
    share, target, part = market
    np.testing.assert_allclose(sticky_shares(share, target, part) - share, part * (target - share), atol=1e-12)
