"""Write docs/trust.md: what a sceptic can try, each point with its command and the figure that came of it last.

``python docs/manual/trust.py laws borders`` runs those points and keeps what they say in docs/trust.json; without a
name it writes the page from what is kept.
"""

import datetime
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).parents[1]
ROOT, KEPT, PAGE = DOCS.parent, DOCS / "trust.json", DOCS / "trust.md"
USUALLY = {"WORLDS": "160", "CASES": "200", "MINUTES": "60", "VISITORS": "24", "KILLS": "20"}
SIZES = {name: os.environ.get(name, usual) for name, usual in USUALLY.items()}
"""How much is tried of each, as the make targets take it."""

PYTEST = (".venv/bin/pytest", "-p", "no:cacheprovider", "-q")
HEAD = """# Trust: what a sceptic can try

What a referee, an operator and a stranger with a hostile file would try, each by one command, with the figure that it
gave when it was run last. `python docs/manual/trust.py NAME` runs a point, and writes this page.

"""
TAIL = """
Not tried here: known vulnerabilities of libraries. Wheels carry none of that, so that they have to be asked for of a
service: `pip install pip-audit` and `pip-audit --requirement constraints.txt`. No roster is read from anybody's file:
firms come with the package and from Python, and scenario files name them, which the borders try.
"""


class Point(NamedTuple):
    """A point: its title, what is tried, the command that people type, and the words that are run."""

    title: str
    tried: str
    command: str
    words: tuple[str, ...]


POINTS = {
    "oracle": Point(
        "A second opinion",
        "the whole economy in plain Python, every column after every phase, to nine digits",
        ".venv/bin/pytest tests/docking/test_oracle.py",
        (*PYTEST, "tests/docking/test_oracle.py"),
    ),
    "laws": Point(
        "Laws of the whole model",
        "names, the order of rows, halves of firms and deals, price levels, batches and more supply, with parameters "
        "anywhere in their ranges; {WORLDS} worlds a law",
        "make laws WORLDS={WORLDS}",
        (*PYTEST, "tests/laws", "tests/properties/test_batches.py"),
    ),
    "borders": Point(
        "Strangers at every border",
        "files of scenarios, studies, points, saved runs, sweeps and observations, links, messages of browsers and "
        "command lines, mutated: success, or one line and exit code 2; {CASES} cases a border",
        "make borders CASES={CASES}",
        (*PYTEST, "tests/borders"),
    ),
    "kills": Point(
        "Killed at any moment",
        "sweeps, and workers of sweeps, killed {KILLS} times over at random moments and taken up again, byte by byte",
        "make kills KILLS={KILLS}",
        (*PYTEST, "-m", "acceptance", "tests/acceptance"),
    ),
    "soak": Point(
        "A crowd",
        "{VISITORS} visitors at once for {MINUTES} minutes, who play, steer, change pages, leave and come back; all "
        "that they are sent is their own run, every quarter byte by byte, and memory is watched",
        "make soak MINUTES={MINUTES} VISITORS={VISITORS}",
        (".venv/bin/python", "tests/operation/soak.py"),
    ),
    "peers": Point(
        "Books, as peers keep them",
        "what the literature asks of stock-flow-consistent models, of the published matrices, in random worlds: "
        "rows and columns, the redundant equation, net lending, claims and debts, net worth as saving and revaluation",
        ".venv/bin/pytest tests/accounting/test_stock_flow_consistency.py",
        (*PYTEST, "tests/accounting/test_stock_flow_consistency.py"),
    ),
    "libraries": Point(
        "Optuna and the EMA Workbench",
        "both drive a study end to end ([how](howto/optuna_ema.md)), and our own sweep runs the same points",
        "python docs/manual/peers.py",
        (".venv/bin/python", "docs/manual/peers.py"),
    ),
    "results": Point(
        "Published results",
        "closed forms and statistics of the literature, with tolerances ([replications.md](replications.md))",
        "aimarket replicate NAME",
        (
            ".venv/bin/python",
            "-c",
            "from aimarket.experiments.publishing import replications_page as p; print(p.sentence())",
        ),
    ),
    "mutants": Point(
        "Mutants",
        "one thing changed at a time in rules, accounting, markets and deals, a sample drawn by a seed",
        "make mutants",
        (".venv/bin/python", "tests/mutants.py", "--read"),
    ),
    "licences": Point(
        "Licences",
        "of all libraries that a run needs, as their packages say",
        "make licences",
        (".venv/bin/python", "docs/manual/licences.py"),
    ),
    "wheelhouse": Point(
        "Without a network",
        "all wheels in a folder, installed from it alone into a fresh environment, where the baseline is run",
        "make wheelhouse",
        ("sh", "docs/manual/offline.sh"),
    ),
}


def main(names: list[str]) -> None:
    """Run points by name, keep their figures, and write the page."""
    for name in names:
        found = {"figure": figure(name, POINTS[name].words), "day": datetime.date.today().isoformat(), **SIZES}
        KEPT.write_text(json.dumps({**last_ones(), name: found}, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page(last_ones()), encoding="utf-8")


def last_ones() -> dict[str, dict[str, str]]:
    """Return what is kept of the last run of every point, by name."""
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}


def figure(name: str, words: tuple[str, ...]) -> str:
    """Run a point, and return what came of it in words."""
    table, tests = ROOT / "build" / f"trust_{name}.xml", words[0] == PYTEST[0]
    words = (*words, f"--junitxml={table}") if tests else words
    sizes = {f"AIMARKET_{size}": value for size, value in SIZES.items()}
    done = subprocess.run(words, cwd=ROOT, env={**os.environ, **sizes}, capture_output=True, text=True, check=False)
    if not tests:
        said = done.stdout.strip().splitlines()
        return said[-1] if said else f"exit code {done.returncode}"
    suite = ET.parse(table).getroot()[0].attrib
    wrong = int(suite["failures"]) + int(suite["errors"])
    return f"{suite['tests']} tests, {wrong} failed"


def page(kept: dict[str, dict[str, str]]) -> str:
    """Return the page: a row a point, with the figure of its last run."""
    rows = ["| point | what is tried | command | figure | day |", "| --- | --- | --- | --- | --- |"]
    for name, point in POINTS.items():
        last = {"figure": "not run yet", "day": "", **SIZES, **kept.get(name, {})}
        tried, command = point.tried.format(**last), point.command.format(**last)
        rows.append(f"| {point.title} | {tried} | `{command}` | {last['figure']} | {last['day']} |")
    return HEAD + "\n".join(rows) + "\n" + TAIL


if __name__ == "__main__":
    main(sys.argv[1:])
