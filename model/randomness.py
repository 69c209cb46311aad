"""Chance: a random number is sampled by its address (seed, replicate, stream, firm, quarter), not in an order of calls.

Replicate 3 of an ensemble has the random numbers of the single model with replicate 3; two scenarios under one seed
differ only where the model differs; a firm added at the end of its kind changes nobody else's random numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Any

import numpy as np

from ..agents.state.arrays import Floats, freeze
from ..agents.state.numbers import echo
from ..agents.state.shown import shown

BLOCK = 20
"""Quarters sampled at a time: a fixed number, so that the horizon of a run changes no random number."""

GROUP = 8
"""Firms sampled at a time: a fixed number, so that a firm added at the end changes nobody's random numbers."""

STEPS = GROUP * BLOCK // 4
"""Steps of the generator's counter that a block of a group takes: each gives four words of 64 bits."""

ADDRESSING = 2
"""Version of the way from an address to a random number: what is stored under another version has other numbers."""

MOST_REPLICATES = (2**64 - 1) // STEPS
"""One more than the largest number of a replicate: the low word of the counter holds no more."""

UNUSED_BITS, UNIT = np.uint64(11), 2.0**-53
"""How a word becomes a number of [0, 1): without its last bits, in steps that doubles hold exactly."""

TURN, HALF = 2.0 * np.pi, 0.5
LOG_OF_SQUARES = -2.0
"""The square of a normal pair's radius is this many times the logarithm of a uniform number (Box and Muller 1958)."""

LARGEST_SEED = 2**63 - 1

DEFAULT_SEED = 7
"""The seed of whoever names none: the same in Python, on the command line and in the pages."""

Seed = int | np.integer | np.random.Generator | np.random.BitGenerator | np.random.SeedSequence | np.random.RandomState
"""What a seed can be made of."""


def seed_of(rng: Any = None, seed: Any = None) -> int:
    """Return the seed that a caller means, a whole number.

    A generator is asked for one number, so that the next model made with it has another seed; a seed sequence gives
    the same seed again.

    Args:
        rng: a whole number, or a generator or seed sequence of NumPy's; the default seed when None.
        seed: another name for the same.

    Raises:
        TypeError: it is something else.
        ValueError: it is negative or too large, or both names are given.
    """
    if rng is not None and seed is not None:
        raise ValueError(f"rng = {echo(rng)} and seed = {echo(seed)} are two names for one thing: give one of them")
    name, given = ("rng", rng) if seed is None else ("seed", seed)
    if given is None:
        return DEFAULT_SEED
    if isinstance(given, np.random.SeedSequence):
        return int(given.generate_state(1, np.uint64)[0] >> np.uint64(1))
    if isinstance(given, np.random.BitGenerator):
        given = np.random.Generator(given)
    if isinstance(given, np.random.Generator):
        return int(given.integers(LARGEST_SEED))
    if isinstance(given, np.random.RandomState):
        return int(given.randint(LARGEST_SEED, dtype=np.int64))
    return _whole_seed(name, given)


def _whole_seed(name: str, given: Any) -> int:
    """Return a seed that is given as a whole number, or say what is wrong with it."""
    if isinstance(given, bool) or not isinstance(given, int | np.integer):
        raise TypeError(f"{name} = {echo(given)} is no seed: give a whole number, or a generator of NumPy's")
    if not 0 <= given <= LARGEST_SEED:
        raise ValueError(f"{name} = {echo(given)} lies outside [0, {LARGEST_SEED}]")
    return int(given)


class Stream(IntEnum):
    """What is left to chance. The numbers are addresses: new streams get new ones."""

    ALGORITHMS = 1
    RELEASES = 2
    GENERATIONS = 3
    SENTIMENT = 4
    ENTRY = 5
    TAKEOFF = 6
    CLOUD_ENTRY = 7


UNIFORM = frozenset({Stream.GENERATIONS, Stream.ENTRY, Stream.TAKEOFF, Stream.CLOUD_ENTRY})


