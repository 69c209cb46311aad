"""Warnings about a scenario that runs and does other than one may think; known before anything is loaded."""

from __future__ import annotations


class ScenarioWarning(UserWarning):
    """Something in a scenario does other than one may think; the message says what."""


class LateWarning(ScenarioWarning):
    """A deal, change or entry lies after the last quarter of a run, so that it never happens."""


class FundingWarning(ScenarioWarning):
    """Deals ask more of somebody than it has when the run begins; the message says what has to come from others."""
