"""A study of a visitor's own: read as the command line reads it, no file but itself, no more than a page runs."""

import time

import pytest

from aimarket.server.url.own_study import checked_study, read_study, study_text
from aimarket.server.url.packing import packed
from aimarket.server.url.view_state import link_of, read_link

from ....small_studies import STUDY


def test_a_study_is_what_the_command_line_reads():
    study = read_study(STUDY)
    assert (study.runs, study.quarters, study.design.method) == (12, 6, "latin_hypercube")
    assert study.design.points["spillover"].between(0.1, 0.2).all()


def test_it_stands_in_the_link_and_comes_back():
    query = f"page=explore&source=bench&study={packed(STUDY)}"
    reading = read_link(query)
    assert reading.problems == ()
    assert study_text(reading.view.extra["study"]) == STUDY
    assert read_link(link_of(reading.view)).view.extra["study"] == packed(STUDY)


def changed(old, new):
    assert old in STUDY
    return STUDY.replace(old, new)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("question = ", "line 1"),
        ("", "question"),
        (changed("spillover = [0.1, 0.2]", "spillower = [0.1, 0.2]"), "spillower"),
        (changed("spillover = [0.1, 0.2]", "spillover = [0.1, 99]"), "99"),
        (changed('"deal_35bn"', '"/etc/passwd.toml"'), "scenarios that it offers"),
        (changed('"deal_35bn"', '"../deal.toml"'), "scenarios that it offers"),
        ('against = "secret.toml"\n' + STUDY, "scenarios that it offers"),
        (changed("size = 12", 'table = "/etc/passwd"'), "names a file"),
        (changed("size = 12", 'problem = "problem.txt"'), "names a file"),
        (changed("size = 12", "size = 100000000"), "points"),
        (changed('"latin_hypercube"\nsize = 12', '"grid"\nsize = 5000'), "points"),
        (
            changed('parameters = ["announcement_effect", "spillover"]', "").replace('"latin_hypercube"', '"grid"'),
            "points",
        ),
        (changed('"latin_hypercube"\nsize = 12', '"sobol"\nsize = 4096'), "points"),
        (changed('"latin_hypercube"\nsize = 12', '"one_at_a_time"\nsteps = 100000000'), "points"),
        (changed("quarters = 6", "quarters = 400"), "at most 40"),
        (changed("quarters = 6", "quarters = 6\nreplicates = 500"), "runs"),
        (changed("quarters = 6", "quarters = 40").replace("size = 12", "size = 5000"), "quarters of runs"),
        (changed('at = "2027Q2"', "by_quarter = true"), "by_quarter"),
        ("x = " + "[" * 4000, "nested"),
        ("a" * 9000, "at most 8,000"),
    ],
)
def test_what_a_page_does_not_run_is_refused_at_once(toml, said):
    begun = time.process_time()
    with pytest.raises(ValueError, match=said):
        read_study(toml)
    assert time.process_time() - begun < 2.0


@pytest.mark.parametrize("text", ["", "!", "A" * 2000, packed("a" * 200_000), packed(STUDY)[:-9]])
def test_a_link_that_holds_no_study_is_refused(text):
    with pytest.raises(ValueError, match=r"study|characters|question"):
        checked_study(text)
