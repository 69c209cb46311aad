"""Visitors without browsers: they speak to the pages' sessions through plain websockets, as Solara's scripts do."""

import asyncio
import json
import time
import urllib.request
import uuid
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import websockets

from aimarket.server.presenters import watch
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.custom_deal import case_of, settings_of
from aimarket.server.url.view_state import read_link

COOKIE = "solara-session-id"
LONGEST_MESSAGE = 64 * 1024 * 1024
PATIENCE = 120.0
"""Seconds that a visitor waits for an answer; a machine under load takes long."""


class WrongError(AssertionError):
    """A visitor was shown what is not theirs, or nothing."""


class Visitor:
    """One page of one visitor, from its first request until it is left.

    Args:
        address: of the site, as in ``http://127.0.0.1:8765``.
        query: of the page that is opened.

    Attributes:
        shown: by component, the properties that it was sent last.
        messages, size: what was received, counted, and its bytes.
        waits: seconds from each act to the moment when the server had done it.
        wrong: what a visitor must never see.
        checked: how many quarters were compared with a run of the visitor's own, byte by byte.
    """

    def __init__(self, address, query):
        self.address, self.query = address, query
        self.kernel, self.page, self.cookie = str(uuid.uuid4()), str(uuid.uuid4()), ""
        self.seed = read_link(query).view.seed
        self.shown, self.models, self.replies, self.idle = {}, {}, {}, {}
        self.messages = self.size = self.checked = 0
        self.waits, self.wrong = [], []
        self.run = None

    @asynccontextmanager
    async def connected(self):
        """Be connected to the session, for the first time or again."""
        if not self.cookie:
            self.cookie = await asyncio.to_thread(self._document)
        address = f"{self.address.replace('http', 'ws', 1)}/jupyter/api/kernels/{self.kernel}/channels"
        options = {"max_size": LONGEST_MESSAGE, "ping_interval": None, "open_timeout": PATIENCE}
        headers = {"Cookie": f"{COOKIE}={self.cookie}", "Origin": self.address}
        async with websockets.connect(
            f"{address}?session_id={self.page}", additional_headers=headers, **options
        ) as self.socket:
            reading = asyncio.create_task(self._read())
            try:
                yield self
            finally:
                reading.cancel()
                with suppress(asyncio.CancelledError, websockets.ConnectionClosed):
                    await reading

    async def open(self):
        """Ask for the page, and wait until it is there."""
        themes = {name: {} for name in ("light", "dark")}
        where = {"path": f"/?{self.query}", "dark": False, "themes": themes}
        self.main = await self._control({"method": "run", "args": where})
        await self.until("Frame")

    async def come_back(self):
        """Ask whether the session is still there after the line was cut, and for what happened meanwhile."""
        answer = await self._control({"method": "app-status"})
        if not answer["started"]:
            raise WrongError("the session is gone although its visitor came back at once")
        for model in list(self.models):
            await self._send("comm_msg", {"comm_id": model, "data": {"method": "request_state"}})

    async def act(self, what, value=None):
        """Do what a visitor can do, and wait until the server has done it."""
        begun = time.perf_counter()
        data = {"method": "custom", "content": {"event": "act", "data": {"what": what, "value": value}}}
        await self._done(await self._send("comm_msg", {"comm_id": self.shown["Frame"], "data": data}))
        self.waits.append(time.perf_counter() - begun)

    async def leave(self):
        """Say that the page is left, as a browser does."""
        await asyncio.to_thread(self._posted, f"/_solara/api/close/{self.kernel}?session_id={self.page}")

    async def until(self, component):
        """Wait until a component is shown."""
        async with asyncio.timeout(PATIENCE):
            while component not in self.shown:
                await asyncio.sleep(0.02)

    async def look_at(self, quarter):
        """Open the Watch page at a quarter, and hold all that it then shows against a run of one's own."""
        for what, value in (("play", False), ("page", "watch"), ("seek", quarter), ("again", None)):
            await self.act(what, value)
        ends, found = time.monotonic() + PATIENCE, ["the Watch page did not come"]
        while found and time.monotonic() < ends:  # what others compute may be drawn a moment later
            await asyncio.sleep(0.02)
            if "WatchBoard" in self.shown and self.state("WatchBoard")["quarter"] == quarter:
                found = self.compared()
        self.wrong += found

    def state(self, component):
        """Return the properties that a component was sent last."""
        return self.models[self.shown[component]]

    def view(self):
        """Return what the address says that is looked at."""
        return read_link(self.state("Frame")["link"]).view

    def compared(self):
        """Return what differs, to the byte, of the quarters that the Watch page was sent and a run of one's own."""
        view, board = self.view(), self.state("WatchBoard")
        key = view.run
        if self.run is None or self.run[0] != key:
            self.run = key, TwinRun(case_of(view), view.seed, view.replicate, settings_of(view))
        own, sent = self.run[1], json.loads(board["snapshot"])
        sent += [json.loads(board["frame"])] if board["frame"] else []
        own.reach(max((one["q"] for one in sent), default=0))
        self.checked += len(sent)
        other = [one["q"] for one in sent if json.loads(own.frame(watch.frame, one["q"])) != one]
        return [f"quarters {other} of {self.state('Frame')['link']} are another run's"] if other else []

    def _document(self):
        """Fetch the page, and return the cookie of the session."""
        with urllib.request.urlopen(f"{self.address}/?{self.query}", timeout=PATIENCE) as answer:
            cookies = answer.headers.get_all("set-cookie") or []
        found = [one.partition(";")[0].partition("=") for one in cookies]
        return next(value for name, _, value in found if name == COOKIE)

    def _posted(self, path):
        """Post nothing to an address."""
        asked = urllib.request.Request(f"{self.address}{path}", data=b"", headers={"Cookie": f"{COOKIE}={self.cookie}"})
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            answer.read()

    async def _control(self, data):
        """Ask the session something on a line of its own, and return the answer."""
        comm = uuid.uuid4().hex
        await self._send("comm_open", {"comm_id": comm, "target_name": "solara.control", "data": {}})
        await self._send("comm_msg", {"comm_id": comm, "data": data})
        async with asyncio.timeout(PATIENCE):
            while comm not in self.replies:
                await asyncio.sleep(0.02)
        return self.replies.pop(comm)

    async def _send(self, kind, content):
        """Send a message in the words of Jupyter's protocol, and return its number."""
        number = uuid.uuid4().hex
        now = datetime.now(UTC).isoformat()
        header = {"msg_id": number, "msg_type": kind, "session": self.page, "username": "", "version": "5.3"}
        message = {"header": {**header, "date": now}, "parent_header": {}, "metadata": {}, "content": content}
        self.idle[number] = asyncio.Event()
        await self.socket.send(json.dumps({**message, "channel": "shell", "buffers": []}))
        return number

    async def _done(self, number):
        """Wait until the server has worked on a message."""
        async with asyncio.timeout(PATIENCE):
            await self.idle[number].wait()
        del self.idle[number]

    async def _read(self):
        """Receive messages as long as the line stands."""
        async for text in self.socket:
            self.messages += 1
            self.size += len(text)
            self._received(json.loads(text if isinstance(text, str) else _first_part(text)))

    def _received(self, message):
        """Keep what a message says."""
        kind, content = message["header"]["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            if waiting := self.idle.get(message["parent_header"].get("msg_id")):
                waiting.set()
        elif kind == "error":
            self.wrong.append(f"error: {content}")
        elif kind in ("comm_open", "comm_msg"):
            self._changed(content["comm_id"], content["data"])
        elif kind == "comm_close":
            self.models.pop(content["comm_id"], None)
            self.shown = {name: model for name, model in self.shown.items() if model != content["comm_id"]}

    def _changed(self, model, data):
        """Keep what changed of a component, or what the session answers."""
        if data.get("method") in ("finished", "app-status"):
            self.replies[model] = data
        state = data.get("state")
        if state is None:
            return
        whole = self.models.setdefault(model, {})
        whole.update(state)
        for component, names in NAMED.items():
            if names <= whole.keys():
                self.shown[component] = model
        self._look(model, state)

    def _look(self, model, state):
        """See whether what was sent is the visitor's own, and no failure."""
        seed, frame = self.seed, model == self.shown.get("Frame")
        if frame and "setting" in state and json.loads(state["setting"])["seed"] != seed:
            self.wrong.append(f"the frame of {state['setting'][:200]} came to the visitor with seed {seed}")
        if frame and (failure := json.loads(state.get("now", "{}")).get("failure")):
            self.wrong.append(failure)
        if model == self.shown.get("Foot") and f"seed {seed}," not in state.get("run", f"seed {seed},"):
            self.wrong.append(f"the run of {state['run']!r} came to the visitor with seed {seed}")
        if "<pre>" in str(state.get("value", "")):
            self.wrong.append(str(state["value"])[:400])


NAMED = {"Frame": {"setting", "now", "link"}, "WatchBoard": {"snapshot", "means"}, "Foot": {"note", "run", "whole"}}
"""By component, properties that no other has."""


def _first_part(wire):
    """Return the text of a message that has binary parts."""
    parts = int.from_bytes(wire[:4], "big")
    ends = [int.from_bytes(wire[4 * n : 4 * n + 4], "big") for n in range(1, parts + 1)]
    return wire[ends[0] : ends[1] if parts > 1 else None]
