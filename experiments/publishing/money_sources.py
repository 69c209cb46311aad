"""C1a as a map over whose money it is: made by a command, so that nobody types a figure.

``python -m aimarket.experiments.publishing.money_sources model/data/money_sources.csv docs/figures`` runs the deal at
every place of the map on the same random numbers, a minute on one core, and plots it. docs/claims.md, the README and
the page of the claims read what it writes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...model.parameters import parameters
from ...model.randomness import DEFAULT_SEED
from ...model.scenarios.scenario import load_scenario
from ..claims import sources
from ..claims.evidence import Evidence
from ..claims.sources import ACROSS, ALL, DOWN, OTHERS, SCENARIO, WHERE, YIELD
from ..claims.statistic import STATISTICS, quarters_needed
from ..comparison.comparison import evidence_of
from ..figures.sources import plot_sources
from ..figures.style import THEMES, save
from ..formatting import sentence
from ..statistics import SUPPORTED
from ..storage.atomic_files import write_whole
from ..storage.model_version import model_digest
from .markdown_tables import markdown_table

PAIRS = 64
STEPS = 5
"""Places along a range, its ends among them."""

VERSION = 12
"""Letters of the model's checksum that are kept."""

DIGITS = "%.4g"


def levels(name: str) -> list[float]:
    """Return the values of a parameter that the map holds: evenly over its range, and its default."""
    item = parameters()[name]
    count = STEPS if name != YIELD else 2
    return sorted({*np.linspace(item.low, item.high, count).tolist(), float(item.default)})


def mapped(pairs: int = PAIRS, places: list[tuple[float, ...]] | None = None) -> pd.DataFrame:
    """Return the map: at each place the statistics over pairs of runs that have the same numbers everywhere.

    Args:
        pairs: how many pairs of runs at each place.
        places: values of what the map is over, in order; all if not given.
    """
    chosen = list(product(*map(levels, WHERE))) if places is None else places
    rows: list[dict[str, Any]] = []
    for size in dict.fromkeys(place[0] for place in chosen):
        here = [place for place in chosen if place[0] == size]
        found = _evidence(here, pairs)
        rows += [row for key in (ALL, OTHERS) for row in _rows(key, found, here, pairs)]
    frame = pd.DataFrame(rows)
    frame.insert(0, "model", model_digest()[:VERSION])
    return frame.sort_values(["statistic", *WHERE], kind="stable", ignore_index=True)


def _evidence(places: list[tuple[float, ...]], pairs: int) -> Evidence:
    """Return the runs at some places, one place after the other."""
    runs = dict.fromkeys(run for key in (ALL, OTHERS) for run in STATISTICS[key].runs)
    values = {name: np.repeat([place[row] for place in places], pairs) for row, name in enumerate(WHERE)}
    return evidence_of(
        SCENARIO,
        "baseline",
        runs,
        quarters=quarters_needed([ALL, OTHERS], load_scenario(SCENARIO)),
        rng=DEFAULT_SEED,
        parameters=values,
        numbers=list(range(pairs)) * len(places),
        progress=False,
    )


def _rows(key: str, found: Evidence, places: list[tuple[float, ...]], pairs: int) -> Iterator[dict[str, Any]]:
    """Yield a statistic at every place, judged as the board does."""
    item = STATISTICS[key]
    sample = item.measure(found)
    for number, place in enumerate(places):
        interval = sample.part(slice(number * pairs, (number + 1) * pairs)).interval()
        asked = item.judge(interval)
        yield {"statistic": key, **dict(zip(WHERE, place, strict=True)), **interval._asdict(), "verdict": asked}


def text() -> str:
    """Return the map as Markdown: tables of both statistics at the default answer of savers, and how others move it."""
    parts = []
    for key in (ALL, OTHERS):
        item = STATISTICS[key]
        parts += [f"**{sentence(item.alone or item.wording)}** ({item.condition} asked):", _table(key), *_others(key)]
    return "\n\n".join(parts)


def _table(key: str) -> str:
    """Return a statistic of the map at the default answer of savers; bold where its condition surely holds."""
    places = sources.at_default(sources.of(key), YIELD)
    heads = (f"`{DOWN}` \\ `{ACROSS}`", *(f"{value:g}" for value in levels(ACROSS)))
    rows = [(f"{down:g}", *map(_cell, part.to_dict("records"))) for down, part in places.groupby(DOWN)]
    return markdown_table(heads, rows)


def _cell(row: Any) -> str:
    """Return one place of the map."""
    told = sources.written(row)
    return f"**{told}**" if row["verdict"] == SUPPORTED else told


def _others(key: str) -> Iterator[str]:
    """Yield how a statistic goes over the map where savers answer otherwise."""
    for size, part in sources.of(key).groupby(YIELD):
        yield f"At `{YIELD}` {size:g} it goes {sources.told(part)}."


def plotted(folder: Path) -> None:
    """Plot the map at the default answer of savers into a folder, light and dark."""
    places = sources.at_default(sources.of(ALL), YIELD)
    for theme in THEMES:
        save(plot_sources(places, theme=theme), folder / f"money_sources_{theme}.svg")


def main() -> None:
    """Make the map and plot it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("out", type=Path)
    parser.add_argument("figures", type=Path)
    parser.add_argument("--pairs", type=int, default=PAIRS, help="pairs of runs at each place")
    asked = parser.parse_args()
    write_whole(asked.out, mapped(asked.pairs).to_csv(index=False, float_format=DIGITS).encode())
    sources.money_sources.cache_clear()
    plotted(asked.figures)


if __name__ == "__main__":
    main()
