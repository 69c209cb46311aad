"""Our own studies: run, and described in docs/studies as text and figures that anybody can read beside the question.

``python -m aimarket.experiments.publishing.study_pages docs/studies`` runs every study below the folder, some ten
minutes on four cores, and writes results.md and figures beside each study.toml. Sweeps are kept in build/studies and
taken up again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from ...model.inputs.paths import located
from ...model.inputs.text import write_likeness
from ..figures.style import svg
from ..report.contents import Contents, Options, gather
from ..report.exhibits import Exhibit
from ..storage.atomic_files import write_whole
from ..sweeps.results import Sweep
from ..sweeps.sweep import take_up_sweep
from .generated_tables import rewritten
from .markdown_tables import markdown_table

STUDY, RESULTS, FIGURES, INDEX = "study.toml", "results.md", "figures", "README.md"
LARGEST = 60_000
"""Bytes of a figure that is kept with the documents: larger ones, of thousands of points, are in the report only."""

MOST_ROWS = 24
"""Rows of a table that is kept with the documents."""


def write_results(sweep: Sweep, folder: Path, options: Options | None = None) -> Contents:
    """Write what a sweep says beside its study: a text, and figures as SVG.

    Args:
        sweep: what was run.
        folder: of the study.
        options: what to run beside the sweep.
    """
    contents = gather(sweep, options)
    (folder / FIGURES).mkdir(exist_ok=True)
    for old in (folder / FIGURES).glob("*.svg"):
        old.unlink()
    plotted = {exhibit.name for exhibit in contents.exhibits if _kept_figure(exhibit, folder)}
    write_whole(folder / RESULTS, "\n".join(_text(contents, folder, plotted)).encode())
    return contents


def _kept_figure(exhibit: Exhibit, folder: Path) -> bool:
    """Draw an exhibit, and return whether it is small enough to be kept."""
    if exhibit.plot is None:
        return False
    image = svg(exhibit.plot(title=exhibit.title, unit=exhibit.how)).encode()
    if len(image) > LARGEST:
        return False
    write_whole(folder / FIGURES / f"{exhibit.name}.svg", image)
    return True


def _text(contents: Contents, folder: Path, plotted: set[str]) -> Iterator[str]:
    """Yield the lines of the text."""
    yield f"# {contents.question}\n"
    yield f"{contents.finding}\n"
    if contents.missing:
        yield f"Not all of it is there: {contents.missing}.\n"
    yield (
        "; ".join(
            f"{item.name} {item.value} ({item.note})" if item.note else f"{item.name} {item.value}"
            for item in contents.facts
        )
        + ".\n"
    )
    yield "Made by\n\n```"
    yield from (
        f"aimarket sweep docs/studies/{folder.name}/{STUDY} --out {folder.name}",
        f"aimarket report {folder.name}",
        "```\n",
    )
    for chapter in contents.chapters:
        yield f"## {chapter.title}\n"
        if chapter.lead:
            yield f"{chapter.lead}\n"
        for exhibit in chapter.exhibits:
            yield from _exhibit(exhibit, kept=exhibit.name in plotted)
    yield "## How far to trust it\n"
    yield from (f"- {limit}" for limit in contents.limits)
    yield ""


def _exhibit(exhibit: Exhibit, *, kept: bool) -> Iterator[str]:
    """Yield the lines of an exhibit: figure, what it says, and the numbers behind it."""
    yield f"### {exhibit.title}\n"
    if kept:
        yield f"![{exhibit.title}: {exhibit.how}]({FIGURES}/{exhibit.name}.svg)\n"
    yield f"{exhibit.reading}\n"
    rows = exhibit.rows
    if 0 < len(rows) <= MOST_ROWS:
        yield f"{markdown_table(exhibit.heads, rows)}\n"


def main() -> None:
    """Run all studies of a folder, or some of them, and write what they say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=located, help="the folder that holds a folder for each study")
    parser.add_argument("names", nargs="*", help="some of the studies; all if none is named")
    parser.add_argument("--keep", type=located, default=located("build/studies"), help="where the sweeps are kept")
    asked = parser.parse_args()
    write_likeness(sys.stdout)
    lost = False
    for study in sorted(path.parent for path in asked.folder.glob(f"*/{STUDY}")):
        if not asked.names or study.name in asked.names:
            kept = asked.keep / study.name
            sweep = take_up_sweep(study / STUDY, kept)
            lost |= bool(sweep.loss)
            sys.stdout.write(f"{study.name}: {write_results(sweep, study).finding}\n")
    index = asked.folder / INDEX
    write_whole(
        index, rewritten(index.read_text(encoding="utf-8"), {"findings": lambda: findings(asked.folder)}).encode()
    )
    sys.exit(int(lost))


def findings(folder: Path) -> str:
    """Return every question with its answer, as the results give them."""
    answers = []
    for path in sorted(folder.glob(f"*/{RESULTS}")):
        question, _, answer = path.read_text(encoding="utf-8").split("\n")[:3]
        answers.append(f"**[{question.removeprefix('# ')}]({path.parent.name}/{RESULTS})** {answer}")
    return "\n\n".join(answers)


if __name__ == "__main__":
    main()
