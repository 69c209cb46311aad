"""The tables of docs/backtest.md, made by a command, so that nobody types a figure.

``python -m aimarket.experiments.publishing.backtest_page docs/backtest.md`` reads the estimates, scores and forecast
that ship and rewrites the sections between markers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.resources import as_file, files
from typing import Any

import pandas as pd

from ..backtest.by_step import FILES, SEEN
from ..backtest.forecast import LATEST
from ..backtest.record import ORIGINS, kept
from ..backtest.scores import AT, MODEL, best_naive, summary
from ..backtest.vintages import vintage, vintages
from ..backtest.words import finding, won
from ..calibration.openings import provenance
from ..calibration.recovery import LEVEL, TRUTHS
from ..calibration.series import declared_series, find_series
from ..calibration.start_files import STARTS
from ..formatting import probability, whole_percent
from ..runs.posterior import CUTOFFS
from ..storage.frames import read
from .generated_tables import Sections, main
from .markdown_tables import banded, markdown_table
from .published_tables import PUBLISHED

SHOWN = ("2026Q4", "2027Q4")
"""Quarters of the dated forecast that the document shows."""

EVERY = ("big_four_capex",)
LEVELS = (
    *EVERY,
    *(f"{name}_compute" for name in ("openai", "anthropic", "google", "meta", "xai")),
    "labs_share",
    "world_running",
    "openai_run_rate",
    "anthropic_run_rate",
    "openai_rent",
    "anthropic_rent",
    "contract_rent",
    "large_rent",
    "coreweave_backlog",
    "coreweave_debt",
    "oracle_capex",
    "openai_api_share",
    "anthropic_api_share",
    "price_fixed",
)
"""Series that the table of levels shows in their last quarter, and those that it shows in every one."""


def series_table() -> str:
    """Return every series, with how often it is observed, its error and what it has not in common with the model."""
    heads = ("series", "unit", "observed", "informs parameters", "error", "known mismatch")
    rows = [
        (
            series.title + (" (estimated later)" if series.retrospective else ""),
            series.unit,
            f"every {series.every}" if series.every != "some quarters" else "some quarters",
            "yes" if series.use == "estimate" else "no",
            f"{series.error:.0%}: {series.error_source}",
            series.mismatch,
        )
        for series in declared_series().values()
    ]
    return markdown_table(heads, rows)


def starts_table() -> str:
    """Return on what the stocks of every start rest."""
    counts = {quarter: provenance(quarter).groupby("basis").size() for quarter in STARTS}
    kinds = dict.fromkeys(name for count in counts.values() for name in count.index)
    rows = [(name, *(str(int(count.get(name, 0))) for count in counts.values())) for name in kinds]
    return markdown_table(("basis", *counts), rows)


def estimate_table(cutoff: str) -> str:
    """Return what the data say of each parameter, and how well it is recovered where it is known."""
    table = parameter_estimates(cutoff)
    heads = (
        "parameter",
        "range",
        "default",
        "posterior median [5-95 %]",
        "deviation, of the prior's",
        "the same over simulated truths",
        f"covered, of {TRUTHS}",
        "covered, of all",
        "ranks uniform, p",
        "informed",
    )
    rows = [
        (
            f"`{row['parameter']}`",
            f"{row['low']:g} to {row['high']:g}",
            f"{row['default']:g}".replace("nan", ""),
            f"{row['median']:.3g} [{row['p5']:.3g}, {row['p95']:.3g}]",
            f"{row['contraction_here']:.2f}",
            f"{row['contraction']:.2f}",
            whole_percent(row["covered_of_20"]),
            whole_percent(row["covered"]),
            probability(row["uniform_p"]),
            "**yes**" if row["informed"] else "no",
        )
        for row in _records(table.sort_values("contraction"))
    ]
    return markdown_table(heads, rows)


def recovery_text() -> str:
    """Return in sentences how the recovery test went."""
    return "\n\n".join(_recovered(cutoff) for cutoff in CUTOFFS)


def parameter_estimates(cutoff: str) -> pd.DataFrame:
    """Return the estimate of each parameter at a cut-off, as `estimate.estimate` made it."""
    source = files("aimarket.model").joinpath("data", "posterior", f"parameters_{cutoff}.parquet")
    with as_file(source) as path:
        return read(path)


def scores_text(origin: str) -> str:
    """Return how the back-test from an origin went, in sentences, the last of them for readers of the first version."""
    table = summary(kept(origin))
    steps = kept_steps(FILES[1])
    first = steps[(steps["version"] == steps["version"].iloc[0]) & (steps["origin"] == origin)]["series"].unique()
    both = table[table["series"].isin(first)]
    quarterly = both[[find_series(name).every == "quarter" for name in both["series"]]]
    beside = (
        f"Of the series that the first version was scored on it wins {won(both, 'skill_4')} at {AT} quarters, and of "
        f"those with a value in every quarter {won(quarterly, 'skill_4')}."
    )
    return f"{finding(kept(origin), origin)} {beside}"


def scores_table(origin: str) -> str:
    """Return how the model did on each series from an origin, beside the best naive forecast."""
    heads = (
        "series",
        "quarters",
        "model off by",
        "naive off by",
        "CRPS",
        "best naive CRPS",
        "which",
        "skill",
        "skill at 4 quarters",
        "in 50 % band",
        "in 90 % band",
    )
    rows = [
        (
            find_series(row["series"]).title,
            str(row["quarters"]),
            whole_percent(row["mape"]),
            whole_percent(row["naive_mape"]),
            f"{row['crps']:.3g}",
            _number(row["naive_crps"]),
            row["best_naive"] or "none could be made",
            _number(row["skill"]),
            _number(row["skill_4"]),
            whole_percent(row["near"]),
            whole_percent(row["wide"]),
        )
        for row in _records(summary(kept(origin)))
    ]
    return markdown_table(heads, rows)


def quarters_table(origin: str) -> str:
    """Return what was observed and forecast, quarter by quarter."""
    scored = kept(origin)
    heads = ("series", "quarter", "observed", "model [5-95 %]", "best naive", "unit")
    return markdown_table(heads, _quarters(scored))


def _quarters(scored: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table of quarters."""
    for name, table in scored.groupby("series", sort=False):
        rival, _ = best_naive(table)
        naive: Mapping[Any, Any] = dict(table[table["forecaster"] == rival].set_index("quarter")["median"])
        for row in _records(table[table["forecaster"] == MODEL]):
            band = f"{row['median']:.3g} [{row['p5']:.3g}, {row['p95']:.3g}]"
            other = f"{naive[row['quarter']]:.3g}" if row["quarter"] in naive else ""
            yield find_series(str(name)).title, row["quarter"], f"{row['observed']:.3g}", band, other, row["unit"]


