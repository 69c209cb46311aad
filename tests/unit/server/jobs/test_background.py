"""Work behind a page is reported as it goes on, stops when nobody needs it, and is kept for the next visitor."""

import threading
import time

import solara

from aimarket.server.jobs.background import StoppedError, use_work
from aimarket.server.jobs.result_cache import ResultCache

PATIENCE = 5.0


def until(true):
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


class Shown:
    """A page that works, and what it shows."""

    def __init__(self, job):
        self.key = solara.reactive("one")

        @solara.component
        def Page():  # noqa: N802 - a component is named like a class
            self.work, self.stop, self.resume = use_work(self.key.value, lambda step: job(self.key.value, step))
            solara.Text(f"{self.work.result}")

        self.box, self.context = solara.render(Page(), handle_error=False)


def test_results_come_as_they_get_better():
    gate, seen = threading.Event(), []

    def job(key, step):
        yield "few"
        gate.wait(PATIENCE)
        yield "all"

    shown = Shown(job)
    until(lambda: shown.work.result == "few")
    assert shown.work.running
    gate.set()
    until(lambda: shown.work.result == "all" and not shown.work.running)
    seen.append(shown.work.part)
    assert seen == [1.0]


def test_another_key_stops_what_runs_and_begins_anew():
    stopped = []

    def job(key, step):
        try:
            while key == "one":
                step(1, 1000)
                time.sleep(0.005)
        except StoppedError:
            stopped.append(key)
            raise
        yield key

    shown = Shown(job)
    until(lambda: shown.work.running)
    shown.key.value = "two"
    until(lambda: shown.work.result == "two")
    assert stopped == ["one"]


def test_work_can_be_stopped_and_taken_up_again():
    allowed = threading.Event()

    def job(key, step):
        while not allowed.is_set():
            step(1, 1000)
            time.sleep(0.005)
        yield "done"

    shown = Shown(job)
    until(lambda: shown.work.running)
    shown.stop()
    until(lambda: not shown.work.running)
    assert shown.work.result is None
    allowed.set()
    shown.resume()
    until(lambda: shown.work.result == "done")


def test_what_goes_wrong_is_reported():
    def job(key, step):
        raise ValueError("loan_to_value is too much")
        yield

    shown = Shown(job)
    until(lambda: shown.work.failure)
    assert shown.work.failure == "loan_to_value is too much"


def test_nothing_is_done_where_there_is_nothing_to_do():
    asked = []
    shown = Shown(lambda key, step: asked.append(key))
    until(lambda: asked)
    shown.key.value = None
    time.sleep(0.1)
    assert asked == ["one"]


def test_a_shelf_keeps_what_was_used_last():
    cache = ResultCache(room=2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)
