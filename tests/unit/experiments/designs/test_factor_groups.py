"""Groups are sampled and analysed as SALib does it, in studies, reports, figures and pages; wrong ones are named."""

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris, sobol
from SALib.util import read_param_file

from aimarket.experiments.adapters.salib_ema import read_problem
from aimarket.experiments.analysis.sensitivity import morris_effects, sobol_indices, sobol_interactions
from aimarket.experiments.designs.design import Factor, factors_of, make_design
from aimarket.experiments.figures.sensitivity import plot_effects
from aimarket.experiments.report import captions, exhibits, setting
from aimarket.experiments.sweeps.outcomes import Outcome
from aimarket.experiments.sweeps.study import study_of
from aimarket.experiments.sweeps.study_file import parse_study
from aimarket.server.jobs.exploration import Found
from aimarket.server.presenters import explore

FACTORS = [Factor(name, 0.0, 1.0, default=0.5) for name in "abcd"]
GROUPS = {"later": ["d", "b"], "first": ["a"]}
LIST = ["first", "later", "c", "later"]
WHOLE = [*FACTORS[:2], Factor("n", 1, 8, whole=True, default=3), Factor("m", 1, 5, whole=True, default=3)]
OUTCOME = Outcome("rev", quantity="ai_revenue", start=8104, end=8104, label="sales", unit="USD bn")

STUDY = """
question = "q"
quarters = 2
replicates = 1
[design]
method = "METHOD"
SIZE
DESIGN
[outcomes]
rev = { quantity = "ai_revenue", at = "2026Q2" }
"""


def designed(text, method="sobol", folder=None):
    return parse_study(
        STUDY.replace("METHOD", method).replace("DESIGN", text).replace("SIZE", "size = 4" * (method != "table")),
        "study.toml",
        folder,
    )


def outcome(design):
    return design.points.to_numpy() @ [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize("groups", [GROUPS, LIST, np.array(LIST), {"first": ["a"], "later": ("b", "d")}])
def test_groups_are_those_of_salib(groups):
    design = make_design("sobol", FACTORS, size=8, seed=5, groups=groups)
    assert design.problem()["groups"] == LIST
    direct = sobol.sample(design.problem(), 8, calc_second_order=False, seed=5)
    assert design.points.to_numpy().tobytes() == direct.tobytes()
    assert (design.block, list(design.groups)) == (5, ["first", "later", "c"])


@pytest.mark.parametrize("second", [False, True])
def test_indices_of_groups_are_salibs(second):
    design = make_design("sobol", FACTORS, size=64, seed=5, groups=GROUPS, second_order=second)
    values = outcome(design)
    found = sobol_indices(design, values)
    direct = sobol_analysis.analyze(design.problem(), values, calc_second_order=second, seed=np.random.SeedSequence(0))
    assert found["parameter"].tolist() == ["first", "later", "c"]
    np.testing.assert_array_equal(found["total"], direct["ST"])
    assert found.attrs["groups"] == {"first": ["a"], "later": ["b", "d"], "c": ["c"]}


def test_indices_of_groups_by_quarter_are_those_of_each_quarter():
    design = make_design("sobol", FACTORS, size=64, seed=5, groups=GROUPS)
    paths = np.stack([outcome(design), outcome(design) ** 2], axis=1)
    found = sobol_indices(design, paths)
    for time in (0, 1):
        alone = sobol_indices(design, paths[:, time])
        np.testing.assert_allclose(found[found["time"] == time]["total"], alone["total"], rtol=1e-9)


def test_interactions_are_those_of_pairs_of_groups():
    design = make_design("sobol", FACTORS, size=8, seed=5, groups=GROUPS, second_order=True)
    found = sobol_interactions(design, outcome(design))
    assert found[["parameter", "other"]].to_numpy().tolist() == [["first", "later"], ["first", "c"], ["later", "c"]]


def test_effects_of_groups_are_salibs():
    design = make_design("morris", FACTORS, size=10, seed=5, groups=GROUPS)
    direct = morris.sample(design.problem(), 10, seed=5)
    np.testing.assert_allclose(design.points.to_numpy(), direct, rtol=0, atol=1e-15)
    values = outcome(design)
    found = morris_effects(design, values)
    whole = morris_analysis.analyze(design.problem(), direct, values, seed=np.random.SeedSequence(0))
    np.testing.assert_allclose(found["mu_star"], whole["mu_star"], rtol=1e-12)
    assert found["sigma"].isna().tolist() == found["mu"].isna().tolist() == [False, True, False]


def test_an_additive_group_explains_what_its_factors_do():
    design = make_design("sobol", FACTORS, size=1024, seed=5, groups=GROUPS)
    shares = np.array([1.0, 4.0, 9.0, 16.0]) / 30.0
    found = sobol_indices(design, outcome(design))
    np.testing.assert_allclose(found["first"], [shares[0], shares[1] + shares[3], shares[2]], atol=0.02)


def test_whole_numbers_move_in_groups():
    design = make_design("morris", WHOLE, size=20, seed=5, groups={"whole": ["n", "m"]})
    moves = np.diff(design.points.to_numpy(float).reshape(20, design.block, 4), axis=1) != 0.0
    assert (moves.sum((1, 2)) == 4).all()
    assert (moves[..., 2] == moves[..., 3]).all()


def test_without_groups_every_factor_is_alone():
    design = make_design("sobol", FACTORS, size=4, seed=5)
    assert dict(design.groups) == {name: [name] for name in "abcd"}
    assert "groups" not in design.problem()


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({"x": ["a", "z"]}, "groups.x: z is not varied"),
        ({"x": ["a"], "y": ["a", "b"]}, "groups names a twice"),
        ({"x": ["a", "a"]}, "groups names a twice"),
        ({"x": []}, r"groups.x = \[\]: give the names of factors"),
        ({"x": "ab"}, "groups.x = 'ab': give the names of factors"),
        ({"": ["a"]}, "give it a name"),
        ({"b": ["a", "c"]}, "a group called b, as a factor is that is not in it"),
        ({"x": list("abcd")}, "all factors in one"),
        (["x", "y"], "give the names of factors by group"),
        ("ab", "give the names of factors by group"),
        (3, "give the names of factors by group"),
    ],
)
def test_groups_that_are_none_are_refused(groups, said):
    with pytest.raises(ValueError, match=said):
        make_design("sobol", FACTORS, size=4, groups=groups)


