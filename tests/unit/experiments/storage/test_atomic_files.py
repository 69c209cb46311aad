"""Files that are whole or not there, also where a link or a device stands in their place."""

import os

import pytest

from aimarket.experiments.storage import atomic_files
from aimarket.experiments.storage.atomic_files import StoreError, write_whole

POSIX = pytest.mark.skipif(os.name != "posix", reason="links and devices of POSIX")


def test_a_file_that_cannot_be_written_to_the_end_is_the_one_that_was_there(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    (tmp_path / "x").write_bytes(b"before")
    monkeypatch.setattr(atomic_files.os, "fsync", full)
    with pytest.raises(StoreError, match=r"cannot write .*x: No space left on device"):
        write_whole(tmp_path / "x", b"after")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("x", b"before")]


@POSIX
def test_a_link_stays_one_and_its_file_is_written(tmp_path):
    (tmp_path / "file").write_bytes(b"before")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", b"after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"after"


@POSIX
def test_what_is_no_file_is_written_straight(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_whole(tmp_path / "pipe", b"said")
    assert os.read(reading, 9) == b"said"
    os.close(reading)


def test_a_folder_in_the_way_is_named(tmp_path):
    with pytest.raises(StoreError, match="cannot write"):
        write_whole(tmp_path, b"x")
