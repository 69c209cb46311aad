"""A soak: visitors who come, play, steer, change pages, leave and come back, and what the server made of it.

``python tests/operation/soak.py --minutes 60 --visitors 24`` starts the server as operators do, with visitors that
speak to it through sockets of their own, without browsers. Every visitor has a seed of their own and looks at all that
they are sent: the seed in the frame, the run in the foot, and every quarter, byte by byte, against a run of their own.
It ends with one line of figures, and with exit code 1 if anything was wrong.
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import random
import re
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import websockets

if __package__:
    from .visitors import PATIENCE, Visitor, WrongError
else:
    from visitors import PATIENCE, Visitor, WrongError

SERVER = (sys.executable, "-m", "aimarket.server.cli.main", "serve", "--port", "0")
CULLED = "20s"
"""How long a place is kept for a visitor whose line was cut; ten minutes where nobody says otherwise."""

SCENARIOS = ("deal_35bn", "baseline", "chip_shock", "rd_only")
PAGES = ("watch", "watch", "twin", "compare", "money", "model", "backtest", "explore", "claims")
SETTINGS = (("deployment", 0.5), ("announcement_effect", 0.1), ("deployment", None))
ACTS_A_VISIT, CUT = (4, 14), 0.2
"""How often a visitor acts before leaving, and how likely it is that the line is cut once on the way."""

MEGABYTE = 1024.0**2
WARM = 0.25
"""The part of a soak after which memory is watched: until then libraries are loaded and every page is seen once."""


class Log:
    """What a soak has seen so far."""

    def __init__(self):
        self.visits = self.cuts = self.messages = self.size = self.checked = self.turned_away = 0
        self.waits, self.wrong, self.memory, self.most = [], [], [], 0

    def add(self, visitor):
        """Add what a visitor has seen."""
        self.visits += 1
        self.messages += visitor.messages
        self.size += visitor.size
        self.checked += visitor.checked
        self.waits += visitor.waits
        self.wrong += visitor.wrong


async def soaked(address, process, minutes, visitors, seed=0):
    """Send visitors to a server for some minutes, and return what they and the operator saw."""
    log, numbers, ends = Log(), itertools.count(1000 * (seed + 1)), time.monotonic() + 60.0 * minutes
    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(watched(address, log))
        people = [tasks.create_task(comes_and_goes(address, log, numbers, ends, one)) for one in range(visitors)]
        await asyncio.wait(people)
        await emptied(address, log)
        watching.cancel()
    if process.poll() is not None:
        log.wrong.append(f"the server ended by itself with {process.returncode}")
    return log


async def comes_and_goes(address, log, numbers, ends, person):
    """Visit again and again, each time with another seed, until time is over."""
    chance = random.Random(person)
    await asyncio.sleep(chance.uniform(0.0, min(10.0, (ends - time.monotonic()) / 4)))
    while time.monotonic() < ends:
        page, scenario = chance.choice(PAGES), chance.choice(SCENARIOS)
        visitor = Visitor(address, f"page={page}&scenario={scenario}&seed={next(numbers)}&speed=8")
        try:
            await visit(visitor, chance, ends, log)
        except websockets.InvalidStatus:
            log.turned_away += 1
        except (OSError, TimeoutError, WrongError, websockets.ConnectionClosed) as error:
            visitor.wrong.append(f"{visitor.query}: {type(error).__name__}: {error}")
        log.add(visitor)


async def visit(visitor, chance, ends, log):
    """Come, act for a while, perhaps lose the line on the way and come back, and leave in one of two ways."""
    acts = chance.randint(*ACTS_A_VISIT)
    cut_after = chance.randrange(acts) if chance.random() < CUT else acts
    async with visitor.connected():
        await visitor.open()
        await some_acts(visitor, chance, cut_after, ends)
    if cut_after < acts:
        log.cuts += 1
        async with visitor.connected():
            await visitor.come_back()
            await some_acts(visitor, chance, acts - cut_after, ends)
    if chance.random() < 0.8:
        await visitor.leave()


async def some_acts(visitor, chance, number, ends):
    """Act so often, or until time is over, and hold what was shown against a run of one's own."""
    for _ in range(number):
        if time.monotonic() > ends:
            break
        await acted(visitor, chance)
        await asyncio.sleep(chance.uniform(0.1, 2.0))
    await visitor.look_at(chance.randrange(4, 16))


