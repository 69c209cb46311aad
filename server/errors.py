"""What goes wrong on the command line: one clear line on standard error, and an exit code."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, cast

import typer
from typer.core import TyperGroup

from ..experiments.optional_dependencies import MissingExtraError
from ..experiments.runs.losses import LostRunsWarning
from ..model.inputs.text import legible
from ..model.scenarios.scenario_warnings import ScenarioWarning
from .streams import open_streams, say

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130
UsageError = cast("type[Exception]", typer.BadParameter.__mro__[1])
"""What every error in how a command was typed descends from, whichever library it comes with."""


class BadInputError(Exception):
    """What the user asked for cannot be done; the message says what, and what could be."""


class FailedRunError(Exception):
    """What was asked for could not be finished, through no fault of the question; the message says why."""


class InterruptedRunError(Exception):
    """The user has pressed Ctrl-C."""


class OneLineErrors(TyperGroup):
    """Commands whose errors are one line each, never a traceback that is not a fault of the program."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; Ctrl-C is told apart from what a typer of any version makes of it."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise InterruptedRunError from None

    def main(self, *args: Any, **options: Any) -> NoReturn:
        """Run the command line and leave with its exit code: no success where any run was lost."""
        open_streams()
        with reported_warnings() as losses:
            code = self._code(*args, **options)
        for loss in dict.fromkeys(losses):
            complain(loss)
        sys.exit(code or (FAILED if losses else 0))

    def _code(self, *args: Any, **options: Any) -> int:
        """Run the command line, say in a line what is wrong, and return the exit code."""
        try:
            code = super().main(*args, **{**options, "standalone_mode": False})
        except UsageError as error:
            return complain(_with_command(error), BAD_INPUT)
        except BadInputError as error:
            return complain(str(error), BAD_INPUT)
        except (InterruptedRunError, KeyboardInterrupt):
            return complain("interrupted", INTERRUPTED)
        except (FailedRunError, MissingExtraError) as error:
            return complain(str(error), FAILED)
        except MemoryError:
            return complain("not enough memory: ask for fewer --replicates or --quarters", FAILED)
        except (ValueError, OSError) as error:
            if not _is_ours(error):
                raise
            return complain(message_of(error), BAD_INPUT if isinstance(error, ValueError) else FAILED)
        return code if isinstance(code, int) else 0


@contextmanager
def reported_warnings() -> Iterator[list[str]]:
    """Say each warning about a scenario once, in a line; yield what is lost, which is reported at the end.

    Python shows other warnings as ever.
    """
    losses, said, shown = list[str](), set[str](), warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if issubclass(category, LostRunsWarning):
            losses.append(str(message))
        elif not issubclass(category, ScenarioWarning):
            shown(message, category, *where, **more)
        elif str(message) not in said:
            said.add(str(message))
            complain(f"warning: {message}")

    with warnings.catch_warnings():
        for category in (LostRunsWarning, ScenarioWarning):
            warnings.simplefilter("always", category)
        warnings.showwarning = show
        yield losses


def _is_ours(error: Exception) -> bool:
    """Return whether an error is of a class of this package, which says in a line what is wrong with the input."""
    return type(error).__module__.partition(".")[0] == __name__.partition(".")[0]


def message_of(error: Exception) -> str:
    """Return what an error says, without what Python puts around a missing key."""
    return str(error) if isinstance(error, UnicodeError) or not error.args else str(error.args[0])


def complain(message: str, code: int = FAILED) -> int:
    """Say in one line, on standard error, what is wrong, and return the exit code that goes with it."""
    say(f"aimarket: {' '.join(legible(message).split())}", err=True)
    return code


def _with_command(error: Any) -> str:
    """Return what is wrong with how a command was typed, and the command whose help says more."""
    message = error.format_message()
    command = error.ctx.command_path if getattr(error, "ctx", None) else "aimarket"
    return f"{message}{'' if message.endswith(('.', '?')) else '.'} See {command} --help"
