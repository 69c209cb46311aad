"""Which parameters are called uncertain: what claims hang on, and what data inform, by a rule and made by a command.

``python -m aimarket.experiments.publishing.uncertain_parameters model/data/uncertain.csv`` reads the screening and the
posterior and writes what ``parameters()`` marks; after that, generated tables are made anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from ...model.parameters import parameters
from ..claims.deciding import deciding
from ..runs.posterior import CUTOFFS
from ..storage.atomic_files import write_whole
from .backtest_page import parameter_estimates

TURNS = 0.1
"""A parameter is uncertain if moving it turns the verdict on some statistic that it decides in so many of worlds."""


def uncertain(screened: pd.DataFrame, informed: Collection[str]) -> pd.DataFrame:
    """Return the parameters that are called uncertain in the order of their declaration, and why.

    They decide a statistic of a claim, more surely than chance, and turn its verdict in at least a tenth of worlds; or
    the data inform them. Whole numbers that shape arrays are left out: each value is a batch of its own, so that
    who varies them asks for it.

    Args:
        screened: what ``deciding()`` returns: statistic, parameter, turned, survives.
        informed: the parameters whose posterior is narrower than their prior.

    Returns:
        A row a parameter: its name, the largest part of worlds in which it turns a verdict, and whether data inform it.
    """
    decides = turns(screened)
    rows = [
        {"parameter": name, "turned": float(decides.get(name, 0.0)), "informed": name in informed}
        for name, item in parameters().items()
        if not item.structural and (decides.get(name, 0.0) >= TURNS or name in informed)
    ]
    return pd.DataFrame(rows, columns=["parameter", "turned", "informed"])


def turns(screened: pd.DataFrame) -> pd.Series:
    """Return in which part of worlds each parameter turns the verdict on a statistic that it decides, at most."""
    return screened[screened["survives"]].groupby("parameter")["turned"].max()


def as_found() -> pd.DataFrame:
    """Return the parameters that are uncertain by the screening and the posterior beside the model."""
    estimates = parameter_estimates(CUTOFFS[-1])
    return uncertain(deciding(), set(estimates.loc[estimates["informed"], "parameter"]))


def main() -> None:
    """Write which parameters are called uncertain."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("out", type=Path)
    found = as_found()
    write_whole(parser.parse_args().out, found.to_csv(index=False, float_format="%.4g").encode())


if __name__ == "__main__":
    main()
