"""Warnings about a scenario that runs and does other than one may think; known before anything is loaded."""

from __future__ import annotations


class ScenarioWarning(UserWarning):
    """Something in a scenario does other than one may think; the message says what.

    Examples:
        >>> import warnings, aimarket
        >>> late = aimarket.load_scenario("deal_35bn").with_deal(start="2030Q1")
        >>> with warnings.catch_warnings(record=True) as caught:
        ...     warnings.simplefilter("always", aimarket.ScenarioWarning)
        ...     runs = aimarket.run_ensemble(late, replicates=1, quarters=2)
        >>> [issubclass(warning.category, aimarket.ScenarioWarning) for warning in caught]
        [True]
    """


class LateWarning(ScenarioWarning):
    """A deal, change or entry lies after the last quarter of a run, so that it never happens.

    Examples:
        >>> import warnings, aimarket
        >>> late = aimarket.load_scenario("deal_35bn").with_deal(start="2030Q1")
        >>> with warnings.catch_warnings(record=True) as caught:
        ...     warnings.simplefilter("always", aimarket.LateWarning)
        ...     runs = aimarket.run_ensemble(late, replicates=1, quarters=2)
        >>> [warning.category.__name__ for warning in caught]
        ['LateWarning']
    """


class FundingWarning(ScenarioWarning):
    """Deals ask more of somebody than it has when the run begins; the message says what has to come from others.

    Examples:
        >>> import warnings, aimarket
        >>> large = aimarket.load_scenario("deal_35bn").with_deal(amount=1000)
        >>> with warnings.catch_warnings(record=True) as caught:
        ...     warnings.simplefilter("always", aimarket.FundingWarning)
        ...     model = aimarket.MarketModel(large)
        >>> [warning.category.__name__ for warning in caught]
        ['FundingWarning', 'FundingWarning']
    """
