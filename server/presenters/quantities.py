"""What pages measure: each quantity has one name, one unit and one way to be read, on whatever page it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .firm_labels import focus

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun, World

PERCENT = 100.0
LABS = "ai_labs"


class Quantity(NamedTuple):
    """A quantity of the market or of one lab.

    Attributes:
        label: its name; of a lab, what is said after “Anthropic’s”.
        unit: its unit, as it is shown.
        name: the indicator, or the column of the labs.
        of_lab: whether it is a column of the labs.
        factor: what it is multiplied by.
    """

    label: str
    unit: str
    name: str
    of_lab: bool = False
    factor: float = 1.0

    def of_labs(self, world: World) -> np.ndarray:
        """Return the quantity of every lab, shape (labs,)."""
        return self.factor * world.column(LABS, self.name)

    def read(self, world: World, row: int = 0) -> float:
        """Return the quantity in a world, of a lab that of its row."""
        return float(self.of_labs(world)[row]) if self.of_lab else self.factor * world.indicator(self.name)

    def many(self, values: Mapping[str, np.ndarray], row: int = 0) -> np.ndarray:
        """Return the quantity in many worlds, shape (quarters, pairs).

        Args:
            values: by name, shape (quarters, pairs), or (quarters, labs, pairs) for columns of the labs.
            row: of the lab.
        """
        return self.factor * (values[self.name][:, row] if self.of_lab else values[self.name])

    def called(self, lab: str) -> str:
        """Return its whole name; of a lab with whose it is."""
        return f"{lab}’s {self.label[0].lower()}{self.label[1:]}" if self.of_lab else self.label


REVENUE = Quantity("AI revenue", "bn $/quarter", "ai_revenue")
COMPUTE_OF_LABS = Quantity("Compute of the labs", "M H100e", "lab_compute")
CAPITAL = Quantity("Capital raised", "bn $/quarter", "funding")
LEAD_TIME = Quantity("Chip lead time", "quarters", "chip_lead_time")
CHIP_PRICE = Quantity("Chip price", "k$/H100e", "landed_price")
POWER_PRICE = Quantity("Power price", "$/MWh", "power_price")
CONTRACT_RENT = Quantity("Rent asked of labs", "$/H100e-hour", "contract_rent")
SPOT_RENT = Quantity("Spot price of compute", "$/H100e-hour", "spot_rent")
RENTED_PART = Quantity("Part of labs’ compute that is rented", "%", "rented_share", factor=PERCENT)
IDLE_PART = Quantity("Part of clouds’ compute that is idle", "%", "idle_share", factor=PERCENT)
BACKLOG = Quantity("Backlog of rent", "bn $", "rent_backlog")
CLOUD_COMPUTE = Quantity("Compute that runs at clouds", "M H100e", "cloud_compute")
CLOUD_CAPEX = Quantity("Clouds’ capital spending", "bn $/quarter", "cloud_capex")
CLOUD_DEBT = Quantity("Clouds’ debt", "bn $", "cloud_debt")
SHARE = Quantity("Share of AI revenue", "%", "revenue_share", of_lab=True, factor=PERCENT)
GAP = Quantity("Gap to the leader", "OOM", "gap", of_lab=True)
COMPUTE = Quantity("Compute", "M H100e", "powered_compute", of_lab=True)
CAPABILITY = Quantity("Capability", "OOM", "capability", of_lab=True)


def row_of_focus(run: TwinRun) -> int:
    """Return the row of the lab that a page is about."""
    return run.firms[LABS].index(focus(run))
