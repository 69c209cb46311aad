"""The parameters of the segments of the market for AI services: how many use them, and how customers choose."""

from __future__ import annotations

from .state.quantity import parameter

SPECIFIED = "specification 2, section 6; assumption"
MARGINS = "OpenAI sold for 2.1 and 1.9 times its inference cost in 2024 and 2025 (compute_contracts.csv, clouds.csv)"
ELASTICITY = "1.11 in a working paper on open models, 1.2-1.8 in industry (specification)"
FALL = "prices at fixed capability fell 7 to 12-fold a year (token_prices.csv)"


class SegmentParameters:
    """Parameters of segments, which labs and their market read: one a segment, named by it."""

    group = "segments"

    # how many could use it
    consumer_ceiling = parameter(
        60.0,
        "units/quarter",
        30.0,
        120.0,
        SPECIFIED,
        "demand of consumers if models could do everything",
        "ceiling0",
        shared=True,
    )
    enterprise_ceiling = parameter(
        120.0,
        "units/quarter",
        60.0,
        240.0,
        SPECIFIED,
        "demand of enterprises if models could do everything",
        "ceiling1",
        shared=True,
    )
    coding_ceiling = parameter(
        120.0,
        "units/quarter",
        40.0,
        360.0,
        SPECIFIED,
        "demand of coding and agents if models could do everything",
        "ceiling2",
        shared=True,
    )
    consumer_threshold = parameter(
        2.1,
        "OOM",
        1.1,
        3.1,
        SPECIFIED,
        "capability at which half of consumers could use it",
        "threshold0",
        shared=True,
    )
    enterprise_threshold = parameter(
        2.6,
        "OOM",
        1.6,
        3.6,
        SPECIFIED,
        "capability at which half of enterprises' work could use it",
        "threshold1",
        shared=True,
    )
    coding_threshold = parameter(
        1.5,
        "OOM",
        0.0,
        3.0,
        SPECIFIED,
        "capability at which half of coding and agents could use it: when it takes off",
        "threshold2",
        shared=True,
    )
    consumer_slope = parameter(
        0.84,
        "1/OOM",
        0.6,
        1.4,
        "median of an estimate for all services on data to 2025Q4; assumption for consumers alone",
        "steepness of consumers' demand in capability",
        "slope0",
        shared=True,
    )
    enterprise_slope = parameter(
        1.0, "1/OOM", 0.6, 1.4, SPECIFIED, "steepness of enterprises' demand in capability", "slope1", shared=True
    )
    coding_slope = parameter(
        1.4,
        "1/OOM",
        0.8,
        2.2,
        SPECIFIED,
        "steepness of demand for coding and agents in capability",
        "slope2",
        shared=True,
    )
    consumer_usage = parameter(
        0.0, "nat/OOM", 0.0, 0.3, SPECIFIED, "growth of what a consumer asks for with capability", "usage0", shared=True
    )
    enterprise_usage = parameter(
        0.05, "nat/OOM", 0.0, 0.3, SPECIFIED, "growth of what an enterprise asks for with it", "usage1", shared=True
    )
    coding_usage = parameter(
        0.10, "nat/OOM", 0.0, 0.3, SPECIFIED, "growth of what a user of agents asks for with it", "usage2", shared=True
    )
    takeoff_uncertain = parameter(
        0,
        "1",
        0,
        1,
        "definition",
        "1: threshold, ceiling, slope and usage of coding are drawn for each replicate over their ranges",
        structural=True,
        shared=True,
    )

    # what a unit takes
    consumer_flagship = parameter(
        0.2,
        "1",
        0.0,
        1.0,
        SPECIFIED,
        "part of consumers' use that always needs the best model",
        "flagship0",
        shared=True,
    )
    enterprise_flagship = parameter(
        0.4, "1", 0.0, 1.0, SPECIFIED, "part of enterprises' use that always needs it", "flagship1", shared=True
    )
    coding_flagship = parameter(
        0.7, "1", 0.0, 1.0, SPECIFIED, "part of coding and agents that always needs it", "flagship2", shared=True
    )
    distillation = parameter(
        0.8,
        "1",
        0.5,
        1.0,
        FALL,
        "OOM of compute that small models save on routine work an OOM of capability",
        shared=True,
    )

    # how customers choose
    consumer_price_weight = parameter(
        2.5, "1", 1.5, 6.0, MARGINS, "weight of the price in consumers' choice", "alpha0", shared=True
    )
    enterprise_price_weight = parameter(
        4.0, "1", 1.5, 6.0, MARGINS, "weight of the price in enterprises' choice", "alpha1", shared=True
    )
    coding_price_weight = parameter(
        4.0,
        "1",
        1.5,
        6.0,
        MARGINS,
        "weight of the price in the choice of coders",
        "alpha2",
        shared=True,
    )
    consumer_capability_weight = parameter(
        1.5, "1/OOM", 1.0, 3.5, SPECIFIED, "weight of capability in consumers' choice", "beta0", shared=True
    )
    enterprise_capability_weight = parameter(
        2.0, "1/OOM", 1.0, 3.5, SPECIFIED, "weight of capability in enterprises' choice", "beta1", shared=True
    )
    coding_capability_weight = parameter(
        2.5, "1/OOM", 1.0, 3.5, SPECIFIED, "weight of capability in the choice of coders", "beta2", shared=True
    )
    consumer_switching = parameter(
        0.12, "1/quarter", 0.05, 0.5, SPECIFIED, "part of consumers who choose again", "tau0", shared=True
    )
    enterprise_switching = parameter(
        0.20,
        "1/quarter",
        0.05,
        0.5,
        SPECIFIED,
        "part of enterprises' work for which one chooses again",
        "tau1",
        shared=True,
    )
    coding_switching = parameter(
        0.30, "1/quarter", 0.05, 0.5, SPECIFIED, "part of coders who choose again", "tau2", shared=True
    )
    consumer_price_elasticity = parameter(
        1.1, "1", 1.0, 1.8, ELASTICITY, "fall of consumers' demand with the segment's price", "eps0", shared=True
    )
    enterprise_price_elasticity = parameter(
        1.2, "1", 1.0, 1.8, ELASTICITY, "fall of enterprises' demand with it", "eps1", shared=True
    )
    coding_price_elasticity = parameter(
        1.3, "1", 1.0, 1.8, ELASTICITY, "fall of demand for coding and agents with it", "eps2", shared=True
    )
    highest_lerner = parameter(
        0.65, "1", 0.5, 0.8, SPECIFIED, "largest margin over price, however little customers mind", shared=True
    )
    brand_memory = parameter(0.98, "1", 0.94, 1.0, "assumption", "memory of brands", "rho_xi", shared=True)
    fringe_lag = parameter(
        0.8, "OOM", 0.4, 1.5, SPECIFIED, "how far the best open model is behind the best model", shared=True
    )
    reference_service_price = parameter(
        1.0, "USD bn/unit", 0.5, 2.0, "definition", "price of a unit at which demand is counted", shared=True
    )

    # what labs work for
    focus_gain = parameter(
        0.05, "OOM/nat", 0.0, 0.2, SPECIFIED, "strength in a segment that research for it gives", shared=True
    )
    focus_weight = parameter(
        1.0, "1", 0.0, 3.0, SPECIFIED, "how much research follows what a segment earns and how it grows", shared=True
    )
