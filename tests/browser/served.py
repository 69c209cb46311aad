"""The site with two more doors, for tests: how many models are alive, and what frames cost."""

import gc
import json
import os
import sys
import threading
import time

import uvicorn

from aimarket.model.market_model import MarketModel
from aimarket.server.web.asgi import LOOPBACK, site


class Counted:
    """The site, and at /live the number of models that nobody has given back, at /spent what frames have cost."""

    def __init__(self, inner):
        self.inner = inner
        self.doors = {"/live": live, "/spent": spent}

    async def __call__(self, scope, receive, send):
        """Answer a request."""
        if scope["type"] != "http" or scope["path"] not in self.doors:
            await self.inner(scope, receive, send)
            return
        output = json.dumps(self.doors[scope["path"]]())
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": output.encode()})


def live():
    """Return how many models are alive."""
    gc.collect()
    return sum(isinstance(item, MarketModel) for item in gc.get_objects())


def spent():
    """Return what has been spent since the last call, ms of the processor: frames without steps, steps, all of it."""
    whole = time.process_time()
    output = {"frames": list(Clock.frames), "steps": sum(Clock.steps), "process": 1000.0 * (whole - Clock.begun)}
    Clock.frames, Clock.steps, Clock.begun = [], [], whole
    return output


class Clock(threading.local):
    """What one thread has spent on steps, s; and for all threads, ms a frame and a step."""

    frames, steps, begun = [], [], 0.0
    stepping = 0.0


clock = Clock()


def timed_step(step):
    """Return a model's step that writes down what it costs."""

    def timed(self):
        begun = time.thread_time()
        step(self)
        taken = time.thread_time() - begun
        clock.stepping += taken
        Clock.steps.append(1000.0 * taken)

    return timed


def timed_show(show):
    """Return what shows a quarter to a visitor and writes down what it costs: presenters, JSON, render, messages."""

    def timed(self, *asked):
        stepping, begun = clock.stepping, time.thread_time()
        show(self, *asked)
        Clock.frames.append(1000.0 * (time.thread_time() - begun - (clock.stepping - stepping)))

    return timed


if __name__ == "__main__":
    os.environ["SOLARA_KERNEL_CULL_TIMEOUT"] = "2s"
    whole = site(max_sessions=12, embed_in=(f"http://localhost:{sys.argv[1]}",))
    from aimarket.server.sessions.controller import (
        Controller,  # not before the site: Solara reads its settings when it is imported
    )

    MarketModel.step, Controller.show = timed_step(MarketModel.step), timed_show(Controller.show)
    uvicorn.run(Counted(whole), host=LOOPBACK, port=int(sys.argv[1]), log_level="warning")
