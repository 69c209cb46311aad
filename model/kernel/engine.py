"""Which engine runs a model: NumPy, or a kernel where there is one; both give the same bits."""

from __future__ import annotations

import atexit
import logging
import subprocess
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from ...agents.state.shown import shown
from ..tape.refusal import UntraceableError
from .kernel import Kernel
from .making import Build, NoKernelError, kept_kernel, made_kernel, planned
from .structure import recorded, structure

if TYPE_CHECKING:
    from ..market_model import MarketModel

LOG = logging.getLogger("aimarket")

WORTH_A_WORD = 200
"""Replicate-quarters below which `auto` does not even ask what the model's structure is."""

WORTH_A_LOOK = 4_000
"""Replicate-quarters of a structure from which `auto` looks for a kernel that is kept: half a second of NumPy's."""

WORTH_COMPILING = 40_000
"""Replicate-quarters of a structure from which `auto` has one compiled while NumPy runs: five seconds of NumPy's."""


@shown("why")
@dataclass
class Choice:
    """What is known of a structure's kernel.

    Attributes:
        kernel: the kernel, None while there is none.
        why: why there is none, in a line; empty while one is being made or nobody has looked.
        work: the thread that makes one.
        asked: how many replicate-quarters were to run so far.
        looked: whether anybody has looked for one that is kept.
    """

    kernel: Kernel | None = None
    why: str = ""
    work: threading.Thread | None = None
    asked: int = 0
    looked: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


_choices: dict[str, Choice] = {}
_lock = threading.Lock()
_compilers: set[subprocess.Popen[bytes]] = set()


def choose(model: MarketModel, build: Build, engine: str, work: int, wanted: Iterable[str] | None = None) -> Choice:
    """Return what is known of the kernel of models of one structure, and see to it that there is one where it pays.

    Args:
        model: a model of the structure.
        build: makes others.
        engine: ``auto``, ``numpy`` or ``kernel``.
        work: how many replicate-quarters are to run.
        wanted: the kinds that are to be kept; those of the model's history when left out.

    Raises:
        NoKernelError: ``kernel`` is asked for and there can be none; the message says why.
    """
    if engine == "numpy" or (engine == "auto" and work < WORTH_A_WORD):
        return Choice()
    kinds = tuple(model.history.wanted if wanted is None else wanted)
    name, lasting = structure(model, kinds)
    build = partial(build, record=recorded(kinds))
    with _lock:
        choice = _choices.setdefault(name, Choice())
    with choice.lock:
        choice.asked += work
        wait, pays = engine == "kernel", choice.asked >= WORTH_COMPILING
        due = wait or pays or (choice.asked >= WORTH_A_LOOK and not choice.looked)
        if choice.kernel is None and not choice.why and choice.work is None and due:
            _look(choice, name, build, lasting=lasting, wait=wait, compiles=pays)
    if engine == "kernel" and choice.work is not None:
        choice.work.join()
    if engine == "kernel" and choice.kernel is None:
        raise NoKernelError(f"engine = 'kernel': {choice.why}; with engine = 'auto' NumPy runs it")
    return choice


def _look(choice: Choice, name: str, build: Build, *, lasting: bool, wait: bool, compiles: bool) -> None:
    """Look for a kernel that is kept, and have one made where that is asked for or pays."""
    choice.looked = True
    try:
        plan = planned(name, build, lasting=lasting)
        choice.kernel = kept_kernel(plan)
        if choice.kernel is None and wait:
            choice.kernel = made_kernel(plan, build)
        elif choice.kernel is None and compiles:
            choice.work = threading.Thread(target=_make, args=(choice, plan, build), daemon=True)
            choice.work.start()
    except (UntraceableError, NoKernelError) as error:
        _give_up(choice, error)


def _make(choice: Choice, plan: object, build: Build) -> None:
    """Make a kernel while NumPy runs."""
    try:
        choice.kernel = made_kernel(plan, build, _compilers.add)  # type: ignore[arg-type]
    except (NoKernelError, UntraceableError) as error:
        _give_up(choice, error)
    finally:
        choice.work = None


def _give_up(choice: Choice, error: BaseException) -> None:
    """Remember why there is no kernel, and say so once."""
    choice.why = str(error)
    LOG.info("NumPy runs this model: %s", choice.why)


@atexit.register
def _stop_compilers() -> None:
    """Let no compiler outlive the process that asked for it."""
    for work in _compilers:
        if work.poll() is None:
            work.kill()
