"""One server and one Chromium for all tests of the pages."""

import os
import warnings

import pytest

from .browsing import DRAWN, NONE, PATIENCE, TOURED, browsing, chromium_here, serving

FAILED = 400


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """The address of a server that runs for all tests."""
    with serving(tmp_path_factory.mktemp("server") / "log") as url:
        yield url


@pytest.fixture(scope="module")
def chromium():
    """A browser; where there is none, tests are skipped, and fail under CI.

    It is closed after each file: while one is open its event loop runs, and other files' tests want loops of their own.
    """
    if chromium_here() is None:
        if os.environ.get("CI"):
            pytest.fail(NONE)
        warnings.warn(pytest.PytestWarning(NONE), stacklevel=1)
        pytest.skip(NONE)
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="module")
def desk(chromium):
    """A context that tests of a file share, so that scripts are compiled once: pages come and go, nothing is kept."""
    context = chromium.new_context()
    yield context
    context.close()


@pytest.fixture
def opened(address, chromium, desk):
    """A function that opens a link in a page of its own; what the browser complains of fails the test.

    It asks for less motion unless told otherwise: what moves is painted sixty times a second.
    """
    pages, contexts, complaints = [], [], []

    def open_link(
        query="?page=watch",
        *,
        width=1440,
        height=900,
        scheme="light",
        tour=False,
        drawn=DRAWN,
        reduced_motion="reduce",
        **told,
    ):
        context = chromium.new_context(**told) if told else desk
        if told:
            contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion=reduced_motion)
        if not tour:
            page.add_init_script(TOURED)
        page.set_default_timeout(1000 * PATIENCE)
        listen(page, address, complaints)
        page.goto(f"{address}/{query}")
        page.wait_for_selector(drawn)
        return page

    yield open_link
    for page in pages:
        if not page.is_closed():
            page.evaluate("localStorage.clear()")
            page.close()
    desk.clear_cookies()
    for context in contexts:
        context.close()
    assert complaints == []


ABANDONED = "net::ERR_ABORTED"
"""How a browser tells that the page was left before an answer came."""


def listen(page, address, complaints):
    """Keep what a browser complains of: errors, requests that fail, and requests that leave the machine."""

    def output(message):
        if message.type == "error":
            complaints.append(f"console: {message.text}")

    def answer(response):
        if response.status >= FAILED:
            complaints.append(f"{response.status}: {response.url}")

    def asked(request):
        if not request.url.startswith((address, address.replace("http", "ws"), "data:", "blob:")):
            complaints.append(f"left the machine: {request.url}")

    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("console", output)
    page.on("requestfailed", lambda request: complaints.extend(failure_of(request)))
    page.on("response", answer)
    page.on("request", asked)


def failure_of(request):
    """Return what is to be complained of in a request that failed: nothing where the page was left before."""
    return [] if request.failure == ABANDONED else [f"failed: {request.url}: {request.failure}"]