async def acted(visitor, chance):
    """Do one thing that visitors do."""
    what = chance.choice(("play", "play", "seek", "step", "page", "page", "set", "scenario", "drawer", "fetch"))
    value = {
        "play": lambda: True,
        "seek": lambda: chance.randrange(0, 24),
        "step": lambda: chance.choice((-1, 1, 4)),
        "page": lambda: chance.choice(PAGES),
        "set": lambda: list(chance.choice(SETTINGS)),
        "scenario": lambda: chance.choice(SCENARIOS),
        "drawer": lambda: chance.choice(("steer", "download", "code", "")),
        "fetch": lambda: "toml",
    }[what]()
    await visitor.act(what, value)


async def watched(address, log):
    """Read the operator's figures every few seconds."""
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            seen = await asyncio.to_thread(metrics, address)
            log.memory.append((time.monotonic(), seen["process_resident_memory_bytes"] / MEGABYTE))
            log.most = max(log.most, int(seen["aimarket_visitors"]))
            await asyncio.sleep(2.0)


async def emptied(address, log):
    """Wait until the server has given every place back."""
    deadline = time.monotonic() + PATIENCE
    while (left := (await asyncio.to_thread(metrics, address))["aimarket_visitors"]) and time.monotonic() < deadline:
        await asyncio.sleep(0.5)
    if left:
        log.wrong.append(f"{left:.0f} places are still taken when everybody has left")


def metrics(address):
    """Return what the server tells its operator, by name."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=PATIENCE) as answer:
        lines = answer.read().decode().splitlines()
    found = (re.fullmatch(r"([a-z_]+) ([-+.e0-9]+)", line) for line in lines)
    return {match[1]: float(match[2]) for match in found if match}


@contextlib.contextmanager
def served(places, errors, culled=CULLED):
    """Run the server as operators do; gives its process and its address, and ends it as they do."""
    environment = {**os.environ, "SOLARA_KERNEL_CULL_TIMEOUT": culled}
    with Path(errors).open("w") as told:
        words = [*SERVER, "--max-sessions", str(places)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=told, text=True, env=environment)
        try:
            yield process, process.stdout.readline().split()[1].rstrip("/")
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            finally:
                process.stdout.close()


def growth(memory):
    """Return what a server takes in the middle and at the end, MB, and how much an hour it grows, by Theil and Sen."""
    begun, ended = memory[0][0], memory[-1][0]
    warm = [(when, size) for when, size in memory if when >= begun + WARM * (ended - begun)]
    step = max(1, len(warm) // 200)
    pairs = itertools.combinations(warm[::step], 2)
    slope = statistics.median([(b - a) / (later - early) for (early, a), (later, b) in pairs] or [0.0])
    part = max(1, len(warm) // 4)
    middle, end = (statistics.median(size for _, size in rows) for rows in (warm[:part], warm[-part:]))
    return middle, end, 3600.0 * slope


def sentence(log, minutes, visitors):
    """Return the figures of a soak in one line."""
    middle, end, slope = growth(log.memory)
    waits = sorted(log.waits) or [0.0]
    return (
        f"{visitors} visitors at once for {minutes:g} minutes: {log.visits:,} visits, {len(log.waits):,} acts, "
        f"{log.messages:,} messages, {log.size / MEGABYTE:,.0f} MB, {log.cuts} lines cut, {log.checked:,} quarters "
        f"compared; {len(log.wrong)} wrong; half of the acts done in {statistics.median(waits):.2f} s, 95 % in "
        f"{waits[int(0.95 * (len(waits) - 1))]:.2f} s; server {middle:.0f} MB after a quarter, {end:.0f} MB in the "
        f"end, {slope:+.0f} MB an hour"
    )


def main():
    """Soak a server, and tell what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=os.environ.get("AIMARKET_MINUTES", "60"))
    parser.add_argument("--visitors", type=int, default=os.environ.get("AIMARKET_VISITORS", "24"))
    parser.add_argument("--errors", type=Path, default=Path("build/soak.log"), help="what the server says")
    asked = parser.parse_args()
    asked.errors.parent.mkdir(parents=True, exist_ok=True)
    with served(2 * asked.visitors, asked.errors) as (process, address):
        log = asyncio.run(soaked(address, process, asked.minutes, asked.visitors))
    log.wrong += asked.errors.read_text("utf-8").splitlines()[:20]
    log.wrong += [f"the server left with {process.returncode}"] if process.returncode else []
    for one in log.wrong[:40]:
        print(one)
    print(sentence(log, asked.minutes, asked.visitors))
    raise SystemExit(bool(log.wrong))


if __name__ == "__main__":
    main()
