"""Groups: assumptions that a sample moves together, so that an analysis tells what they do as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...agents.state.numbers import echo
from ...agents.state.table import unknown_name
from .factors import Factor

ASKED = "give the names of factors by group, as in groups = { money = [...], chips = [...] }"


def groups_of(given: Any, factors: Sequence[Factor]) -> dict[str, list[str]]:
    """Return all groups by name, in the order of their first factors; a factor that is in none is one of its own.

    Args:
        given: names of factors by group; or, as SALib has it, the name of a group for each factor.
        factors: what is varied.

    Raises:
        ValueError: a factor is unknown or in two groups, a group has no factors or a factor's name, or all are in one.
    """
    names = [factor.name for factor in factors]
    wanted = _by_group(given, names)
    of = {name: group for group, members in wanted.items() for name in members}
    if len(of) < sum(map(len, wanted.values())):
        twice = next(name for name in of if sum(list(members).count(name) for members in wanted.values()) > 1)
        raise ValueError(f"groups names {twice} twice: a factor is in one group")
    for group in wanted:
        if group in names and of.get(group) != group:
            raise ValueError(f"groups has a group called {group}, as a factor is that is not in it: rename the group")
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(of.get(name, name), []).append(name)
    if len(found) < 2:
        raise ValueError("groups holds all factors in one: nothing is left to compare it with; make two groups or more")
    return found


def _by_group(given: Any, names: Sequence[str]) -> dict[str, list[str]]:
    """Return names of factors by group, or say that they are none."""
    if isinstance(given, Mapping):
        for group, members in given.items():
            _check_group(group, members, names)
        return {group: list(members) for group, members in given.items()}
    if isinstance(given, str) or not isinstance(given, Iterable) or len(list(given)) != len(names):
        raise ValueError(f"groups = {echo(given)}: {ASKED}")
    found: dict[str, list[str]] = {}
    for group, name in zip(given, names, strict=True):
        found.setdefault(str(group), []).append(name)
    return found


def _check_group(group: Any, members: Any, names: Sequence[str]) -> None:
    """Say what is wrong with a group."""
    if not isinstance(group, str) or not group.strip():
        raise ValueError(f"groups has a group called {group!r}: give it a name")
    if isinstance(members, str) or not isinstance(members, Iterable) or not list(members):
        raise ValueError(f"groups.{group} = {echo(members)}: {ASKED}")
    for name in members:
        if name not in names:
            unknown = unknown_name("the design", str(name), names)
            raise ValueError(f"groups.{group}: {unknown if 'mean' in unknown else f'{name} is not varied'}")
