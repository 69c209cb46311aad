"""One server and one Chromium for all tests of the pages."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 30.0
NAMES = ("chromium", "chromium-browser", "google-chrome")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def answered(url):
    """Return what an address says; None while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.read().decode()
    except (urllib.error.URLError, OSError):
        return None


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """The address of a server that runs for all tests."""
    port = free_port()
    log = (tmp_path_factory.mktemp("server") / "log").open("w")
    server = subprocess.Popen([sys.executable, HERE / "served.py", str(port)], stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + PATIENCE
    while answered(f"{url}/readyz") is None:
        assert server.poll() is None, Path(log.name).read_text()
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.1)
    yield url
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
    log.close()


@pytest.fixture(scope="session")
def chromium():
    """A browser; where there is none, tests are skipped, and fail under CI."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        told = "no Chromium: install Debian's package chromium to test the pages"
        if os.environ.get("CI"):
            pytest.fail(told)
        warnings.warn(pytest.PytestWarning(told), stacklevel=1)
        pytest.skip(told)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(address, chromium):
    """A function that opens a link in a browser of its own; what the browser complains of fails the test."""
    contexts, complaints = [], []

    def open_link(query="", *, width=1440, height=900, scheme="light"):
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        listen(page, address, complaints)
        page.goto(f"{address}/{query}")
        page.wait_for_selector("main canvas", timeout=1000 * PATIENCE)
        return page

    yield open_link
    for context in contexts:
        context.close()
    assert complaints == []


def listen(page, address, complaints):
    """Keep what a browser complains of: errors, requests that fail, and requests that leave the machine."""
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("console", lambda told: complaints.append(f"console: {told.text}") if told.type == "error" else None)
    page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
    page.on("response", lambda answer: complaints.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None)

    def asked(request):
        if not request.url.startswith((address, address.replace("http", "ws"), "data:", "blob:")):
            complaints.append(f"left the machine: {request.url}")

    page.on("request", asked)
