"""aimarket serve says what is wrong with an address before it loads anything."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from .line import typed

PATIENCE = 60.0


def test_a_port_that_is_taken_is_reported():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = typed("serve", "--port", port)
    assert result.exit_code == 2
    assert f"cannot listen at 127.0.0.1:{port}" in result.stderr
    assert "choose another --port or --host" in result.stderr


def test_an_address_that_is_none_is_reported():
    result = typed("serve", "--host", "no.such.host.invalid")
    assert result.exit_code == 2
    assert "cannot listen at no.such.host.invalid:8765" in result.stderr


def test_there_is_room_for_somebody():
    result = typed("serve", "--max-sessions", "0")
    assert (result.exit_code, result.stderr) == (
        2,
        "aimarket: --max-sessions 0 has to be a whole number of at least 1\n",
    )


def test_a_port_is_a_port():
    assert "at most 65535" in typed("serve", "--port", "70000").stderr


def test_a_folder_without_a_sweep_is_reported_before_anything_is_served(tmp_path):
    result = typed("serve", "--sweep", tmp_path / "nothing")
    assert result.exit_code == 2
    assert "nothing" in result.stderr
    assert "choose another folder for --sweep" in result.stderr


@pytest.mark.parametrize("root_path", ["https://a.example/market", "/a b"])
def test_a_prefix_that_is_none_is_reported(root_path):
    result = typed("serve", "--root-path", root_path)
    assert result.exit_code == 2
    assert f"--root-path {root_path!r} is no prefix of addresses" in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_address_is_reported_once_it_answers_and_a_signal_ends_it(ending):
    command = [sys.executable, "-m", "aimarket.server.cli.main", "serve", "--port", "0", "--root-path", "market"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said = server.stdout.readline()
    address = said.removeprefix("aimarket: ").partition(" ")[0]
    with urllib.request.urlopen(f"{address}readyz", timeout=PATIENCE) as answer:
        assert answer.status == 200
    server.send_signal(ending)
    assert server.communicate(timeout=PATIENCE) == ("", "")
    assert (said, server.returncode) == (f"aimarket: {address} (Ctrl-C ends it)\n", 0)
    assert address.endswith("/market/")
