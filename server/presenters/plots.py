"""Charts as HTML that needs no script: lines with their intervals over quarters, and estimates beside their bounds.

Shapes are SVG that stretches with the page; words are HTML beside them and keep their size. A chart is its own table.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from ...experiments.formatting import as_exactly, between, dated, numeral

SIDE = 1000.0
"""Units of a drawing's width and height."""

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MOST_TICKS = 4
APART = 13.0
"""How far apart labels at the ends of lines stand at least, per cent of the height."""

BELOW = 0.1
"""How far a line may reach below the lowest round number, in steps of the axis, before there is one more."""

MARGIN = 0.12
"""What a track leaves free on both sides, of all that is drawn in it."""

MARKS = {
    "supported": "holds",
    "not supported": "does not hold",
    "undecided": "open",
    "real but too small to matter": "too small to matter",
}


class Line(NamedTuple):
    """A line over quarters.

    Attributes:
        name: what it is, in few words.
        colour: the name of a colour, as in ``deal``.
        values: mean, low and high by quarter.
        banded: whether its interval is drawn.
        dashed: whether it is of the world without the deal.
    """

    name: str
    colour: str
    values: Mapping[str, Sequence[float]]
    banded: bool = True
    dashed: bool = False

    def text(self, place: int) -> str:
        """Return the mean of a quarter as exactly as its interval is wide."""
        return self._shown(place, self.values["mean"][place])

    def interval(self, place: int) -> str:
        """Return the interval of a quarter in words; nothing where it has no width."""
        low, high = self.values["low"][place], self.values["high"][place]
        return between(low, high, lambda value: self._shown(place, value)) if high > low else ""

    def _shown(self, place: int, value: float) -> str:
        """Return a number of a quarter as it is shown, with a true minus."""
        row = {end: self.values[end][place] for end in ("low", "high")}
        return as_exactly(row, numeral)(value).replace("-", "−")


class Chart(NamedTuple):
    """Lines over quarters, with what is to be known of all.

    Attributes:
        title: what they are.
        unit: in which unit.
        dates: the quarters, as in 2026Q1.
        lines: the first is the one that the chart is about.
        begin: the place of the deal's quarter.
        level: a value that the lines are held against, and what it is.
    """

    title: str
    unit: str
    dates: Sequence[str]
    lines: Sequence[Line]
    begin: int
    level: tuple[float, str] | None = None

    def html(self) -> str:
        """Return the chart with its labels and its table."""
        low, high, ticks = self._scale()
        down = {tick: 100.0 * (high - tick) / (high - low) for tick in ticks}
        return (
            f'<figure class="plot"><figcaption><b>{escape(self.title)}</b> <span>{escape(self.unit)}</span>'
            f"{self._key()}</figcaption>"
            f'<div class="field" role="img" aria-label="{escape(self._spoken())}"><div class="pane">'
            f"{self._still(low, high, ticks)}{self._moving(low, high)}"
            f"{''.join(_at('y', f'top:{place:.2f}%', _tick(tick)) for tick, place in down.items())}"
            f"{''.join(self._years())}{''.join(self._ends(low, high))}</div></div>"
            f"{self._table()}</figure>"
        )

    def _scale(self) -> tuple[float, float, list[float]]:
        """Return the least and the largest number of the axis, and its round numbers; nothing is in it, too."""
        ends = ("low", "high") if any(line.banded for line in self.lines) else ("mean",)
        found = [value for line in self.lines for end in ends for value in line.values[end]]
        found += [0.0] if self.level is None else [0.0, self.level[0]]
        low, high = min(found), max(found)
        rough = (high - low or 1.0) / MOST_TICKS
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(one * power for one in STEPS if one * power >= rough * 0.999)
        first, last = math.floor(low / step + BELOW), math.ceil(high / step - 1e-9)
        return first * step, last * step, [step * place for place in range(first, last + 1)]

    def _points(self, values: Sequence[float], low: float, high: float) -> list[str]:
        """Return the points of a line, as a drawing has them."""
        last = len(self.dates) - 1
        return [
            f"{SIDE * place / last:.1f},{SIDE * (high - value) / (high - low):.1f}"
            for place, value in enumerate(values)
        ]

    def _still(self, low: float, high: float, ticks: Sequence[float]) -> str:
        """Return what does not move: the grid, the deal's quarter and the level."""
        rows = "".join(
            f'<path class="grid{"" if tick else " zero"}" d="M0 {_y(tick, low, high)}H1000"/>' for tick in ticks
        )
        along = 100.0 * self.begin / (len(self.dates) - 1)
        shapes = rows + f'<path class="when" d="M{SIDE / 100.0 * along:.1f} 0V1000"/>'
        words = _at("flag", f"left:{along:.2f}%", "Deal")
        if self.level is not None:
            value, name = self.level
            shapes += f'<path class="level" d="M0 {_y(value, low, high)}H1000"/>'
            words += _at("named", f"top:{100.0 * (high - value) / (high - low):.2f}%;left:{along + 1.5:.2f}%", name)
        return _drawing("still", shapes) + words

    def _moving(self, low: float, high: float) -> str:
        """Return the lines and their intervals."""
        parts = []
        for line in self.lines:
            style = f'style="--c:var(--{line.colour})"'
            if line.banded:
                around = self._points(line.values["high"], low, high)
                around += self._points(line.values["low"], low, high)[::-1]
                parts.append(f'<polygon class="band" {style} points="{" ".join(around)}"/>')
            points = " ".join(self._points(line.values["mean"], low, high))
            parts.append(f'<polyline class="line{" twin" if line.dashed else ""}" {style} points="{points}"/>')
        return _drawing("moving", "".join(parts))

    def _years(self) -> Iterator[str]:
        """Yield the years below the axis."""
        last = len(self.dates) - 1
        for place, date in enumerate(self.dates):
            if date.endswith("Q1"):
                odd = " odd" if int(date[:4]) % 2 else ""
                yield _at(f"x{odd}", f"left:{100.0 * place / last:.2f}%", date[:4])

    def _ends(self, low: float, high: float) -> Iterator[str]:
        """Yield what stands at the ends of lines: name, quarter, number and interval, far enough apart to be read."""
        date = dated(self.dates[-1])
        wanted = sorted((100.0 * (high - line.values["mean"][-1]) / (high - low), line) for line in self.lines)
        tops = _apart([top for top, _ in wanted])
        for top, (_, line) in zip(tops, wanted, strict=True):
            interval = f" ({line.interval(-1)})" if line.interval(-1) else ""
            yield (
                f'<span class="end" style="top:{top:.2f}%;--c:var(--{line.colour})"><b>{escape(line.name)}</b> '
                f"<small>{date}</small><i>{line.text(-1)}{interval}</i></span>"
            )

    def _key(self) -> str:
        """Return what lines are called, for where there is no room at their ends."""
        items = "".join(
            f'<li style="--c:var(--{line.colour})"><i{" class=twin" if line.dashed else ""}></i>{escape(line.name)}'
            for line in self.lines
        )
        return f'<ul class="names">{items}</ul>'

    def _spoken(self) -> str:
        """Return the chart in words: what it is, and where its lines end."""
        ends = "; ".join(f"{line.name} {line.text(-1)} ({line.interval(-1) or 'sure'})" for line in self.lines)
        return f"{self.title}, {self.unit}, {dated(self.dates[0])} to {dated(self.dates[-1])}. At the end: {ends}."

    def _table(self) -> str:
        """Return the numbers as a table."""
        heads = "".join(f'<th scope="col">{escape(line.name)}</th>' for line in self.lines)
        rows = "".join(f"<tr>{''.join(self._cells(place))}</tr>" for place in range(len(self.dates)))
        return (
            '<details class="numbers"><summary>Show as a table</summary><div class="roll" tabindex="0" role="region" '
            f'aria-label="{escape(self.title)}"><table><caption>{escape(self.title)}, {escape(self.unit)}: mean of all '
            f'pairs (95 % interval)</caption><thead><tr><th scope="col">Quarter</th>{heads}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div></details>"
        )

    def _cells(self, place: int) -> Iterator[str]:
        """Yield the cells of a quarter."""
        yield f'<th scope="row">{dated(self.dates[place])}</th>'
        for line in self.lines:
            interval = f" ({line.interval(place)})" if line.interval(place) else ""
            yield f"<td>{line.text(place)}{interval}</td>"


