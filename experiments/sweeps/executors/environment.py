"""The world of worker processes: they find the modules, the folder and the environment of the program that made them.

A process that Python starts for us looks for modules in the current folder first, as the program may not. There a file
of the user's that is called like a module of Python's own, such as queue.py, would end every worker before it begins.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.machinery import PathFinder
from multiprocessing import resource_tracker
from pathlib import Path
from typing import NamedTuple

from joblib.externals.loky.backend import resource_tracker as loky_tracker

SAFE_PATH = {"PYTHONSAFEPATH": "1"}
"""Lets Python begin without the current folder on its path; loky then gives a worker the path of its parent."""


class World(NamedTuple):
    """What a program has and its workers need.

    Attributes:
        folder: the working directory.
        interactive: whether modules are looked for in the working directory, whichever it is.
        environment: the variables that differ while a worker begins; None is for one that is not set.
    """

    folder: str
    interactive: bool
    environment: Mapping[str, str | None]

    @classmethod
    def here(cls) -> World:
        """Return the world of this program."""
        return cls(os.getcwd(), "" in sys.path, {name: os.environ.get(name) for name in beginning()})

    def enter(self) -> None:
        """Make this process live in that world; what its path holds already comes first, as it did in the program."""
        os.chdir(self.folder)
        if self.interactive:
            sys.path.append(self.folder)
        for name, value in self.environment.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def beginning() -> dict[str, str]:
    """Return the variables with which a worker begins: none of Python's own where this program ignores them."""
    ignored = {name: "" for name in os.environ if name.startswith("PYTHON")} if sys.flags.ignore_environment else {}
    return {**ignored, **SAFE_PATH}


def start_trackers() -> None:
    """Start the processes that clean up behind workers, without the current folder on their path."""
    if os.name == "posix":
        with _set(beginning()):
            resource_tracker.ensure_running()
            loky_tracker.ensure_running()


def hiding(path: Sequence[str] | None = None) -> list[Path]:
    """Return the files that hide a module of Python or of a library, because they are called like it and found first.

    Args:
        path: where modules are looked for, this program's path if not given.
    """
    places = [folder or "." for folder in (sys.path if path is None else path)]
    own = Path(sysconfig.get_path("stdlib")).resolve()
    first = next((number for number, folder in enumerate(places) if Path(folder).resolve() == own), len(places))
    found = []
    for number, folder in enumerate(map(Path, places[:first]), start=1):
        files = [*folder.glob("*.py"), *folder.glob("*/__init__.py")] if folder.is_dir() else []
        found += [file.absolute() for file in files if _known(_module(file), places[number:])]
    return sorted(found)


def _known(name: str, path: Sequence[str]) -> bool:
    """Return whether Python, or a library on a path, has a module of that name."""
    if name in sys.stdlib_module_names:
        return True
    spec = PathFinder.find_spec(name, path)
    return spec is not None and spec.origin is not None


def _module(file: Path) -> str:
    """Return the name of the module that a file holds."""
    return file.parent.name if file.name == "__init__.py" else file.stem


@contextmanager
def _set(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the environment for a moment."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