def test_other_designs_take_no_groups():
    with pytest.raises(ValueError, match="latin_hypercube takes no option 'groups'"):
        make_design("latin_hypercube", FACTORS, size=4, groups=GROUPS)


# Studies, reports and pages


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_another_process_makes_the_same_groups(method):
    output = designed(
        'parameters = ["spillover", "rivalry", "dilution"]\ngroups = { z = ["dilution", "rivalry"] }', method
    )
    again = study_of(output.describe())
    assert again.design.points.equals(output.design.points)
    assert dict(again.design.groups) == {"spillover": ["spillover"], "z": ["rivalry", "dilution"]}
    assert len(output.design.points) == 4 * output.design.block


def test_what_is_varied_names_its_group():
    output = designed('parameters = ["spillover", "rivalry", "dilution"]\ngroups = { money = ["dilution", "rivalry"] }')
    assert [row["note"] for row in setting.factors(output)] == ["", "in money", "in money"]
    assert ("assumptions", "3", "varied, in 2 groups") in setting.facts(output, pd.DataFrame({"failed_cause": []}))
    assert any("of a group were moved together" in limit for limit in setting.limits(output))


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_a_figure_of_groups_leads_to_their_factors(method):
    design = make_design(method, FACTORS, size=16, seed=5, groups=GROUPS)
    exhibit = next(exhibits.sensitivity(design, outcome(design), OUTCOME, "rev"))
    assert exhibit.leading == ("b", "d", "c", "a")
    assert exhibit.reading.startswith("Later ")
    assert exhibit.plot(theme="light").axes


def test_effects_of_groups_alone_are_plotted_and_reported():
    design = make_design("morris", FACTORS, size=10, seed=5, groups={"x": ["a", "b"], "y": ["c", "d"]})
    found = morris_effects(design, outcome(design))
    reading = captions.of_effects(found, "sales", "USD bn")
    assert reading.startswith("Y matters most: together, its assumptions move sales by")
    assert "σ" not in reading
    figure = plot_effects(found)
    assert "hollow: a group" in figure.axes[0].get_ylabel() + "".join(
        text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))
    )


def test_explore_draws_worlds_over_the_factors_of_groups():
    design = make_design("sobol", FACTORS, size=16, seed=5, groups=GROUPS)
    values = outcome(design)
    found = Found(
        outcome=OUTCOME,
        factors=design.factors,
        ranking=sobol_indices(design, values),
        points=design.points,
        values=values,
    )
    assert explore.order(found)[0] == "later"
    assert explore.axes(found, explore.Look(), None) == ("b", "d")
    assert [row[0] for row in explore.ranking(found)["rows"]] == ["later", "c", "first"]


