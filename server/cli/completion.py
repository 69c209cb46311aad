"""What a shell can complete beside commands, options and files: scenarios, parameters and claims."""

from __future__ import annotations

from collections.abc import Iterable


def scenarios_like(incomplete: str) -> list[str]:
    """Return the scenarios whose name begins like this; files are the shell's to complete."""
    from ...model.scenarios.scenario import scenarios

    return _beginning(scenarios(), incomplete)


def parameters_like(incomplete: str) -> list[str]:
    """Return the parameters whose name begins like this."""
    from ...model.parameters import parameters

    return _beginning(parameters(), incomplete)


def settings_like(incomplete: str) -> list[str]:
    """Return the settings, NAME=, whose name begins like this."""
    return [f"{name}=" for name in parameters_like(incomplete)]


def statistics_like(incomplete: str) -> list[str]:
    """Return the claims and their statistics whose name begins like this."""
    from ...experiments.claims.statistic import CLAIMS, STATISTICS

    return _beginning([*CLAIMS, *STATISTICS], incomplete)


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    """Return the names that begin like this."""
    return [name for name in names if name.startswith(incomplete)]
