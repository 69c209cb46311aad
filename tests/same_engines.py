"""Hold both engines against one another, to the last bit: every scenario, and parameters drawn at random.

    python tests/same_engines.py                ... all of it, in some minutes ...
    python tests/same_engines.py deal_35bn      ... some scenarios alone ...

Everything that is recorded is compared: indicators, firms' columns, flows, balance sheets, events, trails of money and
capital. Kernels are compiled where none is kept.
"""

import sys
import time

import numpy as np

import aimarket
from aimarket.model.kernel.making import same_bits

REPLICATES, QUARTERS, SETS, SEED = 200, 40, 200, 11
SCENARIO = "deal_35bn"
KINDS = tuple(aimarket.MarketModel().history.wanted)


def drawn(sets=SETS):
    """Return values of every parameter whose range says something, one a replicate."""
    rng = np.random.default_rng(SEED)
    chosen = {name: item for name, item in aimarket.parameters().items() if item.uncertain and not item.structural}
    return {name: rng.uniform(item.low, item.high, sets) for name, item in chosen.items()}


def differences(plain, other):
    """Return the names of what two ensembles do not have alike; what one does not name is nothing there."""
    found = []
    for kind in plain.records:
        one, two = (ensemble.records[kind].values for ensemble in (plain, other))
        for name in dict.fromkeys((*one, *two)):
            both = [values[name] for values in (one, two) if name in values]
            if not same_bits(both[0], both[1] if len(both) > 1 else np.zeros_like(both[0])):
                found.append(f"{kind}.{name}")
    return found + ([] if plain.failures.equals(other.failures) else ["failures"])


def compared(scenario, replicates=REPLICATES, quarters=QUARTERS, parameters=None):
    """Run a scenario in both engines; return what differs, and what took how long."""
    took, ensembles = [], []
    for engine in ("kernel", "kernel", "numpy"):  # the first one may compile
        begun = time.process_time()
        ensembles.append(
            aimarket.run_ensemble(scenario, replicates, quarters, 7, parameters, record=KINDS, engine=engine)
        )
        took.append(time.process_time() - begun)
    return differences(ensembles[2], ensembles[1]), took[2] / took[1]


if __name__ == "__main__":
    wrong = 0
    for title in sys.argv[1:] or aimarket.scenarios():
        different, faster = compared(title)
        wrong += len(different)
        print(f"{title}: {', '.join(different[:6]) or 'the same bits'}, {faster:.1f} times faster", flush=True)
    if not sys.argv[1:]:
        different, faster = compared(SCENARIO, SETS, QUARTERS, drawn())
        wrong += len(different)
        print(f"{SETS} sets of parameters: {', '.join(different[:6]) or 'the same bits'}, {faster:.1f} times faster")
    sys.exit(wrong > 0)
