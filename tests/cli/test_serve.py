"""aimarket serve says what is wrong with an address before it loads anything."""

import socket

from .line import typed


def test_a_port_that_is_taken_is_told():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = typed("serve", "--port", port)
    assert result.exit_code == 2
    assert f"cannot listen at 127.0.0.1:{port}" in result.stderr
    assert "choose another --port or --host" in result.stderr


def test_an_address_that_is_none_is_told():
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


def test_a_folder_without_a_sweep_is_told_before_anything_is_served(tmp_path):
    result = typed("serve", "--sweep", tmp_path / "nothing")
    assert result.exit_code == 2
    assert "nothing" in result.stderr
    assert "choose another folder for --sweep" in result.stderr
