"""Saved runs: arrays and addresses, never code; random numbers come back from their address."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from ..agents.state.arrays import freeze
from .markets.planning import observe
from .records.history import History
from .scenarios.scenario import scenario_of

if TYPE_CHECKING:
    from ..agents.state.population import MarketAgent
    from .market_model import MarketModel

FORMAT = 6
BROKEN = (KeyError, TypeError, ValueError, AttributeError, RuntimeError, zlib.error)
"""What reading a broken file may raise; RuntimeError covers recursion and methods that are not implemented."""


class SavedRunError(ValueError):
    """A file is no saved run, or one that this model cannot take up; the message says why."""


def save(market: MarketModel, path: Path) -> None:
    """Write a run to a file: tables, history and the addresses of scenario, parameters and chance."""
    arrays: dict[str, Any] = {
        f"table/{name}/{column}": array
        for name, table in _tables(market).items()
        for column, array in table.columns.items()
    }
    arrays |= {f"residual/{name}": array for name, array in market.residuals.items()}
    arrays |= {f"broken/{name}": array for name, array in market.broken.items()}
    arrays |= {f"override/{name}": np.asarray(value, dtype=np.float64) for name, value in market.overrides.items()}
    for kind in market.history.wanted:
        arrays |= {f"history/{kind}/{name}": array for name, array in market.history.arrays(kind).items()}
    arrays |= {f"lasting/{name}": array for name, array in market.history.lasting.items()}
    header = np.frombuffer(json.dumps(_header(market)).encode(), dtype=np.uint8)
    aside = path.with_name(path.name + ".part")
    try:
        with aside.open("wb") as file:
            np.savez(file, header=header, money=market.money, **arrays)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _tables(market: MarketModel) -> dict[str, Any]:
    """Return all tables that a run consists of, by name."""
    return {**market.ledger.tables, "facilities": market.facilities}


def _header(market: MarketModel) -> dict[str, Any]:
    """Return all that is not an array."""
    return {
        "format": FORMAT,
        "scenario": market.case.describe(),
        "seed": market.chance.seed,
        "replicates": list(market.chance.replicates),
        "quarter": market.quarter,
        "record": {kind: list(names) for kind, names in market.history.wanted.items()},
        "quarters": market.history.quarters,
        "strict": market.strict,
        "deciders": _firm_classes(market),
        "by_firm": _by_firm(market),
    }


def _firm_classes(market: MarketModel) -> list[str]:
    """Return every firm with the class that decides for it."""
    return [
        f"{name} ({cls.__name__})"
        for population in market.populations
        for name, cls in zip(population.names, population.classes, strict=True)
    ]


def _by_firm(market: MarketModel) -> dict[str, list[list[float]]]:
    """Return the parameters in which firms differ from the start."""
    values = market.base_values.items()
    return {name: value.tolist() for name, value in values if isinstance(value, np.ndarray) and value.ndim > 1}


def _check_size(file: IO[bytes], path: Path) -> None:
    """Refuse archives that are packed: a small file must not unfold into more memory than it takes on the disk."""
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
    packed = any(entry.compress_type != zipfile.ZIP_STORED for entry in entries)
    if packed or sum(entry.file_size for entry in entries) > path.stat().st_size:
        raise ValueError("its arrays are packed, and those of a saved run never are")
    file.seek(0)


def _check_arrays(arrays: dict[str, np.ndarray], header: dict[str, Any]) -> None:
    """Say which array is no array of finite floats over the run's replicates and quarters."""
    count, quarters = len(header["replicates"]), len(header["quarters"])
    for name, array in arrays.items():
        if array.dtype != np.float64 or not np.isfinite(array).all():
            raise ValueError(f"{name} holds something else than finite numbers")
        long = not name.startswith(("override/", "table/", "history/"))
        if not name.startswith("override/") and (array.shape[-1:] != (count,) or (long and array.ndim > 1)):
            raise ValueError(f"{name} has shape {array.shape}, and there are {count} replicates")
        if name.startswith("history/") and array.shape[0] != quarters:
            raise ValueError(f"{name} has {array.shape[0]} quarters, and {quarters} were run")


