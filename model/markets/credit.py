"""Credit: what lenders quote by class, what those outside take, and what priced loans teach (P7, P8, P14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.rules.credit import (
    CLASSES,
    PRIVATE,
    after_discovery,
    after_scarcity,
    class_weights,
    openness,
    premium,
    supply,
    within_means,
)
from ...agents.state.arrays import Floats, power, ratio, stacked, total
from ...agents.state.quantity import ParameterGroup, parameter
from ..accounting.borrowers import of_borrowers
from ..deals.guarantees import quoted_to_guarantor

if TYPE_CHECKING:
    from ..market_model import MarketModel

SPECIFIED = "specification 2, section 4; assumption"
COREWEAVE = "CoreWeave's delayed-draw loans: 9.62 points over SOFR on 2.3 bn, 6.25 on 7.5 (financing_deals.csv)"
BOND_ISSUES = "bonds of five hyperscalers of 93 bn in 2025 at spreads little changed, 125 bn of orders for one of 30"


class CreditMarket(ParameterGroup):
    """Two classes of credit: bonds, and asset-backed and private credit."""

    group = "credit"

    floor_bonds = parameter(0.008, "1/yr", 0.004, 0.015, SPECIFIED, "premium of bonds that no experience takes away")
    floor_private = parameter(0.02, "1/yr", 0.01, 0.04, SPECIFIED, "premium of private credit that none takes away")
    learnable_bonds = parameter(
        0.002, "1/yr", 0.0, 0.01, SPECIFIED, "premium of bonds at the start that experience wears off", opening=True
    )
    learnable_private = parameter(
        0.02, "1/yr", 0.0, 0.06, COREWEAVE, "premium of private credit that experience wears off", opening=True
    )
    learning_bonds = parameter(0.1, "1", 0.0, 0.6, SPECIFIED, "how fast experience with bonds wears it off")
    learning_private = parameter(0.30, "1", 0.0, 0.6, COREWEAVE, "how fast experience with private credit does")
    forgetting = parameter(0.03, "1/quarter", 0.0, 0.1, SPECIFIED, "part of experience that lenders lose in a quarter")
    discovery = parameter(0.5, "1", 0.0, 1.0, SPECIFIED, "how far a deal's own rate is news about its class")
    first_scarcity_bonds = parameter(
        0.001, "1/yr", 0.0005, 0.02, SPECIFIED, "scarcity premium of bonds at the start", opening=True
    )
    first_scarcity_private = parameter(
        0.01, "1/yr", 0.0005, 0.05, SPECIFIED, "scarcity premium of private credit at the start", opening=True
    )
    scarcity_speed = parameter(0.5, "1/quarter", 0.0, 1.0, SPECIFIED, "response of scarcity premia to what is short")
    open_bonds = parameter(0.9, "1", 0.5, 1.0, BOND_ISSUES, "part of requests for bonds that lenders outside take")
    open_private = parameter(
        0.5,
        "1",
        0.0,
        1.0,
        "about half of the deal was syndicated (financing_deals.csv); other deals: assumption",
        "part of a deal, and most of requests for private credit, that lenders outside take",
        "open1",
    )
    depth_bonds = parameter(0.02, "1/yr", 0.005, 0.05, SPECIFIED, "yield over the reservation that opens all purses")
    depth_private = parameter(0.03, "1/yr", 0.01, 0.06, SPECIFIED, "the same of private credit")
    reservation_bonds = parameter(
        0.006, "1/yr", 0.0, 0.015, SPECIFIED, "yield over the risk-free rate below which nobody outside buys bonds"
    )
    reservation_private = parameter(0.03, "1/yr", 0.01, 0.05, SPECIFIED, "the same of private credit")
    flow_bonds = parameter(
        100.0,
        "USD bn/quarter",
        40.0,
        300.0,
        BOND_ISSUES,
        "money outside for bonds at the usual yield, at the end of 2025",
    )
    flow_private = parameter(
        20.0,
        "USD bn/quarter",
        10.0,
        60.0,
        "AI debt of 120 bn off balance sheets at the end of 2025 (financing_deals.csv); assumption",
        "money outside for private credit at the usual yield, at the end of 2025",
    )
    supply_growth = parameter(1.02, "1/quarter", 1.0, 1.04, SPECIFIED, "growth of money outside, as a factor")


def by_class(market: MarketModel, name: str) -> Floats:
    """Return a parameter of both classes of credit, shape (2, 1), or (2, R) where replicates differ."""
    return stacked([getattr(market.parameters, f"{name}_{kind}") for kind in CLASSES])


def open_credit(market: MarketModel) -> None:
    """Put what lenders know and ask at the start into the economy."""
    economy = market.economy
    level = market.parameters.price_level * np.ones(market.replicates)
    known = np.stack([market.start.array("economy", f"experience_{kind}") * level for kind in CLASSES])
    economy.commit(
        experience=known,
        first_experience=known + 0.0,
        learnable=by_class(market, "learnable") + 0.0 * known,
        scarcity=by_class(market, "first_scarcity") + 0.0 * known,
    )


def premia(market: MarketModel) -> Floats:
    """Return what lenders ask beyond expected loss by class at neutral moods, 1/yr, shape (2, R)."""
    economy = market.economy
    known = ratio(economy.experience, economy.first_experience)
    return premium(by_class(market, "floor"), economy.learnable, known, by_class(market, "learning"), economy.scarcity)


def premium_of(market: MarketModel, risk: Floats) -> Floats:
    """Return the premium of borrowers by their risk, 1/yr, shape (borrowers, R); what classes pay is kept."""
    asked = premia(market)
    market.economy.commit(premium=asked)
    return total(class_weights(risk) * asked[:, None])


def lend_outside(market: MarketModel) -> Floats:
    """Return what lenders outside take of each firm's request, USD bn, shape (borrowers, R) (P8)."""
    p, economy = market.parameters, market.economy
    rate, requested = of_borrowers(market, "quoted_rate"), of_borrowers(market, "debt_request")
    asked = class_weights(of_borrowers(market, "default_risk")) * requested
    reservation, depth = p.risk_free_rate + by_class(market, "reservation"), by_class(market, "depth")
    most = by_class(market, "open")
    ready = p.capital_available * (1.0 - p.credit_crunch)
    part = openness(most[:, None], rate, reservation[:, None], depth[:, None])
    would = asked * np.minimum(1.0, part * ready)
    mean_rate = ratio(total(asked * rate, 1), total(asked, 1))
    flow = by_class(market, "flow") * power(p.supply_growth, market.elapsed)
    supplied = supply(flow, mean_rate, reservation, depth)
    reached = within_means(total(would, 1), most * economy.deal_loans_before, supplied)
    return total(would * reached[:, None])


