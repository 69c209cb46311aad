"""Workers live in the world of the program that started them: its modules, its folder and its environment."""

import os
import subprocess
import sys
import sysconfig
import textwrap

import pytest

from aimarket.experiments.sweeps.executors import environment
from aimarket.experiments.sweeps.executors.local import Loky, Serial, gathered

MINE = 'raise RuntimeError("mine")'
PROGRAM = """
    import os, sys
    from aimarket.experiments.sweeps.executors.local import Loky, gathered

    class Mine:
        told = "mine"

    def work(chunk):
        import mine
        return Mine.told, mine.told, os.getcwd(), os.environ.get("PLACE"), open("here.txt").read()

    os.environ["PLACE"] = "elsewhere"
    os.chdir("elsewhere")
    with Loky(1) as executor:
        print(list(gathered(executor, work, [0], attempts=1)))
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give a folder that is the current one, where a program and what it reads lie apart."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "here.txt").write_text("here")
    (tmp_path / "mine.py").write_text('told = "beside"')
    (tmp_path / "program.py").write_text(textwrap.dedent(PROGRAM))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.skipif(os.name != "posix", reason="a process of its own for cleaning up")
def test_a_file_that_is_called_like_a_module_of_pythons_ends_no_worker(tmp_path, monkeypatch):
    for name in ("queue", "signal", "random", "numpy"):
        (tmp_path / f"{name}.py").write_text(MINE)
    monkeypatch.chdir(tmp_path)
    with Loky(1) as executor:
        assert list(gathered(executor, lambda chunk: chunk, [0], attempts=1)) == [(0, 0)]


@pytest.mark.parametrize("how", [["program.py"], ["-m", "program"], ["-c", textwrap.dedent(PROGRAM)]])
def test_workers_find_what_the_program_finds(folder, how):
    words = [sys.executable, *how]
    found = subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder)
    assert str(("mine", "beside", str(folder / "elsewhere"), "elsewhere", "here")) in found.stdout, found.stderr


def test_the_environment_of_a_worker_is_its_parents(monkeypatch):
    monkeypatch.setenv("LATER", "set by the program")
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    with Loky(1) as executor:
        ((_, found),) = gathered(executor, lambda chunk: dict(os.environ), [0])
    assert found["LATER"] == "set by the program"
    assert "PYTHONSAFEPATH" not in found


def test_a_worker_that_replaces_another_is_in_the_same_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Loky(1) as executor:
        monkeypatch.chdir("/")
        list(gathered(executor, lambda chunk: os._exit(1), [0], attempts=1))
        assert list(gathered(executor, lambda chunk: os.getcwd(), [0])) == [(0, str(tmp_path))]


def test_a_worker_that_ends_by_itself_is_not_blamed_on_memory():
    with Loky(1) as executor:
        ((_, error),) = gathered(executor, lambda chunk: os._exit(3), [0], attempts=1)
    assert error.reason == "TerminatedWorkerError: a worker process ended by itself, with EXIT(3)"


class Unknown:
    """Something that a worker cannot read."""

    def __reduce__(self):
        """Ask for a module that no worker has."""
        return __import__, ("nowhere_to_be_found",)


def test_what_a_worker_cannot_read_is_named():
    lost = Unknown()
    with Loky(1) as executor:
        ((_, error),) = gathered(executor, lambda chunk: lost, [0], attempts=1)
    assert "a worker cannot read its work: ModuleNotFoundError: No module named 'nowhere_to_be_found" in error.reason


@pytest.mark.parametrize("name", ["queue.py", "queue/__init__.py", "numpy.py"])
def test_the_file_that_hides_a_module_is_named(tmp_path, name, monkeypatch):
    place = tmp_path / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(MINE)
    (tmp_path / "my_own_module.py").write_text("")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert environment.hiding() == [place]
    with Loky(1) as executor:
        ((_, error),) = gathered(executor, lambda chunk: os._exit(1), [0], attempts=1)
    assert f"{place} hides a module of the same name: rename it" in error.reason


def test_what_is_found_after_pythons_own_modules_hides_none(tmp_path):
    (tmp_path / "queue.py").write_text(MINE)
    assert environment.hiding([sysconfig.get_path("stdlib"), str(tmp_path)]) == []


def test_this_process_needs_no_world_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert list(gathered(Serial(), lambda chunk: os.getcwd(), [0])) == [(0, str(tmp_path))]


def test_the_command_finds_nothing_in_the_current_folder_however_it_is_called(tmp_path):
    (tmp_path / "queue.py").write_text(MINE)
    words = [sys.executable, "-m", "aimarket", "--version"]
    found = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
