"""`import aimarket` works wherever it is said, and costs nothing until something is used."""

import subprocess
import sys

import pytest

TRAP = "raise ImportError('this is the user\\'s own file, and no part of aimarket')\n"
HEAVY = ("mesa", "pandas", "pyarrow", "scipy", "matplotlib", "typer", "rich")


@pytest.fixture
def folder_of_a_user(tmp_path):
    """A folder whose files have the names of our packages."""
    for name in ("agents", "model", "experiments", "server"):
        (tmp_path / f"{name}.py").write_text(TRAP)
    return tmp_path


def run_python(folder, *arguments):
    """Run Python in a folder and return what it printed."""
    done = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_works_beside_a_users_own_model_and_agents(folder_of_a_user):
    printed = run_python(folder_of_a_user, "-c", "import aimarket; print(aimarket.__version__)")
    assert printed[0].isdigit()


def test_the_model_is_found_beside_a_users_own_model_and_agents(folder_of_a_user):
    printed = run_python(folder_of_a_user, "-c", "import aimarket; print(aimarket.MarketModel.__module__)")
    assert printed == "aimarket.model.market_model"


def test_the_command_line_starts_beside_a_users_own_model_and_agents(folder_of_a_user):
    assert "compare" in run_python(folder_of_a_user, "-m", "aimarket.server.cli.main", "--help")


@pytest.mark.parametrize("library", HEAVY)
def test_importing_loads_no_heavy_library(library, tmp_path):
    assert run_python(tmp_path, "-c", f"import sys, aimarket; print({library!r} in sys.modules)") == "False"
