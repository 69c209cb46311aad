"""What goes wrong on the command line: one clear line on standard error, and an exit code."""

from __future__ import annotations

import sys
from typing import Any, NoReturn, cast

import typer
from typer.core import TyperGroup

from ..experiments.extras import MissingExtraError
from ..model.text import legible
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
        """Run the command line and leave with its exit code."""
        open_streams()
        try:
            code = super().main(*args, **{**options, "standalone_mode": False})
        except UsageError as error:
            fail(_with_command(error))
        except BadInputError as error:
            fail(str(error))
        except FailedRunError as error:
            fail(str(error), FAILED)
        except InterruptedRunError:
            fail("interrupted", INTERRUPTED)
        except MissingExtraError as error:
            fail(str(error), FAILED)
        except MemoryError:
            fail("not enough memory: ask for fewer --replicates or --quarters", FAILED)
        sys.exit(code if isinstance(code, int) else 0)


def message_of(error: Exception) -> str:
    """Return what an error says, without what Python puts around a missing key."""
    return str(error) if isinstance(error, UnicodeError) or not error.args else str(error.args[0])


def fail(message: str, code: int = BAD_INPUT) -> NoReturn:
    """Say in one line what is wrong and leave."""
    complain(message)
    sys.exit(code)


def complain(message: str) -> None:
    """Say in one line, on standard error, what is wrong."""
    say(f"aimarket: {' '.join(legible(message).split())}", err=True)


def _with_command(error: Any) -> str:
    """Return what is wrong with how a command was typed, and the command whose help says more."""
    message = error.format_message()
    command = error.ctx.command_path if getattr(error, "ctx", None) else "aimarket"
    return f"{message}{'' if message.endswith(('.', '?')) else '.'} See {command} --help"
