"""Environments of their own: every Python and Mesa that the project supports, and the package as strangers get it.

    nox --list
    nox -s "tests-3.12(mesa='3.5')" -- tests/unit/test_mesa.py
    nox -s package-3.13

Interpreters are those on the path: a session without one is skipped and named at the end, or fails where CI is set.
What tests gave is kept in build/versions, and the session `table` writes all of it into docs/versions.md.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nox

nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.sessions = ["lowest", "tests", "package", "table"]

PYTHONS = nox.project.python_versions(nox.project.load_toml("pyproject.toml"))
NEWEST = "newest"
MESAS = ("3.3.1", "3.4.0", "3.4.1", "3.4.2", "3.5", NEWEST)
"""Versions that treat reporters and seeds in ways of their own, and the newest of every library."""

NOT_ON = {"3.11": MESAS[1:-1]}
"""Mesa 3.4 and newer ask for Python 3.12."""

WITHOUT_PAGES = ("--ignore", "tests/browser")
"""Tests of pages need one browser, not every version."""

MESA_TESTS = ("tests/docking", "tests/unit", "tests/accounting")
"""What is run with a Mesa between: it appears nowhere else."""

RESULTS = Path("build/versions")
SHOWN = (
    "mesa",
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
    "salib",
    "ema-workbench",
    "scikit-learn",
    "matplotlib",
    "joblib",
    "dask",
    "solara",
    "typer",
    "rich",
)
LISTING = f"""
import json, platform
from importlib.metadata import version
print(json.dumps({{"Python": platform.python_version()}} | {{name: version(name) for name in {SHOWN}}}))
"""
DOCUMENT = Path("docs/versions.md")
START, END = "<!-- versions -->", "<!-- /versions -->"


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """Test with the lowest version of every library that pyproject.toml allows."""
    session.install("--resolution", "lowest-direct", "--editable", ".[dev]")
    tested(session, "lowest", WITHOUT_PAGES)


@nox.session(python=PYTHONS)
@nox.parametrize("mesa", MESAS)
def tests(session: nox.Session, mesa: str) -> None:
    """Test with a version of Mesa, or with the newest version of everything."""
    if mesa in NOT_ON.get(str(session.python), ()):
        session.skip(f"Mesa {mesa} does not support Python {session.python}")
    elif mesa == NEWEST:
        session.install("--editable", ".[dev]")
        tested(session, NEWEST, WITHOUT_PAGES)
    else:
        session.install("--editable", ".[dev]", f"mesa=={mesa}.*")
        tested(session, f"Mesa {mesa}", MESA_TESTS)


@nox.session(python=PYTHONS)
def package(session: nox.Session) -> None:
    """Build the package, install the wheel into a clean environment, and use it there."""
    made = Path(session.create_tmp()).resolve()
    session.run("uv", "build", "--quiet", "--clear", "--out-dir", str(made), ".", external=True)
    (wheel,) = made.glob("*.whl")
    session.install(f"{wheel}[page]", "--constraint", "constraints.txt")
    session.run("python", "tests/installed.py")


@nox.session(venv_backend="none")
def table(session: nox.Session) -> None:
    """Write what all tests gave into docs/versions.md."""
    columns = list(outcomes())
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2] or "\n"
    DOCUMENT.write_text(f"{before}{START}\n\n{markdown(columns)}\n\n{END}{after}", encoding="utf-8")
    missing = sorted(set(PYTHONS) - {column["Python"].rpartition(".")[0] for column in columns})
    if missing:
        session.warn(f"{DOCUMENT} says nothing of Python {' and '.join(missing)}: there was no such interpreter")


def tested(session: nox.Session, title: str, chosen: tuple[str, ...]) -> None:
    """Run the tests that are asked for; or else those chosen, and keep with which versions, and what they gave."""
    words = ["pytest", "-q", "--numprocesses=auto", "--dist=loadfile", "--no-loadscope-reorder"]
    if session.posargs:
        session.run(*words, *session.posargs)
        return
    record, report = kept(str(session.python), title)
    RESULTS.mkdir(parents=True, exist_ok=True)
    listed = json.loads(session.run("python", "-c", LISTING, silent=True))
    record.write_text(json.dumps({"": title, **listed}), encoding="utf-8")
    report.unlink(missing_ok=True)
    session.run(*words, f"--junit-xml={report}", *chosen)


def kept(python: str, title: str) -> tuple[Path, Path]:
    """Return the files of an environment: what was installed, and what its tests gave."""
    return RESULTS / f"{python} {title}.json", RESULTS / f"{python} {title}.xml"


def outcomes() -> Iterator[dict[str, Any]]:
    """Yield a column for every environment that was tried: its title, its versions and what its tests gave."""
    for title in ("lowest", *(f"Mesa {mesa}" for mesa in MESAS[:-1]), NEWEST):
        for record, report in (kept(python, title) for python in PYTHONS):
            if record.exists():
                given = counted(report.read_text(encoding="utf-8")) if report.exists() else "did not run"
                yield {**json.loads(record.read_text(encoding="utf-8")), "tests": given}


def counted(report: str) -> str:
    """Return how many tests passed, failed and were left out, by pytest's report in XML."""
    suite = next(ElementTree.fromstring(report).iter("testsuite"))
    failed, errors, skipped = (int(suite.get(name, 0)) for name in ("failures", "errors", "skipped"))
    passed = int(suite.get("tests", 0)) - failed - errors - skipped
    counts = {"failed": failed, "passed": passed, "skipped": skipped, "errors": errors}
    return ", ".join(f"{number} {word}" for word, number in counts.items() if number)


def markdown(columns: list[dict[str, Any]]) -> str:
    """Return a Markdown table: an environment a column, a dependency a row."""
    rows = [[name, *(column.get(name, "") for column in columns)] for name in ("", "Python", *SHOWN, "tests")]
    rows.insert(1, ["---"] * (len(columns) + 1))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