def steps_table() -> str:
    """Return how each version of the model did at its defaults, and what it has for the end of 2025."""
    heads = (
        "version",
        "from",
        "ahead of the best naive forecast at 4 quarters",
        "over all quarters",
        "off by",
        "in 90 % band",
        f"labs' running compute in {LATEST}, M H100e",
        "part of the world's",
        "OpenAI, USD bn/yr",
        "Anthropic, USD bn/yr",
    )
    rows = [
        (
            row["version"],
            row["origin"],
            f"{row['won_4']} of {row['series']}",
            f"{row['won']} of {row['series']}",
            whole_percent(row["off_by"]),
            whole_percent(row["in_90"]),
            *(f"{row[name]:.3g}" for name in SEEN),
        )
        for row in _records(kept_steps())
    ]
    observed = ("*observed*", "", "", "", "", "", *(f"{value:.3g}" for value in SEEN.values()))
    return markdown_table(heads, [*rows, observed])


def levels_table() -> str:
    """Return what each version has for 2025 from a year before, quarter by quarter where a series is shown so."""
    table = kept_steps(FILES[1]).query("origin == @ORIGINS[-1]")
    versions, cells = list(dict.fromkeys(table["version"])), dict(_cells(table))
    seen = {(row["series"], row["quarter"]): f"{row['observed']:.3g}" for row in _records(table)}
    asked = [key for name in LEVELS for key in seen if key[0] == name and (name in EVERY or key == _last(seen, name))]
    rows = []
    for name, quarter in asked:
        own = (cells.get((version, name, quarter), "") for version in versions)
        rows.append((find_series(name).title, quarter, find_series(name).unit, *own, seen[name, quarter]))
    return markdown_table(("series", "quarter", "unit", *versions, "observed"), rows)


