"""What the user typed, made into what the model takes, or a line that says what is wrong with it."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BadInputError, FailedRunError, message_of

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Why a disk takes no more, which is nobody's mistake."""

if TYPE_CHECKING:
    from ...agents.state.quantity import Parameter
    from ...model.market_model import MarketModel
    from ...model.scenarios.scenario import Scenario


def whole(option: str, least: int, most: int | None = None) -> Callable[[str | int], int]:
    """Return what reads a whole number from the command line."""

    def read(text: str | int) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least or (most is not None and number > most):
            limit = "" if most is None else f" and at most {most}"
            raise BadInputError(f"{option} {text} has to be a whole number of at least {least}{limit}")
        return number

    return read


def settings(texts: Sequence[str]) -> dict[str, float]:
    """Return the parameters that ``--set NAME=VALUE`` gives, each checked against its range."""
    from ...model.parameters import checked

    values: dict[str, float] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name:
            raise BadInputError(f"--set {text!r} has to be NAME=VALUE, as in --set loan_to_value=0.6")
        if name in values:
            raise BadInputError(f"--set gives {name} twice; give it once")
        with bad_input("; `aimarket parameters` lists them all"):
            values |= checked({name: _number(name, value)})
    return values


def sampled(source: str | None, given: Mapping[str, float], numbers: Sequence[int]) -> dict[str, Any]:
    """Return what ``--parameters`` draws for each replicate, with the values of ``--set`` in place of the draws."""
    from ...experiments.runs.posterior import POSTERIOR
    from ...experiments.runs.posterior import sampled as draws

    if source is None:
        return dict(given)
    if source != POSTERIOR:
        raise BadInputError(f"--parameters {source!r}: the one sample that ships is called {POSTERIOR}")
    sample = draws(numbers)
    return {str(name): sample[name].to_numpy() for name in sample} | dict(given)


def _number(name: str, text: str) -> float:
    """Return a number that was typed; an unknown name is reported later, and matters more."""
    from ...agents.state.numbers import from_text
    from ...model.parameters import parameters

    item = parameters().get(name)
    if item is None:
        return 0.0
    try:
        return from_text(text, switch=item.switch)
    except ValueError as error:
        remedy = str(error) or f"give one in {item.range_text} {item.unit}"
        raise BadInputError(f"{name} = {text!r} is not a number; {remedy}") from None


def case(name: str, parameters: Mapping[str, float]) -> Scenario:
    """Return a scenario by name or from a file, checked with its firms and the parameters that override it."""
    from ...model.scenarios.scenario import load_scenario

    own = name.endswith(".toml")
    with bad_input("" if own else "; `aimarket scenarios` lists them, and a file of your own ends in .toml"):
        scenario = load_scenario(name)
    with bad_input(only=ValueError):
        _model(scenario, parameters)
    return scenario


def numbers(replicates: int, replicate: int | None, *, both: bool) -> range:
    """Return the numbers of the replicates to run: all up to so many, or one alone."""
    if replicate is not None and both:
        raise BadInputError("give --replicates, how many from 0, or --replicate, one of them alone; not both")
    return range(replicates) if replicate is None else range(replicate, replicate + 1)


def matching(pattern: str | None) -> list[Parameter]:
    """Return the parameters whose name, symbol, group or meaning contains a pattern; all of them without one."""
    from ...model.parameters import parameters

    known = parameters()
    wanted = (pattern or "").casefold()
    found = [
        item for item in known.values() if wanted in f"{item.name} {item.symbol} {item.group} {item.doc}".casefold()
    ]
    if not found:
        near = difflib.get_close_matches(str(pattern), list(known), n=1)
        hint = f"did you mean {near[0]!r}?" if near else "`aimarket parameters` lists them all"
        raise BadInputError(f"no parameter's name, symbol, group or meaning contains {pattern!r}; {hint}")
    return found


