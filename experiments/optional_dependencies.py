"""Libraries that only some uses need: where one is missing, the error says how to install it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

EXTRAS = {
    "analysis": "sensitivity, discovery, figures and reports",
    "cluster": "sweeps on a Dask cluster",
    "page": "the market in the browser",
}
"""Optional parts of an installation, as pyproject.toml names them, and what they are for."""


class MissingExtraError(ImportError):
    """A library of an optional part is not installed; the message names the part and how to install it."""


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Import libraries of an optional part, or say how to install it.

    Args:
        name: one of `EXTRAS`.

    Raises:
        MissingExtraError: a library is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        missing = str(error.name).split(".")[0]
        raise MissingExtraError(
            f"{missing} is not installed; for {EXTRAS[name]}: pip install 'aimarket[{name}]'", name=missing
        ) from None
