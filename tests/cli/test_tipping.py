"""`aimarket tipping` says at which value of a parameter the verdict on a claim flips."""

import pytest

from aimarket.experiments.analysis.tipping import tipping

from .line import answer, typed

ASKED = ("tipping", "announcement_effect", "C1a", "--replicates", "4", "--set", "deal_scale=0.5")
AGAIN = (
    "aimarket tipping announcement_effect C1a deal_35bn --against baseline "
    "--set deal_scale=0.5 --seed 7 --replicates 4 --quarters 13"
)


@pytest.fixture(scope="module")
def found():
    return tipping("announcement_effect", "C1a", replicates=4, parameters={"deal_scale": 0.5})


@pytest.fixture(scope="module")
def shown():
    return typed(*ASKED)


def test_the_answer_begins_with_a_sentence(shown, found):
    assert shown.exit_code == 0, shown.stderr
    assert " ".join(shown.stdout.split()).startswith(found.sentence())


def test_the_scan_is_shown_with_its_verdicts(shown, found):
    scanned = found.curve[found.curve["value"].isin(found.scan)]
    table = shown.stdout.partition("C1a.funding [95 %]")[2].partition("pairs of runs")[0]
    assert [line.rpartition("  ")[2].strip() for line in table.splitlines() if "]" in line] != []
    assert table.count("supported") == scanned["verdict"].str.count("supported").sum()
    assert len([line for line in table.splitlines() if "]" in line]) == len(scanned)


def test_it_says_how_to_do_it_again_and_what_it_is_not(shown):
    assert f"Again: {AGAIN}\n" in shown.stdout
    assert shown.stdout.endswith("This is a model, not a forecast.\n")


def test_json_holds_all_that_was_found(found):
    output = answer(*ASKED)
    assert {name: output[name] for name in found.to_json()} == found.to_json()
    assert output["command"] == AGAIN.split()


def test_a_value_that_is_not_found_is_null():
    output = answer("tipping", "announcement_effect", "C0", "--replicates", "2", "--quarters", "6")
    assert (output["value"], output["below"], output["above"]) == (None, "supported", "supported")


def test_the_range_can_be_narrowed():
    output = answer("tipping", "announcement_effect", "C0", "--replicates", "2", "--low", "0.1", "--high", "0.2")
    assert output["range"] == [0.1, 0.2]
    assert output["command"][7:11] == ["--low", "0.1", "--high", "0.2"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("announcement_efect", "C1a"), "did you mean 'announcement_effect'?"),
        (("announcement_effect", "C1a.fundig"), "did you mean 'C1a.funding'?; there is C1a.funding, C1a.others"),
        (("announcement_effect", "C9"), "there is C0, C1a, C1b, C2a"),
        (("announcement_effect", "C1a", "no_such"), "no_such"),
        (("announcement_effect", "C1a", "chip_shock"), "holds no deal"),
        (("announcement_effect", "C3.debt_share"), "has no condition"),
        (("announcement_effect", "C1a", "--set", "announcement_effect=0.1"), "leave it out"),
        (("announcement_effect", "C1a", "--low", "7"), "it needs a low below a high"),
        (("announcement_effect", "C1a", "--replicates", "1"), "at least 2"),
        (("announcement_effect", "C1a", "--quarters", "2"), "give more than 2 quarters"),
    ],
)
def test_what_cannot_be_asked_is_reported_in_one_line(words, said):
    shown = typed("tipping", *words)
    assert shown.exit_code == 2
    assert said in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1
