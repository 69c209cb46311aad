"""AI labs: they train models, sell AI services, and order or rent the compute for both."""

from __future__ import annotations

import numpy as np

from .firm import GWH_PRICE, HOURS, QUARTERS, Funding
from .fleet_owner import ONE_CHIP, ComputePlan
from .lab_parameters import CASH_FOR_RENT, LONGEST_WAIT, RENT_USE, YEAR
from .lab_state import LabState
from .rules.choice import logit
from .rules.limits import ever_less, smooth_cap
from .rules.pricing import price_towards
from .rules.renting import damped, user_cost
from .rules.segments import by_segment, clearing_price
from .state.arrays import TINY, Floats, clip, paired, positive, ratio, total
from .state.population import decision
from .state.signals import Signals

FOCUS_KEPT = 0.9
"""Part of the focus of research that a quarter leaves as it was (specification 2, section 3; assumption)."""


class AILab(LabState):
    """An AI lab, consolidated with its dedicated compute and, where it has one, its parent's AI unit.

    Examples:
        >>> import aimarket
        >>> class ThriftyLab(aimarket.AILab):
        ...     def plan_compute(self, signals):
        ...         plan = super().plan_compute(signals)
        ...         return plan._replace(compute=0.5 * plan.compute)
        >>> model = aimarket.MarketModel("baseline", rng=7, firms={"xAI": ThriftyLab})
        >>> model.step()
        >>> print(*(lab.name for lab in model.agents_by_type[ThriftyLab]))
        xAI
    """

    group = "ai_labs"

    @decision(most=1.0)
    def sublet_compute(self, signals: Signals) -> Floats:
        """Return the part of what they rent that labs offer to enterprises, shape (labs, R).

        A tenant pays whether it uses what it rents or not: it offers what stood idle last quarter (P3a).
        """
        return np.minimum(self.sublet_limit, self.idle_part)

    @decision()
    def split_compute(self, signals: Signals) -> Floats:
        """Return the compute set aside for customers, M H100e, shape (labs, R).

        What expected demand needs, but never the part that research is guaranteed (specification P3).
        """
        needed = self.demand_in_compute(signals) * np.exp(self.expected_growth)
        return np.minimum(needed, (1.0 - self.research_floor) * self.powered_compute)

    def demand_in_compute(self, signals: Signals) -> Floats:
        """Return the compute that last quarter's demand would take today, M H100e, shape (labs, R)."""
        return total(self.demanded * signals.routine_work, 1) * self.compute_per_unit

    @decision()
    def pay_researchers(self, signals: Signals) -> Floats:
        """Return the pay of researchers, USD bn, shape (labs, R): from sales and free cash, slow to fall (P4)."""
        wished = self.labour_per_revenue * self.revenue + self.labour_per_cash * positive(self.free_cash)
        sticky = (1.0 - self.labour_fall) * self.own_research_pay
        return self.active * np.maximum(np.maximum(wished, sticky), self.labour_floor)

    @decision(over="segments", most=1.0)
    def choose_focus(self, signals: Signals) -> Floats:
        """Return the parts of research by segment, shape (labs, segments, R): slowly to where it pays (P4).

        A logit on what the segment earned the lab and how fast the segment grows (specification 2, section 3).
        """
        earns = np.log(np.maximum(self.sales * np.exp(signals.adoption_growth), TINY))
        aim = logit(self.focus_weight * earns, np.ones_like(earns), axis=1)
        return FOCUS_KEPT * self.focus + (1.0 - FOCUS_KEPT) * aim

    @decision(over="segments")
    def set_price(self, signals: Signals) -> Floats:
        """Return prices by segment, USD bn a unit, shape (labs, segments, R) (P5).

        Compute is worth its rent, whoever owns it; competition leaves a margin on it, and where customers ask for more
        than they may have, the price rations them (specification 2, section 3).
        """
        worth = self.service_intensity * signals.market_rent / (1.0 - self.lerner)
        use = ratio(self.compute_asked, self.sales_capacity)[:, None]
        target, elasticity = paired(self.target_utilisation), by_segment(self, "price_elasticity")
        aim = np.maximum(worth, clearing_price(self.price, use, target, elasticity))
        return price_towards(self.price, aim, paired(self.greatest_cut), paired(self.greatest_rise))

    def wanted_compute(self, quarters: float | Floats, signals: Signals) -> Floats:
        """Return the chips that demand in some quarters' time would take, M H100e, shape (labs, R).

        Kof(h) = ydem exp((ge - iota gA) G(h)) kappa / (1 - f*), with growth that fades (specification 2, section 2),
        less where a treatment lets the lab get more out of a chip.
        """
        growth = self.expected_growth - self.inference_gain * self.efficiency_trend
        asked = self.demand_in_compute(signals) * np.exp(growth * damped(quarters, self.growth_fade))
        return asked / ((1.0 - self.research_target) * self.compute_wedge)

    def catching_up(self, signals: Signals) -> Floats:
        """Return the compute that labs add because a rival has more, M H100e, shape (labs, R)."""
        return self.rivalry * positive(signals.largest_fleet - self.wanted_compute(self.horizon, signals))

    def brake(self, signals: Signals) -> Floats:
        """Return how many times its usual pace dear money and returns let a plan have, shape (labs, R) (P7).

        It has no upper limit: how far it moves a plan is limited once, where the plan is. An owner who wants its lab to
        keep up looks at money alone.
        """
        growth = np.maximum(self.expected_revenue_growth, self.lowest_expected_growth)
        margin = self.revenue * np.exp(growth * self.horizon) * (1.0 - self.operating_cost_share)
        margin = margin - self.power_bill * self.part_for_itself - self.lease_rent - self.hired
        capital_cost = self.fixed_assets * (self.capital_charge + self.quoted_rate / QUARTERS)
        returns = margin / np.maximum(capital_cost, self.least_capital_cost)
        dear = np.exp(-self.rate_sensitivity * (self.quoted_rate - self.reference_rate))
        worth = np.maximum(returns / self.target_return, self.least_brake)
        return dear * np.where(self.parity > 0.0, 1.0, worth)

    def room_to_fill(self, signals: Signals) -> Floats:
        """Return the compute for which there is room soon, in own halls or in landlords', M H100e, shape (labs, R).

        Landlords share their room out by what labs rent of them. Labs plan for own halls; money bound to chips, and
        vehicles, may fill landlords'.
        """
        part = ratio(self.let_by, signals.landlord_let)
        hosted = total(signals.landlord_room * part, 1) * (1.0 - self.integrated) * (1.0 - self.is_housed)
        return ratio(self.hall_room(signals) + hosted, self.power_per_compute(signals))

    def lab_target(self, quarters: int | Floats, signals: Signals) -> Floats:
        """Return the compute that the lab wants in some quarters' time, M H100e, shape (labs, R).

        What demand takes, part of a rival's lead, and its answer to what others announced; an owner wants a part of the
        largest rival's compute at least, as far as it has the means.
        """
        led = positive(self.wanted_compute(quarters, signals) + self.catching_up(signals) + self.matched)
        return led + self._supported(positive(self.keeping_up * self.largest_rival - led), led, signals)

    @property
    def keeping_up(self) -> Floats:
        """The part of the largest rival's compute that its owner wants at what money costs now, shape (labs, R)."""
        return self.parity * np.exp(-self.rate_sensitivity * (self.owner_rate - self.reference_rate))

    def _supported(self, wish: Floats, led: Floats, signals: Signals) -> Floats:
        """Return the compute beyond what demand leads to that an owner pays for, M H100e, shape (labs, R).

        Owners with another business put no more into it than a part of that business's cash flow, by a limit that
        bends; parents count what they support already. Who has none is left to lenders (specification 2, section 4).
        """
        price = self.landed_price(signals) + self.power_per_compute(signals) * signals.new_hall_pue * self.hall_price
        growing = positive(led + self.in_house - self.compute - self.backlog_compute(signals))
        rent = np.where(self.housed > 0.0, ratio(self.internal_rent, self.housed), signals.market_rent)
        housed = self.is_housed > 0.0
        cost = np.where(housed, rent, price / self.adjustment_time)
        spent = np.where(housed, self.parent_support + rent * (led - self.housed), cost * growing)
        room = positive(self.support_limit * self.owner_cash_flow - positive(spent))
        limited = smooth_cap(wish * cost, room) / np.maximum(cost, TINY)
        return np.where(self.owner_cash_flow > 0.0, limited, wish)

    def needed_now(self, signals: Signals) -> Floats:
        """Return the compute that a housed lab asks its parent for, M H100e, shape (labs, R).

        What demand takes next quarter, and its part of what the largest rival runs, as far as its parent has the means:
        the limit holds for what it asks for, never for a bill.
        """
        led = self.wanted_compute(1.0, signals)
        return led + self._supported(positive(self.keeping_up * self.rival_running - led), led, signals)

    def lacking_compute(self, target: Floats, signals: Signals) -> Floats:
        """Return what is missing to a target `horizon` quarters ahead, beyond what is signed or on order, M H100e."""
        ending = total(self.ending, 1) + self.retirement(self.horizon) * self.compute
        there = self.compute_at_hand + total(self.owed, 1) + self.backlog_compute(signals) - ending
        return positive(target - there)

    @property
    def fastest_step(self) -> Floats:
        """The compute that a renter adds at most in a quarter by all routes, M H100e, shape (labs, R)."""
        return self.fastest_signing * (self.compute_at_hand + self.signing_step)

    def compute_step(self, lacking: Floats) -> Floats:
        """Return the compute to rent this quarter by any route where some is lacking, M H100e, shape (labs, R)."""
        return self.active * smooth_cap(lacking / self.adjustment_time, self.fastest_step)

    @decision(over="routes", most=1.0)
    def choose_route(self, signals: Signals) -> Floats:
        """Return the parts of new compute by route, shape (labs, 1 + clouds, R): own building, then each landlord.

        A logit on cost, waiting and where its compute is already (specification 2, section 2).
        """
        rate, landed, rated = self.quoted_rate, self.landed_price(signals), self.power_per_compute(signals)
        drawn = rated * signals.new_hall_pue
        energy = drawn * signals.power_price * (HOURS * GWH_PRICE)
        own = user_cost(landed, drawn * self.hall_price, energy, rate, self)
        waiting = np.where(self.room_in_halls(signals) > ONE_CHIP, 1.0, float(signals.hall_lead_time))
        waiting = waiting + total(self.vendor_mix * signals.chip_lead_time, 1)
        cost = np.concatenate([own[:, None], self.rents], axis=1)
        wait = np.concatenate([waiting[:, None], np.broadcast_to(signals.landlord_wait, self.rents.shape)], axis=1)
        there = np.concatenate([self.compute[:, None], self.let_by], axis=1)
        on_offer = np.concatenate(
            [np.ones_like(own)[:, None], np.broadcast_to(signals.landlord_active, self.rents.shape)], axis=1
        )
        cheapest = np.where(on_offer > 0.0, cost, np.inf).min(1)
        utility = -paired(self.cost_weight) * np.log(cost / cheapest[:, None])
        utility = utility - paired(self.wait_weight) * np.minimum(wait, LONGEST_WAIT)
        utility = utility + paired(self.tie) * ratio(there, total(there, 1)[:, None])
        return logit(utility, on_offer, axis=1)

    @property
    def part_sold(self) -> Floats:
        """The part of its last issue of shares that found buyers, shape (labs, R); all where it issued none."""
        sold = np.minimum(1.0, ratio(self.equity_raised, self.equity_request))
        return np.where(self.equity_request > 0.0, sold, 1.0)

    @decision()
    def affordable_rent(self, signals: Signals) -> Floats:
        """Return the rent that a lab may sign beyond what it owes already, USD bn a quarter, shape (labs, R).

        In all no more than `burden_limit` of what it expects to have for it: sales in a year less other costs, an issue
        of shares, and part of its cash.
        """
        growth = self.expected_revenue_growth * damped(YEAR, self.growth_fade)
        left = 1.0 - self.operating_cost_share - self.labour_per_revenue - self.aimed_margin
        means = self.revenue * np.exp(growth) * left - self.debt_service
        means = means + self.part_sold * positive(self.dilution * self.value)
        means = means + CASH_FOR_RENT * (positive(self.free_cash) + self.restricted_cash[:, RENT_USE])
        locked = (self.defaults > 0.0) & (self.since_default < YEAR)
        return positive(self.burden_limit * means - self.rent_bill - total(self.owed_value, 1)) * (1.0 - locked)

    @decision(result=ComputePlan)
    def plan_compute(self, signals: Signals) -> ComputePlan:
        """Return the compute and the halls that labs want to order for themselves, shape (labs, R) each.

        Chips and halls are planned apart, because a hall takes a year or more and chips a quarter or two: compute
        closes the gap to expected demand over `adjustment_time`, halls look beyond their own time to build, and no
        chips are ordered for halls that do not exist (specification P7). Who rents orders the part that it builds. Both
        are limited once, by a limit that bends: the greater the gap and the better the returns, the larger the plan
        (specification 2).
        """
        lacking = self.lacking_compute(self.lab_target(self.horizon, signals), signals)
        halls = self.halls_lacking(self._fleet_ahead(self.own_part * lacking, signals), signals)
        return ComputePlan(
            compute=self.fitting_order(signals),
            halls=self.active * smooth_cap(halls * smooth_cap(self.brake(signals), 1.0), self.fastest_building),
        )

    @property
    def own_part(self) -> Floats:
        """The part of what a lab lacks that it builds itself, shape (labs, R)."""
        return self.routes[:, 0] * (1.0 - self.is_housed)

    @property
    def fastest_order(self) -> Floats:
        """The compute that a lab orders at most in a quarter, M H100e, shape (labs, R)."""
        owner = self.fastest_growth * (self.compute + self.smallest_step)
        return np.where(self.integrated > 0.0, owner, self.own_part * self.fastest_step)

    @property
    def fastest_building(self) -> Floats:
        """The halls that a lab orders at most in a quarter, GW, shape (labs, R)."""
        return self.fastest_growth * (self.halls + self.smallest_step)

    def wanted_order(self, signals: Signals) -> Floats:
        """Return the compute that a lab would order if halls were no question, M H100e, shape (labs, R).

        A renter orders the part of what it lacks that it builds itself.
        """
        target = self.lab_target(self.horizon, signals)
        kept = self.compute * (1.0 - self.retirement(self.horizon)) + self.backlog_compute(signals)
        gap = positive(target + self._products(self.horizon, signals) - kept)
        gap = np.where(self.integrated > 0.0, gap, self.own_part * self.lacking_compute(target, signals))
        pace = self.brake(signals) * self.answer_to_worth(signals) * self.answer_to_wait(signals) / self.adjustment_time
        return smooth_cap(gap * smooth_cap(pace, 1.0), self.fastest_order)

    def _products(self, quarters: int | Floats, signals: Signals) -> Floats:
        """Return the compute that its owner's other products will take, M H100e, shape (labs, R)."""
        return self.in_house * np.exp(signals.in_house_growth * damped(quarters, self.growth_fade))

    def _fleet_ahead(self, lacking: Floats, signals: Signals) -> Floats:
        """Return the fleet to have halls for when halls ordered now stand, M H100e: a renter's with what it lacks."""
        ahead = signals.hall_lead_time + self.hall_margin
        target = self.lab_target(ahead, signals) + self._products(ahead, signals)
        return np.where(self.integrated > 0.0, target, self.compute + lacking)

    def collateral(self, signals: Signals) -> Floats:
        """Return what lenders think the fleet and halls would fetch, USD bn, shape (labs, R)."""
        fleet = self.fleet_collateral * self.owned_compute * signals.resale_value
        return fleet + self.plant_collateral * self.fixed_assets

    def funding_need(self, signals: Signals) -> Floats:
        """Return what plans, orders, losses and sales take beyond the cash at hand, USD bn, shape (labs, R) (P7)."""
        burn = positive(-self.operating_cash_flow)
        need = self.planned_spending(signals) + self.due_share * self.undelivered(signals) + self.runway * burn
        need = need + self.working_capital * self.revenue + self.cash_per_core * self.core_cash_flow - self.free_cash
        return need - self.earmark_relief * self.restricted_sum

    def usual_issue(self, signals: Signals) -> Floats:
        """Return what owners let a lab raise in shares as a rule: dil val exp(.5 z), USD bn, shape (labs, R) (P7)."""
        return positive(self.dilution * self.value * np.exp(self.issue_sentiment * signals.sentiment))

    def kept_for_losses(self, signals: Signals) -> Floats:
        """Return the cash that orders leave for losses, USD bn, shape (labs, R) (P9).

        Those of half a quarter at least, and those of all quarters that it looks ahead as far as an issue of shares in
        each, which finds as many buyers as the last one, would not pay for them.
        """
        burn = positive(-self.operating_cash_flow)
        covered = self.part_sold * self.usual_issue(signals)
        return np.maximum(self.loss_buffer * burn, self.runway * positive(burn - covered))

    @decision(result=Funding)
    def request_funding(self, signals: Signals) -> Funding:
        """Return what labs ask to borrow and to raise in shares, USD bn, shape (labs, R) each.

        Debt first, as far as collateral carries it; shares for the rest, of which owners bear ever less (P7).
        """
        need = self.active * (1.0 - self.is_housed) * positive(self.funding_need(signals))
        spending, bound = self.planned_spending(signals), self.restricted_sum
        pledged = self.loan_to_value * (self.collateral(signals) + self.new_plant_collateral * spending)
        owed = self.debt + total(self.vendor_finance, 1) - bound
        debt = clip(pledged - owed, 0.0, need) * (self.default_risk < self.riskiest_borrower)
        return Funding(debt, ever_less(need - debt, self.usual_issue(signals)))
