"""Where the server listens: an address is taken before anything is loaded, and announced once it answers."""

from __future__ import annotations

import contextlib
import errno
import re
import socket
import threading
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any

from ..errors import BadInputError

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
READY = "/readyz"
Address = tuple[Any, ...]
"""Of a socket: the host's address, the port, and with IPv6 the flow and the zone."""

ANSWERS = 200

_PART = re.compile(r"[A-Za-z0-9._~-]+")
_SITE = re.compile(r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?")
_ABSENT = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def listen(host: str, port: int) -> list[socket.socket]:
    """Return what listens at every address of a host; at port 0, at one port that is free.

    Raises:
        BadInputError: an address is taken, or there is none.
    """
    sockets: list[socket.socket] = []
    try:
        for address in _addresses(host, port):
            sockets += _bound(host, address, sockets[0].getsockname()[1] if sockets else port)
        if not sockets:
            raise OSError(errno.EADDRNOTAVAIL, "this machine has no such address")
    except (OSError, UnicodeError) as error:
        for one in sockets:
            one.close()
        why = getattr(error, "strerror", None) or error
        raise BadInputError(f"cannot listen at {at(host, port)}: {why}; choose another --port or --host") from None
    return sockets


def at(host: str, port: int) -> str:
    """Return a host and a port as an address has them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def prefix(text: str) -> str:
    """Return a prefix of addresses as the server uses it: a slash before each part and none at the end.

    Raises:
        BadInputError: it is no prefix.
    """
    parts = [part for part in text.split("/") if part]
    if "://" in text or not all(_PART.fullmatch(part) and part.strip(".") for part in parts):
        problem = f"--root-path {text!r} is no prefix of addresses: give the part after the host, as in /market"
        raise BadInputError(problem)
    return "".join(f"/{part}" for part in parts)


def sites(named: Sequence[str]) -> tuple[str, ...]:
    """Return sites as a browser's rules on frames name them.

    Raises:
        BadInputError: one is no site.
    """
    for text in named:
        if not _SITE.fullmatch(text):
            problem = f"--embed-in {text!r} is no site: give its scheme and host, as in https://paper.example"
            raise BadInputError(problem)
    return tuple(dict.fromkeys(named))


def announce_when_ready(sockets: Sequence[socket.socket], host: str, announce: Callable[[int], None]) -> None:
    """Ask a server whether it is ready, and announce its port as soon as it answers; nothing if it ends before."""
    port = sockets[0].getsockname()[1]

    def ask() -> None:
        with contextlib.suppress(OSError, HTTPException):
            connection = HTTPConnection(EVERYWHERE.get(host, sockets[0].getsockname()[0]), port)
            connection.request("GET", READY)
            if connection.getresponse().status == ANSWERS:
                announce(port)
            connection.close()

    threading.Thread(target=ask, daemon=True).start()


def _addresses(host: str, port: int) -> list[tuple[int, Address]]:
    """Return the families and addresses of a host, each once; both loopbacks where its name is localhost."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return list(dict.fromkeys((int(info[0]), info[4]) for info in found))


def _bound(host: str, found: tuple[int, Address], port: int) -> list[socket.socket]:
    """Return a socket that listens at an address of a host; none where this machine lacks its family."""
    family, (name, _, *zone) = found
    try:
        both = name == "::" and socket.has_dualstack_ipv6()
        return [socket.create_server((name, port, *zone), family=family, dualstack_ipv6=both)]
    except OSError as error:
        if error.errno in _ABSENT and name != host:
            return []
        raise
