"""How a command is typed again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

NOT_OF_THE_ANSWER = ("engine", "json", "progress")
"""Options that only say how an answer is reckoned or shown."""


def as_typed(context: typer.Context, **changed: Any) -> list[str]:
    """Return a command as it is typed to get the same answer: with every option that the answer hangs on.

    Args:
        context: the command as it was understood.
        changed: values that became known later, by the name of the argument; None leaves one out.
    """
    given = {**context.params, **changed}
    answering = [item for item in context.command.params if item.name in given and item.name not in NOT_OF_THE_ANSWER]
    arguments = [item for item in answering if item.param_type_name == "argument"]
    words = [word for item in arguments for word in _texts(given[str(item.name)])]
    options = [word for item in answering if item not in arguments for word in _typed(item, given[str(item.name)])]
    return ["aimarket", str(context.info_name), *words, *options]


def given(context: typer.Context, name: str) -> bool:
    """Return whether an option was typed, and is not there by default."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _typed(option: Any, value: Any) -> Iterator[str]:
    """Yield an option as it is typed; nothing where it is off, or as it is anyway."""
    if isinstance(value, bool):
        if value != option.default:
            yield (option.opts if value else option.secondary_opts)[0]
        return
    for text in _texts(value):
        yield from (option.opts[0], text)


def _texts(value: Any) -> list[str]:
    """Return the texts of a value that was typed once, several times or never."""
    values = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return [str(item) for item in values]
