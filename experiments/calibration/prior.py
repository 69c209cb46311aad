"""What is uncertain before any data are seen: which parameters are estimated, uniform over their declared ranges."""

from __future__ import annotations

from ...model.parameters import parameters
from ..designs.factors import Factor, factors_of

OF_EFFECTS = (
    "coding_ceiling",
    "consumer_threshold",
    "enterprise_threshold",
    "coding_threshold",
    "consumer_price_weight",
    "enterprise_price_weight",
    "coding_price_weight",
    "inference_gain",
    "rivalry",
    "fastest_growth",
    "dilution",
    "burden_limit",
    "deployment",
    "progress_rate",
    "fishing_out",
    "spillover",
    "prepaid_priority",
    "outside_orders",
    "connection_rate",
)
"""What effects of a deal were thought to hang on before they were screened. A list of its own: what the screening calls
uncertain changes with the model, and an estimate has to say what it estimates."""

OF_SERIES = (
    "consumer_slope",
    "enterprise_slope",
    "coding_slope",
    "imitation",
    "compute_intensity",
    "research_floor",
    "horizon",
    "adjustment_time",
    "outside_growth",
    "outside_elasticity",
    "outside_impatience",
    "normal_lead_time",
    "price_answer",
    "packaging_growth",
    "generation_performance",
    "generation_power",
    "generation_pricing",
)
"""What the observed series answer to most: of 238 parameters, moved together over their ranges in 8,000 runs from
2023Q4, these had the largest effects on the series. Left out are those that define a scale (reference prices), the
sectors' shares of a hall, and what stands for one measured thing."""


def prior() -> tuple[Factor, ...]:
    """Return the estimated parameters, in the order of their declaration."""
    return factors_of([name for name in parameters() if name in {*OF_EFFECTS, *OF_SERIES}])
