"""What is taken home says what the page showed, and the code makes it again."""

import io
import json
import os
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from aimarket import run_ensemble
from aimarket.experiments.formatting import shown
from aimarket.model.scenarios.scenario import parse_scenario
from aimarket.server.presenters.headline_figures import HEADLINES, payload
from aimarket.server.sessions.code_snippets import python_code, shell_code
from aimarket.server.sessions.downloads import file_of
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.custom_deal import case_of
from aimarket.server.url.view_state import read_link

LINKS = (
    "quarter=2027Q1&seed=11&replicate=3&set=spillover:0.2&set=loan_to_value:0.6",
    "scenario=baseline&quarter=2026Q4&deal=50~2026Q3~loan~xAI:1~Apollo:0.5,BlackRock:0.5~chips:0.4~0.5,0.5",
)


@pytest.fixture(scope="module", params=LINKS)
def seen(request):
    """A view and its run."""
    view, problems = read_link(request.param)
    assert problems == ()
    run = TwinRun(case_of(view), view.seed, view.replicate, view.settings)
    run.reach(view.quarter)
    yield view, run
    run.close()


def test_csv_and_parquet_hold_the_same_numbers(seen):
    view, run = seen
    csv = pd.read_csv(io.BytesIO(file_of(run, view, "csv").content))
    parquet = pq.read_table(io.BytesIO(file_of(run, view, "parquet").content)).to_pandas()
    assert set(csv["world"]) == {"scenario", "twin"}
    pd.testing.assert_frame_equal(csv, parquet, check_dtype=False, rtol=1e-12)


def test_the_history_is_that_of_an_ensemble_of_one(seen):
    view, run = seen
    frame = pd.read_csv(io.BytesIO(file_of(run, view, "csv").content))
    alone = run_ensemble(case_of(view), 1, view.quarter, view.seed, view.settings, numbers=[view.replicate]).to_frame()
    own = frame[frame["world"] == "scenario"]
    assert own["ai_revenue"].to_numpy() == pytest.approx(alone["ai_revenue"].to_numpy(), rel=1e-14)
    assert own["quarter"].tolist() == alone["quarter"].tolist()


def test_the_archive_holds_every_firm_as_an_ensemble_of_one_has_it(seen):
    view, run = seen
    archive = zipfile.ZipFile(io.BytesIO(file_of(run, view, "zip").content))
    kinds = ("indicators", "ai_labs", "chip_vendors", "asset_managers")
    runs = run_ensemble(
        case_of(view), 1, view.quarter, view.seed, view.settings, numbers=[view.replicate], record=kinds
    )
    for kind in kinds:
        parquet = pq.read_table(io.BytesIO(archive.read(f"{kind}.parquet"))).to_pandas()
        csv, alone = pd.read_csv(io.BytesIO(archive.read(f"{kind}.csv"))), runs.to_frame(kind)
        assert set(csv["world"]) == {"scenario", "twin"}
        pd.testing.assert_frame_equal(csv, parquet, check_dtype=False, rtol=1e-12)
        own = parquet[parquet["world"] == "scenario"].drop(columns="world").reset_index(drop=True)
        pd.testing.assert_frame_equal(own[list(alone)], alone, check_dtype=False, rtol=1e-12)
    assert json.loads(archive.read("manifest.json"))["seed"] == view.seed
    assert any(name.endswith(".toml") for name in archive.namelist())


def test_the_archive_tells_the_units_of_its_tables_in_text(seen):
    view, run = seen
    archive = zipfile.ZipFile(io.BytesIO(file_of(run, view, "zip").content))
    units = pd.read_csv(io.BytesIO(archive.read("units.csv"))).set_index(["file", "column"])["unit"]
    assert units["indicators", "power_price"] == "USD/MWh"
    assert units["ai_labs", "cash"] == "USD bn"


def test_firms_out_of_business_are_missing_in_what_is_taken_home(seen):
    view, run = seen
    archive = zipfile.ZipFile(io.BytesIO(file_of(run, view, "zip").content))
    labs = pd.read_csv(io.BytesIO(archive.read("ai_labs.csv")))
    gone = labs["active"] == 0.0
    assert gone.any()
    assert labs.loc[gone, "capability"].isna().all()
    assert labs.loc[~gone, "capability"].notna().all()


def test_parquet_knows_its_units(seen):
    view, run = seen
    schema = pq.read_schema(io.BytesIO(file_of(run, view, "parquet").content))
    assert schema.field("power_price").metadata[b"unit"] == b"USD/MWh"


def test_the_scenario_runs_the_same_from_its_file(seen):
    view, run = seen
    file = file_of(run, view, "toml")
    case = parse_scenario(file.content.decode(), "own", file.name)
    alone = run_ensemble(case, 1, view.quarter, view.seed, numbers=[view.replicate])
    assert alone.values("funding")[-1, 0] == run.at(view.quarter).own.indicator("funding")


def scripts():
    """Return an environment in which the shell finds the command line of this Python."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def test_the_shell_command_prints_the_figures_of_the_page(seen, tmp_path):
    view, run = seen
    shown = payload(run, view.quarter)
    done = subprocess.run(
        ["/bin/sh", "-c", shell_code(view)], cwd=tmp_path, env=scripts(), capture_output=True, text=True, check=True
    )
    lines = {line.split(",")[0].strip(): line.split()[-1] for line in done.stdout.splitlines() if "," in line}
    names = ("AI revenue", "lab compute", "funding", "chip lead time", "power price")
    assert [lines[name] for name in names] == [row[0] for row in shown[: len(names)]]


def test_the_program_prints_the_figures_of_both_worlds(seen, tmp_path):
    view, run = seen
    done = subprocess.run(
        [sys.executable, "-c", python_code(view)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in done.stdout.splitlines() if line.strip()[:1].isdigit()]
    figures, units = payload(run, view.quarter), [item.unit for item in HEADLINES]
    for place, row in enumerate(rows):
        assert [shown(float(number), unit) for number, unit in zip(row, units, strict=False)] == [
            line[place] for line in figures[:5]
        ]


def test_the_command_can_be_pasted(seen):
    command = shell_code(seen[0]).splitlines()[-1]
    assert shlex.split(command)[:2] == ["aimarket", "run"]
