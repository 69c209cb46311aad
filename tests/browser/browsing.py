"""Starting the server and a Chromium, for tests and for pictures."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

LOOPBACK = "127.0.0.1"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-opt --no-maglev --no-sparkplug",
    "--renderer-process-limit=1",
)
"""Scripts of a page that is soon closed are not worth compiling, and those of all pages are parsed in one process: both
together halve the renderer's time."""

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there is taken: one without windows draws the same in three quarters of the time."""

NONE = "no Chromium: install Debian's package chromium to see the pages"
QUARTER = "Number(document.querySelector('[role=slider][aria-label=Quarter]').getAttribute('aria-valuenow'))"
PAST = f"quarter => {QUARTER} > quarter"
"""Whether a page shows a later quarter; one that plays may leave some of them out."""

PATIENCE = 180.0
"""Seconds that are waited for whatever a page does; a machine under load takes long."""

DRAWN = "main.model, .none, main canvas"
"""What a page shows when it is drawn: a chart, or text where it has none."""
TOURED = "localStorage.setItem('aimarket-tour', 'seen')"
"""Somebody who has seen the tour."""


PAINTED = """(name) => {
  const board = document.querySelector('main.watch')?.__vue__, place = board?.boards?.net && board.placeOf(name)
  if (!place || !board.boards.net.inner.getZr().handler.findHover(place.x, place.y).target) return null
  const box = board.boards.net.element.getBoundingClientRect()
  return [box.x + place.x, box.y + place.y]
}"""


NEXT_FRAMES = "() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))"


def place_of(page, firm):
    """Return where a firm is painted in the network of the Watch page and stays, in pixels of the window."""
    before, now = None, page.wait_for_function(PAINTED, arg=firm).json_value()
    while now != before:
        page.evaluate(NEXT_FRAMES)
        before, now = now, page.wait_for_function(PAINTED, arg=firm).json_value()
    return now


def fits(page, width):
    """Make a window narrower or wider, and wait until nothing on its page is wider."""
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function("w => innerWidth === w && document.documentElement.scrollWidth <= w", arg=width)


def chromium_here():
    """Return the path of a Chromium; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def answered(url):
    """Return what an address says; None while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.read().decode()
    except (urllib.error.URLError, OSError):
        return None


@contextmanager
def serving(log_path, *command, at=0):
    """Run a server as a process of its own, the one for tests unless a command is given; gives its address.

    The port is added to the command: a free one, or the one that is named.
    """
    with socket.create_server((LOOPBACK, at)) as server:
        port = server.getsockname()[1]
    with Path(log_path).open("w") as log:
        process = subprocess.Popen(
            [*(command or (sys.executable, str(Path(__file__).with_name("served.py")))), str(port)],
            stdout=log,
            stderr=log,
        )
        url = f"http://{LOOPBACK}:{port}"
        try:
            deadline = time.monotonic() + PATIENCE
            while answered(f"{url}/readyz") is None:
                assert process.poll() is None, Path(log_path).read_text()
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.1)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def browsing():
    """Run a Chromium; where there is none, say so."""
    from playwright.sync_api import sync_playwright

    path = chromium_here()
    if path is None:
        raise SystemExit(NONE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()
