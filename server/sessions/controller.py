"""The controller: what one visitor looks at, the twin run behind it, and everything that they can do to it."""

from __future__ import annotations

import json
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import solara

from ...model.parameters import checked
from ..url.custom_deal import AMOUNT, bounded, case_of, settings_of
from ..url.dates import date_of
from ..url.deal_codec import deal_of
from ..url.limits import DRAWERS, HORIZON, MOST_SETTINGS, SPEEDS, THEMES
from ..url.own_file import read_own
from ..url.view_state import EXTRA, BadLinkError, View, known_scenarios, link_of, read_link
from .downloads import FILES, File, file_of
from .twin_run import TwinRun

SHORTEST_WAIT, LONGEST_WAIT = 0.02, 5.0
"""Seconds: what a frame waits at least, and how long a page may take to draw one before play goes on."""


class Controller:
    """What one visitor looks at, and the run behind it.

    Reading ``view.value`` in a component makes it follow the view, and with it how far the run has run. What the
    visitor does and what play does meet under one lock: each begins with the view that the one before has left.

    Args:
        query: the query of the address that the visitor came with.

    Attributes:
        view: what is looked at.
        twin_run: the run; another one when the view's scenario, seed or parameters change.
        run_count: counts runs, so that pages see that they have to begin anew.
        playing: whether quarters follow one another by themselves.
        turn: counts pauses; play goes on for as long as its turn lasts.
        problems: what of the link could not be used.
        failure: why the run stopped; empty while it has not.
        asked: counts how often a page has asked for everything again, having missed something.
        refused: why the deal that the visitor composed cannot be.
        unread: why the visitor's scenario file cannot be run.
        together: within it, what changes is drawn at once; the component that draws the view sets it.
        file: the file that the visitor asked for last, as JSON; empty for none.
    """

    def __init__(self, query: str | None) -> None:
        view, problems = read_link(query)
        self.view = solara.reactive(view)
        self.run_count = solara.reactive(0)
        self.playing = solara.reactive(False)
        self.problems = solara.reactive(problems)
        self.failure = solara.reactive("")
        self.asked = solara.reactive(0)
        self.refused = solara.reactive("")
        self.unread = solara.reactive("")
        self.file = solara.reactive("")
        self._fetched = 0
        self.rendered = threading.Event()
        self.together: AbstractContextManager[Any] = nullcontext()
        self._lock = threading.RLock()
        self.turn = 0
        self._left = False
        view, self.twin_run = self._begun(view)
        self._look(view, self.twin_run)
        self._acts: Mapping[str, Callable[[Any], None]] = MappingProxyType(
            {
                "play": self._play,
                "toggle": self._toggle,
                "seek": self._seek,
                "step": self._step,
                "page": self._page,
                "scenario": self._scenario,
                "theme": self._theme,
                "speed": self._speed,
                "firm": self._firm,
                "link": self.follow,
                "dismiss": self._dismiss,
                "restart": self._restart,
                "again": self._again,
                "keep": self._keep,
                "drawer": self._drawer,
                "deal": self._deal,
                "file": self._file,
                "fetch": self._fetch,
                "set": self._set,
                "unset": self._unset,
            }
        )

    @property
    def ran(self) -> int:
        """How many quarters the run has run; when it changes, the view does, too."""
        return self.twin_run.length

    @property
    def drawer(self) -> str:
        """Which drawer is open beside the page, of `DRAWERS`; empty for none."""
        return self.view.value.extra.get("drawer", "")

    @property
    def quarter(self) -> int:
        """How many quarters are shown: those of the view, as far as they have run."""
        return min(self.view.value.quarter, self.twin_run.length)

    def act(self, message: Any) -> None:
        """Do what the visitor asked for; what no page of ours would ask is left undone.

        Args:
            message: ``{"what": name, "value": value}``, from a browser.
        """
        what = message.get("what") if isinstance(message, dict) else None
        if isinstance(what, str) and what in self._acts:
            with self._lock:
                self._acts[what](message.get("value"))

    def change(self, **parts: Any) -> None:
        """Look at the same view with other parts: one reads and writes it at once, whatever play does meanwhile."""
        with self._lock:
            self.show(replace(self.view.value, **parts))

    def show(self, view: View, turn: int | None = None) -> None:
        """Look at another view: run its scenario to its quarter, or rewind to it.

        Args:
            view: what to look at.
            turn: the turn of play that asks; nothing is shown if it ended while the quarter was run.
        """
        with self._lock:
            if self._left:
                return
            anew, run = self.twin_run.closed or view.run != self.view.value.run, self.twin_run
            if anew:
                run.close()
                view, run = self._begun(view)
            self._run_to(run, view.quarter)
            with self.together:
                self._look(view, run, turn)
                self.run_count.value += anew

    def follow(self, query: Any) -> None:
        """Look at what a link says, as when the visitor goes back."""
        if isinstance(query, str):
            view, problems = read_link(query)
            with self._lock:
                self._pause()
                self.problems.value = problems
                self.show(view)

    def link(self) -> str:
        """Return the query that describes what is looked at."""
        return link_of(self.view.value)

    def close(self) -> None:
        """Give the run back when the visitor leaves."""
        self.rendered.set()
        with self._lock:
            self._pause()
            self._left = True
            self.twin_run.close()

    def play(self, turn: int | None = None) -> None:
        """Let quarters follow one another until a pause, each after the page has drawn the one before.

        Args:
            turn: the turn to play in; None for the one that there is.
        """
        turn = self.turn if turn is None else turn
        begun = time.perf_counter()
        while self.play_on(turn):
            self.rendered.wait(LONGEST_WAIT)
            rest = 1.0 / self.view.value.speed - (time.perf_counter() - begun)
            time.sleep(max(SHORTEST_WAIT, rest))
            begun = time.perf_counter()

    def play_on(self, turn: int) -> bool:
        """Show one more quarter, or pause after the last; return whether the turn goes on."""
        with self._lock:
            if turn != self.turn or not self.playing.value:
                return False
            if self.view.value.quarter >= HORIZON:
                self._pause()
                return False
            self.rendered.clear()
            self.show(replace(self.view.value, quarter=self.view.value.quarter + 1), turn)
            return turn == self.turn

    def _begun(self, view: View) -> tuple[View, TwinRun]:
        """Return a new run at the quarter of a view, and the view as far as it can be run."""
        self.failure.value = ""
        view, run = self._made(view)
        self._run_to(run, view.quarter)
        return view, run

    def _made(self, view: View) -> tuple[View, TwinRun]:
        """Return a new run that has not begun, and the view with the settings that it has."""
        try:
            return view, TwinRun(case_of(view), view.seed, view.replicate, settings_of(view))
        except (KeyError, TypeError, ValueError) as error:
            problem = f"{' '.join(str(error.args[0]).split())}: the scenario runs with its own values instead."
            self.problems.value = (*self.problems.value, problem)
            plain = replace(view, settings=MappingProxyType({}), deal=None, file=None)
            return plain, TwinRun(view.scenario, view.seed, view.replicate)

    def _look(self, view: View, run: TwinRun, turn: int | None = None) -> None:
        """Look at a view of a run, as far as it has run, unless its turn is over."""
        self.twin_run = run
        if turn in (None, self.turn):
            self.view.value = replace(view, quarter=min(view.quarter, run.length))

    def _run_to(self, run: TwinRun, quarter: int) -> None:
        """Run both worlds to a quarter; say when and why it stopped if it did."""
        try:
            run.reach(quarter)
        except Exception as error:  # noqa: BLE001 - whatever a run of strange settings raises is shown, not thrown
            when = date_of(self.view.value.case, run.length + 1)
            self.failure.value = f"The run stopped in {when}: {' '.join(str(error).split()) or type(error).__name__}."
            self._pause()

    def _play(self, wanted: Any) -> None:
        """Begin to play, or pause; after the last quarter, from the first."""
        if wanted is True and self.view.value.quarter >= HORIZON:
            self._seek(0)
        self._pause()
        self.playing.value = wanted is True and not self.failure.value

    def _toggle(self, _: Any) -> None:
        """Play, or pause where it plays: a page that is behind does not know which."""
        self._play(not self.playing.value)

    def _pause(self) -> None:
        """Pause; a thread that still sleeps between two quarters finds that its turn is over."""
        self.turn += 1
        self.playing.value = False

    def _seek(self, quarter: Any) -> None:
        """Pause, and look at a quarter."""
        if type(quarter) is int and 0 <= quarter <= HORIZON:
            self._pause()
            self.change(quarter=quarter)

    def _step(self, by: Any) -> None:
        """Pause, and look some quarters on or back, as far as there are any, from where the view is by now."""
        if type(by) is int:
            self._seek(min(HORIZON, max(0, self.quarter + by)))

    def _page(self, name: Any) -> None:
        """Open a page; whether there is one is seen where it is shown."""
        self._change("page", name)

    def _scenario(self, name: Any) -> None:
        """Look at the same quarter of another scenario, with the deal that it comes with."""
        if isinstance(name, str) and name in known_scenarios():
            self.change(scenario=name, deal=None, file=None)

    def _theme(self, name: Any) -> None:
        """Choose light, dark, or what the system has."""
        if name in THEMES:
            self.view.value = replace(self.view.value, theme=name)

    def _speed(self, speed: Any) -> None:
        """Choose how many quarters a second."""
        if type(speed) is int and speed in SPEEDS:
            self.view.value = replace(self.view.value, speed=speed)

    def _firm(self, name: Any) -> None:
        """Open the panel of a firm; close it for an empty name."""
        if name == "" or any(name in names for names in self.twin_run.firms.values()):
            self.view.value = replace(self.view.value, firm=name)

    def _set(self, wanted: Any) -> None:
        """Give a parameter a value in both worlds, ``[name, value]``; None takes the scenario's own again."""
        settings = _with_setting(self.view.value.settings, wanted)
        if settings is not None and len(settings) <= MOST_SETTINGS:
            within = bounded(replace(self.view.value, settings=MappingProxyType(settings)))[0]
            self.change(settings=within.settings)

    def _unset(self, _: Any) -> None:
        """Take all values as the scenario has them."""
        self.change(settings=MappingProxyType({}))

    def _dismiss(self, _: Any) -> None:
        """Take the messages away."""
        self.problems.value = ()

    def _restart(self, _: Any) -> None:
        """Begin again with the defaults."""
        self.problems.value = ()
        self.twin_run.close()
        self.show(View(page=self.view.value.page, theme=self.view.value.theme))

    def _again(self, _: Any) -> None:
        """Let pages be sent everything again."""
        self.asked.value += 1

    def _keep(self, part: Any) -> None:
        """Keep what a page has of its own in the link: ``{"name": ..., "text": ...}``; an empty text takes it out."""
        name, text = (part.get("name"), part.get("text")) if isinstance(part, dict) else (None, None)
        if not (isinstance(name, str) and isinstance(text, str) and name in EXTRA):
            return
        others = {key: value for key, value in self.view.value.extra.items() if key != name}
        try:
            kept = {**others, name: EXTRA[name](text)} if text else others
        except BadLinkError:
            return
        self.change(extra=MappingProxyType(kept))

    def _drawer(self, name: Any) -> None:
        """Open a drawer beside the page; close it for an empty name, or where it is open."""
        if name in ("", *DRAWERS):
            self._keep({"name": "drawer", "text": "" if name == self.drawer else name})

    def _deal(self, terms: Any) -> None:
        """Put a deal of the visitor's own in the place of the scenario's; None takes the scenario's own again.

        Its amount is the whole of it, so that a factor on amounts ends.
        """
        self.refused.value = ""
        try:
            deal = deal_of(terms) if isinstance(terms, dict) else None
        except ValueError as error:
            self.refused.value = " ".join(str(error).split())
            return
        settings = {name: value for name, value in self.view.value.settings.items() if name != AMOUNT}
        self.change(deal=deal, settings=MappingProxyType(settings))

    def _file(self, toml: Any) -> None:
        """Run a scenario file of the visitor's own, with what it says of parameters and deals; None for none."""
        self.unread.value = ""
        try:
            case = read_own(toml) if isinstance(toml, str) else None
        except ValueError as error:
            self.unread.value = " ".join(str(error).split())
            return
        self.change(file=case, deal=None, settings=MappingProxyType({}))

    def _fetch(self, wanted: Any) -> None:
        """Hand a file to the browser, as JSON with its content in base 64."""
        if isinstance(wanted, str) and wanted in FILES and (wanted == "toml" or self.view.value.quarter):
            self.give(file_of(self.twin_run, self.view.value, wanted))

    def give(self, file: File) -> None:
        """Hand a file to the browser."""
        self._fetched += 1
        about = {"number": self._fetched, "name": file.name, "kind": file.kind}
        self.file.value = json.dumps({**about, "content": b64encode(file.content).decode()})

    def _change(self, name: str, text: Any) -> None:
        """Change a part of the view as a link would."""
        reading = read_link(f"{name}={text}") if isinstance(text, str) else None
        if reading is not None and not reading.problems:
            self.view.value = replace(self.view.value, **{name: getattr(reading.view, name)})


def _with_setting(settings: Mapping[str, float], wanted: Any) -> dict[str, float] | None:
    """Return settings with one of them changed, ``[name, value]``; None where that cannot be."""
    if not (isinstance(wanted, list) and len(wanted) == 2 and isinstance(wanted[0], str)):
        return None
    name, value = wanted
    rest = {key: kept for key, kept in settings.items() if key != name}
    if value is None:
        return rest
    try:
        return rest | checked({name: value}) if type(value) in (int, float) else None
    except (KeyError, TypeError, ValueError):
        return None
