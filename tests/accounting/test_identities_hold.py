"""Whatever the parameters: every scenario stays finite, no stock falls below zero, every identity holds (T1)."""

import pytest

import aimarket
from aimarket.model.accounting.identities import IDENTITIES, TOLERANCE

from .worlds import seed_of, structural, watched

REPLICATES = 32
QUARTERS = [40, pytest.param(60, marks=pytest.mark.acceptance)]


@pytest.fixture(scope="module", params=QUARTERS)
def quarters(request):
    return request.param


@pytest.fixture(scope="module", params=list(aimarket.scenarios()))
def run(request, quarters):
    return watched(request.param, seed_of(request.param), REPLICATES, quarters)


@pytest.fixture(scope="module", params=["low", "high"])
def odd_run(request, quarters):
    """The deal with every lead time and gap at one end of its range."""
    return watched("deal_35bn", seed_of(request.param), REPLICATES, quarters, **structural(request.param))


def test_every_value_stays_finite(run):
    assert run.infinite == []


def test_no_stock_falls_below_zero(run):
    assert run.negative == []


def test_every_identity_holds(run):
    assert {name: value for name, value in run.residuals.items() if not value <= TOLERANCE} == {}


def test_every_identity_was_checked(run):
    assert run.residuals.keys() == IDENTITIES.keys()


def test_every_value_stays_finite_with_extreme_lead_times(odd_run):
    assert odd_run.infinite == []


def test_no_stock_falls_below_zero_with_extreme_lead_times(odd_run):
    assert odd_run.negative == []


def test_every_identity_holds_with_extreme_lead_times(odd_run):
    assert {name: value for name, value in odd_run.residuals.items() if not value <= TOLERANCE} == {}
