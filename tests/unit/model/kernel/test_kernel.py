"""Kernels of toys: every operation has NumPy's bits, both courses hold, and sizes are checked."""

import numpy as np
import pytest

from aimarket.agents.state.arrays import clip, power, seldom, total
from aimarket.model.kernel.compiler import compiler
from aimarket.model.kernel.kernel import Kernel, parts_of
from aimarket.model.kernel.making import same_bits
from aimarket.model.kernel.plan import Held
from aimarket.model.kernel.shared_library import Kept, Library

from .toys import FIRMS, library_of, run

pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler")

QUARTERS, COUNT = 5, 11
TABLE = np.array([[0.5, 1.0, 2.0], [0.0, 3.0, 1.0], [7.0, 0.25, 0.0]])
AXIS = np.array([[0.25], [1.5], [-2.0]])


def everything(x, p, draws, quarter):
    """Return the next state, and one line for each kind of operation."""
    mask = (x > 0.0) & ~(draws <= 0.0)
    pairs = x[:, None] * draws[None]
    own = np.zeros_like(x)
    own[1:] += draws[:-1]
    place = np.clip(np.abs(x), 0, 2).astype(int)
    lines = [
        x + draws,
        x - p,
        x * AXIS,
        x / (draws * draws + 0.5),
        -x,
        np.abs(x),
        np.maximum(x, draws),
        np.minimum(x, 0.0),
        np.exp(x),
        np.log(np.abs(x) + 0.1),
        np.tanh(x),
        np.expm1(x),
        np.sqrt(np.abs(x)),
        x**2,
        power(np.abs(x) + 0.1, p),
        np.where(mask, x, draws),
        mask * 1.0,
        (mask | (x < p)) * x,
        (mask ^ (x >= p)) + 0.0,
        (x == draws) * 1.0,
        (x != 0.0) * 1.0,
        np.isnan(x / (x - x)) * 1.0,
        np.isfinite(x / (x * 0.0)) * 1.0,
        total(pairs, 1),
        pairs.max(0),
        pairs.min(1),
        (pairs > 0.0).any(0) * 1.0,
        (pairs > -1.0).all(1) * 1.0,
        np.add.accumulate(x, 0),
        own,
        np.sort(np.where(mask, x, np.nan), 0),
        np.take_along_axis(TABLE, place, 1),
        clip(x, -0.5, 0.5),
        x[::-1] * 2.0,
        np.take_along_axis(x, place[:1], 0) + x,
        (x.argmax(0) == np.arange(FIRMS)[:, None]) * 1.0,
        np.stack([x[0], draws[1], x[2] * quarter]),
        np.concatenate([x[:2], draws[:1]]) + 1.0,
        np.repeat(total(x)[None], FIRMS, 0),
        np.add.reduceat(x, [0, 2])[[0, 1, 1]],
        (1.0 - mask) * x,
        np.where(quarter > 2, x, draws),
        np.broadcast_to(p, x.shape) + 0.0,
        np.expm1(-np.inf * (x > 0.0)),
    ]
    return 0.5 * x + draws * np.where(mask, p, 1.0), np.stack(lines)


def by_numpy(rule, x, p, draws):
    """Return what NumPy keeps of the same quarters."""
    kept = []
    with np.errstate(all="ignore"):
        for quarter, drawn in enumerate(draws):
            x, lines = rule(x, p, drawn, quarter)
            kept.append(lines.reshape(-1, lines.shape[-1]))
    return np.array(kept)


def world(count):
    rng = np.random.default_rng(3)
    x = rng.standard_normal((FIRMS, count))
    x[0, ::4] = 0.0
    return x, rng.uniform(0.2, 1.5, count), rng.standard_normal((QUARTERS, FIRMS, count))


@pytest.mark.parametrize("count", [1, 8, COUNT])
def test_every_operation_has_numpys_bits(count):
    given = world(count)
    expected, found = by_numpy(everything, *given), run(everything, *given)
    wrong = [line // FIRMS for line in range(found.shape[1]) if not same_bits(expected[:, line], found[:, line])]
    assert wrong == []


def with_something_seldom(x, p, draws, quarter):
    x = x + draws
    if seldom(x > 2.0):
        x = np.where(x > 2.0, np.log(x), x)
    return x, x[:, None]


def test_what_seldom_happens_happens_to_whom_it_does():
    x, p, draws = world(40)
    expected, found = by_numpy(with_something_seldom, x, p, draws), run(with_something_seldom, x, p, draws)
    assert ((x + draws[0]) > 2.0).any()
    assert same_bits(expected, found)


def room(records=(QUARTERS, 1, COUNT), which=(0,), ends=()):
    return Kept(np.empty(records), np.array(which, dtype=np.uint32), np.array(ends, dtype=np.uint32))


WRONG = {
    "draws of another shape": {"draws": np.zeros((QUARTERS, FIRMS + 1, COUNT))},
    "state of another shape": {"state": np.zeros((FIRMS, COUNT - 1))},
    "state of single precision": {"state": np.zeros((FIRMS, COUNT), dtype=np.float32)},
    "state in pieces": {"state": np.zeros((FIRMS, 2 * COUNT))[:, ::2]},
    "records of another shape": {"kept": room(records=(QUARTERS, 2, COUNT))},
    "records without room": {"kept": room(records=(QUARTERS, 1, COUNT - 1))},
    "a record that there is not": {"kept": room(which=(9999,))},
    "an end that there is not": {"kept": room(ends=(9999,)), "after": np.zeros((1, COUNT))},
    "too many replicates": {"block": slice(0, 9)},
    "replicates that are not there": {"block": slice(8, 16)},
    "less memory": {"memory": np.zeros((4, 8))},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_kernel_takes_nothing_of_another_size(name):
    _, compiled = library_of(everything)
    x, p, draws = world(COUNT)
    given = {"memory": compiled.memory(), "block": slice(0, 8), "first": 0, "kept": room()}
    given |= {"draws": draws, "judged": np.zeros(COUNT), "state": x, "parameters": p[None]} | WRONG[name]
    with pytest.raises(ValueError, match=r"kernel|block|room"):
        compiled.run(**given)


def test_a_library_of_another_tape_is_not_taken():
    plan, compiled = library_of(everything)
    with pytest.raises(OSError, match="other sizes"):
        Library(compiled.path, plan.sizes | {"state": 99})


def test_records_stand_in_the_order_in_which_they_are_seen():
    records = np.zeros((3, 3, 2))
    records[2, 0], records[1, 1] = 1.0, 1.0
    names = (Held("late", (), 0, True), Held("early", (), 1, True), Held("always", (), 2), Held("never", (), 2, True))
    assert list(parts_of(names, records)) == ["always", "early", "late"]


def test_a_kernel_keeps_what_is_named_and_who_is_active():
    plan, compiled = library_of(everything)
    plan.records["ai_labs"] = (Held("cash", (2,), 0), Held("price", (2,), 2), Held("active", (2,), 4))
    kept = Kernel(plan, compiled).room({"ai_labs": ("price",)}, 1, 3)
    assert kept.kept.which.tolist() == [2, 3, 4, 5]
    assert [item.name for item in kept.items["ai_labs"]] == ["price", "active"]
