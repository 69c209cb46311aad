"""Special-purpose vehicles: they borrow in tranches, buy chips or halls and lease them to one lab."""

from __future__ import annotations

from .state.column import Column
from .state.population import MarketAgent


class Vehicle(MarketAgent):
    """A special-purpose vehicle (SPV): a balance sheet of its own between a deal's funders and a lab.

    It takes no decisions. Its lessee pays a rent that covers coupon and repayment; when it does not, the vehicle sells
    what it owns, its guarantor makes good the senior shortfall up to a cap, and the rest is lost by rank.

    Examples:
        >>> import aimarket
        >>> model = aimarket.MarketModel("deal_reported", rng=7)
        >>> model.step()
        >>> model.step()
        >>> print(*(vehicle.name for vehicle in model.agents_by_type[aimarket.Vehicle]))
        35 bn vehicle for Anthropic's TPUs
    """

    group = "vehicles"

    cash = Column("USD bn", "deposits", ledger=True)
    fixed_assets = Column("USD bn", "chips and halls at book value", ledger=True, symbol="FA")
    loans = Column("USD bn", "notes of all tranches by holder, the outside sector last", over="lenders", ledger=True)
    capex = Column("USD bn/quarter", "spent on chips and halls this quarter")
    ordered = Column("USD bn", "ordered so far at the prices of the day")
    fleet = Column("M H100e", "chips owned by vendor, a part of the lessee's fleet", over="chip_vendors")
    fleet_power = Column("GW", "IT power of these chips")
    halls = Column("GW", "halls owned, a part of the lessee's")
    halls_ordered = Column("GW", "halls ordered and not yet started, a part of the lessee's")
    rent = Column("USD bn/quarter", "rent due this quarter: coupon and repayment")
    rent_paid = Column("USD bn/quarter", "rent that the lessee paid this quarter")
    missed = Column("1", "1 where the lessee missed a payment this quarter")
    ended = Column("1", "1 where the lease ended this quarter, paid off or not")
    resale = Column("USD bn/quarter", "what chips and halls fetched this quarter")
    guarantee_limit = Column("USD bn", "most that the guarantor ever pays")
    guarantee_paid = Column("USD bn", "paid by the guarantor so far")
    guarantee_call = Column("USD bn/quarter", "paid by the guarantor this quarter")
