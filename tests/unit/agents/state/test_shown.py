"""Whatever a user gets shows itself in less than a screen, at a prompt and in a notebook."""

import importlib
import inspect
import pkgutil
import re
from dataclasses import is_dataclass
from xml.etree import ElementTree

import numpy as np
import pytest

import aimarket
from aimarket.agents.state.shown import brief
from aimarket.experiments.claims.statistic import find_statistic
from aimarket.experiments.designs.design import make_design
from aimarket.experiments.designs.factors import factors_of
from aimarket.experiments.report.page import Report

SMALL = {"replicates": 2, "quarters": 4}
STUDY = """
question = "What?"
quarters = 14
[design]
method = "latin_hypercube"
size = 50
parameters = ["rivalry"]
[outcomes]
x = "C1a"
"""


@pytest.fixture(scope="module")
def objects(tmp_path_factory):
    """Objects of many kinds, by what they are."""
    model = aimarket.MarketModel("deal_stress", replicates=50)
    model.step()
    found = aimarket.compare("deal_reported", **SMALL, runs=())
    path = tmp_path_factory.mktemp("study") / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    own = aimarket.load_study(path)
    return {
        "comparison": found,
        "ensemble": found.ensembles["treated"],
        "evidence": found.evidence,
        "run": found.evidence.run("treated"),
        "series": found.ensembles["treated"].records["ai_labs"],
        "scenario": found.scenario,
        "deal": found.scenario.deals[0],
        "start": aimarket.load_start(),
        "model": model,
        "history": model.history,
        "signals": model.signals,
        "firms": model.labs,
        "ledger": model.ledger,
        "facilities": model.facilities,
        "economy": model.economy,
        "clearing": model.clearings["power"],
        "agent": model.agents[0],
        "view": model.labs.all,
        "plan": model.labs.decide("plan_compute", model.signals),
        "chance": model.chance,
        "parameters": aimarket.parameters(),
        "parameter": aimarket.parameters()["dilution"],
        "scenarios": aimarket.scenarios(),
        "column": aimarket.AILab.cash,
        "statistic": find_statistic("C1a"),
        "sample": find_statistic("C1a").measure(found.evidence),
        "study": own,
        "design": own.design,
        "outcome": own.outcomes[0],
        "factor": own.design.factors[0],
        "variant": own.variants[0],
        "tipping": aimarket.tipping("deal_scale", "C2b.share_7", replicates=2, tolerance=0.5),
        "convergence": aimarket.convergence("C2b.share_7", sizes=(2, 4)),
        "report": Report("x.html", ["a.svg"] * 90, "It holds."),
    }


KINDS = (
    "comparison",
    "ensemble",
    "evidence",
    "run",
    "series",
    "scenario",
    "deal",
    "start",
    "model",
    "history",
    "signals",
    "firms",
    "ledger",
    "facilities",
    "economy",
    "clearing",
    "agent",
    "view",
    "plan",
    "chance",
    "parameters",
    "parameter",
    "scenarios",
    "column",
    "statistic",
    "sample",
    "study",
    "design",
    "outcome",
    "factor",
    "variant",
    "tipping",
    "convergence",
    "report",
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_prompt_prints_less_than_a_screen(objects, kind):
    text = repr(objects[kind])
    assert 0 < len(text) < 1000
    assert " object at 0x" not in text
    assert not re.search(r"\bnan\b|\binf\b", text)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"agent", "view"}])
def test_a_notebook_shows_a_table(objects, kind):
    table = ElementTree.fromstring(objects[kind]._repr_html_())
    assert table.tag == "table"
    assert len(table.findall("tr")) > 0


def test_a_table_shows_names_as_they_are_and_not_as_markup():
    case = aimarket.Scenario("<b>own</b>", title="<script>alert('&')</script>")
    cells = [cell.text for cell in ElementTree.fromstring(case._repr_html_()).iter("td")]
    assert cells[:2] == ["<b>own</b>", "<script>alert('&')</script>"]


def test_a_result_says_what_can_be_asked_of_it(objects):
    for words in ("deal_reported", "baseline", "claims()", "differences", "summary()"):
        assert words in repr(objects["comparison"])


def test_a_model_that_was_closed_still_shows_itself():
    model = aimarket.MarketModel()
    model.close()
    assert repr(model).startswith("MarketModel")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.nan, "undefined"),
        (np.inf, "undefined"),
        (1 / 3, "0.333333"),
        (np.zeros((3, 4)), "array of shape (3, 4)"),
        (np.arange(3), "[0 1 2]"),
        ({}, ""),
        ((), ""),
        (None, ""),
        ({"a": 1.0, "b": [1, 2]}, "a 1, b"),
        (list(range(9)), "9: 0, 1, 2, 3, 4, 5, ..."),
        ("a\nb", "a b"),
        (aimarket.compare, "compare"),
    ],
)
def test_values_are_reported_in_a_line(value, text):
    assert brief(value) == text


def test_every_public_class_that_holds_fields_shows_itself():
    known = [getattr(aimarket, name) for name in aimarket.__all__]
    fields = [item for item in known if inspect.isclass(item) and (is_dataclass(item) or hasattr(item, "_fields"))]
    assert len(fields) > 5
    assert [item.__name__ for item in fields if "_repr_html_" not in vars(item)] == []


def test_nobody_who_holds_an_array_or_a_frame_prints_it_whole():
    """Every dataclass and named tuple of the model and the experiments with an array or a frame shows itself."""
    held = re.compile(r"\b(ndarray|Floats|DataFrame)\b")
    bare = []
    for package in ("aimarket.agents", "aimarket.model", "aimarket.experiments"):
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            for name, cls in vars(importlib.import_module(module.name)).items():
                own = inspect.isclass(cls) and cls.__module__ == module.name and not name.startswith("_")
                if own and (is_dataclass(cls) or hasattr(cls, "_fields")) and "_repr_html_" not in vars(cls):
                    bare += [cls.__name__ for kind in vars(cls)["__annotations__"].values() if held.search(str(kind))]
    assert sorted(set(bare)) == []


def test_designs_show_how_many_points_they_have():
    assert "40 rows of rivalry" in repr(make_design("latin_hypercube", factors_of(["rivalry"]), size=40))
