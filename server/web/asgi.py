"""The web server: how Solara is set up, started and ended."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...model.inputs.paths import located
from ..errors import FailedRunError
from .document import painted
from .gateway import BROWSER, Site
from .memory import given_back
from .sockets import EVERYWHERE, announce_when_ready, at, listen, prefix, sites

if TYPE_CHECKING:
    import uvicorn

LOOPBACK = "127.0.0.1"
PORT = 8765
MOST_SESSIONS = 20
SETTINGS = {
    "SOLARA_APP": "aimarket.server.app",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_THEME_FORCE_REFRESH": "true",  # the address holds all: a page whose session is gone loads it again
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "aimarket",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
}
"""Settings of Solara; those that the environment gives already stay as they are."""

PROXIES = "127.0.0.1,::1"
"""Whose word counts on whether a visitor's line is encrypted, unless the environment says otherwise."""

PATIENCE = 3
"""Seconds that visitors have to leave when the server is told to end."""


def serve(
    host: str = LOOPBACK,
    port: int = PORT,
    max_sessions: int = MOST_SESSIONS,
    sweep: Path | None = None,
    root_path: str = "",
    announce: Callable[[str], None] = print,
    *,
    embed_in: Sequence[str] = (),
) -> None:
    """Serve the pages until interrupted.

    Args:
        host: the address to listen at; anything but 127.0.0.1 lets others in, and there is no password.
        port: the port; 0 for one that is free.
        max_sessions: how many visitors there may be at once, each with a model of their own.
        sweep: the folder of a sweep whose results the Explore page shows; no visitor can name another.
        root_path: the prefix under which a proxy shows the pages, such as ``/market``.
        announce: called with a sentence that says where the pages are, once they are there.
        embed_in: sites that may show single charts in frames, such as ``https://paper.example``; by default no other.

    Raises:
        BadInputError: the address is taken or none, or the prefix or a site is none.
        FailedRunError: the pages could not be started.
    """
    under, framing = prefix(root_path), sites(embed_in)
    sockets = listen(host, port)
    with (
        contextlib.ExitStack() as listening,
        given_back(),
        contextlib.suppress(KeyboardInterrupt),
        _ended_like_ctrl_c(),
    ):
        for item in sockets:
            listening.enter_context(item)
        server = _server(max_sessions, sweep, under, framing)
        announce_when_ready(sockets, host, lambda found: _opened(announce, _welcome(host, found, under)))
        try:
            server.run(sockets=sockets)
        except SystemExit:
            raise FailedRunError("the pages could not be started; what went wrong stands above") from None


def _opened(announce: Callable[[str], None], words: str) -> None:
    """Say that the pages are there, and have the first one ready for whoever comes first."""
    announce(words)
    make = painted("/", "")
    if make:
        make()


def _server(max_sessions: int, sweep: Path | None, root_path: str, embed_in: Sequence[str]) -> uvicorn.Server:
    """Return the server of the site."""
    from ...experiments.optional_dependencies import extra

    with extra("page"):
        import uvicorn

    # Solara warns at every visit that a page at plain http cannot be shown inside another site: it need not be.
    warnings.filterwarnings("ignore", message="Cookies with samesite", module=r"solara\.")
    trusted = os.environ.get("FORWARDED_ALLOW_IPS", PROXIES)
    return uvicorn.Server(
        uvicorn.Config(
            site(max_sessions, sweep, root_path, embed_in),
            log_level="warning",
            lifespan="on",
            forwarded_allow_ips=trusted,
            timeout_graceful_shutdown=PATIENCE,
        )
    )


@contextlib.contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """Let a server that is told to end leave as it does at Ctrl-C: with its visitors' runs given back, and code 0."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _welcome(host: str, port: int, root_path: str) -> str:
    """Say where the pages are."""
    where = f"http://{at(EVERYWHERE.get(host, host), port)}{root_path and root_path + '/'}"
    others = ", and at every other address of this machine" if host in EVERYWHERE else ""
    return f"aimarket: {where}{others} (Ctrl-C ends it)"


def site(
    max_sessions: int = MOST_SESSIONS, sweep: Path | None = None, root_path: str = "", embed_in: Sequence[str] = ()
) -> Site:
    """Return the whole site as an ASGI application.

    Args:
        max_sessions: how many visitors there may be at once.
        sweep: the folder of a sweep to show.
        root_path: the prefix under which visitors see it, as `sockets.prefix` returns it.
        embed_in: sites that may show single charts in frames, as `sockets.sites` returns them.

    Raises:
        RuntimeError: Solara was imported before, and with it settings of its own, such as telemetry.
    """
    if "solara.server.settings" in sys.modules:
        raise RuntimeError("the site has to be made before anything imports solara, which reads its settings then")
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    if sweep is not None:
        from ..jobs.published_sweep import SWEEP

        os.environ[SWEEP] = str(located(sweep))
    from ...experiments.optional_dependencies import extra

    with extra("page"):
        from solara.server import settings
        from solara.server.starlette import app as pages

    # Ours come first, whatever the environment adds: no page works without them.
    settings.assets.extra_locations = [str(BROWSER), *settings.assets.extra_locations]
    # Said here, they are not taken from the first visitor's words for all others.
    settings.main.root_path, settings.main.base_url = root_path, f"http://{LOOPBACK}{root_path}/"
    return Site(pages, max_sessions, root_path, embed_in)
