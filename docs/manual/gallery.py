"""The gallery: every kind of figure that studies and reports hold, from small studies, light and dark.

python docs/manual/gallery.py docs plots them into docs/gallery and writes docs/gallery.md.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from aimarket.experiments.figures.style import THEMES, svg
from aimarket.experiments.report.contents import Options, gather
from aimarket.experiments.report.exhibits import Exhibit
from aimarket.experiments.sweeps.study_file import parse_study
from aimarket.experiments.sweeps.sweep import run_sweep

STUDY = """
question = "{title}"
scenarios = [{scenarios}]
quarters = 16
replicates = 2
seed = 7

[design]
method = "{method}"
{size}
parameters = ["announcement_effect", "inference_gain", "coding_ceiling", "deployment", "dilution"]

[outcomes]
{outcomes}
"""
SURGE = 'surge = "C1a.funding"'
SALES = 'sales = { quantity = "ai_revenue", versus = "twin, %", by_quarter = true, label = "sales of AI services" }'
CHALLENGER = '"deal_35bn", "deal_challenger", "deal_frontrunner"'
STUDIES = {
    "sobol": ("A study by Sobol’s method", '"deal_35bn"', f"{SURGE}\n{SALES}"),
    "morris": ("A study by Morris’ method", '"deal_35bn"', SURGE),
    "one_at_a_time": ("A study that moves one assumption at a time", '"deal_35bn"', SURGE),
    "latin_hypercube": ("A study of several scenarios", CHALLENGER, SURGE),
}
"""By method: a title, scenarios, and outcomes."""

SIZES = {"sobol": 32, "morris": 8, "one_at_a_time": 0, "latin_hypercube": 16}
PAIRS = 32
PAGE = """# Gallery

The figures that reports and `--figure` plot, each in both themes. Those from small studies are made by `make gallery`;
with so few runs their intervals are wide. `aimarket report` plots them for any sweep.

## The deal

![Four panels: what the deal changes for its recipient and for everybody else](figures/deal_35bn_light.svg#only-light)
![Four panels: what the deal changes for its recipient and for everybody else](figures/deal_35bn_dark.svg#only-dark)

Made by `aimarket compare deal_35bn --figure docs/figures/deal_35bn_light.svg`.

## The back-test

![Six series, and what the model said of 2025 beside what happened](figures/backtest_2024Q4_light.svg#only-light)
![Six series, and what the model said of 2025 beside what happened](figures/backtest_2024Q4_dark.svg#only-dark)

Made by `make calibration`; [The back-tests](backtest.md) say what it shows.
"""


def exhibits(method: str, size: int, pairs: int) -> Iterator[Exhibit]:
    """Yield the figures of a small study, with all that a report runs beside it where the method is Sobol's."""
    title, scenarios, outcomes = STUDIES[method]
    sized = f"size = {size}" if size else ""
    text = STUDY.format(title=title, scenarios=scenarios, method=method, size=sized, outcomes=outcomes)
    whole = method == "sobol"
    with tempfile.TemporaryDirectory() as folder:
        sweep = run_sweep(parse_study(text), folder, workers=0)
        contents = gather(sweep, Options(board=whole, tips=whole, replicates=pairs))
    yield from (exhibit for exhibit in contents.exhibits if exhibit.plot is not None and not exhibit.scenario)


def plotted(folder: Path, sizes: Mapping[str, int], pairs: int) -> Iterator[str]:
    """Plot the figures of small studies into a folder, and drop older ones; yield the page's text about each."""
    folder.mkdir(parents=True, exist_ok=True)
    seen: set[str] = set()
    for method, size in sizes.items():
        yield f"## {STUDIES[method][0]}"
        for exhibit in exhibits(method, size, pairs):
            if exhibit.name not in seen:
                seen.add(exhibit.name)
                yield _shown(exhibit, folder)
    for path in folder.glob("*.svg"):
        if path.stem.rpartition("-")[0] not in seen:
            path.unlink()


def _shown(exhibit: Exhibit, folder: Path) -> str:
    """Plot a figure in both themes; return the page's text about it."""
    assert exhibit.plot is not None
    lines = [f"### {exhibit.title}", ""]
    for theme in THEMES:
        path = folder / f"{exhibit.name}-{theme}.svg"
        path.write_text(svg(exhibit.plot(theme=theme)), encoding="utf-8")
        lines.append(f"![{exhibit.title}]({folder.name}/{path.name}#only-{theme})")
    return "\n".join([*lines, "", f"*{exhibit.how[0].upper()}{exhibit.how[1:]}.*", "", exhibit.reading])


def main(docs: Path, sizes: Mapping[str, int] = SIZES, pairs: int = PAIRS) -> None:
    """Plot the gallery and write its page."""
    parts = [PAGE.strip(), *plotted(docs / "gallery", sizes, pairs)]
    (docs / "gallery.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
