"""What visitors see who play at once, in a real Chromium: python benchmarks/visitors.py [COUNT].

One visitor first, then COUNT of them (ten by default), each with a seed of their own. Told are the frames a second that
each one sees, what a frame costs the server besides the model's own step, what it costs the browser, whether each saw
their own run to the last digit, and how long models outlive their visitors. The browser runs on the same cores as the
server, which visitors' own do not: so the last row lets pages take in every quarter, and draw no chart.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

from aimarket.server.presenters import headline_figures
from aimarket.server.sessions.twin_run import TwinRun

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))
from browsing import DRAWN, PATIENCE, TOURED, answered, browsing, serving

VISITORS = 10
LAST = 40
QUERY = "speed=8&seed={seed}"
WINDOW = {"width": 1440, "height": 900}
CULL = 2.0
"""Seconds after which the server for tests gives up a visitor who left."""

WATCH = """() => {
  const seen = window.seen = []
  const look = (now) => {
    const board = document.querySelector('main.watch').__vue__, quarter = board.known.quarter
    if (quarter !== (seen.length ? seen[seen.length - 1][0] : 0)) seen.push([quarter, now])
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}"""
"""Keep the quarter that the page has drawn and when, at every frame of the browser."""

BLANK = "async () => { (await import('/browser/charts.js')).Chart.prototype.draw = () => {} }"
"""Draw no chart."""


def main(count):
    """Measure and print."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {cores} cores.\n")
    heads = (
        "visitors",
        "frames a second: least",
        "median",
        "most",
        "server besides the step, ms a frame: median of the thread",
        "mean of the process",
        "browser, ms a quarter",
        "own run",
    )
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    with tempfile.TemporaryDirectory() as scratch, serving(Path(scratch) / "log") as address, browsing() as browser:
        for visitors, drawn in ((1, True), (count, True), (count, False)):
            measure(browser, address, visitors, drawn)
        begun = time.perf_counter()
        while json.loads(answered(f"{address}/live")):
            time.sleep(0.1)
        print(
            f"\nNo model was alive {time.perf_counter() - begun:.1f} s after the last visitor left; "
            f"the cull time is {CULL:g} s."
        )


def measure(browser, address, visitors, drawn):
    """Let visitors play to the last quarter at once, and print a row."""
    pages = [opened(browser, address, seed) for seed in range(visitors)]
    if not drawn:
        for page in pages:
            page.evaluate(BLANK)
    before = drawing()
    answered(f"{address}/spent")
    for page in pages:
        page.keyboard.press(" ")
    for page in pages:
        page.wait_for_function(
            "last => document.querySelector('main.watch').__vue__.known.quarter === last",
            arg=LAST,
            timeout=1000 * PATIENCE * 10,
        )
    spent = json.loads(answered(f"{address}/spent"))
    whole = (spent["process"] - spent["steps"]) / (visitors * LAST)
    costs = 1000.0 * (drawing() - before) / (visitors * LAST)
    rates = [rate(page.evaluate("window.seen")) for page in pages]
    own = sum(figures(page) == expected(seed) for seed, page in enumerate(pages))
    cells = (
        f"{visitors}{'' if drawn else ', no charts'}",
        *(f"{value:.2f}" for value in (min(rates), statistics.median(rates), max(rates))),
        f"{statistics.median(spent['frames']):.1f}",
        f"{whole:.1f}",
        f"{costs:.0f}",
        f"{own} of {visitors}",
    )
    print(f"| {' | '.join(cells)} |", flush=True)
    for page in pages:
        page.context.close()


def drawing():
    """Return the processor's time that all Chromium's pages of this machine have taken, s; 0 where it is not told."""
    found = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                user, system = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
                found += (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
        except OSError:
            continue
    return found


def opened(browser, address, seed):
    """Return the page of a visitor with a browser profile of their own, ready to play."""
    context = browser.new_context(viewport=WINDOW)
    context.add_init_script(TOURED)
    page = context.new_page()
    page.goto(f"{address}/?{QUERY.format(seed=seed)}")
    page.wait_for_selector(DRAWN, timeout=1000 * PATIENCE)
    page.evaluate(WATCH)
    return page


def rate(seen):
    """Return the frames a second between the first and the last that were drawn."""
    return (len(seen) - 1) * 1000.0 / (seen[-1][1] - seen[0][1])


def figures(page):
    """Return the headline figures that a page shows, value and twin's value."""
    return page.evaluate(
        "() => document.querySelector('main.watch').__vue__.at.figures.map((pair) => pair.slice(0, 2))"
    )


def expected(seed):
    """Return the figures that a run of a seed has."""
    run = TwinRun(seed=seed)
    run.reach(LAST)
    return [list(pair[:2]) for pair in headline_figures.payload(run, LAST)]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else VISITORS)
