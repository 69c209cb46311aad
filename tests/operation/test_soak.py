"""The server under visitors: a soak of seconds, and its end while they play. ``make soak`` takes an hour."""

import asyncio
import contextlib
import json
import os
import signal
import time

import pytest
import websockets

from aimarket.server.presenters import watch
from aimarket.server.sessions.twin_run import TwinRun

from .soak import growth, sentence, served, soaked
from .visitors import Visitor

SECONDS, VISITORS = 4.0, 3
BOUND = 30.0
"""Seconds that a server may take to end, on a machine under load; idle it takes one."""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def test_visitors_see_their_own_runs_alone_and_every_place_is_given_back(tmp_path):
    with served(2 * VISITORS, tmp_path / "said", culled="1s") as (process, address):
        log = asyncio.run(soaked(address, process, SECONDS / 60.0, VISITORS))
    assert (log.wrong, (tmp_path / "said").read_text(), process.returncode) == ([], "", 0)
    assert log.checked > 0
    assert "; 0 wrong; " in sentence(log, SECONDS / 60.0, VISITORS)


def test_a_server_that_is_told_to_end_does_so_while_visitors_play_and_it_computes(tmp_path):
    async def told_to_end(process, address):
        playing, asking = (Visitor(address, query) for query in ("seed=1&speed=8", "seed=2&page=claims"))
        async with playing.connected(), asking.connected():
            await asyncio.gather(playing.open(), asking.open())
            await playing.act("play", True)
            process.send_signal(signal.SIGTERM)
            begun = time.monotonic()
            code = await asyncio.to_thread(process.wait, BOUND)
            with contextlib.suppress(websockets.ConnectionClosed):
                await playing.socket.wait_closed()
            return code, time.monotonic() - begun, playing.socket.close_code

    with served(4, tmp_path / "said") as (process, address):
        code, seconds, closed = asyncio.run(told_to_end(process, address))
    assert (code, closed, (tmp_path / "said").read_text()) == (0, 1012, "")
    assert seconds < BOUND


def shown_to(visitor, run):
    """Let a visitor be shown a run's quarters, and return what they say is wrong with them."""
    run.reach(2)
    board = {"snapshot": run.snapshot(watch.frame), "frame": "", "means": "[]"}
    frame = {"setting": json.dumps({"seed": visitor.seed}), "now": "{}", "link": visitor.query}
    for model, state in (("frame", frame), ("board", board)):
        header = {"msg_type": "comm_open"}
        visitor._received({"header": header, "content": {"comm_id": model, "data": {"state": state}}})
    return visitor.compared()


def test_a_visitor_notices_the_run_of_somebody_else():
    assert shown_to(Visitor("", "seed=1&scenario=chip_shock"), TwinRun("chip_shock", seed=1)) == []
    (said,) = shown_to(Visitor("", "seed=1&scenario=chip_shock"), TwinRun("chip_shock", seed=2))
    assert said.startswith("quarters [1, 2] of seed=1&scenario=chip_shock")


def test_a_visitor_notices_the_frame_of_somebody_else():
    visitor = Visitor("", "seed=1")
    frame = {"setting": json.dumps({"seed": 2}), "now": json.dumps({"failure": "It broke."}), "link": "seed=2"}
    opened = {"header": {"msg_type": "comm_open"}, "content": {"comm_id": "frame", "data": {"state": frame}}}
    visitor._received(opened)
    assert [word in said for word, said in zip(("seed 1", "It broke."), visitor.wrong, strict=True)] == [True, True]


def test_growth_is_that_of_the_hours_after_warming_up():
    memory = [(second, 300.0 + min(second, 900) + second / 36.0) for second in range(0, 3601, 10)]
    middle, end, slope = growth(memory)
    assert round(slope) == 100
    assert end > middle
