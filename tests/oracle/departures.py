"""Where the model departs from the text of its specification, on purpose: one switch a departure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Departures:
    """With everything off the plain world follows the text; each switch takes over what the model does instead."""

    research_repays_unplanned_sales: bool = False
    """P3: compute that served unexpected demand is taken from research a quarter later; in the text it serves twice."""

    researchers_ignore_overdraft: bool = False
    """P4: free cash below zero counts as zero in researchers' pay; in the text a part of it is subtracted."""

    earmarked_pay_does_not_stick: bool = False
    """P4: pay falls slowly from what a lab itself paid; in the text from all pay, earmarked money included."""

    own_loans_among_peers: bool = False
    """P8: herding follows all loans to a firm; in the text the peers' alone."""

    orders_repriced_by_generation: bool = False
    """P12: a new generation raises the value of orders with its price; in the text it is delivered at the old price."""

    price_follows_performance: bool = False
    """P12: cost and price of a generation rise with a power of its performance; in the text by a quarter, always."""

    scarcity_fades: bool = False
    """P5: a price that rationed falls as capacity allows; in the text at once to its margin, where use is on target."""

    hosts_rent_for_a_year: bool = False
    """P5: use of open models costs the mean price of what is let; in the text the spot price of the quarter."""

    owners_look_at_money_alone: bool = False
    """P7: who wants parity plans as dear money lets it; in the text its returns trim its plans as well."""

    clouds_pledge_fleets_and_sell_shares: bool = False
    """P7: clouds without other business borrow on fleets and issue shares; in the text on contracts alone."""


SPECIFICATION = Departures()
AS_BUILT = Departures(
    research_repays_unplanned_sales=True,
    researchers_ignore_overdraft=True,
    earmarked_pay_does_not_stick=True,
    own_loans_among_peers=True,
    orders_repriced_by_generation=True,
    price_follows_performance=True,
    scarcity_fades=True,
    hosts_rent_for_a_year=True,
    owners_look_at_money_alone=True,
    clouds_pledge_fleets_and_sell_shares=True,
)