def track(row: Mapping[str, Any]) -> str:
    """Return an estimate of a claim as a dot and its interval beside the bound of its condition.

    Args:
        row: as the page Claims shows it.
    """
    name = f'<span class="l" title="{escape(row["wording"])}">{escape(row["label"])}</span>'
    if row["value"] is None:
        return f'<li class="est">{name}<span class="n">{escape(row["shown"])}</span></li>'
    verdict = f"{MARKS.get(row['verdict'], row['verdict'])}, asked {row['condition']}"
    return (
        f'<li class="est" data-key="{escape(row["key"])}">{name}<span class="n"><b>{row["shown"]}</b> '
        f"({row['interval']}) {escape(row['unit'])}</span>{_drawn(row)}"
        f'<span class="v">{escape(verdict)}</span></li>'
    )


def _drawn(row: Mapping[str, Any]) -> str:
    """Return an estimate on a track of its own scale, in which nothing and the bound lie, too."""
    ends = (row["low"], row["high"], row["bound"], 0.0)
    wide = (max(ends) - min(ends)) or 1.0
    low, wide = min(ends) - MARGIN * wide, (1.0 + 2.0 * MARGIN) * wide
    value, left, right, limit = (100.0 * (row[name] - low) / wide for name in ("value", "low", "high", "bound"))
    zone = (0.0, limit) if row["mirrored"] else (limit, 100.0)
    parts = (("zone", *zone), ("bound", limit, limit), ("whisker", left, right), ("spot", value, value))
    shapes = "".join(
        f'<i class="{name}" style="left:{begin:.1f}%{f";width:{end - begin:.1f}%" if end > begin else ""}"></i>'
        for name, begin, end in parts
    )
    return f'<span class="track" aria-hidden="true">{shapes}</span>'


def _apart(wanted: Sequence[float]) -> list[float]:
    """Return places from above to below that are far enough apart, near where they are wanted."""
    tops: list[float] = []
    for place in wanted:
        tops.append(max(place, tops[-1] + APART) if tops else place)
    over = max(tops[-1] - 96.0, 0.0) if tops else 0.0
    return [top - over for top in tops]


def _y(value: float, low: float, high: float) -> str:
    """Return how far from above a value is drawn."""
    return f"{SIDE * (high - value) / (high - low):.1f}"


def _tick(value: float) -> str:
    """Return a round number of an axis."""
    return f"{value:,.10g}".replace("-", "−")


def _drawing(name: str, shapes: str) -> str:
    """Return shapes that stretch with what is around them."""
    return f'<svg class="{name}" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">{shapes}</svg>'


def _at(name: str, where: str, text: str) -> str:
    """Return a word somewhere in a chart."""
    return f'<span class="{name}" style="{where}">{escape(text)}</span>'
