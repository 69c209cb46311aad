"""How a kernel comes about where something is amiss: with what is there, and never worse than by NumPy."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

import aimarket
from aimarket.model.kernel import cache, making
from aimarket.model.kernel.compiler import compiler
from aimarket.model.kernel.plan import plan_of

from .toys import toy

pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler")


def walk(x, p, draws, quarter):
    """Return the next state, and what is kept."""
    return x + draws, x[:, None]


@pytest.fixture(scope="module")
def plan():
    return plan_of(toy(walk))


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of one's own; a toy has no model that NumPy could run beside it."""
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(making, "difference", lambda kernel, build: "")
    return tmp_path


def made(plan):
    return making.made_kernel(plan, None)


def files(ending=making.COMPILED):
    return sorted(cache.folder().glob(f"*{ending}"))


def refused(number):
    """Return what raises the error of a number wherever it is called."""

    def raises(*given, **options):
        raise OSError(number, os.strerror(number))

    return raises


def test_a_kernel_is_compiled_once_and_kept(plan, home):
    assert making.kept_kernel(plan) is None
    assert made(plan).plan is plan
    assert making.kept_kernel(plan).compiled.path == files()[0]


def test_without_a_folder_for_caches_a_kernel_runs_and_is_not_kept(plan, home, monkeypatch):
    (home / "file").write_bytes(b"")
    monkeypatch.setenv("HOME", str(home / "file"))
    assert made(plan).plan is plan
    assert making.kept_kernel(plan) is None


def test_in_a_home_that_is_read_only_what_is_there_is_used_and_nothing_is_written(plan, home, monkeypatch):
    with monkeypatch.context() as at_first:
        at_first.setattr(cache.tempfile, "mkstemp", refused(errno.EROFS))
        assert made(plan).plan is plan
        assert files() == []
    made(plan)
    monkeypatch.setattr(cache.tempfile, "mkstemp", refused(errno.EROFS))
    monkeypatch.setattr(Path, "unlink", refused(errno.EROFS))
    assert making.kept_kernel(plan).plan is plan
    files()[0].write_bytes(b"damaged")
    assert making.kept_kernel(plan) is None
    assert len(files()) == 1


@pytest.mark.parametrize(
    "damage", [lambda content: content[:1000], lambda content: b"", lambda content: content + b"0"]
)
def test_a_damaged_file_is_not_loaded_and_made_anew(plan, home, damage):
    made(plan)
    files()[0].write_bytes(damage(files()[0].read_bytes()))
    assert making.kept_kernel(plan) is None
    made(plan)
    assert making.kept_kernel(plan) is not None


def test_a_whole_file_that_is_no_library_of_this_machine_is_made_anew(plan, home):
    cache.write(making._name(plan), making.COMPILED, b"\x7fELF of another machine")
    assert making.kept_kernel(plan) is None
    assert files() == []


def test_a_damaged_plan_is_traced_anew(home, monkeypatch):
    monkeypatch.setattr(making, "trace_quarter", lambda build: toy(walk))
    first = making.planned("structure", None, lasting=True)
    files(making.PLAN)[0].write_bytes(b"damaged")
    assert making.planned("structure", None, lasting=True).key == first.key
    monkeypatch.setattr(making, "trace_quarter", None)
    assert making.planned("structure", None, lasting=True).key == first.key


SECOND = """
import pickle, sys
from aimarket.model.kernel import making
making.difference = lambda kernel, build: ""
plan = pickle.loads(sys.stdin.buffer.read())
print("ready", flush=True)
print(making.made_kernel(plan, None).compiled.path, making.kept_kernel(plan) is not None)
"""


def test_two_processes_that_compile_at_once_both_have_a_whole_kernel(plan, home):
    where = str(Path(aimarket.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([where, *sys.path])}
    work = subprocess.Popen(
        [sys.executable, "-c", SECOND], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=False, env=environment
    )
    with work:
        work.stdin.write(making.pickle.dumps(plan))
        work.stdin.close()
        assert work.stdout.readline() == b"ready\n"
        for _ in range(3):
            made(plan)
            assert making.kept_kernel(plan) is not None
        assert work.stdout.read().endswith(b"True\n")
    assert len(files()) == 1
    assert list(cache.folder().glob(".*")) == []
