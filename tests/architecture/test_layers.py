"""The layers of the house, as pyproject.toml declares them."""

import subprocess
import sys

import pytest

from .source import ROOT


def test_every_import_keeps_the_layers():
    pytest.importorskip("importlinter")
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    judged = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert judged.returncode == 0, judged.stdout + judged.stderr


def test_no_folder_of_tests_is_a_package():
    assert list((ROOT / "tests").rglob("__init__.py")) == [], "pytest would take the root for their parent package"
