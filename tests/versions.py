"""Try the project with the lowest and the newest versions that pyproject.toml allows, and write a table of them.

    python tests/versions.py docs/versions.md [PYTHON ...]

Each environment is made by uv from the registry, in a folder of its own that is removed afterwards: the lowest version
of every direct dependency on the first interpreter, Mesa's versions between, and the newest of everything on all of
them. Interpreters are those named, else every python3.11 to python3.14 on the path. Tests of pages are left out: they
need one browser, not every version.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
LOWEST, NEWEST = "lowest-direct", "highest"
USUAL = ("python3.11", "python3.12", "python3.13", "python3.14")
MESA_BETWEEN = ("3.4.0", "3.4.1", "3.4.2")
"""Versions of Mesa that treat reporters and seeds in ways of their own."""

MESA_TESTS = ("tests/docking", "tests/unit", "tests/accounting")
"""What is run with them: Mesa appears nowhere else."""

SHOWN = (
    "mesa", "numpy", "pandas", "pyarrow", "scipy", "salib", "ema-workbench", "scikit-learn", "matplotlib", "joblib",
    "dask", "solara", "typer", "rich",
)  # fmt: skip
START, END = "<!-- versions -->", "<!-- /versions -->"


class Environment(NamedTuple):
    """What is installed, where."""

    title: str
    python: str
    resolution: str
    pins: tuple[str, ...] = ()
    tests: tuple[str, ...] = ("--ignore", "tests/browser")


class Outcome(NamedTuple):
    """What came of it."""

    environment: Environment
    python: str
    versions: dict[str, str]
    tests: str


def environments(pythons):
    """Return what is tried on which interpreter."""
    first, last = pythons[0], pythons[-1]
    between = [
        Environment(f"Mesa {version}", last, NEWEST, (f"mesa=={version}",), MESA_TESTS) for version in MESA_BETWEEN
    ]
    newest = [Environment("newest", python, NEWEST) for python in pythons]
    return [Environment("lowest", first, LOWEST), *(between if last != first else []), *newest]


def tried(environment, uv):
    """Return what came of an environment."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        run([uv, "venv", "--quiet", "--python", environment.python, "--no-python-downloads", folder])
        run([uv, "pip", "install", "--quiet", "--python", python, "--resolution", environment.resolution,
             "--editable", f"{ROOT}[dev]", *environment.pins])  # fmt: skip
        listed = run([uv, "pip", "list", "--quiet", "--python", python, "--format", "freeze"])
        versions = dict(line.split("==") for line in listed.splitlines() if "==" in line)
        version = run([python, "-c", "import platform; print(platform.python_version())"]).strip()
        shown = subprocess.run(
            [python, "-m", "pytest", "-q", "--numprocesses=auto", "--dist=loadfile", "--no-header", *environment.tests],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    print(shown.stdout[-4000:], shown.stderr[-1000:])
    return Outcome(environment, version, versions, result(shown.stdout))


def result(output):
    """Return what pytest says last: how many tests passed, failed and were left out."""
    last = re.findall(r"^(?:=+ )?((?:\d+ \w+(?:, )?)+) in [\d.]+s", output, re.MULTILINE)
    return last[-1] if last else "did not run"


def run(words):
    """Return what a command prints, or end with what it says is wrong."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stderr}")
    return done.stdout


def table(outcomes):
    """Return a Markdown table: an environment a column, a dependency a row."""
    rows = [
        ["", *(outcome.environment.title for outcome in outcomes)],
        ["---"] * (len(outcomes) + 1),
        ["Python", *(outcome.python for outcome in outcomes)],
        *([name, *(outcome.versions.get(name, "") for outcome in outcomes)] for name in SHOWN),
        ["tests", *(outcome.tests for outcome in outcomes)],
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def written(document, content):
    """Put a table between the markers of a document."""
    text = document.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    document.write_text(f"{before}{START}\n\n{content}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def main(document, *pythons):
    """Try every environment, and write what came of it."""
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}") or sys.exit(
        "uv is missing, which finds the lowest versions: pip install uv"
    )
    there = pythons or [name for name in USUAL if shutil.which(name)]
    outcomes = []
    for environment in environments(there):
        print(f"{environment.title} on {environment.python}", flush=True)
        outcomes.append(tried(environment, uv))
        written(Path(document), table(outcomes))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
