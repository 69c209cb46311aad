"""The state of AI labs: what they have, owe and sell, and what follows from it without a decision."""

from __future__ import annotations

import numpy as np

from .fleet_owner import FleetOwner
from .lab_parameters import LabParameters
from .rules.renting import ending_soon, of_all_quarters
from .rules.segments import by_segment, lerner_index
from .segment_parameters import SegmentParameters
from .state.arrays import Floats, positive, ratio, total
from .state.column import Column, Mirror


class LabState(LabParameters, SegmentParameters, FleetOwner):
    """Columns of AI labs, what they see of other kinds' columns, and amounts that follow from both."""

    group = "ai_labs"

    log_efficiency = Column("nat", "algorithmic efficiency relative to the frontier at the start", symbol="lnA")
    first_efficiency = Column("nat", "log efficiency in the first quarter, for the share of algorithms in progress")
    first_research = Column("M H100e", "research compute in the first quarter, likewise")
    efficiency_trend = Column("nat/quarter", "smoothed growth of algorithmic efficiency", symbol="gA_smooth")
    capability = Column("OOM", "log10 effective training compute of the model on sale", symbol="c")
    gap = Column("OOM", "distance of the model on sale from the best one", symbol="gap")
    training = Column("M H100e quarters", "effective training compute gathered for the next model", symbol="X")
    carried = Column("quarters", "part of a quarter that the last release came early", symbol="cfrac")
    since_release = Column("quarters", "quarters since the last release", symbol="since")
    releases = Column("1", "models released so far", symbol="nrel")
    released = Column("1", "1 where a model was released this quarter")
    release_interval = Column("quarters", "time between the last two releases", initial=2.0, symbol="lastint")
    share = Column("1", "share of a segment's use, open models being one option more", over="segments", symbol="sh")
    brand = Column("1", "attachment to the brand, in logit units", over="segments", symbol="xi")
    strength = Column("OOM", "how much better the model is for a segment than in general", over="segments", symbol="S")
    focus = Column("1", "parts of research by the segment it is for", over="segments", symbol="phi")
    price = Column("USD bn/unit", "price of AI services", over="segments", initial=1.0, symbol="pr")
    demanded = Column("units/quarter", "AI services asked for", over="segments", symbol="ydem")
    sold = Column("units/quarter", "AI services sold", over="segments", symbol="y")
    sales = Column("USD bn/quarter", "sales of AI services by segment", over="segments")
    market_share = Column("1", "part of what all labs' customers ask for, at its price, before capacity rations them")
    markup = Column("1", "sales over the rent of the compute that served them, less one", symbol="mk")
    revenue = Column("USD bn/quarter", "sales of AI services", symbol="rev")
    serving = Column("M H100e", "compute that what was sold took")
    sales_capacity = Column("M H100e", "compute that customers may have at most", symbol="ycap")
    utilisation = Column("1", "compute that customers asked for over what they may have, when last sold", symbol="util")
    operating_costs = Column("USD bn/quarter", "running costs other than power and researchers", symbol="opex")
    expected_growth = Column("1/quarter", "expected growth of units, by the compute that they take", symbol="ge")
    expected_revenue_growth = Column("1/quarter", "expected growth of revenue", symbol="gr")
    powered_compute = Column("M H100e", "compute that ran for it this quarter, owned, rented or housed", symbol="Ke")
    rented = Column("M H100e", "compute that landlords ran for it under contracts this quarter")
    housed = Column("M H100e", "compute that its parent's cloud ran for it this quarter")
    integrated = Column("1", "1 where the lab owns what it runs")
    is_housed = Column("1", "1 where its parent's cloud runs it")
    sublet = Column("M H100e", "compute rented that it let on to enterprises this quarter")
    sublet_income = Column("USD bn/quarter", "what enterprises pay it for that")
    rent_bill = Column("USD bn/quarter", "rent due to landlords this quarter")
    rent_set_off = Column("USD bn/quarter", "part of that rent which was paid in advance")
    internal_rent = Column("USD bn/quarter", "what it pays its parent's cloud, at cost")
    hosting_fee = Column("USD bn/quarter", "what landlords are paid for halls in which its own chips stand")
    parent_support = Column("USD bn/quarter", "what its parent puts in, or takes out where it is below nothing")
    largest_rival = Column("M H100e", "compute that its largest rival has, signed or ordered")
    rival_running = Column("M H100e", "compute that its largest rival runs")
    routes = Column("1", "parts of the compute it adds: own first, then by landlord", over="routes")
    planned_rent = Column("M H100e/quarter", "compute that it wants to rent, by landlord", over="clouds")
    signed = Column("M H100e/quarter", "compute rented by new contracts this quarter, by landlord", over="clouds")
    advance_paid = Column("USD bn/quarter", "rent paid in advance this quarter")
    service_intensity = Column(
        "M H100e/unit", "compute that a unit of service took when compute was split", over="segments", symbol="kap"
    )
    overdrawn = Column("M H100e", "compute that served unexpected demand, to be taken from research")
    inference = Column("M H100e", "compute that served customers", symbol="inf")
    research = Column("M H100e", "compute for research and training", symbol="rd")
    research_labour = Column("USD bn/quarter", "pay of researchers")
    own_research_pay = Column("USD bn/quarter", "pay of researchers out of money that is not earmarked", symbol="RLp")
    at_limit = Column("1", "1 where the last decision under a limit was within one percent of it", over="limits")
    covenant_broken = Column("1", "1 while a covenant holds back dividends and orders")
    since_default = Column("quarters", "quarters since the last default, or in business without one")
    quarters_behind = Column("quarters", "quarters in a row in which the model on sale was too far behind")
    entered = Column("1", "1 where the lab entered the market this quarter")
    exited = Column("1", "1 where the lab left the market this quarter")
    takeovers = Column("1", "labs whose plant it took over this quarter")
    gone = Column("1", "1 once the lab has left the market for good")

    contracts = Mirror("clouds", "contracts", "M H100e", "compute rented by landlord and quarters until the end")
    let_by = Mirror("clouds", "contracts", "M H100e", "compute rented by landlord", rule=of_all_quarters)
    ending = Mirror("clouds", "contracts", "M H100e", "part of it that ends within five quarters", rule=ending_soon)
    served = Mirror("clouds", "served", "M H100e", "compute that ran for it under contracts, by landlord")
    housed_by = Mirror("clouds", "housed", "M H100e", "compute that its parent's cloud ran for it, by landlord")
    owed = Mirror("clouds", "owed", "M H100e", "compute signed and not delivered, by landlord")
    owed_value = Mirror("clouds", "owed_value", "USD bn/quarter", "rent agreed for it")
    advances = Mirror("clouds", "advances", "USD bn", "rent paid in advance, by landlord")
    hosted = Mirror("clouds", "hosted", "GW", "landlords' halls in which its own chips stand")
    rents = Mirror("clouds", "rent_price", "USD bn per M H100e and quarter", "rent that landlords ask of it")

    @property
    def hired(self) -> Floats:
        """What the lab owes this quarter for compute and halls of others, USD bn, shape (labs, R)."""
        return self.rent_bill + self.internal_rent + self.hosting_fee

    @property
    def idle_part(self) -> Floats:
        """The part of the compute that ran for it which waited for customers in vain, shape (labs, R)."""
        return ratio(positive(self.inference - self.serving), self.powered_compute)

    @property
    def part_for_itself(self) -> Floats:
        """The part of its own running fleet that serves the lab, not its owner's other products, shape (labs, R)."""
        return 1.0 - np.minimum(1.0, ratio(self.in_house, self.own_compute))

    @property
    def compute_costs(self) -> Floats:
        """User cost of what the lab owns and rents, less what serves others, USD bn, shape (labs, R).

        Others are its owner's other products, and enterprises to which it lets on what it rents.
        """
        owned = self.user_cost * self.fixed_assets + self.power_bill
        return owned * self.part_for_itself + self.lease_rent + self.hired - self.sublet_income

    @property
    def sheltered_power(self) -> Floats:
        """The IT power for which own halls stand or wait for the grid, or landlords' stand, GW, shape (labs, R)."""
        return super().sheltered_power + total(self.hosted, 1) / self.pue

    @property
    def compute_at_hand(self) -> Floats:
        """Compute for the lab: what it owns less its owner's other products, rents or is housed with, M H100e."""
        return positive(self.compute - self.in_house) + self.rented + self.housed

    @property
    def power_at_work(self) -> Floats:
        """The IT power of the compute that runs for it, GW, shape (labs, R): own, rented and housed, by mean chips."""
        landlords = self.population.tables["clouds"].all
        rented = self.served * (1.0 - ratio(self.sublet, self.rented))[:, None]
        hired = (rented + self.housed_by) * ratio(landlords.fleet_power, landlords.compute)
        own = positive(self.own_compute - self.in_house) * ratio(self.fleet_power, self.compute)
        return own + total(hired, 1)

    @property
    def announced_compute(self) -> Floats:
        """Compute at hand, signed and on order, which rivals can see, M H100e, shape (labs, R)."""
        return self.compute_at_hand + total(self.owed, 1)

    @property
    def revenue_share(self) -> Floats:
        """The part of all labs' revenue that is the lab's, after capacity has rationed demand, shape (labs, R)."""
        return ratio(self.revenue, total(self.population.revenue))

    @property
    def compute_per_unit(self) -> Floats:
        """Compute that a unit of the best model's service takes: kappa0 A^-iota, M H100e a unit, shape (labs, R)."""
        return self.compute_intensity * np.exp(-self.inference_gain * self.log_efficiency)

    @property
    def compute_asked(self) -> Floats:
        """Compute that what customers ask for takes, M H100e, shape (labs, R)."""
        return total(self.demanded * self.service_intensity, 1)

    @property
    def lerner(self) -> Floats:
        """The margin over price that competition leaves a lab in a segment, shape (labs, segments, R)."""
        elasticity = by_segment(self, "price_elasticity")
        return lerner_index(self.share, by_segment(self, "price_weight"), elasticity, self.highest_lerner)
