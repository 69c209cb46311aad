"""What a visitor can do: play, rewind, choose, follow a link, leave; and what a browser may not make us do."""

import threading
import time

import pytest
import solara
from reacton.core import get_render_context

from aimarket.server.sessions.controller import Controller
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.view_state import HORIZON

PATIENCE, MOMENT = 10.0, 0.1
"""Seconds: what an act may take at most, and how long a quarter waits for one that cannot come before it ends."""


class Rendered(threading.Event):
    """A page that draws at once."""

    def clear(self):
        """Stay rendered."""


@pytest.fixture
def controller():
    controller = Controller("speed=8")
    controller.rendered = Rendered()
    controller.rendered.set()
    yield controller
    controller.close()


def acted(controller, what, value=None):
    controller.act({"what": what, "value": value})


def played(controller, quarter):
    """Press play, wait until a quarter is shown, and return the thread that plays."""
    acted(controller, "play", True)
    thread = threading.Thread(target=controller.play)
    thread.start()
    while controller.view.value.quarter < quarter:
        time.sleep(0.01)
    return thread


def test_play_goes_on_until_paused(controller):
    thread = played(controller, 3)
    acted(controller, "play", False)
    thread.join(2.0)
    assert not thread.is_alive()
    assert controller.ran < HORIZON


def test_a_pause_and_a_play_leave_one_thread_playing(controller):
    first = played(controller, 1)
    acted(controller, "play", False)
    acted(controller, "play", True)
    first.join(2.0)
    assert not first.is_alive()
    assert controller.playing.value


def test_a_quarter_that_runs_while_the_visitor_pauses_is_not_shown(controller, monkeypatch):
    reach = controller.twin_run.reach

    def paused_in_the_middle(quarter):
        reach(quarter)
        acted(controller, "play", False)

    monkeypatch.setattr(controller.twin_run, "reach", paused_in_the_middle)
    acted(controller, "play", True)
    controller.play()
    assert (controller.view.value.quarter, controller.twin_run.length) == (0, 1)


def test_a_rewind_keeps_what_has_run(controller):
    acted(controller, "seek", 6)
    acted(controller, "seek", 2)
    assert (controller.view.value.quarter, controller.ran) == (2, 6)


def test_steps_that_come_faster_than_a_page_draws_are_all_made(controller):
    for by in (1, 1, 4, -2):
        acted(controller, "step", by)
    assert (controller.view.value.quarter, controller.ran) == (4, 6)
    acted(controller, "step", 10**9)
    assert controller.view.value.quarter == HORIZON


def test_two_toggles_leave_it_as_it_was(controller):
    acted(controller, "toggle")
    assert controller.playing.value
    acted(controller, "toggle")
    assert not controller.playing.value


def test_another_scenario_is_another_run_at_the_same_quarter(controller):
    acted(controller, "seek", 4)
    before = controller.twin_run
    acted(controller, "scenario", "chip_shock")
    assert before.closed
    run = controller.twin_run
    assert (run.case.name, run.length, controller.view.value.quarter) == ("chip_shock", 4, 4)


def test_a_link_is_followed(controller):
    acted(controller, "link", "?scenario=baseline&quarter=2026Q3&theme=dark")
    assert controller.link() == "scenario=baseline&quarter=2026Q3&theme=dark"


def test_nothing_runs_after_the_visitor_has_left(controller):
    controller.close()
    acted(controller, "seek", 5)
    assert controller.twin_run.closed
    assert controller.twin_run.length == 0


@pytest.mark.parametrize(
    "message",
    [
        None,
        7,
        "play",
        [],
        {},
        {"what": "close"},
        {"what": "__init__"},
        {"what": ["play"]},
        {"what": "seek", "value": -1},
        {"what": "speed", "value": True},
        {"what": "seek", "value": 10**9},
        {"what": "seek", "value": "3"},
        {"what": "seek", "value": 1.5},
        {"what": "seek", "value": True},
        {"what": "step", "value": "1"},
        {"what": "step", "value": True},
        {"what": "step", "value": -1},
        {"what": "scenario", "value": "../deal"},
        {"what": "scenario", "value": {}},
        {"what": "theme", "value": ["dark"]},
        {"what": "speed", "value": 1000},
        {"what": "firm", "value": "<b>"},
        {"what": "page", "value": "x&seed=3"},
        {"what": "link", "value": 3},
        {"what": "play", "value": "yes"},
    ],
)
def test_what_no_page_of_ours_would_ask_changes_nothing(controller, message):
    before = controller.view.value, controller.twin_run, controller.playing.value
    controller.act(message)
    assert (controller.view.value, controller.twin_run, controller.playing.value) == before


def test_a_run_that_breaks_down_says_when_and_can_be_begun_again(controller, monkeypatch):
    def broken(self):
        raise FloatingPointError("overflow")

    with monkeypatch.context() as patched:
        patched.setattr(TwinRun, "step", broken)
        acted(controller, "seek", 3)
    assert controller.failure.value == "The run stopped in 2026 Q1: overflow."
    acted(controller, "restart")
    acted(controller, "seek", 1)
    assert (controller.failure.value, controller.ran) == ("", 1)


