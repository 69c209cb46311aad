"""Runs on common random numbers, and what a difference between them amounts to."""

from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

import aimarket

REPLICATES = 128
SEED = 7
SURE = 0.95
RECIPIENT = 1
"""The row of the lab that the deal goes to."""

OF_LABS = ("powered_compute", "capability", "carried", "defaults", "market_share")
SEEN = ("indicators", *(f"ai_labs.{name}" for name in OF_LABS))


class Interval(NamedTuple):
    """A mean difference and its 95 % interval over replicates."""

    mean: float
    low: float
    high: float

    @property
    def rises(self):
        """Whether the whole interval lies above zero."""
        return self.low > 0.0

    @property
    def falls(self):
        """Whether the whole interval lies below zero."""
        return self.high < 0.0


def paired(with_, without):
    """Return the interval of a difference, replicate by replicate, shape (R,) each."""
    difference = with_ - without
    error = difference.std(ddof=1) / np.sqrt(difference.size)
    reach = student.ppf(0.5 + SURE / 2.0, difference.size - 1) * error
    return Interval(difference.mean(), difference.mean() - reach, difference.mean() + reach)


@cache
def ensemble(scenario, quarters=24, **parameters):
    """Return an ensemble on the seed that all of them share; run once for all tests of a process."""
    return aimarket.run_ensemble(scenario, REPLICATES, quarters, SEED, parameters, record=SEEN)


def deal_of(factor, **parameters):
    """Return the 35 bn deal with its amount times a factor, 0 for the same world without it."""
    return ensemble("deal_35bn", deal_scale=float(factor), **parameters)


def effect(indicator, quarter, scenario, against="baseline"):
    """Return what a scenario does to an indicator in a quarter, 0 being 2026Q1."""
    changed, unchanged = ensemble(scenario), ensemble(against)
    return paired(changed.values(indicator)[quarter], unchanged.values(indicator)[quarter])


def relative_effect(indicator, quarter, scenario):
    """Return by what part a scenario changes an indicator in a quarter."""
    changed, unchanged = ensemble(scenario).values(indicator)[quarter], ensemble("baseline").values(indicator)[quarter]
    return paired(changed / unchanged, np.ones(REPLICATES))
