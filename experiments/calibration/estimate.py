"""Estimation: the bank, the recovery test, and the posterior at each cut-off, by one command.

``python -m aimarket.experiments.calibration.estimate model/data/posterior`` takes some minutes. The bank is kept in
build/calibration and taken up again where it was left; a bank of another model or prior is begun anew.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from ...model.inputs.paths import located
from ...model.inputs.text import write_likeness
from ..runs.engines import engine_named
from ..runs.posterior import CUTOFFS
from ..storage.frames import made_with, write
from .abc import SEED, SIZE, Fit, Targets, contraction, fitted, posterior_of, targets_of
from .bank import SEED as BANK_SEED
from .bank import SIZE as BANK_SIZE
from .bank import Bank, bank_study, run_bank
from .recovery import INFORMED, MORE_TRUTHS, recovered

TRUTHS_SEED = BANK_SEED + 1
TAILS = (0.05, 0.5, 0.95)
LATE = {"2024Q4": False, "2025Q4": True}
"""The first estimate is for a back-test, and knows what was known then; the last knows all that was published since."""

Report = Callable[[str], None]


def estimate(
    keep: Path,
    *,
    size: int = BANK_SIZE,
    truths: int = MORE_TRUTHS,
    workers: int | None = None,
    table: pd.DataFrame | None = None,
    report: Report = print,
) -> dict[str, pd.DataFrame]:
    """Return the posterior samples by cut-off, and the table of parameters by ``parameters_`` and cut-off.

    Args:
        keep: the folder of the bank and of the truths.
        size: worlds in the bank.
        truths: simulated truths of the recovery test.
        workers: worker processes, one a core if not given.
        table: the observations; those that ship if not given.
        report: a callback that takes a sentence on how far it is.
    """
    bank = run_bank(keep / "bank", size=size, seed=BANK_SEED, workers=workers)
    report(f"{len(bank.points):,} worlds in the bank")
    known = run_bank(keep / "truths", size=truths, seed=TRUTHS_SEED, workers=workers)
    made: dict[str, pd.DataFrame] = {}
    for cutoff in CUTOFFS:
        targets = targets_of(bank, cutoff, late=LATE[cutoff], table=table)
        fit = fitted(bank, targets)
        made[cutoff] = posterior_of(fit, targets.values)
        made[f"parameters_{cutoff}"] = _parameter_table(fit, made[cutoff], known, targets)
        informed = made[f"parameters_{cutoff}"].query("informed")["parameter"]
        report(f"{cutoff}: {len(targets.values)} observations inform {', '.join(informed) or 'no parameter'}")
    return made


def about(size: int = BANK_SIZE, truths: int = MORE_TRUTHS) -> dict[str, Any]:
    """Return what the manifest says of an estimate: everything that one needs to make it again."""
    versions = made_with()
    return {
        **{name: versions[name] for name in versions if name not in ("processor", "platform")},
        "engine": engine_named(None),
        "command": ["python", "-m", "aimarket.experiments.calibration.estimate", "model/data/posterior"],
        "seeds": {"bank": BANK_SEED, "truths": TRUTHS_SEED, "estimate": SEED},
        "bank": {"worlds": size, "study": bank_study(size).digest},
        "truths": truths,
        "draws": SIZE,
        "informed_below": INFORMED,
        "late_estimates": LATE,
    }


def _parameter_table(fit: Fit, sample: pd.DataFrame, truths: Bank, targets: Targets) -> pd.DataFrame:
    """Return the table of parameters: its posterior, and how well it is recovered where it is known."""
    found = recovered(fit, truths, targets).table
    low, middle, high = (sample.quantile(tail).to_numpy() for tail in TAILS)
    own = contraction(sample, fit.factors).to_numpy()
    return found.assign(
        default=[factor.default for factor in fit.factors],
        unit=[factor.unit for factor in fit.factors],
        low=[factor.low for factor in fit.factors],
        high=[factor.high for factor in fit.factors],
        p5=low,
        median=middle,
        p95=high,
        contraction_here=own,
        informed=found["informed"] & (own < INFORMED),
    )


def main() -> None:
    """Estimate, and write the samples with their manifest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=located, help="where samples and manifest are written")
    parser.add_argument("--keep", type=located, default=located("build/calibration"), help="where the bank is kept")
    parser.add_argument("--workers", type=int, default=None, help="worker processes; one a core if not given")
    asked = parser.parse_args()
    write_likeness(sys.stdout)
    made = estimate(asked.keep, workers=asked.workers, report=_say)
    write(asked.folder, made, about())


def _say(text: str) -> None:
    """Say how far it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
