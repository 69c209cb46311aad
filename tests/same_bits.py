"""Print checksums of what the model gives, to the last bit: for before and after a change that should change nothing.

    python tests/same_bits.py > before.txt      ... and after the change ...
    python tests/same_bits.py | diff before.txt -

Only public names are used. Every scenario, the parts of our studies in small sizes, a forecast from the posterior with
its scores, and a tipping value are made anew; the posterior and the back-tests that ship are read, and `make
calibration` makes those anew.
"""

import hashlib
import itertools
import re
import tempfile
from pathlib import Path

import pandas as pd

import aimarket

ROOT = Path(__file__).parents[1]
STUDIES = sorted((ROOT / "docs" / "studies").glob("*/study.toml"))
REPLICATES, QUARTERS, POINTS = 5, 24, 4


def checksum(*frames):
    """Return the checksum of data frames: names, values to the last bit, and what is missing."""
    found = hashlib.sha256()
    for frame in frames:
        for name in frame.columns:
            column = frame[name]
            numeric = pd.api.types.is_numeric_dtype(column)
            values = column.to_numpy(float).tobytes() if numeric else "\0".join(map(str, column)).encode()
            found.update(str(name).encode() + b"\0" + values)
    return found.hexdigest()


def scenarios():
    """Give the checksum of everything that is recorded of every scenario."""
    kinds = list(aimarket.MarketModel().history.wanted)
    for name in aimarket.scenarios():
        found = aimarket.run_ensemble(name, replicates=REPLICATES, quarters=QUARTERS, record=kinds)
        yield f"scenario {name}", checksum(*map(found.to_frame, kinds))


def studies():
    """Give the checksum of every study of ours with few points: what its parts hold, put together."""
    for path in STUDIES:
        text = re.sub(r"(?m)^size = \d+", f"size = {POINTS}", path.read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory() as folder:
            study = Path(folder) / "study.toml"
            study.write_text(text, encoding="utf-8")
            swept = aimarket.run_sweep(study, Path(folder) / "out", workers=0)
            yield f"study {path.parent.name}", checksum(swept.frame())


def comparison():
    """Give the checksum of the board of claims, and of a tipping value."""
    found = aimarket.compare("deal_35bn", replicates=REPLICATES, quarters=QUARTERS)
    yield "claims", checksum(found.claims().reset_index())
    tip = aimarket.tipping("announcement_effect", "C1a.funding", replicates=REPLICATES)
    yield "tipping value", checksum(tip.curve)


def forecasts():
    """Give the checksum of posteriors and observations that ship, and of a back-test made from them."""
    for cutoff in ("2024Q4", "2025Q4"):
        yield f"posterior {cutoff}", checksum(aimarket.posterior(cutoff))
    yield "observations", checksum(aimarket.observations())
    yield "back-test 2024Q4", checksum(aimarket.backtest("2024Q4", replicates=10 * REPLICATES))


if __name__ == "__main__":
    for title, digest in itertools.chain(scenarios(), studies(), comparison(), forecasts()):
        print(digest, title, flush=True)
