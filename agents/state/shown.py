"""How objects show themselves: a few lines at a prompt, a small table in a notebook, however much they hold."""

from __future__ import annotations

import html
import inspect
import math
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, TypeVar

import numpy as np

Shown = TypeVar("Shown", bound=type)
Item = TypeVar("Item")

LONGEST, WIDEST, NAMED, FEW = 900, 160, 6, 8
"""Characters of a whole and of a part, parts that are named, and numbers of an array that are written out."""

MORE = "..."


class Catalogue(dict[str, Item]):
    """Things by name: it shows the names, and in a notebook what each of them is."""

    def __repr__(self) -> str:
        """Show how many things there are, and the names of as many as there is room for."""
        text = f"{len(self)} by name: {', '.join(self)}"
        return text if len(text) <= LONGEST else f"{text[: LONGEST - len(MORE)]}{MORE}"

    def _repr_html_(self) -> str:
        """Return names and what they mean as a table of HTML."""
        return _rows(
            [(name, brief(getattr(item, "doc", "") or getattr(item, "title", ""))) for name, item in self.items()]
        )


def shown(*names: str) -> Callable[[Shown], Shown]:
    """Let the objects of a class show some of their attributes, and say what else they can be asked.

    Args:
        names: the attributes, or methods without arguments; all fields of a dataclass or named tuple when left out.
    """

    def decorate(cls: Shown) -> Shown:
        parts = names or tuple(getattr(cls, "__dataclass_fields__", None) or cls._fields)  # type: ignore[attr-defined]
        whole: Any = cls
        whole.__repr__ = lambda self: _text(self, parts)
        whole._repr_html_ = lambda self: _table(self, parts)
        return cls

    return decorate


def brief(value: Any) -> str:
    """Return a value in a line, however much it holds: numbers, names, and how many there are; nothing for none."""
    text_of = next(text_of for kind, text_of in _FORMATTERS if isinstance(value, kind))
    line = " ".join(text_of(value).split())
    return line if len(line) <= WIDEST else f"{line[: WIDEST - len(MORE)]}{MORE}"


def _number(value: float) -> str:
    """Return a number with six digits."""
    return f"{value:.6g}" if math.isfinite(value) else "undefined"


def _array(values: np.ndarray) -> str:
    """Return the numbers of a small array, and the shape of a large one."""
    if values.size > FEW:
        return f"array of shape {values.shape}"
    with np.printoptions(precision=4, nanstr="undefined", infstr="undefined"):
        return str(values) if values.size else ""


def _mapping(values: Mapping[Any, Any]) -> str:
    """Return a few things by name with what they are, of many the names."""
    if len(values) > NAMED:
        return _several(list(values))
    small = (bool, int, float, np.number)
    return ", ".join(f"{key} {brief(item)}" if isinstance(item, small) else str(key) for key, item in values.items())


def _several(items: Sequence[Any] | Set[Any]) -> str:
    """Return the first of several things by name, and how many there are."""
    listed = list(items)
    named = ", ".join(brief(_name(item) or item) for item in listed[:NAMED])
    return f"{len(listed):,}: {named}, {MORE}" if len(listed) > NAMED else named


def _object(value: Any) -> str:
    """Return an object by its class and name; of a table of data how large it is, of what is short all of it."""
    if hasattr(value, "columns") and hasattr(value, "index"):
        return f"{len(value):,} rows of {_several(list(value.columns))}"
    if inspect.isclass(value) or inspect.isroutine(value):
        return str(value.__name__)
    return _title(value) if hasattr(type(value), "_repr_html_") else str(value)


_FORMATTERS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (str, str),
    (type(None), lambda _: ""),
    (bool | int, str),
    (float | np.floating, _number),
    (np.ndarray, _array),
    (Mapping, _mapping),
    (list | tuple | range | Set, lambda value: _object(value) if hasattr(value, "_fields") else _several(value)),
    (object, _object),
)
"""How values of a type are shown in a line; the first that fits."""


def _name(item: Any) -> str:
    """Return what an object is called; nothing for texts, numbers and what has no name."""
    if isinstance(item, str):
        return ""
    names = (getattr(item, attribute, "") for attribute in ("name", "title", "key"))
    return next((name for name in names if isinstance(name, str) and name), "")


def _title(item: Any) -> str:
    """Return what an object is, with its name if it has one."""
    return f"{type(item).__name__} {_name(item)}".strip()


def _lines(item: Any, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the parts of an object in words, and last what else it can be asked; nothing of one that was closed."""
    parts = {name: getattr(item, name) for name in names if hasattr(item, name)}
    texts = {name: brief(part() if inspect.ismethod(part) else part) for name, part in parts.items()}
    return [
        (name, text) for name, text in (*texts.items(), ("also", brief(", ".join(_asked(type(item), names))))) if text
    ]


def _asked(cls: type, names: Sequence[str]) -> list[str]:
    """Return what else can be asked of an object of a class of ours: its properties and methods."""
    own = {
        name: part
        for base in cls.__mro__
        if base.__module__.startswith(__package__.partition(".")[0])
        for name, part in vars(base).items()
    }
    return [
        f"{name}()" if inspect.isfunction(part) else name
        for name, part in own.items()
        if not name.startswith("_")
        and name not in names
        and (inspect.isfunction(part) or isinstance(part, property) or hasattr(part, "attrname"))
    ]


def _text(item: Any, names: Sequence[str]) -> str:
    """Return an object as lines of text."""
    lines = _lines(item, names)
    width = max((len(name) for name, _ in lines), default=0)
    text = "\n".join([_title(item), *(f"  {name:<{width}}  {value}" for name, value in lines)])
    return text if len(text) <= LONGEST else f"{text[: LONGEST - len(MORE)]}{MORE}"


def _table(item: Any, names: Sequence[str]) -> str:
    """Return an object as a table of HTML."""
    return _rows(_lines(item, names), _title(item))


def _rows(lines: Sequence[tuple[str, str]], title: str = "") -> str:
    """Return names and texts as a table of HTML, whatever characters are in them."""
    left = 'style="text-align:left"'
    rows = "".join(
        f"<tr><th {left}>{html.escape(name)}</th><td {left}>{html.escape(text)}</td></tr>" for name, text in lines
    )
    return f"<table><caption {left}>{html.escape(title)}</caption>{rows}</table>"
