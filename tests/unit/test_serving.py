"""The doorkeeper: what it serves, what it keeps shut, and how many it lets in."""

import asyncio
import subprocess
import sys

import pytest
from solara.server import kernel_context

from aimarket.server.serving import Site, site


async def inner(scope, receive, send):
    """Answer as Solara would."""
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"pages"})


def asked(path, kind="http", visitors=3):
    """Return what a site says to a request: its messages."""
    sent, heard = [], []

    async def receive():
        if heard:
            await asyncio.Event().wait()  # a browser that stays says nothing more
        heard.append(kind)
        return {"type": "http.request" if kind == "http" else "websocket.connect", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "path": path, "method": "GET", "headers": [], "query_string": b"", "root_path": ""}
    asyncio.run(Site(inner, visitors)(scope, receive, send))
    return sent


@pytest.fixture
def full(monkeypatch):
    """A server whose places are taken by three visitors."""
    monkeypatch.setattr(kernel_context, "contexts", {"anna": None, "bert": None, "cleo": None})


@pytest.mark.parametrize(
    "path", ["/resourcez", "/_solara/api/evict/x", "/jupyter/api/kernels/x", "/browser/nothing.js"]
)
def test_what_nobody_needs_is_not_there(path):
    assert asked(path)[0]["status"] == 404


@pytest.mark.parametrize(
    "path", ["/browser/../serving.py", "/browser/%2e%2e/serving.py", "/browser/../../pyproject.toml"]
)
def test_no_file_outside_is_served(path):
    assert asked(path)[0]["status"] == 404


@pytest.mark.parametrize("path", ["/browser/charts.js", "/browser/tokens.css"])
def test_our_own_scripts_and_styles_are_served(path):
    assert asked(path)[0]["status"] == 200


def test_a_visitor_is_let_in_while_there_is_a_place():
    assert asked("/")[0]["status"] == 299


def test_when_all_places_are_taken_a_newcomer_is_told_so(full):
    start, body = asked("/")
    assert start["status"] == 503
    assert body["body"] == b"All 3 places are taken. Try again in a minute."


def test_when_all_places_are_taken_no_newcomer_gets_a_model(full):
    assert asked("/jupyter/api/kernels/dora/channels", "websocket")[0]["code"] == 1013


def test_whoever_has_a_place_keeps_it(full):
    assert asked("/jupyter/api/kernels/bert/channels", "websocket")[0]["status"] == 299


def test_the_server_starts_without_what_only_figures_and_analyses_need():
    asks = (
        "import sys; from aimarket.server import serving; serving.site(); from aimarket.server import app; app.pages();"
        "print(*sorted({'matplotlib', 'SALib', 'ema_workbench', 'distributed'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


def test_solara_reports_to_nobody():
    asks = (
        "from aimarket.server import serving; serving.site(); from solara.server import settings, telemetry;"
        "print(settings.telemetry.mixpanel_enable, telemetry._thread.is_alive())"
    )
    told = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "False"]


def test_a_site_made_after_solara_says_so():
    with pytest.raises(RuntimeError, match="before anything imports solara"):
        site()
