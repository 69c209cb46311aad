"""Chance: a draw is addressed by seed, replicate, stream, firm and quarter, never by the order of calls.

Replicate 3 of an ensemble draws what the single model with replicate 3 draws; two scenarios under one seed differ only
where the model differs; a firm added at the end of its kind changes nobody else's luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np

from ..agents.state.arrays import Floats, freeze
from ..agents.state.shown import shown

BLOCK = 256
"""Quarters drawn at a time: a fixed number, so that the horizon of a run changes no draw."""

LARGEST_SEED = 2**63 - 1


class Stream(IntEnum):
    """What is left to chance. The numbers are addresses: new streams get new ones."""

    ALGORITHMS = 1
    RELEASES = 2
    GENERATIONS = 3
    SENTIMENT = 4
    ENTRY = 5


UNIFORM = frozenset({Stream.GENERATIONS, Stream.ENTRY})


@shown("seed", "replicates")
class Randomness:
    """The draws of some replicates under one seed.

    Args:
        seed: the seed of the experiment, from 0 to 2**63 - 1.
        replicates: the numbers of the replicates; equal numbers have equal luck.
    """

    def __init__(self, seed: int, replicates: Sequence[int]) -> None:
        if not 0 <= seed <= LARGEST_SEED:
            raise ValueError(f"rng = {seed} lies outside [0, {LARGEST_SEED}]")
        self.seed = seed
        self.replicates = tuple(replicates)
        self._places = {number: place for place, number in enumerate(dict.fromkeys(self.replicates))}
        self._blocks: dict[tuple[Stream, int], tuple[int, Floats]] = {}

    def draw(self, stream: Stream, firms: int, quarter: int) -> Floats:
        """Return standard normal or uniform draws for a quarter, shape (firms, R)."""
        number, within = divmod(quarter, BLOCK)
        held = self._blocks.get((stream, firms))
        if held is None or held[0] != number:
            held = number, self._block(stream, firms, number)
            self._blocks[stream, firms] = held
        return held[1][within]

    def _block(self, stream: Stream, firms: int, number: int) -> Floats:
        """Draw a block of quarters for all firms and replicates, shape (BLOCK, firms, R)."""
        drawn = np.empty((len(self._places), firms, BLOCK))
        for replicate, place in self._places.items():
            source = np.random.Philox(key=[self.seed, replicate], counter=[0, 0, number, int(stream)])
            generator = np.random.Generator(source)
            draw = generator.random if stream in UNIFORM else generator.standard_normal
            draw(out=drawn[place])
        if len(drawn) < len(self.replicates):
            drawn = drawn[[self._places[number] for number in self.replicates]]
        return freeze(np.ascontiguousarray(drawn.transpose(2, 1, 0)))

    def __getstate__(self) -> dict[str, object]:
        """Pickle the address alone; the draws come back from it."""
        return {"seed": self.seed, "replicates": self.replicates, "_places": self._places, "_blocks": {}}
