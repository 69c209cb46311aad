"""`aimarket compare` says what a scenario changed beside its twin, and how sure that is."""

import json

import pytest

import aimarket
from aimarket.experiments.claims.statistic import CLAIMS
from aimarket.experiments.statistics import AGAINST, OPEN, SUPPORTED, TOO_SMALL
from aimarket.experiments.storage import frames
from aimarket.server.cli.claims_board import SAYS

from .line import answer, typed

TWINS = ("compare", "deal_35bn", "--replicates", "3", "--quarters", "14", "--set", "loan_to_value=0.6")
AGAIN = "aimarket compare deal_35bn --against baseline --set loan_to_value=0.6 --seed 7 --replicates 3 --quarters 14"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("twins")


@pytest.fixture(scope="module")
def shown(folder):
    return typed(*TWINS, "--out", folder, "--full")


@pytest.fixture(scope="module")
def comparison():
    return aimarket.compare("deal_35bn", replicates=3, quarters=14, parameters={"loan_to_value": 0.6})


@pytest.fixture
def compared(comparison, monkeypatch):
    """Let the command find what is known, instead of running it again."""
    monkeypatch.setattr("aimarket.experiments.comparison.comparison.compare", lambda *words, **options: comparison)
    return comparison


def test_a_comparison_begins_with_what_it_found(shown, comparison):
    assert shown.exit_code == 0, shown.stderr
    printed = " ".join(shown.stdout.split())
    assert printed.startswith(" ".join(comparison.summary()[0].split()))


def test_every_claim_is_printed_with_its_verdicts(shown, comparison):
    claims = comparison.claims()
    board = shown.stdout.partition("The claims of the news item:")[2].partition("What decides them:")[0]
    assert [name for name in dict.fromkeys(claims["claim"]) if f"\n{name} " not in board] == []
    assert board.count("supported") == claims["verdict"].str.count("supported").sum()


def test_what_decides_each_claim_is_printed_once(shown, comparison):
    decides = " ".join(shown.stdout.partition("What decides them:")[2].split())
    for reason in comparison.claims()["decided_by"].unique():
        assert decides.count(" ".join(reason.split()[:3])) >= 1


def test_the_gain_from_common_random_numbers_is_printed(shown):
    assert "Common random numbers make the standard error smaller:" in shown.stdout
    assert "paired   unpaired" in shown.stdout


def test_a_comparison_says_how_to_do_it_again_and_what_it_is_not(shown, folder):
    assert f"Again: {AGAIN} --out {folder} --full\n" in shown.stdout
    assert "largest residual" in shown.stdout
    assert shown.stdout.endswith("This is a model, not a forecast.\n")


def test_a_comparison_in_a_pipe_has_a_width(shown):
    assert "\x1b" not in shown.stdout
    assert max(len(line) for line in shown.stdout.splitlines() if not line.startswith(("Again", "/"))) <= 120


def test_json_holds_all_that_the_comparison_found(compared):
    found, answered = json.loads(json.dumps(compared.to_json())), answer(*TWINS)
    assert {name for name, value in found.items() if answered[name] != value} <= {"scenario", "against"}
    assert (answered["scenario"]["name"], answered["against"]["name"]) == ("deal_35bn", "baseline")
    assert answered["command"] == AGAIN.split()


def test_an_interval_of_one_replicate_is_null():
    output = answer("compare", "chip_shock", "--replicates", 1, "--quarters", 5)
    assert {row["low"] for row in output["differences"]} == {None}


def test_the_same_seed_gives_the_same_comparison():
    words = ("compare", "chip_shock", "--replicates", 2, "--quarters", 6)
    assert typed(*words, "--json").stdout == typed(*words, "--json").stdout


def test_a_scenario_without_a_deal_is_compared_without_claims():
    result = typed("compare", "chip_shock", "--replicates", 2, "--quarters", 6)
    assert result.exit_code == 0
    assert "claims" not in result.stdout


