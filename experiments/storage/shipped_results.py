"""Results that ship: what pages show before anything runs; those of another model are refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from .model_version import is_made_with_this_model

FILE = "default_results.json"
COMMAND = "python -m aimarket.experiments.publishing.default_results model/data/default_results.json"
STALE = f"The results that ship were made with another version of the model; this makes them anew: {COMMAND}"


class StaleResultsError(ValueError):
    """The results that ship are those of another model; the message names the command that makes them anew."""


@cache
def shipped_results() -> Mapping[str, Any]:
    """Return the results that ship, as the module ``publishing.default_results`` puts them together.

    Raises:
        StaleResultsError: they were made with another version of the model.
    """
    results = read()
    if not is_made_with_this_model(results["made_with"]):
        raise StaleResultsError(STALE)
    return MappingProxyType(results)


def read(name: str = FILE) -> dict[str, Any]:
    """Return results that ship in a file of the model's data, whichever model they are of."""
    found: Any = files("aimarket.model").joinpath("data", name)
    results: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    return results
