"""The gateway before Solara: which requests come in, under which prefix of a proxy, and what goes back to browsers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlsplit

from .document import STORY, crowded, dressed, painted
from .metrics import ELSEWHERE, FULL, MARKET, METRICS, NAMELESS, PAINTED, Metrics

if TYPE_CHECKING:
    from starlette.types import ASGIApp

BROWSER = Path(__file__).parents[1] / "browser"
"""Scripts and styles of our own; nothing else of the package is served."""

CLOSED = ("/resourcez", "/_solara/api/evict", "/_solara/auth", "/jupyter/api/kernels/")
"""What Solara offers and nobody here needs: lists of visitors, and ways to end their sessions."""

LEAVING = "/_solara/api/close/"
"""Where a page says that its visitor leaves."""

DOORS = ("", "story", "preview.png", "browser", "static", "jupyter", "_solara", "readyz", "metrics", "resourcez")
"""What addresses of the site begin with: by these a prefix is distinguished from a folder of the same name."""

COOKIE = "solara-session-id"
HOST = b"aimarket"
UNTOLD = (b"host", b"script-name", b"x-script-name", b"forwarded")
"""What a visitor may say of an address and Solara would believe, or break at; also all that begins with `FORWARDED`."""
FORWARDED = b"x-forwarded-"
PLAIN = {"https": "http", "wss": "ws"}
TRY_AGAIN, NOT_ALLOWED = 1013, 1008
READING = ("GET", "HEAD")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,255}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]


class Site:
    """Solara's pages behind a gateway.

    Args:
        pages: Solara's application.
        max_sessions: how many visitors there may be at once.
        root_path: the prefix under which visitors see the site, such as ``/market``; empty for none. Whether a proxy
            keeps the prefix or takes it off is the same.
        embed_in: sites that may show single charts in frames of theirs, as `sockets.sites` returns them.
    """

    def __init__(self, pages: ASGIApp, max_sessions: int, root_path: str = "", embed_in: Sequence[str] = ()) -> None:
        from starlette.routing import Mount
        from starlette.staticfiles import StaticFiles

        self.pages = pages
        self.max_sessions = max_sessions
        self.root_path = root_path
        self.embed_in = tuple(embed_in)
        self.metrics = Metrics(max_sessions)
        self.own = Mount("/browser", StaticFiles(directory=BROWSER))

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it to Solara."""
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self.pages(scope, receive, send)

    async def _connect(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let a page talk to its session, unless all places are taken or another site's page asks."""
        inner = inside(scope, self.root_path)
        if from_elsewhere(scope):
            await self._turn_away(receive, send, NOT_ALLOWED, ELSEWHERE)
        elif nameless(scope):
            await self._turn_away(receive, send, NOT_ALLOWED, NAMELESS)
        elif self._full_for(inner["path"]):
            await self._turn_away(receive, send, TRY_AGAIN, FULL)
        else:
            await self.pages(inner, receive, send)

    async def _turn_away(self, receive: Receive, send: Send, code: int, reason: str) -> None:
        """Refuse a connection."""
        self.metrics.turned_away.labels(reason).inc()
        await receive()
        await send({"type": "websocket.close", "code": code, "reason": reason})

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request for a page or a file."""
        inner = inside(scope, self.root_path)
        path, query = inner["path"], inner.get("query_string", b"").decode("latin-1")
        send = _with_header(send, b"content-security-policy", self._framing(query))
        seen = f"{scope['scheme']}://{host_of(scope)}{self.root_path}"
        page = painted(path, query, seen) if scope.get("method") in READING else None
        at_once = self._elsewhere(scope, path) or (None if page else self._at_once(scope, path))
        if at_once:
            await at_once(scope, receive, send)
        elif page:
            self.metrics.documents.labels(PAINTED).inc()
            await _document(await asyncio.to_thread(page))(scope, receive, send)
        elif path.startswith("/browser/"):
            await self._own_file(inner, receive, send)
        else:
            sent = self._with_cookie(send, scope["scheme"] == "https")
            self.metrics.documents.labels(MARKET).inc(path == "/")
            await self.pages(inner, receive, _dressed(sent, query, seen) if path == "/" else sent)

    def _elsewhere(self, scope: Message, path: str) -> ASGIApp | None:
        """Return what sends a visitor on who left out or added a slash; None where the address is right."""
        if self.root_path and scope["path"] == self.root_path:
            return _moved(f"{self.root_path}/", scope)
        return _moved(f"{self.root_path}{STORY}", scope) if path == f"{STORY}/" else None

    def _at_once(self, scope: Message, path: str) -> ASGIApp | None:
        """Return an answer that needs neither Solara nor a file; None where there is none."""
        if path == METRICS:
            return self.metrics.answer()
        if path.startswith(CLOSED):
            return _answer(404, "There is nothing here.")
        if path.startswith(LEAVING) and nameless(scope):
            return _answer(400, "No page says that it leaves.")
        if path == "/" and self._full_for(path):
            self.metrics.turned_away.labels(FULL).inc()
            asked = scope.get("query_string", b"").decode("latin-1")
            if "embed" in dict(parse_qsl(asked)):
                return _document(crowded(asked), 503)
            return _answer(503, f"All {self.max_sessions} places are taken. Try again in a minute.")
        return None

    async def _own_file(self, scope: Message, receive: Receive, send: Send) -> None:
        """Send a script or style of our own."""
        from starlette.exceptions import HTTPException

        child = self.own.matches(scope)[1]
        try:
            await self.own.app({**scope, **child}, receive, _with_header(send, b"cache-control", b"no-cache"))
        except HTTPException as error:
            await _answer(error.status_code, "There is nothing here.")(scope, receive, send)

    def _framing(self, query: str) -> bytes:
        """Return who may show an answer in a frame: this site alone, and of single charts those that were named."""
        alone = bool(dict(parse_qsl(query)).get("embed"))
        return " ".join(("frame-ancestors 'self'", *(self.embed_in if alone else ()))).encode()

    def _full_for(self, path: str) -> bool:
        """Return whether all places are taken, and the address is not that of somebody who has one."""
        from solara.server import kernel_context

        live = list(kernel_context.contexts)
        return len(live) >= self.max_sessions and not any(name in path for name in live)

    def _with_cookie(self, send: Send, secure: bool) -> Send:
        """Return what sends an answer whose cookies stay under the prefix and, where it can be, on encrypted lines."""
        end = b"; Secure" if secure else b""

        def own(value: bytes) -> bytes:
            return value.replace(b"; Path=/", f"; Path={self.root_path}/".encode(), 1) + end

        async def sent(message: Message) -> None:
            headers = message.get("headers", ())
            changed = [(name, own(value) if name.lower() == b"set-cookie" else value) for name, value in headers]
            await send({**message, "headers": changed} if headers else message)

        return sent


def inside(scope: Message, root_path: str) -> Message:
    """Return a request as Solara sees it: no prefix, and nothing of what a visitor says about the site's address.

    Solara takes its prefix, its host and the kind of its cookies from such words, some of them from the first visitor
    for all others.
    """
    path = within(scope["path"], root_path)
    headers = [pair for pair in scope["headers"] if pair[0] not in UNTOLD and not pair[0].startswith(FORWARDED)]
    if path == "/":  # what is compressed could not be dressed
        headers = [pair for pair in headers if pair[0] != b"accept-encoding"]
    scheme = scope.get("scheme", "http")
    return {
        **scope,
        "path": path,
        "raw_path": quote(path).encode(),
        "root_path": "",
        "headers": [*headers, (b"host", HOST)],
        "scheme": PLAIN.get(scheme, scheme),
    }


def within(path: str, root_path: str) -> str:
    """Return a path without the prefix, which is there or not; one that is no address of the site stays as it is."""
    if not (root_path and path.startswith(f"{root_path}/")):
        return path
    rest = path.removeprefix(root_path)
    return rest if rest.split("/")[1] in DOORS and not rest.startswith("//") else path


def from_elsewhere(scope: Message) -> bool:
    """Return whether a browser asks for the sake of another site's page.

    The page is our own where its host is the one that was asked, also before a proxy, or where it has our cookie, which
    browsers keep from other sites: a proxy that does not hand on the host works, too.
    """
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin")
    asked = {_host(f"//{headers.get(name, '').partition(',')[0].strip()}") for name in (b"host", b"x-forwarded-host")}
    own = origin is None or _host(origin) in asked - {None}
    return not own and f"{COOKIE}=" not in headers.get(b"cookie", "")


def nameless(scope: Message) -> bool:
    """Return whether a request about a session lacks the page that it comes from; Solara would break at it."""
    return not any(
        name == "session_id" and value for name, value in parse_qsl(scope.get("query_string", b"").decode("latin-1"))
    )


def _host(address: str) -> str | None:
    """Return the name of the host in an address; None where there is none."""
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def host_of(scope: Message) -> str:
    """Return the host that a visitor asked, with its port; nothing where what they say is none."""
    named = next((value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"), "")
    return named if _HOST.fullmatch(named) else ""


def _with_header(send: Send, name: bytes, value: bytes) -> Send:
    """Return what sends an answer with one header more."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), (name, value)]}
        await send(message)

    return sent


def _dressed(send: Send, query: str, site: str) -> Send:
    """Return what sends Solara's document as ours: it is held back until it is whole, for its length changes."""
    held: list[Message] = []
    parts: list[bytes] = []

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            held.append(message)
        elif message.get("more_body", False):
            parts.append(message.get("body", b""))
        else:
            body = dressed(b"".join([*parts, message.get("body", b"")]), query, site)
            headers = [pair for pair in held[0].get("headers", ()) if pair[0].lower() != b"content-length"]
            await send({**held[0], "headers": [*headers, (b"content-length", str(len(body)).encode())]})
            await send({"type": "http.response.body", "body": body})

    return sent


def _answer(status: int, text: str) -> ASGIApp:
    """Return a short answer in plain text."""
    from starlette.responses import PlainTextResponse

    return PlainTextResponse(text, status_code=status)


def _document(made: str | bytes, status: int = 200) -> ASGIApp:
    """Return an answer that is a page, or its picture, which a browser asks for anew each time."""
    from starlette.responses import HTMLResponse, Response

    headers = {"cache-control": "no-cache"}
    if isinstance(made, bytes):
        return Response(made, media_type="image/png", headers=headers)
    return HTMLResponse(made, status_code=status, headers=headers)


def _moved(path: str, scope: Message) -> ASGIApp:
    """Return an answer that sends a visitor to another address of the site, with the same query."""
    from starlette.responses import Response

    query = scope.get("query_string", b"").decode("latin-1")
    return Response(status_code=307, headers={"location": f"{path}?{query}" if query else path})