def test_settings_that_no_run_can_start_from_are_reported():
    controller = Controller("scenario=chip_shock&set=chip_capacity_available:0.1")
    output = "chip_capacity_available = 0.065 lies outside [0.1, 2]: the scenario runs with its own values instead."
    assert controller.problems.value[0].endswith(output)
    assert controller.view.value.settings == {}
    acted(controller, "seek", 2)
    assert controller.ran == 2
    controller.close()


class Meeting:
    """A quarter of play during which the visitor acts: the act comes from another thread, in the middle."""

    def __init__(self, controller, monkeypatch, what, value):
        self.begun, self.done = threading.Event(), threading.Event()
        self.actor = threading.Thread(target=self._act, args=(controller, what, value))
        reach = controller.twin_run.reach

        def met(quarter):
            if not self.begun.is_set():
                self.actor.start()
                self.begun.wait(PATIENCE)
                self.done.wait(MOMENT)
            reach(quarter)

        monkeypatch.setattr(controller.twin_run, "reach", met)

    def _act(self, controller, what, value):
        self.begun.set()
        acted(controller, what, value)
        self.done.set()


@pytest.mark.parametrize(
    ("what", "value", "part"),
    [
        ("scenario", "chip_shock", "scenario=chip_shock"),
        ("set", ["loan_to_value", 0.5], "set=loan_to_value"),
        ("theme", "dark", "theme=dark"),
        ("speed", 2, "speed=2"),
        ("page", "money", "page=money"),
        ("firm", "OpenAI", "firm=OpenAI"),
        ("keep", {"name": "world", "text": "own"}, "world=own"),
        ("drawer", "code", "drawer=code"),
        ("seek", 0, "theme=auto"),
    ],
)
def test_what_a_visitor_does_while_a_quarter_runs_stays(controller, monkeypatch, what, value, part):
    meeting = Meeting(controller, monkeypatch, what, value)
    controller.playing.value = True
    controller.play_on(controller.turn)
    meeting.actor.join(PATIENCE)
    controller.play_on(controller.turn)
    assert not meeting.actor.is_alive()
    assert part in f"{controller.link()}&theme=auto"


def test_a_quarter_goes_on_from_what_the_visitor_has_just_chosen(controller):
    acted(controller, "seek", 2)
    acted(controller, "play", True)
    acted(controller, "scenario", "chip_shock")
    acted(controller, "set", ["loan_to_value", 0.5])
    controller.play_on(controller.turn)
    assert (controller.twin_run.case.name, controller.twin_run.settings, controller.twin_run.length) == (
        "chip_shock",
        {"loan_to_value": 0.5},
        3,
    )


def test_a_turn_that_is_over_plays_nothing(controller):
    acted(controller, "play", True)
    over = controller.turn
    acted(controller, "play", False)
    acted(controller, "play", True)
    controller.play(over)
    assert (controller.ran, controller.playing.value) == (0, True)


def test_the_last_quarter_ends_play(controller):
    acted(controller, "seek", HORIZON)
    controller.playing.value = True
    controller.play()
    assert not controller.playing.value


def test_no_page_sees_a_view_beside_the_numbers_of_another_run(controller):
    seen = []

    @solara.component
    def Page():  # noqa: N802 - a component is named like a class
        controller.together = get_render_context()
        seen.append((controller.view.value.scenario, controller.twin_run.case.name, controller.run_count.value))
        solara.Text(controller.link())

    _, context = solara.render(Page(), handle_error=False)
    acted(controller, "scenario", "chip_shock")
    context.close()
    assert seen[0] == ("deal_35bn", "deal_35bn", 0)
    assert set(seen[1:]) == {("chip_shock", "chip_shock", 1)}


def test_parts_of_a_view_change_together(controller):
    controller.change(theme="dark", quarter=1)
    assert (controller.view.value.theme, controller.view.value.quarter, controller.ran) == ("dark", 1, 1)


def test_a_scenario_file_runs_in_the_place_of_the_scenario_until_another_one_is_chosen():
    controller = Controller("quarter=2026Q1&set=loan_to_value:0.7")
    controller.act({"what": "file", "value": 'title = "Dear"\n[parameters]\nrisk_free_rate = 0.045\n'})
    assert (controller.twin_run.case.title, controller.view.value.settings) == ("Dear", {})
    assert controller.twin_run.parameters["risk_free_rate"] == 0.045
    controller.act({"what": "file", "value": "title = 3"})
    assert "title" in controller.unread.value
    assert controller.twin_run.case.title == "Dear"
    controller.act({"what": "scenario", "value": "chip_shock"})
    assert (controller.view.value.file, controller.twin_run.case.name) == (None, "chip_shock")
    controller.close()
