"""What a link compares: two to four scenarios, each once, the link's own among them."""

import pytest

from aimarket.server.jobs.compared_runs import key_of
from aimarket.server.url.compared_scenarios import labs, names_of, view_of
from aimarket.server.url.custom_deal import case_of
from aimarket.server.url.view_state import link_of, read_link

DEAL = "35~2026Q2~loan~xAI:1~Apollo:1~chips:1~0.5,0.5"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ("baseline", "own", "deal_reported")),
        ("scenario=baseline", ("own", "deal_35bn", "deal_reported")),
        ("scenario=bust", ("baseline", "own", "deal_35bn", "deal_reported")),
        (f"deal={DEAL}", ("baseline", "own", "deal_35bn", "deal_reported")),
        ("compare=bust,own", ("bust", "own")),
    ],
)
def test_the_usual_comparison_holds_the_view_s_own_and_both_accounts(query, names):
    assert names_of(read_link(query).view) == names


@pytest.mark.parametrize("query", ["compare=bust,own,chip_shock,deal_split&page=compare", "lab=xAI&page=compare"])
def test_what_is_compared_comes_back_from_its_link(query):
    view, problems = read_link(query)
    assert (link_of(view).split("&"), problems) == (sorted(query.split("&"), reverse=True), ())


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("compare=bust", "2 to 4 scenarios are compared, each once: the usual ones are compared"),
        ("compare=bust,bust", "2 to 4 scenarios are compared, each once"),
        ("compare=own,bust,baseline,chip_shock,deal_split", "2 to 4 scenarios are compared, each once"),
        ("compare=own,<b>", "there is no scenario “<b>”"),
        ("lab=NVIDIA", "it is none of OpenAI, Anthropic"),
    ],
)
def test_what_cannot_be_compared_is_reported_with_what_is_used_instead(query, why):
    view, problems = read_link(query)
    assert dict(view.extra) == {}
    assert len(problems) == 1
    assert why in problems[0]


def test_all_scenarios_have_the_settings_and_only_the_own_one_the_deal():
    view = read_link(f"seed=3&set=deal_scale:2&set=herding:0.2&deal={DEAL}").view
    own, other = view_of(view, "own"), view_of(view, "deal_split")
    assert (own, other.seed, other.settings) == (view, 3, view.settings)
    assert [case_of(one).deals[0].amount for one in (own, other)] == [70.0, 70.0]
    assert list(case_of(other).deals[0].recipients) == list(labs())


def test_runs_are_the_same_for_every_replicate_and_page():
    views = [read_link(query).view for query in ("", "page=compare&replicate=4&quarter=2030Q4", "seed=8")]
    one, same, other = (key_of(view, ("baseline", "own")) for view in views)
    assert one == same != other
    assert key_of(views[0], ("own",)) == key_of(views[0], ("deal_35bn",))