@shown("seed", "replicates")
class Randomness:
    """The random numbers of some replicates under one seed.

    Args:
        seed: the seed of the experiment, from 0 to 2**63 - 1.
        replicates: the numbers of the replicates; equal numbers have common random numbers.
    """

    def __init__(self, seed: int, replicates: Sequence[int]) -> None:
        if not 0 <= seed <= LARGEST_SEED:
            raise ValueError(f"rng = {seed} lies outside [0, {LARGEST_SEED}]")
        if replicates and max(replicates) >= MOST_REPLICATES:
            raise ValueError(f"replicate = {max(replicates)} lies outside [0, {MOST_REPLICATES - 1}]")
        self.seed = seed
        self.replicates = tuple(replicates)
        self._lay_out()

    def _lay_out(self) -> None:
        """Sort the replicates and find those that follow one another, whose random numbers do, too."""
        numbers, places = np.unique(np.array(self.replicates, dtype=np.uint64), return_inverse=True)
        self._places = None if np.array_equal(places, np.arange(len(numbers))) else places
        cuts = [0, *(np.flatnonzero(np.diff(numbers) != 1) + 1).tolist(), len(numbers)]
        self._runs = [(slice(begin, end), int(numbers[begin])) for begin, end in pairwise(cuts) if begin < end]
        self._blocks: dict[tuple[Stream, int], tuple[int, Floats]] = {}
        source = np.random.Philox(key=[self.seed, 0])
        self._source = source, source.state

    def sample(self, stream: Stream, firms: int, quarter: int) -> Floats:
        """Return standard normal or uniform random numbers for a quarter, shape (firms, R)."""
        number, within = divmod(quarter, BLOCK)
        held = self._blocks.get((stream, firms))
        if held is None or held[0] != number:
            held = number, self._block(stream, firms, number)
            self._blocks[stream, firms] = held
        return held[1][within]

    def span(self, stream: Stream, firms: int, first: int, quarters: int) -> Floats:
        """Return the same random numbers for several quarters at once, shape (quarters, firms, R)."""
        last = first + quarters
        turns = [first, *range(BLOCK * (first // BLOCK + 1), last, BLOCK), last]
        parts = [
            self._block(stream, firms, begin // BLOCK)[begin % BLOCK : begin % BLOCK + end - begin]
            for begin, end in pairwise(turns)
        ]
        return parts[0] if len(parts) == 1 else freeze(np.concatenate(parts))

    def _block(self, stream: Stream, firms: int, number: int) -> Floats:
        """Sample a block of quarters for all firms and replicates, shape (quarters, firms, R)."""
        words = self._words(stream, firms, number)
        values = uniform(words) if stream in UNIFORM else normal(words)
        return freeze(values if self._places is None else values[..., self._places])

    def _words(self, stream: Stream, firms: int, number: int) -> np.ndarray:
        """Return random words, shape (quarters, firms, replicates).

        The counter holds replicate, group of firms, block and stream, so that one call makes the words of replicates
        that follow one another.
        """
        words = np.empty((BLOCK, firms, self._runs[-1][0].stop), dtype=np.uint64)
        source, address = self._source
        for first in range(0, firms, GROUP):
            for span, replicate in self._runs:
                address["state"]["counter"][:] = replicate * STEPS, first // GROUP, number, stream
                source.state = address
                made = source.random_raw((span.stop - span.start) * GROUP * BLOCK).reshape(-1, GROUP, BLOCK)
                words[:, first : first + GROUP, span] = made[:, : firms - first].transpose(2, 1, 0)
        return words

    def __getstate__(self) -> dict[str, object]:
        """Pickle the address alone; the random numbers come back from it."""
        return {"seed": self.seed, "replicates": self.replicates}

    def __setstate__(self, address: dict[str, Any]) -> None:
        """Take an address."""
        self.__dict__.update(address)
        self._lay_out()


def uniform(words: np.ndarray) -> Floats:
    """Return random numbers of [0, 1), of the first 53 bits of each word."""
    return (words >> UNUSED_BITS).astype(np.float64) * UNIT


def normal(words: np.ndarray) -> Floats:
    """Return standard normal random numbers, of which the halves of the first axis are pairs (Box and Muller 1958).

    Every number takes one word, so that each can be found by its address.
    """
    parts = uniform(words)
    one, other = parts[: len(parts) // 2], parts[len(parts) // 2 :]
    radius = np.sqrt(LOG_OF_SQUARES * np.log(1.0 - one))
    cosine = np.cos(TURN * other)
    sine = np.copysign(np.sqrt(1.0 - cosine * cosine), HALF - other)
    np.multiply(radius, cosine, out=one)
    np.multiply(radius, sine, out=other)
    return parts