def record(scenario: Scenario, kinds: Sequence[str], *, kept: bool) -> list[str]:
    """Return the kinds of record to keep: indicators, and what is asked for where it is kept at all."""
    from ...model.market_model import MarketModel

    if kinds and not kept:
        raise BadInputError("--record needs a place to write to: give --out DIR or --save FILE, too")
    wanted = ["indicators", *(kind for kind in kinds if kind != "indicators")]
    with bad_input(only=KeyError):
        MarketModel(scenario, record=wanted)
    return wanted


def saved_run(path: str) -> MarketModel:
    """Return the model that a file holds."""
    from ...model.market_model import MarketModel

    try:
        return MarketModel.restore(path)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = str(error.args[0]) if error.args else type(error).__name__
        known = reason if path in reason else f"{path} is not a saved run: {reason}"
        raise BadInputError(f"{known}; --resume takes a file that --save wrote") from None


def check_folder(folder: Path | None) -> None:
    """Say before a long run that a folder cannot be written."""
    if folder is not None:
        from ...experiments.storage.frames import StoreError, check_writable

        try:
            check_writable(folder)
        except StoreError as error:
            full = getattr(error.__context__, "errno", None) in FULL
            kind = FailedRunError if full else BadInputError
            raise kind(f"{error}; choose another folder for --out") from None


def check_figure(file: Path | None, theme: str, scenario: Scenario) -> None:
    """Say before a long run that a figure cannot be drawn."""
    if file is None:
        return
    from ...experiments.claims.treatments import subject_of
    from ...experiments.figures import FORMATS, THEMES
    from ...model.initial_state import load_start

    if file.suffix not in FORMATS:
        raise BadInputError(f"cannot draw {file}: its name has to end in {' or '.join(FORMATS)}")
    if theme not in THEMES:
        raise BadInputError(f"--theme {theme!r} is none of {', '.join(THEMES)}")
    if subject_of(scenario, load_start(scenario.start)) is None:
        told = "holds no deal for a lab: there is no effect of one to draw; leave --figure out"
        raise BadInputError(f"{scenario.name} {told}")
    check_place(file, "--figure")


def check_place(path: Path | None, option: str = "--save") -> Path | None:
    """Return where a file is to be written, or say before a long run that it cannot be."""
    if path is None:
        return None
    from ...model.inputs.paths import located

    file = located(path)
    if file.is_dir():
        raise BadInputError(f"cannot write to {file}: it is a folder; {option} wants a file")
    aside = file.with_name(f".{file.name}.trial")
    try:
        aside.touch()
        aside.unlink()
    except OSError as error:
        raise BadInputError(f"cannot write to {file}: {error.strerror}; choose another file for {option}") from None
    return file


def _model(scenario: Scenario, parameters: Mapping[str, float]) -> MarketModel:
    """Make a model, which checks the firms that a scenario names and the values that it leads to."""
    from ...model.market_model import MarketModel

    return MarketModel(scenario, parameters=parameters, record=())


def check_sweep(folder: Path, remedy: str) -> None:
    """Say before anything is loaded that a folder holds no sweep with results."""
    from ...experiments.storage.atomic_files import StoreError
    from ...experiments.sweeps.results import open_sweep

    try:
        swept = open_sweep(folder)
    except StoreError as error:
        raise BadInputError(f"{error}; {remedy}") from None
    if not swept.parts:
        raise FailedRunError(f"{folder} holds no results: {swept.loss}")


def quarters_to(text: str, first: int, option: str = "--quarter") -> int:
    """Return how many quarters from the first on a run needs to reach the end of one that was typed."""
    from ...model.dates import quarter_date, quarter_number

    try:
        wanted = quarter_number(text)
    except ValueError as error:
        raise BadInputError(f"{option}: {error}") from None
    if wanted < first:
        raise BadInputError(f"{option} {text} lies before the run, whose first quarter is {quarter_date(first)}")
    return wanted - first + 1


@contextmanager
def bad_input(remedy: str = "", *, only: type[Exception] = Exception) -> Iterator[None]:
    """Turn what the model says of bad input into one line; a nearest name is remedy enough."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        if not isinstance(error, only):
            raise
        message = message_of(error)
        unknown = "has no" in message and "did you mean" not in message
        raise BadInputError(message + (remedy if unknown else "")) from None
