"""Recipients: which owner of accelerators, lab or cloud, each row of a table of deals belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.state.arrays import Floats, total
from ...agents.state.population import Population
from ..accounting.borrowers import of_owners

if TYPE_CHECKING:
    from ..market_model import MarketModel


def taker(parents: Mapping[str, str], name: str) -> str:
    """Return who takes a deal for a firm: the parent of a lab that its parent's cloud runs, else the firm itself."""
    return parents.get(name, name)


class Recipients:
    """The recipients of a table's rows.

    Attributes:
        owner: each row's place among all owners of accelerators, labs first, then clouds, shape (rows,).
    """

    def __init__(self, market: MarketModel, names: Sequence[str]) -> None:
        owners = [name for firms in market.owners for name in firms.names]
        self.owner = np.array([owners.index(taker(market.start.parents, name)) for name in names], dtype=int)
        self._belongs: dict[str, Floats] = {}
        first = 0
        for firms in market.owners:
            self._belongs[firms.kind.group] = one_hot(self.owner - first, len(firms))
            first += len(firms)
        self._mine = {kind: total(belongs) for kind, belongs in self._belongs.items()}

    def any_of(self, firms: Population[Any]) -> bool:
        """Return whether a kind of owner has any row."""
        return bool(self._mine[firms.kind.group].any())

    def mine(self, firms: Population[Any]) -> Floats:
        """Return ones for the rows of a kind of owner, shape (rows, 1)."""
        return self._mine[firms.kind.group]

    def on(self, firms: Population[Any], amount: Floats) -> Floats:
        """Add up by firm of a kind an amount by row, shape (rows, ..., R) to (n, ..., R)."""
        return added(self._belongs[firms.kind.group], amount)

    def each(self, *values: Floats) -> Floats:
        """Return each row's recipient's value of labs' and clouds' values, shape (rows, ..., R)."""
        return np.concatenate(values)[self.owner]

    def of(self, market: MarketModel, column: str) -> Floats:
        """Return each row's recipient's value of a column, shape (rows, ..., R)."""
        return of_owners(market, column)[self.owner]

    def only(self, market: MarketModel, firms: Population[Any], value: Floats) -> Floats:
        """Return the value of each row's recipient where it is of a kind, else nothing, shape (rows, ..., R)."""
        nothing = (np.zeros((len(other), *value.shape[1:])) for other in market.owners)
        return self.each(
            *(value if other is firms else zero for other, zero in zip(market.owners, nothing, strict=True))
        )


def one_hot(places: np.ndarray, count: int) -> Floats:
    """Return ones where a row belongs to a firm, shape (count, n, 1)."""
    return (np.arange(count)[:, None] == places[None]).astype(np.float64)[..., None]


def added(belongs: Floats, amount: Floats) -> Floats:
    """Add up rows by the firm they belong to: (count, n, 1) and (n, ..., R) give (count, ..., R)."""
    room = belongs if amount.ndim == belongs.ndim - 1 else belongs[..., None]
    return total(room * amount[None], 1)
