"""Read the project's own source, for the tests that keep its rules."""

import ast
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ("agents", "model", "experiments", "server")
NOT_OURS = {"__pycache__", "build", "dist", "node_modules"}


@dataclass(frozen=True)
class Module:
    """A Python file: its place below the root, its text and its syntax tree."""

    place: str
    text: str
    tree: ast.Module

    @classmethod
    def parse(cls, text: str, place: str = "agents/toy.py") -> "Module":
        return cls(place, text, ast.parse(text, filename=place))

    def within(self, *places: str) -> bool:
        """Tell whether the file is one of the places, or lies in one that ends with a slash."""
        return any(self.place == place or (place.endswith("/") and self.place.startswith(place)) for place in places)

    def at(self, node: ast.AST, what: str) -> str:
        return f"{self.place}:{node.lineno} {what}"


Rule = Callable[[Module], Iterable[str]]


def files(pattern: str, *folders: str) -> Iterator[Path]:
    """Yield the files below the folders whose name fits the pattern, in order."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(pattern)):
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


def modules(*folders: str) -> Iterator[Module]:
    for path in files("*.py", *folders):
        yield Module.parse(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())


def assert_kept(rule: Rule, folders: Iterable[str], why: str) -> None:
    """Fail with every place that breaks the rule, and why the rule is there."""
    broken = [place for module in modules(*folders) for place in rule(module)]
    assert not broken, f"{why}\n  " + "\n  ".join(broken)


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