def _cells(table: pd.DataFrame) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield by version, series and quarter the mean of runs and the band, and where it missed what was observed."""
    for row in _records(table):
        held = row["p5"] <= row["observed"] <= row["p95"]
        band = f"{row['mean']:.3g} [{row['p5']:.3g}, {row['p95']:.3g}]"
        yield (row["version"], row["series"], row["quarter"]), band if held else f"{band} *outside*"


def _last(seen: Mapping[tuple[str, str], str], name: str) -> tuple[str, str]:
    """Return a series with the last quarter in which it was observed."""
    return max(key for key in seen if key[0] == name)


def skills_table() -> str:
    """Return the skill of each version on every series from both origins, at four quarters, or over all there are."""
    table = kept_steps(FILES[1]).drop_duplicates(["version", "origin", "series"])
    skill = table.assign(told=table["skill_4"].fillna(table["skill"])).dropna(subset="told")
    columns = list(dict.fromkeys(zip(table["version"], table["origin"], strict=True)))
    told = {(row["version"], row["origin"], row["series"]): _number(row["told"]) for row in _records(skill)}
    names = [name for name in declared_series() if any(key[2] == name for key in told)]
    rows = [(find_series(name).title, *(told.get((*column, name), "") for column in columns)) for name in names]
    return markdown_table(("series", *(f"{version}, from {origin}" for version, origin in columns)), rows)


def kept_steps(file: str = FILES[0]) -> pd.DataFrame:
    """Return the scores of all versions that ship, as `by_step.scored_version` returns them, of one of its files."""
    with as_file(files("aimarket.model").joinpath("data", "backtest", file)) as path:
        return pd.read_csv(path)


def vintages_table() -> str:
    """Return every vintage of the dated forecast: its file, its day, and the version that made it."""
    heads = ("forecast", "made on", "version in the tables by step", "aimarket", "checksum of the model")
    rows = [
        (f"[{row['file']}](forecasts/{row['file']})", row["made"], row["version"], row["aimarket"], f"`{_digest(row)}`")
        for row in _records(vintages())
    ]
    return markdown_table(heads, rows)


def forecast_table() -> str:
    """Return every vintage of the dated forecast in two quarters, side by side."""
    made = {row["made"]: vintage(row["file"]) for row in _records(vintages().query("origin == @LATEST"))}
    bands = {
        (day, row["series"], row["quarter"]): banded(row["median"], row["p5"], row["p95"])
        for day, table in made.items()
        for row in _records(table)
    }
    names = dict.fromkeys(name for table in reversed(made.values()) for name in table["series"])
    columns = [(quarter, day) for quarter in SHOWN for day in made]
    rows = [
        (find_series(n).title, find_series(n).unit, *(bands.get((day, n, quarter), "") for quarter, day in columns))
        for n in names
    ]
    return markdown_table(("series", "unit", *(f"{quarter}, made {day}" for quarter, day in columns)), rows)


def _digest(row: Mapping[str, Any]) -> str:
    """Return as much of a model's checksum as tells it from others."""
    return str(row["model"])[:12]


def _recovered(cutoff: str) -> str:
    """Return how the recovery test went at one cut-off."""
    table = parameter_estimates(cutoff)
    informed = [f"`{name}`" for name in table.query("informed")["parameter"]]
    level = whole_percent(LEVEL)
    first, over_all = table["covered_of_20"], table["covered"]
    return (
        f"**Data to {cutoff}.** Over the first {TRUTHS} truths, intervals of {level} cover "
        f"{whole_percent(first.mean())} of the values, parameter by parameter "
        f"{whole_percent(first.min())} to {whole_percent(first.max())}; over all truths "
        f"{whole_percent(over_all.min())} to {whole_percent(over_all.max())}. The least p of uniform ranks is "
        f"{probability(table['uniform_p'].min())} among {len(table)} parameters. "
        f"Informed: {', '.join(informed) or 'none'}."
    )


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows."""
    return frame.to_dict("records")  # type: ignore[return-value]


def _number(value: float) -> str:
    """Return a number, nothing where it is none."""
    return "" if value != value else f"{value:.2g}"


def _sections() -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield every section by its marker."""
    yield from (("series", series_table), ("starts", starts_table), ("recovery", recovery_text))
    yield from ((f"estimate_{cutoff}", partial(estimate_table, cutoff)) for cutoff in CUTOFFS)
    for origin in ORIGINS:
        yield f"finding_{origin}", partial(scores_text, origin)
        yield f"scores_{origin}", partial(scores_table, origin)
        yield f"quarters_{origin}", partial(quarters_table, origin)
    yield from (("steps", steps_table), ("levels", levels_table), ("skills", skills_table))
    yield from (("vintages", vintages_table), ("forecast", forecast_table))
    yield from PUBLISHED.items()


SECTIONS: Sections = dict(_sections())


if __name__ == "__main__":
    main(sys.argv[1:], SECTIONS)
