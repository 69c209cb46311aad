"""What does a lab give up that keeps a runway? The same lab, as usual and cautious, on the same random numbers.

The class comes with the model. A scenario file names it by a word, as cautious_recipient does; code passes it. This lab
owns what it runs; of one that rents it is new contracts that caution holds back.
"""

import pandas as pd

import aimarket

LAB = "xAI"
REPLICATES, QUARTERS = 32, 16
RECORD = ("ai_labs.cash", "ai_labs.powered_compute", "ai_labs.capex", "ai_labs.operating_cash_flow")


def last_quarter(firms, replicates, quarters):
    """Return the lab's cash, net burn, runway and the compute that ran for it in the last quarter, as means."""
    runs = aimarket.run_ensemble("baseline", replicates, quarters, rng=7, firms=firms, record=("indicators", *RECORD))
    frame = runs.to_frame("ai_labs")
    last = frame[(frame["firm"] == LAB) & (frame["quarter"] == frame["quarter"].max())].mean(numeric_only=True)
    burn = last["capex"] - last["operating_cash_flow"]
    return {
        "cash, USD bn": last["cash"],
        "net burn, USD bn/quarter": burn,
        "runway, quarters": last["cash"] / burn,
        "compute, M H100e": last["powered_compute"],
    }


def table(replicates=REPLICATES, quarters=QUARTERS):
    """Return the lab as usual and cautious, a row each."""
    worlds = {"as usual": None, "cautious": {LAB: aimarket.CautiousLab}}
    return pd.DataFrame({name: last_quarter(firms, replicates, quarters) for name, firms in worlds.items()}).T


if __name__ == "__main__":
    print(table().round(2).to_string())
