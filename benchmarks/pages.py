"""What a frame of the Watch page costs the server besides the model's own step: python benchmarks/pages.py."""

from __future__ import annotations

import statistics
import time
import warnings
from dataclasses import replace

import solara

from aimarket.server import app
from aimarket.server.sessions import controller
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.view_state import HORIZON

MILLISECONDS = 1000.0
SCENARIOS = ("deal_35bn", "chip_shock")


def steps(scenario):
    """Return the time of every step of a run and its twin, ms, and keeping what is kept of it."""
    run, found = TwinRun(scenario), []
    while run.length < HORIZON:
        begun = time.process_time()
        run.step()
        found.append(MILLISECONDS * (time.process_time() - begun))
    return found


def frames(scenario):
    """Return the time of every frame with its step, ms: step, presenters, JSON and the render of all components."""
    made = []

    class Watched(controller.Controller):
        """A controller that the benchmark can reach."""

        def __init__(self, query):
            super().__init__(query)
            made.append(self)

    app.Controller = Watched
    _, context = solara.render(app.Shown(f"scenario={scenario}"), handle_error=False)
    mine, found = made[-1], []
    for quarter in range(1, HORIZON + 1):
        begun = time.process_time()
        mine.show(replace(mine.view.value, quarter=quarter))
        found.append(MILLISECONDS * (time.process_time() - begun))
    context.close()
    return found


def main():
    """Print medians."""
    warnings.simplefilter("ignore")
    print("scenario      step, ms   frame, ms   besides the step, ms   kB a frame")
    for scenario in SCENARIOS:
        step, frame = statistics.median(steps(scenario)), statistics.median(frames(scenario))
        size = _size(scenario)
        print(f"{scenario:12}  {step:8.1f}   {frame:9.1f}   {frame - step:20.1f}   {size:10.1f}")


def _size(scenario):
    """Return the mean size of what a quarter adds, kB."""
    from aimarket.server.presenters import watch

    run = TwinRun(scenario)
    run.reach(HORIZON)
    return len(run.snapshot(watch.frame)) / HORIZON / MILLISECONDS


if __name__ == "__main__":
    main()
