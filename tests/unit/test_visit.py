"""What a visitor can do: play, rewind, choose, follow a link, leave; and what a browser may not make us do."""

import threading
import time

import pytest
import solara
from reacton.core import get_render_context

from aimarket.server.sessions.controller import Visit
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.view_state import HORIZON

PATIENCE, MOMENT = 10.0, 0.1
"""Seconds: what an act may take at most, and how long a quarter waits for one that cannot come before it ends."""


class Drawn(threading.Event):
    """A page that draws at once."""

    def clear(self):
        """Stay drawn."""


@pytest.fixture
def visit():
    visit = Visit("speed=8")
    visit.drawn = Drawn()
    visit.drawn.set()
    yield visit
    visit.close()


def acted(visit, what, value=None):
    visit.act({"what": what, "value": value})


def test_play_goes_on_until_paused(visit):
    acted(visit, "play", True)
    thread = threading.Thread(target=visit.play)
    thread.start()
    while visit.view.value.quarter < 3:
        time.sleep(0.01)
    acted(visit, "play", False)
    thread.join(2.0)
    assert not thread.is_alive()
    assert visit.ran < HORIZON


def test_a_pause_and_a_play_leave_one_thread_playing(visit):
    acted(visit, "play", True)
    first = threading.Thread(target=visit.play)
    first.start()
    while visit.view.value.quarter < 1:
        time.sleep(0.01)
    acted(visit, "play", False)
    acted(visit, "play", True)
    first.join(2.0)
    assert not first.is_alive()
    assert visit.playing.value


def test_a_quarter_that_runs_while_the_visitor_pauses_is_not_shown(visit, monkeypatch):
    reach = visit.twin_run.reach

    def paused_in_the_middle(quarter):
        reach(quarter)
        acted(visit, "play", False)

    monkeypatch.setattr(visit.twin_run, "reach", paused_in_the_middle)
    acted(visit, "play", True)
    visit.play()
    assert (visit.view.value.quarter, visit.twin_run.length) == (0, 1)


def test_a_rewind_keeps_what_has_run(visit):
    acted(visit, "seek", 6)
    acted(visit, "seek", 2)
    assert (visit.view.value.quarter, visit.ran) == (2, 6)


def test_steps_that_come_faster_than_a_page_draws_are_all_made(visit):
    for by in (1, 1, 4, -2):
        acted(visit, "step", by)
    assert (visit.view.value.quarter, visit.ran) == (4, 6)
    acted(visit, "step", 10**9)
    assert visit.view.value.quarter == HORIZON


def test_two_toggles_leave_it_as_it_was(visit):
    acted(visit, "toggle")
    assert visit.playing.value
    acted(visit, "toggle")
    assert not visit.playing.value


def test_another_scenario_is_another_run_at_the_same_quarter(visit):
    acted(visit, "seek", 4)
    before = visit.twin_run
    acted(visit, "scenario", "chip_shock")
    assert before.closed
    assert (visit.twin_run.case.name, visit.twin_run.length, visit.view.value.quarter) == ("chip_shock", 4, 4)


def test_a_link_is_followed(visit):
    acted(visit, "link", "?scenario=baseline&quarter=2026Q3&theme=dark")
    assert visit.link() == "scenario=baseline&quarter=2026Q3&theme=dark"


def test_nothing_runs_after_the_visitor_has_left(visit):
    visit.close()
    acted(visit, "seek", 5)
    assert visit.twin_run.closed
    assert visit.twin_run.length == 0


@pytest.mark.parametrize(
    "message",
    [None, 7, "play", [], {}, {"what": "close"}, {"what": "__init__"}, {"what": ["play"]},
     {"what": "seek", "value": -1}, {"what": "speed", "value": True},
     {"what": "seek", "value": 10**9}, {"what": "seek", "value": "3"}, {"what": "seek", "value": 1.5},
     {"what": "seek", "value": True}, {"what": "step", "value": "1"}, {"what": "step", "value": True},
     {"what": "step", "value": -1}, {"what": "scenario", "value": "../deal"}, {"what": "scenario", "value": {}},
     {"what": "theme", "value": ["dark"]}, {"what": "speed", "value": 1000}, {"what": "firm", "value": "<b>"},
     {"what": "page", "value": "x&seed=3"}, {"what": "link", "value": 3}, {"what": "play", "value": "yes"}],
)  # fmt: skip
def test_what_no_page_of_ours_would_ask_changes_nothing(visit, message):
    before = visit.view.value, visit.twin_run, visit.playing.value
    visit.act(message)
    assert (visit.view.value, visit.twin_run, visit.playing.value) == before