def restore(
    cls: type[MarketModel], path: Path, *, firms: Mapping[str, type[MarketAgent]] | None, start: Any
) -> MarketModel:
    """Return the model that `save` wrote, at the quarter where it stopped.

    Raises:
        SavedRunError: the file is no saved run, is broken, or comes from another version of the model.
    """
    try:
        with path.open("rb") as file:
            _check_size(file, path)
            with np.load(file, allow_pickle=False) as content:
                arrays = {name: content[name] for name in content.files}
        header = json.loads(arrays.pop("header").tobytes())
    except (*BROKEN, OSError, EOFError, zipfile.BadZipFile, MemoryError) as error:
        raise SavedRunError(f"{path} is not a saved run: {error}") from None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise SavedRunError(f"{path} is no saved run of this format ({FORMAT})")
    try:
        return _taken_up(cls, arrays, header, firms, start)
    except BROKEN as error:
        raise SavedRunError(f"{path} does not fit this model: {error}") from None


def _taken_up(
    cls: type[MarketModel],
    arrays: dict[str, np.ndarray],
    header: dict[str, Any],
    firms: Mapping[str, type[MarketAgent]] | None,
    start: Any,
) -> MarketModel:
    """Return a fresh model with the saved arrays put in."""
    _check_arrays(arrays, header)
    overrides = {name.partition("/")[2]: _plain(a) for name, a in arrays.items() if name.startswith("override/")}
    market = cls(
        scenario_of(header["scenario"], "saved run"),
        rng=header["seed"],
        replicate=header["replicates"],
        parameters=overrides,
        firms=firms,
        start=start,
        strict=header["strict"],
    )
    if header["quarters"] != list(range(market.first, market.first + header["quarter"])):
        raise ValueError(f"it stopped at quarter {header['quarter']} and holds {len(header['quarters'])} others")
    for row, (name, saved) in enumerate(zip(_firm_classes(market), header["deciders"], strict=True)):
        if name != saved:
            raise ValueError(f"firm {row + 1} was {saved} and is {name} now; pass the run's own firms and start")
    if header["by_firm"] != _by_firm(market):
        raise ValueError("parameters by firm differ; pass the start that the run had")
    _fill_history(market, arrays, header)
    market.count_quarters(header["quarter"])
    _fill_tables(market, arrays)
    market.resume_changes()
    market.signals = observe(market)
    market.list_agents()
    return market


def _fill_tables(market: MarketModel, arrays: dict[str, np.ndarray]) -> None:
    """Put saved tables into a fresh model."""
    for name, table in _tables(market).items():
        saved = {key.split("/")[2]: a for key, a in arrays.items() if key.startswith(f"table/{name}/")}
        if saved.keys() != table.columns.keys():
            raise ValueError(f"{name} differs in {', '.join(sorted(saved.keys() ^ table.columns.keys()))}")
        for column, array in saved.items():
            if array.shape != table.columns[column].shape:
                raise ValueError(f"{name}.{column} has shape {array.shape}")
            table.columns[column] = freeze(array)
    market.money = arrays["money"]
    for kept, prefix in ((market.residuals, "residual/"), (market.broken, "broken/")):
        kept |= {key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)}


def _fill_history(market: MarketModel, arrays: dict[str, np.ndarray], header: dict[str, Any]) -> None:
    """Put the saved history into a fresh model."""
    record = [f"{kind}.{name}" if name else kind for kind, names in header["record"].items() for name in names or [""]]
    history = market.history = History(market, record)
    history.quarters = list(header["quarters"])
    kept: dict[str, list[dict[str, Any]]] = {kind: [{} for _ in history.quarters] for kind in history.wanted}
    history.lasting = {key.partition("/")[2]: array for key, array in arrays.items() if key.startswith("lasting/")}
    for key, array in arrays.items():
        if key.startswith("history/"):
            _, kind, name = key.split("/", maxsplit=2)
            firms = (len(history.firms[kind]),) if kind in history.firms else ()
            if array.shape[1:] != (*firms, market.replicates):
                raise ValueError(f"{key} has shape {array.shape}")
            for row, values in zip(kept[kind], array, strict=True):
                row[name] = values
    history.kept = {kind: [*rows] for kind, rows in kept.items()}
    if "indicators" not in history.wanted:
        market.datacollector = None


def _plain(array: np.ndarray) -> Any:
    """Return a float for an array without axes."""
    return float(array) if array.ndim == 0 else array
