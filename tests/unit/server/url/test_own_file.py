"""A scenario file of a visitor's own: read as strictly as from the command line, bounded, and whole in a link."""

import zlib
from base64 import urlsafe_b64encode

import pytest

import aimarket
from aimarket.model.scenarios.scenario_writer import scenario_toml
from aimarket.server.url.dates import date_of
from aimarket.server.url.limits import LONGEST_FILE_TEXT, LONGEST_QUERY, MOST_IN_FILE
from aimarket.server.url.own_file import own_of, own_text, read_own
from aimarket.server.url.view_state import View, link_of, read_link

OWN = """title = "Dear money"
[parameters]
risk_free_rate = 0.045
[[changes]]
parameter = "chip_capacity_available"
multiply = 0.5
from = "2026Q1"
until = "2026Q4"
"""
CHANGE = """[[changes]]
parameter = "chip_capacity_available"
multiply = 0.{}
from = "2026Q1"
"""


def packed(text):
    return urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")


def test_a_file_is_what_runs_and_stands_in_the_link():
    view = View(file=read_own(OWN), quarter=5)
    assert read_link(link_of(view)) == (view, ())
    assert (view.case.title, view.case.parameters["risk_free_rate"]) == ("Dear money", 0.045)
    assert (date_of(view.case, 1), "quarter=2027Q1" in link_of(view)) == ("2026 Q1", True)
    assert view.run != View(quarter=5).run


@pytest.mark.parametrize("name", sorted(aimarket.scenarios()))
def test_every_scenario_of_ours_fits_into_a_link_as_a_file(name):
    case = aimarket.load_scenario(name)
    view = View(file=read_own(scenario_toml(case)))
    assert len(link_of(view)) <= LONGEST_QUERY
    assert scenario_toml(read_link(link_of(view)).view.case) == scenario_toml(case)


@pytest.mark.parametrize(
    ("toml", "why"),
    [
        ("parameters = 3", "parameters"),
        ("[parameters]\nrisk_fre_rate = 0.045", "risk_free_rate"),
        ("[parameters]\nrisk_free_rate = 9", "risk_free_rate = 9"),
        ("title =", "line 1"),
        ("start = '/etc/passwd'", "/etc/passwd"),
        ("start = '2024Q4'", "a page runs from 2025Q4"),
        ("".join(CHANGE.format(10 + n) for n in range(MOST_IN_FILE + 1)), f"{MOST_IN_FILE + 1} changes"),
        ("#" * (LONGEST_FILE_TEXT + 1), "at most 20,000"),
    ],
)
def test_a_file_that_cannot_be_run_is_refused_with_the_reason(toml, why):
    with pytest.raises(ValueError, match=why):
        read_own(toml)


@pytest.mark.parametrize(
    "text",
    ["", "x", "\u00e9", "A" * 100, packed(b"\xff"), packed(b"#" * 1_200_000), packed(OWN.encode())[:-9], "A" * 3_000],
)
def test_a_link_that_holds_no_file_is_named_and_the_scenario_used(text):
    view, problems = read_link(f"file={text}&scenario=chip_shock")
    assert (view.file, view.scenario) == (None, "chip_shock")
    assert len(problems) == 1
    assert problems[0].startswith("file = ")


def test_a_link_is_not_unpacked_beyond_what_a_file_may_have():
    with pytest.raises(ValueError, match="no whole scenario file"):
        own_of(packed(b"#" * 1_000_000))
    assert own_of(own_text(read_own(OWN))).title == "Dear money"