def test_a_run_that_breaks_down_says_when_and_can_be_begun_again(visit, monkeypatch):
    def broken(self):
        raise FloatingPointError("overflow")

    with monkeypatch.context() as patched:
        patched.setattr(TwinRun, "step", broken)
        acted(visit, "seek", 3)
    assert visit.failure.value == "The run stopped in 2026 Q1: overflow."
    acted(visit, "restart")
    acted(visit, "seek", 1)
    assert (visit.failure.value, visit.ran) == ("", 1)


def test_settings_that_no_run_can_start_from_are_told():
    visit = Visit("scenario=chip_shock&set=chip_capacity_available:0.1")
    told = "chip_capacity_available = 0.065 lies outside [0.1, 2]: the scenario runs with its own values instead."
    assert visit.problems.value[0].endswith(told)
    assert visit.view.value.settings == {}
    acted(visit, "seek", 2)
    assert visit.ran == 2
    visit.close()


class Meeting:
    """A quarter of play during which the visitor acts: the act comes from another thread, in the middle."""

    def __init__(self, visit, monkeypatch, what, value):
        self.begun, self.done = threading.Event(), threading.Event()
        self.actor = threading.Thread(target=self._act, args=(visit, what, value))
        reach = visit.twin_run.reach

        def met(quarter):
            if not self.begun.is_set():
                self.actor.start()
                self.begun.wait(PATIENCE)
                self.done.wait(MOMENT)
            reach(quarter)

        monkeypatch.setattr(visit.twin_run, "reach", met)

    def _act(self, visit, what, value):
        self.begun.set()
        acted(visit, what, value)
        self.done.set()


@pytest.mark.parametrize(
    ("what", "value", "part"),
    [("scenario", "chip_shock", "scenario=chip_shock"), ("set", ["loan_to_value", 0.5], "set=loan_to_value"),
     ("theme", "dark", "theme=dark"), ("speed", 2, "speed=2"), ("page", "money", "page=money"),
     ("firm", "OpenAI", "firm=OpenAI"), ("keep", {"name": "world", "text": "own"}, "world=own"),
     ("drawer", "code", "drawer=code"), ("seek", 0, "theme=auto")],
)  # fmt: skip
def test_what_a_visitor_does_while_a_quarter_runs_stays(visit, monkeypatch, what, value, part):
    meeting = Meeting(visit, monkeypatch, what, value)
    visit.playing.value = True
    visit.play_on(visit.turn)
    meeting.actor.join(PATIENCE)
    visit.play_on(visit.turn)
    assert not meeting.actor.is_alive()
    assert part in f"{visit.link()}&theme=auto"


def test_a_quarter_goes_on_from_what_the_visitor_has_just_chosen(visit):
    acted(visit, "seek", 2)
    acted(visit, "play", True)
    acted(visit, "scenario", "chip_shock")
    acted(visit, "set", ["loan_to_value", 0.5])
    visit.play_on(visit.turn)
    assert (visit.twin_run.case.name, visit.twin_run.settings, visit.twin_run.length) == (
        "chip_shock", {"loan_to_value": 0.5}, 3,
    )  # fmt: skip


def test_a_turn_that_is_over_plays_nothing(visit):
    acted(visit, "play", True)
    over = visit.turn
    acted(visit, "play", False)
    acted(visit, "play", True)
    visit.play(over)
    assert (visit.ran, visit.playing.value) == (0, True)


def test_the_last_quarter_ends_play(visit):
    acted(visit, "seek", HORIZON)
    visit.playing.value = True
    visit.play()
    assert not visit.playing.value


def test_no_page_sees_a_view_beside_the_numbers_of_another_run(visit):
    seen = []

    @solara.component
    def Page():  # noqa: N802 - a component is named like a class
        visit.together = get_render_context()
        seen.append((visit.view.value.scenario, visit.twin_run.case.name, visit.run_count.value))
        solara.Text(visit.link())

    _, context = solara.render(Page(), handle_error=False)
    acted(visit, "scenario", "chip_shock")
    context.close()
    assert seen[0] == ("deal_35bn", "deal_35bn", 0)
    assert set(seen[1:]) == {("chip_shock", "chip_shock", 1)}


def test_parts_of_a_view_change_together(visit):
    visit.change(theme="dark", quarter=1)
    assert (visit.view.value.theme, visit.view.value.quarter, visit.ran) == ("dark", 1, 1)
