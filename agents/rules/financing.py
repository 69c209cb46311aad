"""What lenders believe and ask."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..state.arrays import TINY, Floats, clip

# Coefficients of the default model (specification P8; assumption, ordered so that a sound firm pays 5-6 percent and a
# stretched one 9: the range of CoreWeave's and Anthropic's facilities in financing_deals.csv).
BASE_DEFAULT = 0.004
DEFAULT_PER_LEVERAGE = 0.006
HIGHEST_LEVERAGE = 12.0
DEFAULT_WITHOUT_RUNWAY = 0.03
HIGHEST_DEFAULT = 0.5


def default_probability(debt: Floats, earnings: Floats, cash: Floats, needs: Floats) -> Floats:
    """Return lenders' estimate of the yearly probability of default from leverage and runway (specification P8).

    Args:
        debt: loans outstanding.
        earnings: a proxy for yearly earnings before interest and depreciation.
        cash: cash held.
        needs: a proxy for the cash a year takes.
    """
    leverage = clip(debt / np.maximum(earnings, TINY), 0.0, HIGHEST_LEVERAGE)
    thirst = clip(1.0 - cash / np.maximum(needs, TINY), 0.0, 1.0)
    risk = BASE_DEFAULT + DEFAULT_PER_LEVERAGE * leverage + DEFAULT_WITHOUT_RUNWAY * thirst
    return clip(risk, 0.0, HIGHEST_DEFAULT)


def loan_rate(risk: Floats, premium: Floats, sentiment: Floats, terms: Any) -> Floats:
    """Return the rate on new loans: r = rf + PD LGD + premium exp(-lambda_z z) + crunch.

    Args:
        risk: probability of default PD, 1/yr.
        premium: what lenders ask beyond expected loss at neutral moods, by class of credit (`credit.premium`), 1/yr.
        sentiment: mean sentiment z of the lenders.
        terms: the parameters of the capital market.
    """
    asked = premium * np.exp(-terms.premium_sentiment * sentiment)
    return terms.risk_free_rate + risk * terms.loss_given_default + asked + terms.crunch_spread * terms.credit_crunch
