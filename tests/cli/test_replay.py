"""`aimarket replay` writes one run as a page that stands alone, or as a picture that moves."""

import json
import re

import pytest
from PIL import Image

import aimarket

from .line import typed


def numbers_of(text):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)[1])


def test_the_page_holds_all_that_it_shows_and_the_numbers_of_the_run(tmp_path):
    file = tmp_path / "replay.html"
    result = typed("replay", "deal_35bn", "--seed", 3, "--until", "2027Q2", "--out", file)
    assert result.exit_code == 0, result.stderr
    assert "6 quarters, written to" in result.stdout
    text = file.read_text()
    assert len(text) < 60_000
    assert not re.search(r'(src|href)="(?!http://127)', text)
    content = numbers_of(text)
    assert content["dates"][-1] == "2027 Q2"
    assert content["scenario"] == aimarket.load_scenario("deal_35bn").title
    assert content["run"].startswith("seed 3, replicate 0, to 2027Q2")
    assert content["link"] == "http://127.0.0.1:8765/?seed=3&quarter=2027Q2"
    assert len(content["charts"]) == 6
    revenue = next(chart for chart in content["charts"] if chart["title"] == "AI revenue")
    model = aimarket.MarketModel("deal_35bn", rng=3)
    for _ in range(6):
        model.step()
    alone = model.history.to_frame("indicators")["ai_revenue"].to_numpy()
    assert revenue["lines"][0]["values"] == [pytest.approx(value, rel=1e-5) for value in alone]


def test_the_picture_has_a_frame_a_quarter(tmp_path):
    file = tmp_path / "replay.gif"
    result = typed("replay", "bust", "--until", "2026Q4", "--set", "dry_powder=1.5", "--out", file)
    assert result.exit_code == 0, result.stderr
    with Image.open(file) as picture:
        assert (picture.format, picture.n_frames) == ("GIF", 4)
        assert picture.size == (900, 576)
        assert b"dry_powder" in picture.info["comment"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "replay.mp4"), ".html or .gif"),
        (("--until", "2044Q1", "--out", "replay.html"), "2032Q4"),
        (("--until", "soon", "--out", "replay.html"), "2032Q4"),
    ],
)
def test_what_cannot_be_written_is_said_before_anything_runs(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    result = typed("replay", "deal_35bn", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert list(tmp_path.iterdir()) == []
