"""Visitors who play at once: each sees their own run, and none leaves a model behind."""

import json
import time

from aimarket.server.presenters import headline_figures
from aimarket.server.sessions.twin_run import TwinRun

from .browsing import PATIENCE, answered

LAST = 8
CULL = 2.0
SHOWN = "() => document.querySelector('main.watch').__vue__.at.figures.map((one) => one.slice(0, 2))"
DRAWN = "last => document.querySelector('main.watch').__vue__.known.quarter >= last"


def alive(address):
    return json.loads(answered(f"{address}/live"))


def expected(scenario, seed):
    run = TwinRun(scenario, seed=seed)
    run.reach(LAST)
    return [list(pair[:2]) for pair in headline_figures.payload(run, LAST)]


def test_visitors_who_play_at_once_see_their_own_run_and_leave_no_model(opened, address):
    runs = [("deal_35bn", 7), ("deal_35bn", 8), ("chip_shock", 7)]
    pages = [opened(f"?scenario={scenario}&seed={seed}&speed=8") for scenario, seed in runs]
    assert alive(address) >= len(runs)
    for page in pages:
        page.keyboard.press(" ")
    for page, run in zip(pages, runs, strict=True):
        page.wait_for_function(DRAWN, arg=LAST)
        page.keyboard.press(" ")
        page.wait_for_selector("button.play[aria-label=Play]")
        page.evaluate(f"document.querySelector('main.watch').__vue__.act({{ what: 'seek', value: {LAST} }})")
        page.wait_for_function("last => document.querySelector('main.watch').__vue__.known.quarter === last", arg=LAST)
        assert page.evaluate(SHOWN) == expected(*run)
    for page in pages:
        page.keyboard.press(" ")
        page.close()
    left = time.monotonic()
    while alive(address):
        assert time.monotonic() < left + PATIENCE, "a model outlives its visitor"
        time.sleep(0.2)
    assert time.monotonic() < left + CULL + PATIENCE / 4