def test_the_defaults_are_200_replicates_of_40_quarters_with_seed_7(monkeypatch):
    asked = []
    monkeypatch.setattr("aimarket.experiments.comparison.comparison.compare", lambda *a, **k: asked.append(k) or 1 / 0)
    typed("compare", "deal_35bn")
    assert (asked[0]["replicates"], asked[0]["quarters"], asked[0]["rng"]) == (200, 40, 7)
    assert asked[0]["against"].name == "baseline"


def test_differences_claims_pairing_and_both_twins_are_written(shown, folder, comparison):
    manifest = json.loads((folder / "manifest.json").read_text())
    assert set(manifest["files"]) == {
        "differences.parquet",
        "claims.parquet",
        "pairing.parquet",
        "indicators_treated.parquet",
        "indicators_control.parquet",
    }
    assert [run["scenario"]["name"] for run in manifest["runs"]] == ["deal_35bn", "baseline"]
    differences = frames.read(folder / "differences.parquet")
    assert differences["mean"].tolist() == comparison.differences["mean"].tolist()
    assert differences["quarter"].tolist() == comparison.differences["quarter"].tolist()


def test_the_twins_that_are_written_differ_from_the_deal_on(shown, folder):
    treated, control = (frames.read(folder / f"indicators_{name}.parquet") for name in ("treated", "control"))
    differ = (treated["lab_debt"] != control["lab_debt"]).groupby(treated["quarter"]).any()
    assert str(differ.idxmax()) == "2026Q2"


@pytest.mark.parametrize(
    ("name", "theme", "begins"), [("deal.svg", "light", b"<?xml"), ("deal.png", "dark", b"\x89PNG")]
)
@pytest.mark.usefixtures("compared")
def test_a_figure_of_the_deal_is_drawn(tmp_path, name, theme, begins):
    file = tmp_path / name
    shown = typed(*TWINS, "--figure", file, "--theme", theme)
    assert shown.exit_code == 0, shown.stderr
    assert file.read_bytes().startswith(begins)


@pytest.mark.usefixtures("compared")
def test_the_same_comparison_draws_the_same_figure(tmp_path):
    pictures = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for file in pictures:
        typed(*TWINS, "--figure", file)
    assert pictures[0].read_bytes() == pictures[1].read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("deal_35bn", "--figure", "deal.gif"), "has to end in .svg or .png"),
        (("deal_35bn", "--figure", "deal.svg", "--theme", "sepia"), "is none of light, dark"),
        (("chip_shock", "--figure", "shock.svg"), "holds no deal"),
        (("deal_35bn", "--figure", "no/such/folder/deal.svg"), "cannot write"),
    ],
)
def test_a_figure_that_cannot_be_drawn_is_refused_before_the_run(words, said):
    shown = typed("compare", *words)
    assert shown.exit_code == 2
    assert said in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.usefixtures("compared")
def test_the_answer_and_the_claims_fit_two_screens_of_40_lines(monkeypatch, columns):
    monkeypatch.setattr("aimarket.server.cli.console.WIDTH", columns)
    shown = typed("compare", "deal_35bn")
    assert shown.exit_code == 0, shown.stderr
    assert len(shown.stdout.splitlines()) <= 80
    assert max(len(line) for line in shown.stdout.splitlines() if not line.startswith("Again")) <= columns


def test_every_claim_is_reported_in_short_with_verdict_size_and_what_decides_it(compared):
    shown = typed("compare", "deal_35bn").stdout
    board = compared.claims()
    for claim in CLAIMS:
        (said,) = [line for line in shown.splitlines() if line.startswith(f"{claim} ")]
        assert SAYS[claim] in said
        assert said.rpartition(": ")[2].strip().lower() in {SUPPORTED, AGAINST, OPEN, TOO_SMALL, "not asked"}
    assert shown.count("Decided by") == len(CLAIMS) == len(SAYS)
    assert f"all {len(board)} statistics of the claims" in shown
