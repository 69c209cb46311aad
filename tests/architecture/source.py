"""Read the project's own source, for the tests that keep its rules."""

import ast
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ("agents", "model", "experiments", "server")
NOT_OURS = {"__pycache__", "build", "dist", "node_modules"}


class Finding(NamedTuple):
    """What breaks a rule: where, in which function, and how."""

    place: str
    line: int
    function: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}:{self.line} {self.what}"

    def lies_in(self, place: str) -> bool:
        """Tell whether it lies in a folder (model/inputs/), in a file, or in a function (model/dates.py _day)."""
        file, _, function = place.partition(" ")
        in_file = self.place == file or (file.endswith("/") and self.place.startswith(file))
        return in_file and function in ("", self.function)


@dataclass(frozen=True)
class Module:
    """A Python file: its place below the root, its text and its syntax tree."""

    place: str
    text: str
    tree: ast.Module

    @classmethod
    def parse(cls, text: str, place: str = "agents/toy.py") -> "Module":
        return cls(place, text, ast.parse(text, filename=place))

    def at(self, node: ast.AST, what: str) -> Finding:
        """Return a finding about a part of the file."""
        line = getattr(node, "lineno", 1)
        around = [part.name for part in functions(self.tree) if part.lineno <= line <= part.end_lineno]
        return Finding(self.place, line, around[-1] if around else "", what)


Rule = Callable[[Module], Iterable[Finding]]


def files(pattern: str, *folders: str) -> Iterator[Path]:
    """Yield the files below the folders whose name fits the pattern, in order; a folder may be a file."""
    for folder in folders:
        place = ROOT / folder
        for path in [place] if place.is_file() else sorted(place.rglob(pattern)):
            parts = path.relative_to(ROOT).parts
            if not NOT_OURS.intersection(parts) and not any(part.startswith(".") for part in parts):
                yield path


def tracked() -> list[Path]:
    """Return the files of the repository, or all the files where there is none."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True) if shutil.which("git") else None
    if listed and listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.splitlines()]
    return list(files("*", "."))


@cache
def parsed(path: Path) -> Module:
    """Return a file's module, parsed once for all rules; none of them changes it."""
    return Module.parse(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())


def modules(*folders: str) -> Iterator[Module]:
    return map(parsed, files("*.py", *folders))


def judged(place: str) -> list[Module]:
    """Return the source of a folder or a file; a rule about what is not there guards nothing."""
    found = list(modules(place))
    assert found, f"a rule stands for {place}, and there is no source"
    return found


def assert_kept(rule: Rule, folders: Iterable[str], why: str, excepted: Mapping[str, str] | None = None) -> None:
    """Fail with every place that breaks the rule, and why the rule is there.

    Args:
        rule: what finds such places.
        folders: where it is kept.
        why: why it is there, or what to write instead.
        excepted: folders, files and functions in which it is not, each with the reason. One that excepts nothing fails.
    """
    excepted = excepted or {}
    found = [finding for folder in folders for module in judged(folder) for finding in rule(module)]
    broken = [str(finding) for finding in found if not any(map(finding.lies_in, excepted))]
    assert not broken, f"{why}\n  " + "\n  ".join(broken)
    idle = [place for place in excepted if not any(finding.lies_in(place) for finding in found)]
    assert not idle, f"no exception is needed here any more: {', '.join(idle)}"


def assert_seen(rule: Rule, text: str, place: str = "agents/toy.py") -> None:
    """Fail unless the rule finds something wrong with the text."""
    assert list(rule(Module.parse(text, place))), f"the rule does not see what is wrong with:\n{text}"


def assert_allowed(rule: Rule, text: str, place: str = "agents/toy.py") -> None:
    """Fail if the rule finds something wrong with the text."""
    assert not list(rule(Module.parse(text, place)))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def name_of(node: ast.AST) -> str:
    """Return the last word of a name: `total` for `total`, `np.total` and `a.b.total`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def assigned(node: ast.AST) -> list[ast.expr]:
    """Return what a statement assigns to."""
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AnnAssign) else []


def words_in(node: ast.AST) -> set[str]:
    """Return every name and attribute that an expression mentions."""
    return {name_of(part) for part in ast.walk(node)} - {""}