def note_lending(market: MarketModel, asked: Floats, could: Floats, lent: Floats, outside: Floats) -> None:
    """Keep by class what managers were asked for and could have lent, and what all lent, shape (borrowers, R) each."""
    weights = class_weights(of_borrowers(market, "default_risk"))
    market.economy.commit(
        taken_outside=total(outside),
        managers_asked=total(weights * asked, 1),
        could_be_placed=total(weights * could, 1),
        loans_priced=total(weights * lent, 1),
    )


def count_deal_loans(market: MarketModel, drawn: Floats) -> None:
    """Count what deals lend as private credit, and what they pay beyond quotes of the same risk, shape (facilities, R).

    A guaranteed tranche has the risk of its guarantor.
    """
    facilities, economy = market.facilities, market.economy
    lease = facilities.is_a["lease"]
    agreed = (lease + facilities.has_rate) > 0.0
    contract = np.where(lease > 0.0, facilities.rate, facilities.coupon)
    quoted = facilities.to.of(market, "quoted_rate")
    if len(market.vehicles):
        backed = facilities.of_vehicle_rows(quoted_to_guarantor(market))
        quoted = np.where((facilities.guaranteed > 0.0) & (backed > 0.0), backed, quoted)
    margin = total(np.where(agreed, drawn * (contract - quoted), 0.0))
    private = (np.arange(len(CLASSES)) == PRIVATE)[:, None] * 1.0
    economy.commit(
        deal_loans=economy.deal_loans + private * total(drawn), deal_margin=economy.deal_margin + private * margin
    )


def open_round(market: MarketModel) -> None:
    """Remember what deals drew in the last round of lending, and begin to count anew (P8)."""
    economy = market.economy
    economy.commit(
        deal_loans_before=economy.deal_loans + 0.0,
        deal_loans=np.zeros_like(economy.deal_loans),
        deal_margin=np.zeros_like(economy.deal_margin),
    )


def learn(market: MarketModel) -> None:
    """Let lenders learn from what was lent and priced, and money that is short get dearer (P14)."""
    economy, p = market.economy, market.parameters
    economy.commit(
        learnable=after_discovery(
            economy.learnable, economy.experience, economy.deal_loans, economy.deal_margin, p.discovery
        ),
        experience=(1.0 - p.forgetting) * economy.experience + economy.loans_priced + economy.deal_loans,
        scarcity=after_scarcity(economy.scarcity, economy.managers_asked, economy.could_be_placed, p.scarcity_speed),
    )
