"""The index of the source: every room with what it is for, and its files with what each is, from their docstrings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from .markdown_tables import markdown_table

ROOT = Path(__file__).parents[2]
LAYERS = ("agents", "model", "experiments", "server")
"""The folders of the package, from the bottom."""


def module_index() -> str:
    """Return a heading a room, what the room is for, and a table of its files."""
    return "\n\n".join(_section(room) for layer in LAYERS for room in rooms(ROOT / layer))


def rooms(folder: Path) -> Iterator[Path]:
    """Yield a package and all packages in it, each before those inside it."""
    yield from sorted(path.parent for path in folder.rglob("__init__.py"))


def _section(room: Path) -> str:
    """Return a room's part of the index; one that holds data alone has no table."""
    files = sorted(path for path in room.glob("*.py") if path.name != "__init__.py")
    rows = ((_link(path), _summary(path)) for path in files)
    table = markdown_table(("file", "what it is"), rows) if files else ""
    name = room.relative_to(ROOT).as_posix()
    return "\n\n".join(part for part in (f"### `{name}/`", _summary(room / "__init__.py"), table) if part)


def _summary(path: Path) -> str:
    """Return the first line of a source file's docstring."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]


def _link(path: Path) -> str:
    """Return a file's name as a link from a document in docs/."""
    name = path.relative_to(ROOT).as_posix()
    return f"[`{name}`](../{name})"
