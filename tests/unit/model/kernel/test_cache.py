"""The cache of kernels: what it returns is whole and its owner's, and where it cannot be kept nothing is."""

import os
import stat

import pytest

from aimarket.model.kernel import cache

NAME, ENDING = "name", ".so"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of one's own, where caches lie."""
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_what_is_kept_is_found_by_its_name_and_by_nobody_else_to_be_written(home):
    path = cache.write(NAME, ENDING, b"content")
    assert path.is_relative_to(home / ".cache" / "aimarket")
    assert cache.kept(NAME, ENDING) == path
    assert cache.kept("other", ENDING) is None
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, path.parent.parent)] == [0o700, 0o700]


def test_the_folder_of_caches_may_lie_elsewhere(home, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "elsewhere"))
    assert cache.write(NAME, ENDING, b"content").is_relative_to(home / "elsewhere")


@pytest.mark.parametrize("content", [b"", b"cont", b"contents"])
def test_a_damaged_file_is_removed_and_not_returned(home, content):
    path = cache.write(NAME, ENDING, b"content")
    path.write_bytes(content)
    assert cache.kept(NAME, ENDING) is None
    assert not path.exists()


def test_a_file_that_others_may_write_is_not_returned(home):
    path = cache.write(NAME, ENDING, b"content")
    path.chmod(0o620)
    assert cache.kept(NAME, ENDING) is None


def test_a_link_is_not_followed(home):
    path = cache.write(NAME, ENDING, b"content")
    target = path.rename(home / "planted")
    path.symlink_to(target)
    assert cache.kept(NAME, ENDING) is None


@pytest.mark.parametrize("part", [0, 1])
def test_a_folder_that_others_may_write_is_not_used(home, part):
    path = cache.write(NAME, ENDING, b"content")
    (path.parent, path.parent.parent)[part].chmod(0o777)
    assert cache.kept(NAME, ENDING) is None
    assert cache.write(NAME, ENDING, b"content") is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner here")
def test_what_belongs_to_another_user_is_not_returned(home, monkeypatch):
    cache.write(NAME, ENDING, b"content")
    own = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: own + 1)
    assert cache.kept(NAME, ENDING) is None


def test_without_a_home_that_can_be_written_nothing_is_kept(home, monkeypatch):
    (home / "file").write_bytes(b"")
    monkeypatch.setenv("HOME", str(home / "file"))
    assert cache.folder() is None
    assert cache.write(NAME, ENDING, b"content") is None
    assert cache.kept(NAME, ENDING) is None


def test_a_full_disk_leaves_nothing_behind(home, monkeypatch):
    def full(*paths):
        raise OSError("no space left")

    monkeypatch.setattr(cache.shutil, "copyfile", full)
    assert cache.write(NAME, ENDING, b"content") is None
    assert list(cache.folder().iterdir()) == []
