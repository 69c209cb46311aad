"""A link says all that defines a view, is read strictly, and never surprises."""

import pytest

from aimarket import parameters
from aimarket.server.url.dates import date_of
from aimarket.server.url.view_state import HORIZON, MOST_SETTINGS, View, link_of, read_link


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View(scenario="chip_shock", seed=12, replicate=3, quarter=20, theme="dark", speed=8),
        View(page="claims", firm="Google DeepMind", settings={"loan_to_value": 0.6, "spillover": 0.2}),
        View(quarter=HORIZON, seed=2**63 - 1),
    ],
)
def test_a_view_comes_back_from_its_link(view):
    assert read_link(link_of(view)) == (view, ())


def test_the_default_view_needs_no_words():
    assert link_of(View()) == ""


def test_a_link_reads_like_a_sentence():
    view = View(scenario="chip_shock", quarter=20, settings={"loan_to_value": 0.6})
    assert link_of(view) == "scenario=chip_shock&quarter=2030Q4&set=loan_to_value:0.6"


@pytest.mark.parametrize(
    ("query", "output"),
    [
        ("scenario=dael_35bn", "There is no scenario “dael_35bn”: deal_35bn is used; the nearest is deal_35bn."),
        ("seed=-1", "seed = -1 is no whole number from 0 to 9,223,372,036,854,775,807: 7 is used."),
        ("seed=1e3", "seed = 1e3 is no whole number from 0 to 9,223,372,036,854,775,807: 7 is used."),
        ("seed=", "seed =  is no whole number from 0 to 9,223,372,036,854,775,807: 7 is used."),
        ("replicate=99999", "replicate = 99999 is no whole number from 0 to 9,999: 0 is used."),
        (
            "quarter=2099Q1",
            "quarter = 2099Q1 is no quarter from 2026 Q1 to 2035 Q4, written as 2030Q4: the beginning is shown.",
        ),
        ("theme=pink", "theme = pink is none of auto, light, dark: auto is used."),
        ("speed=3", "speed = 3 is none of 1, 2, 4, 8: 4 is used."),
        ("set=loan_to_value:9", "loan_to_value = 9 lies outside [0.4, 0.85]: 0.65 is used."),
        ("set=loan_to_value:nan", "loan_to_value = nan lies outside [0.4, 0.85]: 0.65 is used."),
        (
            "set=loan_to_vale:0.5",
            "The model has no parameter “loan_to_vale”: it is left out; the nearest is loan_to_value.",
        ),
        ("set=wear", "set=wear has to be a parameter's name, a colon and a value: it is left out."),
        ("sede=7", "The link has a part that no page knows “sede”: it is left out; the nearest is seed."),
        ("seed=1&seed=2", "The link gives seed twice: the first is used."),
        ("firm=" + "x" * 200, "firm = " + "x" * 40 + "… is no firm's name: no firm is opened."),
    ],
)
def test_what_cannot_be_used_is_reported_with_what_is_allowed(query, output):
    view, problems = read_link(query)
    assert problems == (output,)
    assert view == View() or query.startswith("seed=1&")


def test_a_long_link_is_not_read():
    view, problems = read_link("seed=1&" + "a=1&" * 2000)
    assert view == View()
    assert "characters" in problems[0]


def test_a_link_sets_a_bounded_number_of_parameters():
    asked = list(parameters().values())[: MOST_SETTINGS + 3]
    view, problems = read_link("&".join(f"set={item.name}:{item.default}" for item in asked))
    assert len(view.settings) == MOST_SETTINGS
    assert problems == (f"The link sets more than {MOST_SETTINGS} parameters: the first {MOST_SETTINGS} are used.",)


def test_the_first_quarter_of_a_run_is_the_one_after_its_start():
    assert (date_of(View().case, 0), date_of(View().case, 1)) == ("2025 Q4", "2026 Q1")
