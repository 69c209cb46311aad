"""Saved runs: arrays and addresses, never code; draws come back from their address."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents.state.arrays import freeze
from .dates import quarter_number
from .history import History
from .scenario import Change, Deal, Entry, Scenario

if TYPE_CHECKING:
    from ..agents.state.population import MarketAgent
    from .market_model import MarketModel
    from .start import Start

FORMAT = 1


class SavedRunError(ValueError):
    """A file is no saved run, or one that this model cannot take up; the message says why."""


def save(market: MarketModel, path: Path) -> None:
    """Write a run to a file: tables, history and the addresses of scenario, parameters and chance."""
    arrays = {f"table/{name}/{column}": array for name, table in market.ledger.tables.items()
              for column, array in table.columns.items()}  # fmt: skip
    arrays |= {f"residual/{name}": array for name, array in market.residuals.items()}
    arrays["money"] = market.money
    arrays |= {f"override/{name}": np.asarray(value) for name, value in market.overrides.items()}
    for kind, rows in market.history.kept.items():
        arrays |= {f"history/{kind}/{t}/{name}": array for t, row in enumerate(rows) for name, array in row.items()}
    header = {
        "format": FORMAT,
        "scenario": market.case.describe(),
        "seed": market.chance.seed,
        "replicate": market.chance.replicates.start,
        "replicates": market.replicates,
        "quarter": market.quarter,
        "record": {kind: list(names) for kind, names in market.history.wanted.items()},
        "quarters": market.history.quarters,
        "strict": market.strict,
    }
    content: dict[str, Any] = {"header": np.frombuffer(json.dumps(header).encode(), dtype=np.uint8), **arrays}
    aside = path.with_name(path.name + ".part")
    with aside.open("wb") as file:
        np.savez(file, allow_pickle=False, **content)
    aside.replace(path)


def restore(
    cls: type[MarketModel], path: Path, *, firms: Mapping[str, type[MarketAgent]] | None, start: Start | None
) -> MarketModel:
    """Return the model that `save` wrote, at the quarter where it stopped.

    Raises:
        SavedRunError: the file is no saved run, is broken, or comes from another version of the model.
    """
    try:
        with np.load(path, allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
        header = json.loads(arrays.pop("header").tobytes())
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
        raise SavedRunError(f"{path} is not a saved run: {error}") from None
    if header.get("format") != FORMAT:
        raise SavedRunError(f"{path} has format {header.get('format')!r}, expected {FORMAT}")
    overrides = {name.partition("/")[2]: _plain(a) for name, a in arrays.items() if name.startswith("override/")}
    market = cls(
        _scenario(header["scenario"]), rng=header["seed"], replicate=header["replicate"],
        replicates=header["replicates"], parameters=overrides, firms=firms, start=start, strict=header["strict"],
    )  # fmt: skip
    _fill(market, arrays, header, path)
    market.resume_changes()
    market.list_agents()
    return market


def _fill(market: MarketModel, arrays: dict[str, np.ndarray], header: dict[str, Any], path: Path) -> None:
    """Put saved tables and history into a fresh model."""
    for name, table in market.ledger.tables.items():
        saved = {key.split("/")[2]: a for key, a in arrays.items() if key.startswith(f"table/{name}/")}
        if saved.keys() != table.columns.keys():
            odd = sorted(saved.keys() ^ table.columns.keys())
            raise SavedRunError(f"{path} does not fit this model: {name} differs in {', '.join(odd)}")
        for column, array in saved.items():
            if array.shape != table.columns[column].shape:
                raise SavedRunError(f"{path} does not fit this model: {name}.{column} has shape {array.shape}")
            table.columns[column] = freeze(array)
    market.money = arrays["money"]
    market.residuals = {key.partition("/")[2]: a for key, a in arrays.items() if key.startswith("residual/")}
    market.quarter = header["quarter"]
    market.history = History(market, [f"{k}.{n}" if n else k for k, ns in header["record"].items() for n in ns or [""]])
    market.history.quarters = header["quarters"]
    market.history.kept = {kind: [{} for _ in header["quarters"]] for kind in header["record"]}
    for key, array in arrays.items():
        if key.startswith("history/"):
            _, kind, t, name = key.split("/", 3)
            market.history.kept[kind][int(t)][name] = array


def _plain(array: np.ndarray) -> Any:
    """Return a float for an array without axes."""
    return float(array) if array.ndim == 0 else array


def _scenario(content: dict[str, Any]) -> Scenario:
    """Return the scenario that a header describes."""
    dated = {
        key: [{**item, "start": quarter_number(item["start"])} for item in content[key]]
        for key in ("changes", "deals", "entries")
    }
    return Scenario(
        name=content["name"], title=content["title"], start=content["start"], parameters=content["parameters"],
        changes=tuple(Change(**{**c, "firms": tuple(c["firms"])}) for c in dated["changes"]),
        deals=tuple(Deal(**{**d, "draw": tuple(d["draw"])}) for d in dated["deals"]),
        entries=tuple(Entry(**e) for e in dated["entries"]), source="saved run",
    )  # fmt: skip
