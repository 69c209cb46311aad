"""What decides the claims, searched among all parameters: made by a command, so that nobody types a name.

``python -m aimarket.experiments.publishing.deciding_parameters model/data/screening.csv`` moves every parameter, then
decomposes the variance of every claim by those that survive: some five minutes on one core. docs/claims.md and the
board read what it writes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from ...model.parameters import parameters
from ...model.randomness import DEFAULT_SEED
from ...model.scenarios.scenario import load_scenario
from ..analysis import decomposition, screening
from ..analysis.screening import DRAW, Screening, screened
from ..claims.deciding import deciding
from ..formatting import listed
from ..statistics import LEVEL
from ..storage.atomic_files import write_whole
from .markdown_tables import markdown_table
from .uncertain_parameters import TURNS, as_found, turns

SCENARIO = "deal_35bn"
SHOWN = 5
"""Parameters of a statistic that the table shows."""

COLUMNS = ("statistic", "parameter", "mu_star", "low", "high", "mu", "sigma", "same_sign", "turned", "worlds")
DIGITS = "%.4g"
PERCENT = 100.0


def searched(found: Screening, size: int, *, progress: Any = None) -> pd.DataFrame:
    """Return what is kept of a search: of every statistic the survivors and chance, with Sobol indices where made.

    Parameters that moved nothing at all stand at the end, without a statistic.
    """
    statistics = screened()
    names = decomposition.to_decompose(found)
    shares = decomposition.decompose(
        found.scenario, names, size, found.seed, statistics=statistics, progress=progress
    ).filter(["statistic", "parameter", "first", "total", "total_low", "total_high", "blocks"])
    kept = pd.concat([found.survivors, found.effects[found.effects["parameter"] == DRAW]])
    rows = kept[[*COLUMNS, "survives"]].merge(shares, on=["statistic", "parameter"], how="left")
    order = rows["statistic"].map({key: place for place, key in enumerate(statistics)})
    rows = rows.assign(order=order).sort_values("order", kind="stable").drop(columns="order")
    idle = pd.DataFrame({"parameter": found.still}).assign(survives=False)
    return pd.concat([rows, idle], ignore_index=True)


def table() -> str:
    """Return, as Markdown, which parameters decide each statistic with a verdict."""
    kept, statistics = deciding(), screened()
    rows = []
    for key, item in statistics.items():
        here = kept[kept["statistic"] == key]
        chance = here[here["parameter"] == DRAW].iloc[0]
        names = _shown(here[here["survives"]])
        also = f"; {_count(here)} in all" if _count(here) > SHOWN else ""
        rows.append((item.claim, item.label, names + also, _size(chance), f"{_share(chance)}".strip()))
    heads = ("claim", "statistic", "decided by: effect, turns, total index", "chance: effect", "chance: total index")
    return markdown_table(heads, rows)


def _count(here: pd.DataFrame) -> int:
    """Return how many parameters of a statistic survive."""
    return int(here["survives"].sum())


def _shown(survivors: pd.DataFrame) -> str:
    """Return the largest parameters of a statistic in words; a dash where none survives."""
    cells = [
        f"`{row.parameter}` {_size(row)}, {_turns(row)}{f', {_share(row)}' if _share(row) else ''}"
        for row in survivors.head(SHOWN).itertuples()
    ]
    return "; ".join(cells) or "–"


def _size(row: Any) -> str:
    """Return the mean size of effects with its interval, signed where nearly all have one sign."""
    sign = "±" if row.same_sign < LEVEL else "+" if row.mu > 0.0 else "-" if row.mu < 0.0 else ""
    return f"{sign}{row.mu_star:.2g} [{row.low:.2g}, {row.high:.2g}]"


def _turns(row: Any) -> str:
    """Return in which part of worlds a move turns whether the condition holds."""
    return f"{PERCENT * row.turned:.0f} %"


def _share(row: Any) -> str:
    """Return a total index with its interval; nothing where there is none."""
    return "" if pd.isna(row.total) else f"{row.total:.2f} [{row.total_low:.2f}, {row.total_high:.2f}]"


def remarks() -> str:
    """Return which parameters moved nothing, which were not moved, and which are called uncertain for what they do."""
    kept = deciding()
    idle = kept.loc[kept["statistic"].isna(), "parameter"]
    return "\n\n".join(
        (
            f"Moved nothing in any of these worlds, where what they belong to does not happen: {_ticked(idle)}.",
            *(f"Not moved ({why}): {_ticked(names)}." for why, names in _left_out().items()),
            *called_uncertain(),
        )
    )


def called_uncertain() -> Iterator[str]:
    """Yield which parameters are called uncertain, by what, and which whole numbers would be."""
    found = as_found()
    turning = found.sort_values("turned", ascending=False, kind="stable")
    rows: Any = turning[turning["turned"] >= TURNS].itertuples()
    named = [f"`{row.parameter}` ({PERCENT * row.turned:.0f} %)" for row in rows]
    yield f"Called uncertain, for they turn a verdict in so many of worlds: {listed(named) or 'none'}."
    yield f"Called uncertain, for data inform them: {_ticked(found.loc[found['informed'], 'parameter'])}."
    whole = [name for name, part in turns(deciding()).items() if part >= TURNS and parameters()[str(name)].structural]
    yield f"Would be, and are whole numbers that shape arrays, each value a batch of its own: {_ticked(whole)}."


def _left_out() -> dict[str, list[str]]:
    """Return the parameters that are not moved, by reason."""
    reasons: dict[str, list[str]] = {}
    for name, why in screening.left_out(load_scenario(SCENARIO)).items():
        reasons.setdefault(why, []).append(name)
    return reasons


def _ticked(names: Any) -> str:
    """Return names as a list in Markdown."""
    return listed([f"`{name}`" for name in names]) or "none"


def main() -> None:
    """Search among all parameters and write what decides the claims."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("out", type=Path)
    parser.add_argument("--worlds", type=int, default=screening.WORLDS, help="in how many worlds all are moved")
    parser.add_argument("--again", type=int, default=screening.AGAIN, help="in how many more the likely ones are")
    parser.add_argument("--size", type=int, default=decomposition.SIZE, help="blocks of Saltelli's sample")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    asked = parser.parse_args()
    found = screening.screen(SCENARIO, asked.worlds, asked.again, asked.seed)
    write_whole(asked.out, searched(found, asked.size).to_csv(index=False, float_format=DIGITS).encode())


if __name__ == "__main__":
    main()