# Problems of SALib

FILES = {
    "plain": "spillover,0.05,0.1\nrivalry,0.1,0.2\ndilution,0.02,0.03\n",
    "blanks": "spillover 0.05 0.1\nrivalry 0.1 0.2\n\ndilution 0.02 0.03\n",
    "groups": "spillover, 0.05, 0.1, g1\nrivalry, 0.1, 0.2, g2\ndilution, 0.02, 0.03, g2\n",
    "distributions": "spillover,0.05,0.1,NA,unif\nrivalry,0.1,0.2,g2,unif\ndilution,0.02,0.03,g2,unif\n",
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_parameters_is_read_as_salib_reads_it(tmp_path, kind):
    (tmp_path / "problem.txt").write_text(FILES[kind])
    direct = read_param_file(str(tmp_path / "problem.txt"))
    output = designed('problem = "problem.txt"', folder=tmp_path)
    problem = output.design.problem()
    assert problem["names"] == [name.strip() for name in direct["names"]]
    assert problem["bounds"] == direct["bounds"]
    groups = direct["groups"] and [group.strip() for group in direct["groups"]]
    assert problem.get("groups") == groups
    assert read_problem(tmp_path / "problem.txt") == read_problem({**problem, "groups": groups})


def test_comments_of_a_file_of_parameters_are_left_out(tmp_path):
    (tmp_path / "problem.txt").write_text("\ufeff# name low high\n" + FILES["groups"] + "  # the end\n")
    factors, groups = read_problem(tmp_path / "problem.txt")
    assert (len(factors), groups) == (3, {"g1": ["spillover"], "g2": ["rivalry", "dilution"]})


def test_a_problem_gives_other_designs_their_ranges(tmp_path):
    (tmp_path / "problem.txt").write_text(FILES["groups"])
    assert designed('problem = "problem.txt"', "latin_hypercube", tmp_path).design.factors[1].high == 0.2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("spilover,0.05,0.1\n", "did you mean 'spillover'"),
        ("spillover,0.05\n", "line 1: 'spillover,0.05' is not a name"),
        ("spillover,low,0.1\n", "line 1: 'low' is not an end of the range of spillover"),
        ("spillover;0,05;0,1\n", r"'0,05' is not an end of the range of spillover; write 0\.05, with a point"),
        ("spillover,0.05,0.1,g,norm\n", "draws spillover from 'norm': designs draw uniformly"),
        ("spillover,0.0,0.1\n", "leaves the declared"),
        ("spillover,0.05,0.1,g\nrivalry,0.1,0.2,g\n", "all factors in one"),
        ("# nothing\n", "names no parameters"),
    ],
)
def test_a_problem_that_cannot_be_run_is_named(tmp_path, text, said):
    (tmp_path / "problem.txt").write_text(text)
    with pytest.raises(ValueError, match=said):
        designed('problem = "problem.txt"', folder=tmp_path)


@pytest.mark.parametrize("key", ["ranges = { spillover = [0.06, 0.1] }", 'without = ["spillover"]'])
def test_a_table_whose_parameters_are_not_named_takes_no_ranges(tmp_path, key):
    (tmp_path / "points.csv").write_text("spillover\n0.05\n")
    with pytest.raises(ValueError, match=f"{key.split()[0]} is about parameters"):
        designed(f'table = "points.csv"\n{key}', "table", tmp_path)


def test_a_problem_stands_alone(tmp_path):
    (tmp_path / "problem.txt").write_text(FILES["plain"])
    with pytest.raises(ValueError, match="leave ranges out"):
        designed('problem = "problem.txt"\nranges = { spillover = [0.1, 0.2] }', folder=tmp_path)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ({"names": ["spillover"]}, "no 'bounds'"),
        ({"names": ["spillover"], "bounds": []}, "1 names and 0 bounds"),
        ({"names": ["spillover"], "bounds": [[0.1, 0.2]], "dists": ["norm"]}, "from 'norm'"),
    ],
)
def test_a_mapping_that_is_no_problem_is_named(problem, said):
    with pytest.raises(ValueError, match=said):
        read_problem(problem)


def test_a_design_takes_the_factors_of_a_problem():
    factors, groups = read_problem({"names": ["spillover"], "bounds": [[0.1, 0.2]], "groups": None, "dists": None})
    assert (factors, groups) == (factors_of(["spillover"], {"spillover": (0.1, 0.2)}), None)
