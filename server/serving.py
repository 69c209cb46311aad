"""The web server: Solara's, with its doors closed, our own scripts and styles, and a limit of visitors."""

from __future__ import annotations

import os
import socket
import sys
import warnings
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .failures import BadInputError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

BROWSER = Path(__file__).parent / "browser"
"""Scripts and styles of our own; nothing else of the package is served."""

LOOPBACK = "127.0.0.1"
PORT = 8765
MOST_SESSIONS = 20
CLOSED = ("/resourcez", "/_solara/api/evict", "/_solara/auth", "/jupyter/api/kernels/")
"""What Solara offers and nobody here needs: lists of visitors, and ways to end their sessions."""

SETTINGS = {
    "SOLARA_APP": "aimarket.server.app",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "aimarket",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_ASSETS_EXTRA_LOCATIONS": str(BROWSER),
}
"""Settings of Solara; those that the environment gives already stay as they are."""

SWEEP = "AIMARKET_SWEEP"
"""The variable of the environment that names the folder of the sweep to show."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def serve(host: str = LOOPBACK, port: int = PORT, max_sessions: int = MOST_SESSIONS, sweep: Path | None = None) -> None:
    """Serve the pages until interrupted.

    Args:
        host: the address to listen at; anything but 127.0.0.1 lets others in, and there is no password.
        port: the port.
        max_sessions: how many visitors there may be at once, each with a model of their own.
        sweep: the folder of a sweep whose results the Explore page shows; no visitor can name another.
    """
    from ..experiments.extras import extra

    with extra("page"):
        import uvicorn

    # Solara warns at every visit that a page at plain http cannot be shown inside another site: it need not be.
    warnings.filterwarnings("ignore", message="Cookies with samesite", module=r"solara\.")
    uvicorn.run(site(max_sessions, sweep), host=host, port=port, log_level="warning")


def check_address(host: str, port: int) -> None:
    """Say before anything is loaded that an address cannot be listened at."""
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise BadInputError(
            f"cannot listen at {host}:{port}: {error.strerror or error}; choose another --port or --host"
        ) from None


def check_sweep(folder: Path | None) -> None:
    """Say before anything is loaded that a folder holds no sweep to show."""
    if folder is None:
        return
    from ..experiments.files import StoreError
    from ..experiments.sweeps.results import open_sweep

    try:
        if not open_sweep(folder).parts:
            raise StoreError(f"{folder} holds no results yet: go on with aimarket sweep --resume")
    except StoreError as error:
        raise BadInputError(f"{error}; choose another folder for --sweep") from None


def site(max_sessions: int = MOST_SESSIONS, sweep: Path | None = None) -> Site:
    """Return the whole site as an ASGI application.

    Raises:
        RuntimeError: Solara was imported before, and with it settings of its own, such as telemetry.
    """
    if "solara.server.settings" in sys.modules:
        raise RuntimeError("the site has to be made before anything imports solara, which reads its settings then")
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    if sweep is not None:
        os.environ[SWEEP] = str(sweep)
    from ..experiments.extras import extra

    with extra("page"):
        from solara.server.starlette import app as pages

    return Site(pages, max_sessions)


class Site:
    """Solara's pages behind a doorkeeper.

    Args:
        pages: Solara's application.
        max_sessions: how many visitors there may be at once.
    """

    def __init__(self, pages: ASGIApp, max_sessions: int) -> None:
        from starlette.routing import Mount
        from starlette.staticfiles import StaticFiles

        self.pages = pages
        self.max_sessions = max_sessions
        self.own = Mount("/browser", StaticFiles(directory=BROWSER))

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it to Solara."""
        path = scope.get("path", "")
        if scope["type"] == "websocket":
            await (self._turn_away if self._full_for(path) else self.pages)(scope, receive, send)
        elif scope["type"] == "http" and path.startswith("/browser/"):
            await self._own_file(scope, receive, send)
        elif scope["type"] == "http" and path.startswith(CLOSED):
            await _answer(404, "There is nothing here.")(scope, receive, send)
        elif scope["type"] == "http" and path == "/" and self._full_for(path):
            told = f"All {self.max_sessions} places are taken. Try again in a minute."
            await _answer(503, told)(scope, receive, send)
        else:
            await self.pages(scope, receive, send)

    async def _own_file(self, scope: Message, receive: Receive, send: Send) -> None:
        """Send a script or style of our own."""
        from starlette.exceptions import HTTPException

        child = self.own.matches(scope)[1]
        try:
            await self.own.app({**scope, **child}, receive, send)
        except HTTPException as error:
            await _answer(error.status_code, "There is nothing here.")(scope, receive, send)

    def _full_for(self, path: str) -> bool:
        """Return whether all places are taken, and the address is not that of somebody who has one."""
        from solara.server import kernel_context

        live = list(kernel_context.contexts)
        return len(live) >= self.max_sessions and not any(name in path for name in live)

    async def _turn_away(self, scope: Message, receive: Receive, send: Send) -> None:
        """Refuse a connection."""
        await receive()
        await send({"type": "websocket.close", "code": 1013, "reason": "all places are taken"})


def _answer(status: int, text: str) -> ASGIApp:
    """Return a short answer in plain text."""
    from starlette.responses import PlainTextResponse

    return PlainTextResponse(text, status_code=status)
