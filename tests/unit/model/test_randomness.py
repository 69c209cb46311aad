"""A draw is addressed by seed, replicate, stream, firm and quarter, and by nothing else."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aimarket.model.randomness import (
    BLOCK,
    DEFAULT_SEED,
    GROUP,
    LARGEST_SEED,
    MOST_REPLICATES,
    UNIFORM,
    Randomness,
    Stream,
)
from aimarket.server.cli import options

SEED, FIRMS = 11, 3
QUARTERS = 512
FAR = MOST_REPLICATES - 1
STREAMS = list(Stream)


def chance(first=0, count=8, seed=SEED):
    return Randomness(seed, range(first, first + count))


def history(stream, quarters=QUARTERS, replicates=8, seed=SEED):
    """Return the draws of a stream, shape (quarters, firms, replicates)."""
    source = chance(0, replicates, seed)
    return np.stack([source.sample(stream, FIRMS, quarter) for quarter in range(quarters)])


@pytest.mark.parametrize("stream", STREAMS)
def test_the_order_of_calls_changes_no_draw(stream):
    quarters = [0, 5, BLOCK + 1, 3, 2 * BLOCK, 5]
    source, other = chance(), chance()
    there = [source.sample(stream, FIRMS, quarter) for quarter in quarters]
    for noise in STREAMS:
        other.sample(noise, FIRMS, 7)
    back = [other.sample(stream, FIRMS, quarter) for quarter in reversed(quarters)]
    assert all(np.array_equal(one, two) for one, two in zip(there, reversed(back), strict=True))


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("quarter", [0, 3, BLOCK - 1, BLOCK, 3 * BLOCK + 7])
def test_a_replicate_draws_the_same_in_every_batch(stream, quarter):
    alone = chance(3, 1).sample(stream, FIRMS, quarter)[:, 0]
    assert np.array_equal(alone, chance(0, 8).sample(stream, FIRMS, quarter)[:, 3])
    assert np.array_equal(alone, chance(2, 300).sample(stream, FIRMS, quarter)[:, 1])


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("quarter", [0, BLOCK - 1, BLOCK, 2 * BLOCK + 1])
def test_more_firms_at_the_end_change_nobodys_draws(stream, quarter):
    for fewer in (FIRMS, GROUP + 1):
        some = chance().sample(stream, fewer, quarter)
        assert np.array_equal(chance().sample(stream, 2 * GROUP + 1, quarter)[:fewer], some)


@settings(max_examples=60, deadline=None)
@given(
    stream=st.sampled_from(STREAMS),
    numbers=st.lists(st.integers(0, 400) | st.integers(FAR - 9, FAR), min_size=1, max_size=9),
    firms=st.integers(1, 2 * GROUP + 1),
    first=st.integers(0, 3 * BLOCK),
    quarters=st.integers(1, 2 * BLOCK + 1),
)
def test_a_number_hangs_on_its_address_alone(stream, numbers, firms, first, quarters):
    """Not on the horizon, the other replicates, their order, whether one comes twice, or the other firms."""
    whole = Randomness(SEED, numbers).span(stream, firms, first, quarters)
    assert whole.shape == (quarters, firms, len(numbers))
    place, firm, quarter = len(numbers) // 2, firms // 2, first + quarters // 2
    alone = Randomness(SEED, [numbers[place]]).sample(stream, firm + 1, quarter)
    assert whole[quarters // 2, firm, place] == alone[firm, 0]


@pytest.mark.parametrize("stream", STREAMS)
def test_the_horizon_changes_no_number(stream):
    short, long = (chance(5, 1).span(stream, FIRMS, 0, quarters) for quarters in (20, 60))
    assert np.array_equal(short, long[:20])
    assert np.array_equal(short[:, :, 0], chance(0, 300).span(stream, FIRMS, 0, 40)[:20, :, 5])


def test_replicates_beyond_the_addresses_that_there_are_are_refused():
    Randomness(SEED, [MOST_REPLICATES - 1]).sample(Stream.RELEASES, 1, 0)
    with pytest.raises(ValueError, match=f"replicate = {MOST_REPLICATES} lies outside"):
        Randomness(SEED, [0, MOST_REPLICATES])


@pytest.mark.parametrize("stream", STREAMS)
def test_no_random_number_comes_twice(stream):
    draws = history(stream)
    assert len(np.unique(draws)) == draws.size


def test_no_two_streams_share_a_draw():
    everything = [history(stream, 64) for stream in STREAMS]
    normal = np.concatenate([d.ravel() for d, s in zip(everything, STREAMS, strict=True) if s not in UNIFORM])
    uniform = np.concatenate([d.ravel() for d, s in zip(everything, STREAMS, strict=True) if s in UNIFORM])
    assert len(np.unique(normal)) == normal.size
    assert len(np.unique(uniform)) == uniform.size


@pytest.mark.parametrize(("seed", "other"), [(0, 1), (SEED, SEED + 1), (1, LARGEST_SEED)])
def test_another_seed_draws_otherwise(seed, other):
    draws = [chance(seed=value).sample(Stream.RELEASES, FIRMS, 0) for value in (seed, other)]
    assert not np.isin(draws[0], draws[1]).any()


def test_seed_and_replicate_are_not_interchangeable():
    assert chance(2, 1, seed=1).sample(Stream.RELEASES, 1, 0) != chance(1, 1, seed=2).sample(Stream.RELEASES, 1, 0)


def largest_correlation(series):
    """Return the largest correlation between any two rows, in standard errors."""
    between = np.corrcoef(series)
    return np.abs(between - np.eye(len(between))).max() * np.sqrt(series.shape[1])


def test_streams_firms_and_replicates_are_uncorrelated():
    everything = np.stack([history(stream) for stream in STREAMS])
    series = everything.transpose(0, 2, 3, 1).reshape(-1, QUARTERS)
    assert largest_correlation(series) < 5.5


def test_a_quarter_tells_nothing_of_the_next():
    draws = history(Stream.ALGORITHMS)
    before, after = draws[:-1].reshape(-1), draws[1:].reshape(-1)
    assert abs(np.corrcoef(before, after)[0, 1]) * np.sqrt(before.size) < 4.0


@pytest.mark.parametrize("stream", [stream for stream in STREAMS if stream not in UNIFORM])
def test_normal_streams_have_mean_zero_and_variance_one(stream):
    draws = history(stream)
    assert abs(draws.mean()) * np.sqrt(draws.size) < 4.0
    assert abs(draws.var() - 1.0) * np.sqrt(draws.size / 2.0) < 4.0
    assert stats.kstest(draws.ravel(), "norm").pvalue > 1e-4
    assert stats.kstest(draws[:, 0, 0] * draws[:, 1, 1], draws[:, 1, 0] * draws[:, 2, 1]).pvalue > 1e-4


@pytest.mark.parametrize("stream", sorted(UNIFORM))
def test_uniform_streams_fill_the_unit_interval(stream):
    draws = history(stream)
    assert 0.0 <= draws.min() < 0.001
    assert 0.999 < draws.max() < 1.0
    assert abs(draws.mean() - 0.5) * np.sqrt(12.0 * draws.size) < 4.0


def test_draws_have_one_row_a_firm_and_one_column_a_replicate():
    assert chance(0, 8).sample(Stream.SENTIMENT, FIRMS, 0).shape == (FIRMS, 8)


def test_draws_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        chance().sample(Stream.SENTIMENT, FIRMS, 0)[0] = 0.0


@pytest.mark.parametrize("again", [copy.deepcopy, lambda source: pickle.loads(pickle.dumps(source))])
def test_a_copy_draws_the_same(again):
    source = chance()
    source.sample(Stream.RELEASES, FIRMS, 300)
    assert np.array_equal(again(source).sample(Stream.RELEASES, FIRMS, 301), source.sample(Stream.RELEASES, FIRMS, 301))


@pytest.mark.parametrize("seed", [-1, LARGEST_SEED + 1])
def test_a_seed_outside_the_range_is_refused(seed):
    with pytest.raises(ValueError, match=rf"rng = {seed} lies outside \[0, {LARGEST_SEED}\]"):
        Randomness(seed, range(1))


def test_addresses_of_streams_never_change():
    """Stored results depend on them."""
    assert {stream.name: int(stream) for stream in Stream} == {
        "ALGORITHMS": 1,
        "RELEASES": 2,
        "GENERATIONS": 3,
        "SENTIMENT": 4,
        "ENTRY": 5,
        "TAKEOFF": 6,
        "CLOUD_ENTRY": 7,
    }


def test_the_command_line_takes_the_seeds_that_the_model_takes():
    assert (options.SEED, options.LARGEST_SEED) == (DEFAULT_SEED, LARGEST_SEED)
