"""Which model a result was made with, and whether that is the model of today."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

OF_THE_DATA = "series.toml"
"""The one file of TOML in the model's data that no run reads."""


@cache
def model_digest() -> str:
    """Return what tells this model from every other: a checksum of its rules, stocks and scenarios."""
    place: Any = files("aimarket.model")
    rules = [path for folder in (place, place.parent / "agents") for path in folder.rglob("*.py")]
    data = [path for path in (place / "data").rglob("*.toml") if path.name != OF_THE_DATA]
    parts = [path.read_bytes() for path in sorted([*rules, *data])]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_of_this_model(folder: str) -> bool:
    """Return whether the results in a folder of the model's data were made with the model as it is now.

    Args:
        folder: ``posterior`` or ``backtest``.
    """
    manifest = files("aimarket.model").joinpath("data", folder, "manifest.json").read_text(encoding="utf-8")
    return str(json.loads(manifest)["model"]) == model_digest()
