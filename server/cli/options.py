"""Options that commands share, with their help, and how examples are shown."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from .arguments import whole
from .completion import scenarios_like, settings_like

LARGEST_SEED = 2**63 - 1
"""As model.randomness has it, which --help does not load."""
ENGINES = ("auto", "numpy", "kernel")
"""As experiments.runs.engines has them."""
SEED = 7
RUN = {"seed": SEED, "replicates": 200, "quarters": 40}
COMPARE = RUN
FACTS = {"seed": SEED, "replicates": 64, "quarters": 40}
TIPPING, BACKTEST = {"seed": SEED, "replicates": 64}, {"horizon": 8, "seed": SEED, "replicates": 800}


def example(*lines: str) -> str:
    """Return examples as they stand, at the end of a help text."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


SCENARIO = "A name (see aimarket scenarios) or your own .toml."
ScenarioName = Annotated[str, typer.Argument(help=SCENARIO, autocompletion=scenarios_like)]
ScenarioOrNone = Annotated[str | None, typer.Argument(help=SCENARIO, autocompletion=scenarios_like)]
Against = Annotated[str, typer.Option(help="The scenario it is compared with.", autocompletion=scenarios_like)]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Override a parameter; may be given several times.",
        autocompletion=settings_like,
    ),
]
Draws = Annotated[
    str | None,
    typer.Option("--parameters", metavar="posterior", help="Give each replicate a draw of what the data leave likely."),
]
Seed = Annotated[
    int,
    typer.Option(
        metavar="N",
        parser=whole("--seed", 0, LARGEST_SEED),
        help="Seed of all draws: the same seed, the same random numbers.",
    ),
]
Replicates = Annotated[
    int, typer.Option(metavar="N", parser=whole("--replicates", 1), help="How many times the industry is run.")
]
Replicate = Annotated[
    int | None, typer.Option(metavar="N", parser=whole("--replicate", 0), help="Run this one alone, as a page does.")
]
OneReplicate = Annotated[
    int, typer.Option("--replicate", metavar="N", parser=whole("--replicate", 0), help="Which run.")
]
Quarters = Annotated[
    int, typer.Option(metavar="N", parser=whole("--quarters", 1), help="How many quarters are run, from 2026Q1.")
]
Out = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Folder for Parquet files with units, and a manifest.json.")
]


def _chosen_engine(name: str | None) -> str | None:
    """Tell the whole process, and the workers that it starts, which engine runs models."""
    if name is not None:
        if name not in ENGINES:
            raise typer.BadParameter(f"{name!r} is none of {', '.join(ENGINES)}")
        os.environ["AIMARKET_ENGINE"] = name
    return name


Engine = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        callback=_chosen_engine,
        help="auto, numpy or kernel: what runs the model, in the same bits; auto compiles a kernel where it pays.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Progress = Annotated[bool, typer.Option("--progress", help="Show progress where standard error is no terminal, too.")]
