"""Which points have common random numbers."""

import numpy as np
import pytest

from aimarket.experiments.sweeps.study import study_of

from .studies import small

TWO = ("chunk = 6", "replicates = 2")


def numbers(method, size, shared="block"):
    """Return the numbers of a study's runs, shape (points, replicates), and its design."""
    study = small(
        method=('"latin_hypercube"', f'"{method}"'),
        size=("size = 10", size),
        more=TWO,
        shared=("seed = 7", f'seed = 7\ncommon_random_numbers = "{shared}"'),
    )
    return study.numbers(np.arange(study.rows)).reshape(-1, 2), study.design


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_a_block_of_a_sample_has_common_random_numbers_and_no_two_blocks_do(method):
    found, design = numbers(method, "size = 4")
    blocks = found.reshape(-1, design.block, 2)
    assert (blocks == blocks[:, :1]).all()
    assert len(np.unique(blocks[:, 0])) == 2 * len(blocks)


@pytest.mark.parametrize(("method", "size"), [("grid", "size = 3"), ("one_at_a_time", "")])
def test_points_that_are_compared_all_together_have_common_random_numbers(method, size):
    found, _ = numbers(method, size)
    assert (found == [0, 1]).all()


def test_points_of_a_latin_hypercube_have_their_own_random_numbers():
    found, _ = numbers("latin_hypercube", "size = 5")
    assert len(np.unique(found)) == found.size


def test_random_numbers_may_be_shared_by_all_or_by_none():
    assert (numbers("sobol", "size = 4", "shared")[0] == [0, 1]).all()
    own = numbers("sobol", "size = 4", "own")[0]
    assert len(np.unique(own)) == own.size


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_independent_points_have_random_numbers_of_their_own(method):
    found, design = numbers(method, "size = 4")
    assert len(np.unique(found[design.independent])) == 2 * len(design.independent)


def test_a_sweep_that_was_kept_under_the_key_s_old_name_is_read():
    content = small(shared=("seed = 7", 'seed = 7\ncommon_random_numbers = "shared"')).describe()
    old = {"luck" if name == "common_random_numbers" else name: value for name, value in content.items()}
    assert study_of(old).describe() == content
