"""Optional libraries: nothing loads them that does without, and where one is missing its extra is named."""

import subprocess
import sys
import tomllib

import pytest

from aimarket.experiments.adapters.salib_ema import ema_model
from aimarket.experiments.analysis.sensitivity import sobol_indices
from aimarket.experiments.designs.design import make_design
from aimarket.experiments.designs.factors import Factor
from aimarket.experiments.optional_dependencies import EXTRAS, MissingExtraError, extra
from aimarket.experiments.sweeps.executors.local import open_executor

from ...architecture.source import ROOT
from ...cli.line import typed

OPTIONAL = ("SALib", "ema_workbench", "sklearn", "matplotlib", "jinja2", "dask", "distributed", "solara", "uvicorn")
FACTORS = (Factor("one", 0.0, 1.0), Factor("two", 0.0, 1.0))


def test_runs_and_twins_load_no_optional_library():
    work = (
        "import sys, aimarket; aimarket.compare('deal_35bn', replicates=2, quarters=1);"
        "aimarket.MarketModel().step(); from aimarket.server.cli import main as cli;"
        f"print(sorted(set({OPTIONAL!r}) & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", work], capture_output=True, text=True)
    assert result.stdout == "[]\n", result.stderr


def test_every_extra_is_one_of_the_project_s():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(project["optional-dependencies"]) == {*EXTRAS, "all", "docs", "dev"}
    assert project["optional-dependencies"]["all"] == [f"aimarket[{','.join(EXTRAS)}]"]


@pytest.mark.parametrize(
    ("module", "name", "work"),
    [
        ("SALib.sample", "analysis", lambda: make_design("sobol", FACTORS, size=4)),
        ("SALib.sample", "analysis", lambda: make_design("morris", FACTORS, size=4)),
        ("SALib.analyze", "analysis", lambda: sobol_indices(make_design("sobol", FACTORS, size=4), [1.0, 2.0] * 8)),
        ("ema_workbench", "analysis", lambda: ema_model("baseline", ["rivalry"])),
        ("aimarket.experiments.sweeps.executors.dask", "cluster", lambda: open_executor(dask="tcp://127.0.0.1:1")),
    ],
)
def test_what_is_missing_is_named_with_its_extra(monkeypatch, module, name, work):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"is not installed; for .*: pip install 'aimarket\[{name}\]'"):
        work()


def test_the_command_line_says_so_in_a_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    result = typed("serve", "--port", "8799")
    assert result.exit_code == 1
    assert result.stderr.endswith(
        "uvicorn is not installed; for the market in the browser: pip install 'aimarket[page]'\n"
    )


def test_other_errors_of_an_import_are_left_alone():
    with pytest.raises(ImportError) as error, extra("analysis"):
        raise ImportError("broken")
    assert not isinstance(error.value, MissingExtraError)
