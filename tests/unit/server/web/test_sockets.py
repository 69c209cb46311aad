"""Where a server listens: taken addresses are reported, free ones found, and nothing is announced before it answers."""

import contextlib
import socket
import threading

import pytest

from aimarket.server.errors import BadInputError
from aimarket.server.web.sockets import announce_when_ready, at, listen, prefix, sites

PATIENCE = 10.0
ANSWER = b"HTTP/1.1 %d Done\r\nContent-Length: 0\r\n\r\n"


@contextlib.contextmanager
def listening(host, port=0):
    sockets = listen(host, port)
    yield sockets
    for one in sockets:
        one.close()


def has_ipv6():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_port_nought_is_one_free_port_at_every_address_of_a_host(host):
    with listening(host) as sockets:
        ports = {one.getsockname()[1] for one in sockets}
        assert len(ports) == 1
        assert ports != {0}


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize(("host", "reached"), [("::1", "::1"), ("::", "::1"), ("::", "127.0.0.1")])
def test_addresses_of_ipv6_are_listened_at(host, reached):
    with listening(host) as sockets, socket.create_connection((reached, sockets[0].getsockname()[1]), PATIENCE):
        pass


def test_a_port_that_is_taken_leaves_nothing_open():
    with listening("127.0.0.1") as sockets:
        port = sockets[0].getsockname()[1]
        with pytest.raises(BadInputError, match=f"cannot listen at localhost:{port}: .*choose another --port"):
            listen("localhost", port)


@pytest.mark.parametrize("host", ["", "no.such.host.invalid", "192.0.2.1", "a" * 300, "\0", "1.2.3.4.5", ".."])
def test_an_address_that_is_none_is_reported(host):
    with pytest.raises(BadInputError, match="choose another --port or --host"):
        listen(host, 0)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("", ""), ("/", ""), ("/market", "/market"), ("market/", "/market"), ("/a/b.c/~d-e_f/", "/a/b.c/~d-e_f")],
)
def test_a_prefix_is_read_with_and_without_slashes(text, meant):
    assert prefix(text) == meant


@pytest.mark.parametrize(
    "text",
    ["https://a.example/m", "/a b", "/../x", "/a/./b", "/a?b", "/a#b", '/"><script>', "/a%2fb", "/ä", "/a\nb"],
)
def test_what_is_no_prefix_is_reported(text):
    with pytest.raises(BadInputError, match="is no prefix of addresses: give the part after the host, as in /market"):
        prefix(text)


def test_sites_are_taken_as_a_browser_reads_them():
    named = ("https://paper.example", "http://localhost:8000", "https://*.example.org", "https://paper.example")
    assert sites(named) == named[:3]


@pytest.mark.parametrize("text", ["*", "paper.example", "https://", "https://a.example/m", "https://a; b", "'none'"])
def test_what_is_no_site_is_reported(text):
    with pytest.raises(BadInputError, match=r"is no site: give its scheme and host, as in https://paper\.example"):
        sites([text])


def test_an_address_of_ipv6_stands_in_brackets():
    assert (at("::1", 80), at("127.0.0.1", 80)) == ("[::1]:80", "127.0.0.1:80")


@pytest.mark.parametrize(("status", "output"), [(200, True), (503, False)])
def test_an_address_is_reported_once_the_server_answers(status, output):
    ports, done = [], threading.Event()
    with listening("127.0.0.1") as sockets:
        announce_when_ready(sockets, "127.0.0.1", lambda port: (ports.append(port), done.set()))
        connection, _ = sockets[0].accept()
        with connection:
            asked = connection.recv(1000)
            assert ports == []
            connection.sendall(ANSWER % status)
            assert done.wait(PATIENCE if output else 0.1) is output
        assert asked.startswith(b"GET /readyz ")
        assert ports == ([sockets[0].getsockname()[1]] if output else [])
