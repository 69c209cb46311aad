"""A report is one page that needs nothing else, says what was found in numbers, and hides no failure."""

import re
from functools import partial
from html.parser import HTMLParser

import numpy as np
import pytest

from aimarket.experiments.figures.style import THEMES
from aimarket.experiments.report import tipping_exhibits
from aimarket.experiments.report.contents import Options, gather
from aimarket.experiments.report.exhibits import by_scenario
from aimarket.experiments.report.page import render, write_figures, write_report
from aimarket.experiments.sweeps.sweep import run_sweep

from .studies import CAUSE, FAILED, swept

ALONE = Options(board=False, tips=False)
SCRIPT = "<script>alert('x')</script> & \"quoted\" <b>"
VOID = {"meta", "br", "link", "input", "img"}
STUDY = """
question = "What decides whether the deal sets off a surge?"
quarters = 14
replicates = 2
[design]
method = "sobol"
size = 8
parameters = ["earmark_pace", "deployment"]
[outcomes]
funding = "C1a.funding"
share = { quantity = "ai_labs.market_share", firm = "recipient", by_quarter = true, versus = "twin" }
"""


class Page(HTMLParser):
    """Collects what a page holds, and complains of tags that do not match."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.faults, self.text = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append((tag, self.getpos()))

    def handle_data(self, data):
        self.text.append(data)

    def values(self, name):
        return [attrs[name] for _, attrs in self.tags if attrs.get(name)]


@pytest.fixture(scope="module")
def contents():
    return gather(swept(failed=FAILED), ALONE)


@pytest.fixture(scope="module")
def html(contents):
    return render(contents)


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


@pytest.fixture(scope="module")
def page_text(page):
    return " ".join(" ".join(page.text).split())


def test_every_tag_that_is_opened_is_closed(page):
    assert (page.faults, page.open) == ([], [])


def test_every_name_on_the_page_is_there_once(page):
    names = page.values("id")
    assert len(names) == len(set(names))


def test_the_page_asks_nothing_of_any_server(html, page):
    assert [link for name in ("src", "href", "srcset", "data") for link in page.values(name) if link[0] != "#"] == []
    assert re.findall(r"url\((?!#)|@import|https?://", html) == []


def test_the_page_runs_nothing(page):
    assert {tag for tag, _ in page.tags} & {"script", "iframe", "object", "form"} == set()
    assert [name for _, attrs in page.tags for name in attrs if name.startswith("on")] == []


def test_links_within_the_page_lead_somewhere(page):
    assert {link[1:] for link in page.values("href")} <= set(page.values("id"))


def test_what_a_stranger_wrote_stays_text():
    sweep = swept(question=SCRIPT, label=SCRIPT)
    page = Page(render(gather(sweep, ALONE)))
    assert {"script", "b"} & {tag for tag, _ in page.tags} == set()
    assert page.faults == []
    assert SCRIPT in "".join(page.text)


def test_the_page_begins_with_the_question_and_the_finding(page_text, contents):
    assert page_text.index(contents.question) < page_text.index(contents.finding) < page_text.index("Set-up")


def test_the_finding_names_what_decides_with_its_number_and_interval(contents):
    assert re.match(r"Push accounts for 9\d(\.\d)? % of the variance of the effect \(95 % interval ", contents.finding)


def test_every_run_that_failed_is_named_with_quarter_and_cause(page_text):
    assert f"{CAUSE} 4 in 2028 Q1: runs 3, 7–9" in page_text


def test_a_report_of_failed_runs_says_how_much_was_left_out(contents):
    (first, *_) = contents.exhibits
    assert "all runs of a point failed: 1 of 32 blocks of the sample." in first.reading


def test_every_figure_is_on_the_page_with_what_it_says(page, contents):
    drawn = [exhibit for exhibit in contents.exhibits if exhibit.plot is not None]
    labels = [attrs["aria-label"] for tag, attrs in page.tags if tag == "svg" and "aria-label" in attrs]
    assert len(drawn) >= 4
    assert labels[: len(drawn)] == [f"{exhibit.title}. {exhibit.reading}" for exhibit in drawn]


def test_figures_follow_the_theme_of_the_page(html):
    drawings = "".join(re.findall(r"<svg.*?</svg>", html, re.DOTALL)).upper()
    assert [colour for colour in THEMES["light"] if colour in drawings] == []
    assert "VAR(--INK)" in drawings


def test_the_same_sweep_gives_the_same_page(html):
    assert render(gather(swept(failed=FAILED), ALONE)) == html


def test_every_figure_is_written_as_svg_and_png(contents, tmp_path):
    files = write_figures(contents, tmp_path)
    drawn = [exhibit.name for exhibit in contents.exhibits if exhibit.plot is not None]
    assert {file.name for file in files} == {f"{name}{ending}" for name in drawn for ending in (".svg", ".png")}
    assert all(file.read_bytes().startswith((b"\x89PNG", b"<?xml")) for file in files)


def test_assumptions_are_listed_with_range_and_unit(page_text):
    assert "drag 0 2 1 a quarter" in page_text


def test_the_page_says_that_it_is_no_forecast(page_text):
    assert "This is a model, not a forecast" in page_text


def test_the_page_says_how_to_make_it_again():
    made = gather(swept(), ALONE)
    assert made.commands == ("aimarket report results",)


@pytest.mark.parametrize(
    ("method", "size", "name"),
    [
        ("sobol", 32, "effect-sobol"),
        ("morris", 8, "effect-morris"),
        ("one_at_a_time", None, "effect-one-at-a-time"),
        ("latin_hypercube", 80, "effect-box"),
        ("grid", 9, "effect-box"),
    ],
)
def test_each_design_gets_the_analysis_that_fits_it(method, size, name):
    made = gather(swept(method, size), ALONE)
    assert name in [exhibit.name for exhibit in made.exhibits if exhibit.plot is not None]


def test_without_a_condition_no_region_is_looked_for():
    made = gather(swept(condition=""), ALONE)
    assert not any("box" in exhibit.name for exhibit in made.exhibits)


def test_what_cannot_be_reckoned_says_why():
    sweep = swept(failed=range(10_000))
    (exhibit, *_) = gather(sweep, ALONE).exhibits
    assert exhibit.plot is None
    assert exhibit.reading.startswith("Not reckoned: the outcome is missing at 128 of 128 points")


def test_a_sweep_that_is_half_done_is_reported_as_far_as_it_is():
    sweep = swept("latin_hypercube", 80)
    sweep.rows = sweep.rows.iloc[:100]
    made = gather(sweep, ALONE)
    assert made.facts[0] == ("runs", "100", "60 of 160 still to run")
    assert "of 50 worlds" in " ".join(exhibit.reading for exhibit in made.exhibits)


def test_chunks_that_were_given_up_are_named():
    sweep = swept()
    sweep.lost = {0: "a worker ran out of memory"}
    (lost,) = gather(sweep, ALONE).failures
    assert lost.name == "a worker ran out of memory"
    assert lost.note == "given up before they ran: runs 0–24"


def test_chance_is_separated_from_assumptions_where_there_are_replicates():
    assert gather(swept(replicates=3), ALONE).exhibits[-1].name == "chance"
    assert not any(exhibit.name == "chance" for exhibit in gather(swept(replicates=1), ALONE).exhibits)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("surge")
    (place / "study.toml").write_text(STUDY)
    run_sweep(place / "study.toml", place / "results", workers=0)
    return place / "results"


def test_a_report_of_the_model_holds_both_worlds_and_the_claims(folder):
    steps = []
    page, figures, finding = write_report(
        folder, options=Options(tips=False, replicates=4), progress=lambda step, count, whole: steps.append(step)
    )
    text = page.read_text(encoding="utf-8")
    assert (page, page.parent / "figures") == (folder / "report.html", figures[0].parent)
    assert "Anthropic’s share of AI revenue" in text
    assert finding
    assert "likely to reignite an investment surge" in text
    assert len(re.findall(r'class="band', text)) > 30
    assert set(steps) == {"replicate-quarters for the claims", "figures"}


def test_the_assumption_that_decides_is_searched_for_its_tipping_value(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(tipping_exhibits, "tipping", partial(tipping_exhibits.tipping, replicates=8, tolerance=0.05))
    page, *_ = write_report(folder, tmp_path / "surge.html", options=Options(board=False))
    finding = re.search(r'<p class="finding">(.*?)</p>', page.read_text(encoding="utf-8")).group(1)
    first = finding.split(" accounts for ")[0].lower()
    assert re.search(rf"tips where {first} is 0\.\d+|as {first} grows|all over", finding), finding


def test_a_board_of_many_variants_shows_the_highest_and_the_lowest():
    samples = {f"variant {number}": np.full((4, 2), float(number)) for number in range(30)}
    sweep = swept("latin_hypercube", 4)
    (exhibit,) = by_scenario(sweep.study.design, samples, sweep.study.outcomes[0], "effect")
    names = [label.get_text() for label in exhibit.plot().axes[0].get_yticklabels()]
    assert (names[0], names[-1], len(names), len(exhibit.rows)) == ("variant 29", "variant 0", 12, 30)


def test_points_that_were_chosen_have_an_interval_over_chance_alone():
    sweep, far_apart = swept("grid", 2), np.array([[0.0, 0.2], [10.0, 10.2]])
    (exhibit,) = by_scenario(sweep.study.design, {"a": far_apart, "b": far_apart}, sweep.study.outcomes[0], "effect")
    assert exhibit.frame.loc[0, ["low", "mean"]].tolist() == pytest.approx([5.1 - 0.1 * 12.706, 5.1], abs=1e-3)
