"""Subclasses of one's own decide in comparisons, tipping values, convergence and sweeps, and no file brings them."""

import json
import shutil
import subprocess
import sys
import textwrap
from functools import partial

import numpy as np
import pytest
from distributed.protocol import pickle

import aimarket
from aimarket.experiments.report.contents import Options, gather
from aimarket.experiments.sweeps.study import StudyError
from aimarket.experiments.sweeps.study_file import load_study, parse_study

from ..cli.line import typed
from .studies import SMALL, small


class ThriftyLab(aimarket.AILab):
    """Orders half of the compute that other labs would."""

    def plan_compute(self, signals):
        """Return the plans of a lab that orders half the compute."""
        plan = super().plan_compute(signals)
        return plan._replace(compute=0.5 * plan.compute)


THRIFTY = {"Anthropic": ThriftyLab}
PATH = f"{ThriftyLab.__module__}:ThriftyLab"
PROGRAM = """
    import aimarket

    class ThriftyLab(aimarket.AILab):
        def plan_compute(self, signals):
            plan = super().plan_compute(signals)
            return plan._replace(compute=0.5 * plan.compute)

    found = aimarket.run_sweep("small.toml", "there", workers=1, firms={"Anthropic": ThriftyLab})
    print(found.study.describe()["firms"])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("firms")


@pytest.fixture(scope="module")
def file(folder):
    path = folder / "small.toml"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="module")
def sweep(file, folder):
    """Give a sweep in which a thrifty lab decides for Anthropic."""
    return aimarket.run_sweep(file, folder / "out", workers=0, firms=THRIFTY)


def test_a_comparison_is_of_two_ensembles_with_the_same_classes():
    found = aimarket.compare(replicates=2, quarters=6, runs=(), firms=THRIFTY)
    for name, scenario in (("treated", "deal_35bn"), ("control", "baseline")):
        alone = aimarket.run_ensemble(scenario, 2, 6, 7, firms=THRIFTY)
        np.testing.assert_array_equal(found.ensembles[name].values("lab_compute"), alone.values("lab_compute"))
    assert found.to_json()["firms"] == {"Anthropic": PATH}


def test_tipping_and_convergence_ask_the_classes():
    for ask in (
        lambda **firms: aimarket.tipping("announcement_effect", "C1a", replicates=2, low=0.2, high=0.4, **firms).curve,
        lambda **firms: aimarket.convergence("C1a", sizes=(2, 4), **firms).frame,
    ):
        assert ask().iloc[0, 1] != ask(firms=THRIFTY).iloc[0, 1]


def test_a_sweep_asks_the_classes(sweep, file):
    points = {name: column.to_numpy() for name, column in sweep.design.points.items()}
    numbers = sweep.study.numbers(np.arange(10)).tolist()
    options = {"numbers": numbers, "firms": THRIFTY, "record": ("ai_labs.powered_compute",)}
    runs = [aimarket.run_ensemble(case, 10, 14, 7, points, **options) for case in ("deal_35bn", "baseline")]
    quarter, lab = 5, 1
    own, twin = (run.values("powered_compute", "ai_labs")[quarter, lab] for run in runs)
    np.testing.assert_allclose(sweep.values("compute")[:, 0], own - twin, rtol=1e-12)


def test_a_study_describes_a_class_by_where_it_is_imported_from(sweep):
    assert sweep.study.describe()["firms"] == {"Anthropic": PATH}


def test_the_digest_tells_studies_with_other_classes_apart(file):
    plain, thrifty = load_study(file), load_study(file, firms=THRIFTY)
    cautious = load_study(file, firms={"Anthropic": aimarket.CautiousLab})
    assert len({asked.digest for asked in (plain, thrifty, cautious)}) == 3
    assert "firms" not in plain.describe()


def test_a_study_file_cannot_name_a_class():
    with pytest.raises(StudyError, match="has no 'firms'"):
        parse_study(f'firms = {{ Anthropic = "{PATH}" }}\n{SMALL}', "small.toml")


@pytest.mark.parametrize("firms", [{"Nobody": ThriftyLab}, {"NVIDIA": ThriftyLab}, {"Anthropic": "my:Lab"}])
def test_a_class_that_cannot_decide_for_a_firm_is_refused(file, firms):
    with pytest.raises((KeyError, TypeError), match=r"Nobody|NVIDIA|my:Lab"):
        load_study(file, firms=firms)


def test_a_class_of_the_script_goes_to_the_workers_by_value(sweep, folder):
    (folder / "script.py").write_text(textwrap.dedent(PROGRAM))
    ran = subprocess.run([sys.executable, "script.py"], cwd=folder, capture_output=True, text=True, check=False)
    assert "{'Anthropic': '__main__:ThriftyLab'}" in ran.stdout, ran.stderr
    here, there = (sorted((folder / "parts").glob("*")) for folder in (sweep.folder, folder / "there"))
    assert [part.read_bytes() for part in here] == [part.read_bytes() for part in there]


def test_a_class_goes_to_a_cluster_by_value():
    class LocalLab(ThriftyLab):
        """A lab that no worker can import."""

    asked = load_study(small(), firms={"Anthropic": LocalLab})
    (lab,) = pickle.loads(pickle.dumps(asked)).firms.values()
    assert issubclass(lab, ThriftyLab)


def test_a_sweep_is_opened_and_read_without_its_classes_and_nothing_is_imported(sweep, tmp_path):
    kept = shutil.copytree(sweep.folder, tmp_path / "kept")
    output = json.loads((kept / "study.json").read_text())
    output["study"]["firms"]["Anthropic"] = "this:Lab"
    (kept / "study.json").write_text(json.dumps(output))
    manifest = json.loads((kept / "manifest.json").read_text())
    manifest["study"] = aimarket.experiments.sweeps.study.digest_of_study(output["study"])
    (kept / "manifest.json").write_text(json.dumps(manifest))
    found = aimarket.open_sweep(kept)
    assert found.values("compute").shape == (10, 1)
    assert "this" not in sys.modules
    with pytest.raises(StudyError, match=r"no file keeps the classes .*Anthropic: this:Lab.* from Python with firms="):
        aimarket.run_sweep(found.study, kept, resume=True, workers=0)


def test_a_sweep_is_resumed_with_its_classes_alone(sweep, file):
    assert aimarket.run_sweep(file, sweep.folder, resume=True, workers=0, firms=THRIFTY).complete
    with pytest.raises(StudyError, match=rf"was run with Anthropic: {PATH} .* run_sweep\(\.\.\., firms=\.\.\.\)"):
        aimarket.run_sweep(file, sweep.folder, resume=True, workers=0)
    result = typed("sweep", file, "--out", sweep.folder, "--resume", "--workers", 0)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "resume it from Python" in result.stderr


def test_a_report_says_what_it_needs_the_classes_for(sweep, monkeypatch):
    monkeypatch.setattr("aimarket.experiments.report.contents.compare", partial(aimarket.compare, runs=()))
    alone = gather(aimarket.open_sweep(sweep.folder), Options(tips=False))
    assert f"no file keeps the classes that decided for firms (Anthropic: {PATH})" in alone.board_says
    known = gather(aimarket.open_sweep(sweep.folder, firms=THRIFTY), Options(tips=False, replicates=2))
    assert "are supported" in known.board_says
