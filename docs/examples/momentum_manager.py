"""Does money crowd into fewer firms when managers follow returns?

With none, half and all of them, on common random numbers.

The class comes with the model. A scenario file names it by a word, as momentum does; code passes it.
"""

import pandas as pd

import aimarket

MANAGERS = aimarket.load_start().names("asset_managers")
REPLICATES, QUARTERS = 32, 16


def last_quarter(followers, replicates, quarters):
    """Return which part of all new money labs, vendors and energy get in the last quarter, and labs' concentration."""
    firms = dict.fromkeys(followers, aimarket.MomentumManager)
    frame = aimarket.run_ensemble("baseline", replicates, quarters, rng=7, firms=firms).to_frame()
    last = frame[frame["quarter"] == frame["quarter"].max()].mean(numeric_only=True)
    parts = {f"part for {who}": last[f"funding_{who}"] / last["funding"] for who in ("labs", "vendors", "energy")}
    return {"new money, USD bn/quarter": last["funding"], **parts, "concentration of labs": last["lab_concentration"]}


def table(replicates=REPLICATES, quarters=QUARTERS):
    """Return the world with none, half and all of the managers following returns, a row each."""
    worlds = {"none": (), "half": MANAGERS[::2], "all": MANAGERS}
    return pd.DataFrame({name: last_quarter(followers, replicates, quarters) for name, followers in worlds.items()}).T


if __name__ == "__main__":
    print(table().round(3).to_string())
