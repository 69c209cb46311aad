"""What goes wrong on the command line: one clear line on standard error, and an exit code."""

from __future__ import annotations

import errno
import signal
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

FAILED, BAD_INPUT, INTERRUPTED, TERMINATED = 1, 2, 130, 143
UsageError = cast("type[Exception]", typer.BadParameter.__mro__[1])
"""What every error in how a command was typed descends from, whichever library it comes with."""

NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO)
"""Why a stream, as standard output in a file, takes no more."""


class BadInputError(Exception):
    """What the user asked for cannot be done; the message says what, and what could be."""


class FailedRunError(Exception):
    """What was asked for could not be finished, through no fault of the question; the message says why."""


class InterruptedRunError(Exception):
    """The user has pressed Ctrl-C, or the system has told the process to end."""


class TerminatedError(KeyboardInterrupt):
    """The system has told the process to end, which stops whatever runs as Ctrl-C does."""


class OneLineErrors(TyperGroup):
    """Commands whose errors are one line each, never a traceback that is not a fault of the program."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; Ctrl-C is told apart from what a typer of any version makes of it."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise InterruptedRunError from error

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
        except (InterruptedRunError, KeyboardInterrupt) as error:
            return _stopped(error)
        except (FailedRunError, MissingExtraError) as error:
            return complain(str(error), FAILED)
        except MemoryError:
            return complain("not enough memory: ask for fewer --replicates or --quarters", FAILED)
        except (ValueError, OSError) as error:
            message = _expected(error)
            if message is None:
                raise
            return complain(message, BAD_INPUT if isinstance(error, ValueError) else FAILED)
        return code if isinstance(code, int) else 0


def heed_termination() -> None:
    """Let the system's word to end stop this process as Ctrl-C does, with workers let go and files whole."""

    def stop(*_: Any) -> NoReturn:
        raise TerminatedError

    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, stop)


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


def _stopped(error: BaseException) -> int:
    """Say who stopped the process: its user, or the system."""
    if TerminatedError in (type(error), type(error.__cause__)):
        return complain("told to end", TERMINATED)
    return complain("interrupted", INTERRUPTED)


def _expected(error: Exception) -> str | None:
    """Return what an error says that is no fault of the program; None for any other."""
    if isinstance(error, OSError) and error.errno in NO_ROOM and error.filename is None:
        return f"cannot write all of the output: {error.strerror}"
    return message_of(error) if _is_ours(error) else None


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
