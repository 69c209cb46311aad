"""Measure firm-quarters a second beside an idiomatic Mesa model: objects, AgentSet.do, DataCollector, batch_run.

Run as ``python benchmarks/peer_mesa.py``. The peer has as many firms and two of this model's markets: firms order
chips, which vendors ration, and sell services, which customers share out by price and quality. It does far less than
this model's quarter of seventeen phases; what is told is processor time of one core.
"""

from __future__ import annotations

import math
import sys
import time

import mesa

import aimarket

SELLERS, VENDORS, QUARTERS, RUNS = 17, 5, 40, 40
REPLICATES = 1_000


class Seller(mesa.Agent):
    """A firm that buys chips and sells services."""

    def __init__(self, model: Peer) -> None:
        super().__init__(model)
        self.chips, self.cash, self.price, self.quality = 1.0, 5.0, 1.0, self.random.gauss(0.0, 0.2)
        self.order, self.sales = 0.0, 0.0

    def set_price(self) -> None:
        """Follow the use of the chips."""
        self.price *= min(max((self.sales / max(self.chips * self.price, 1e-9)) ** 0.1, 0.8), 1.2)

    def place_order(self) -> None:
        """Spend a part of the cash on chips."""
        self.order = max(0.3 * self.cash, 0.0) / self.model.chip_price

    def research(self) -> None:
        """Improve by chance and by what is run on chips."""
        self.quality += 0.02 * math.log1p(self.chips) + self.random.gauss(0.0, 0.05)

    def take(self, part: float) -> None:
        """Receive a part of the order, and pay."""
        self.chips = 0.95 * self.chips + part * self.order
        self.cash += self.sales - part * self.order * self.model.chip_price - 0.05 * self.chips


class Vendor(mesa.Agent):
    """A firm that makes chips."""

    def __init__(self, model: Peer) -> None:
        super().__init__(model)
        self.capacity, self.cash = 2.0, 0.0

    def produce(self) -> None:
        """Sell at most the capacity, and build more where it is short."""
        self.cash += self.capacity * self.model.part * self.model.chip_price
        self.capacity *= 1.05 if self.model.part < 1.0 else 0.99


class Peer(mesa.Model):
    """Two markets: chips, rationed; and services, shared out by a logit."""

    def __init__(self, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        self.chip_price, self.part, self.demand = 1.0, 1.0, 20.0
        Seller.create_agents(self, SELLERS)
        Vendor.create_agents(self, VENDORS)
        self.datacollector = mesa.DataCollector(
            model_reporters={"chip_price": "chip_price", "part": "part"},
            agenttype_reporters={Seller: {"sales": "sales", "price": "price"}, Vendor: {"capacity": "capacity"}},
        )

    def step(self) -> None:
        """Run a quarter."""
        sellers, vendors = self.agents_by_type[Seller], self.agents_by_type[Vendor]
        sellers.do("research").do("set_price")
        self.share_out(sellers)
        sellers.do("place_order")
        wanted, made = sellers.agg("order", sum), vendors.agg("capacity", sum)
        self.part = min(1.0, made / max(wanted, 1e-9))
        self.chip_price *= min(max((wanted / made) ** 0.2, 0.9), 1.1)
        vendors.do("produce")
        sellers.do("take", self.part)
        self.datacollector.collect(self)

    def share_out(self, sellers: mesa.agent.AgentSet) -> None:
        """Let customers choose among sellers."""
        claims = [math.exp(seller.quality - 1.5 * math.log(seller.price)) for seller in sellers]
        whole = sum(claims)
        self.demand *= 1.03
        for seller, claim in zip(sellers, claims, strict=True):
            seller.sales = self.demand * claim / whole


def peer() -> float:
    """Return the firm-quarters a second of the peer."""
    begun = time.process_time()
    mesa.batch_run(
        Peer,
        parameters={"rng": list(range(RUNS))},
        max_steps=QUARTERS,
        data_collection_period=1,
        number_processes=1,
        display_progress=False,
    )
    return RUNS * QUARTERS * (SELLERS + VENDORS) / (time.process_time() - begun)


def ours(engine: str) -> tuple[float, int]:
    """Return the firm-quarters a second of an engine, and how many firms there are."""
    model = aimarket.MarketModel("baseline")
    firms = sum(map(len, model.populations))
    aimarket.run_ensemble("baseline", 1, 1, 7, engine=engine)
    begun = time.process_time()
    aimarket.run_ensemble("baseline", REPLICATES, QUARTERS, 7, engine=engine)
    return REPLICATES * QUARTERS * firms / (time.process_time() - begun), firms


def main() -> None:
    """Print firm-quarters a second of each."""
    rates = {"Mesa, two markets": peer()}
    for engine in ("numpy", "kernel"):
        rates[f"aimarket, {engine}"], firms = ours(engine)
    lines = [f"{name}: {rate:,.0f} firm-quarters a second" for name, rate in rates.items()]
    sys.stdout.write("\n".join([*lines, f"{SELLERS + VENDORS} firms there, {firms} here"]) + "\n")


if __name__ == "__main__":
    main()
