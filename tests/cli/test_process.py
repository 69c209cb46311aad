"""The command line as a process of its own: streams, signals and exit codes."""

import json
import os
import signal
import subprocess
import sys

import pytest

import aimarket

COMMAND = [sys.executable, "-m", "aimarket.server.cli.main"]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


def started(*words, **options):
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=120, **options)


def test_json_is_all_that_a_process_prints():
    result = started("run", "deal_35bn", "--replicates", "2", "--quarters", "3", "--json")
    assert result.returncode == 0
    assert result.stderr == ""
    assert json.loads(result.stdout)["quarters"] == 3


def test_bad_input_leaves_a_process_with_code_2_and_one_line():
    result = started("run", "dael_35bn")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "aimarket: the model has no scenario 'dael_35bn'; did you mean 'deal_35bn'?\n"


def test_help_loads_neither_pandas_nor_mesa():
    look = (
        "import atexit, sys; sys.argv = ['aimarket', 'run', '--help']; from aimarket.server.cli import main as cli;"
        "atexit.register(lambda: print({'pandas', 'mesa', 'numpy'} & set(sys.modules))); cli.main()"
    )
    result = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True)
    assert result.stdout.endswith("\nset()\n"), result.stdout + result.stderr


def test_progress_is_reported_on_standard_error_when_asked_for():
    quick = (
        "from aimarket.server.cli import progress_bar, main as cli; progress_bar.PATIENCE = -1.0; import sys;"
        "sys.argv = 'aimarket run baseline --replicates 2 --quarters 10 --progress --json'.split(); cli.main()"
    )
    result = subprocess.run([sys.executable, "-c", quick], capture_output=True, text=True)
    assert result.stderr.splitlines()[-1] == "100 % of 20 replicate-quarters"
    assert json.loads(result.stdout)["quarters"] == 10


def test_progress_is_silent_where_there_is_no_terminal():
    quick = (
        "from aimarket.server.cli import progress_bar, main as cli; progress_bar.PATIENCE = -1.0; import sys;"
        "sys.argv = 'aimarket run baseline --replicates 2 --quarters 10'.split(); cli.main()"
    )
    assert subprocess.run([sys.executable, "-c", quick], capture_output=True, text=True).stderr == ""


@POSIX
def test_control_c_leaves_with_130_and_one_line():
    eager = (
        "import sys; from aimarket.server.cli import progress_bar as bar, main as cli;"
        "bar.PATIENCE, bar.TENTHS = -1.0, 10**6;"
        "sys.argv = 'aimarket run baseline --replicates 100000 --yes --progress'.split(); cli.main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", eager],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )
    assert "replicate-quarters" in process.stderr.readline()  # it runs
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.splitlines()[-1]) == (130, "", "aimarket: interrupted")
    assert "Traceback" not in err


@POSIX
@pytest.mark.parametrize("words", [("parameters",), ("scenarios", "--json"), ("parameters", "--markdown")])
def test_a_reader_that_leaves_early_is_no_error(words):
    process = subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    process.wait(timeout=60)
    with process.stderr:
        assert process.stderr.read() == b""


@POSIX
def test_a_full_disk_gets_one_line_and_leaves_no_half_file(tmp_path):
    import resource

    def little_disk():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    result = started(
        "run", "baseline", "--replicates", "2", "--quarters", "3", "--out", tmp_path / "out", preexec_fn=little_disk
    )
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert str(tmp_path / "out") in line
    assert "File too large" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
@pytest.mark.parametrize("words", [("parameters", "--json"), ("scenarios",)], ids=" ".join)
def test_an_output_that_takes_no_more_gets_one_line(words):
    with open("/dev/full", "w") as full:
        result = subprocess.run([*COMMAND, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    said = "aimarket: cannot write all of the output: No space left on device\n"
    assert (result.returncode, result.stderr) == (1, said)


def test_a_saved_run_that_was_cut_off_gets_one_line(tmp_path):
    model = aimarket.MarketModel()
    model.step()
    model.save(tmp_path / "whole.run")
    content = (tmp_path / "whole.run").read_bytes()
    (tmp_path / "half.run").write_bytes(content[: len(content) // 2])
    result = started("run", "--resume", tmp_path / "half.run")
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert "half.run is not a saved run" in line
