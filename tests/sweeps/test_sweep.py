"""A sweep can be left at any moment and taken up again; what it holds is what an undisturbed one holds."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars
import pytest

from aimarket.experiments.analysis.sensitivity import sobol_indices
from aimarket.experiments.designs.factors import Factor
from aimarket.experiments.runs.losses import LostRunsWarning
from aimarket.experiments.storage import atomic_files
from aimarket.experiments.storage.atomic_files import StoreError
from aimarket.experiments.sweeps import sweep as sweeps
from aimarket.experiments.sweeps.chunks import runs_of
from aimarket.experiments.sweeps.executors.local import Serial
from aimarket.experiments.sweeps.outcomes import Outcome
from aimarket.experiments.sweeps.results import check_runs, open_sweep
from aimarket.experiments.sweeps.study import StudyError, study
from aimarket.experiments.sweeps.sweep import run_sweep, take_up_sweep

from .studies import SMALL, small

CHUNKS = 5


def ishigami(points):
    """SALib's test function, whose indices are known."""
    x, y, z = (points[name].to_numpy() for name in ("x1", "x2", "x3"))
    return {"y": np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)}


def cheap(function=ishigami, **others):
    """Return a study of a function, cut into five chunks."""
    factors = [Factor(name, -np.pi, np.pi) for name in ("x1", "x2", "x3")]
    return study("?", factors, [Outcome("y")], method="sobol", size=2, chunk=2, function=function, **others)


def data(folder):
    """Return the bytes of all files of a sweep but its log."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and path.name not in ("log.jsonl", ".lock")
    }


class StoppedError(Exception):
    """Stands for anything that stops a sweep."""


def stop_after(monkeypatch, chunks):
    """Let the process stop when some chunks are written."""
    whole = sweeps.write_whole
    left = [chunks]

    def write(path, content):
        if path.suffix == ".parquet":
            if not left[0]:
                raise StoppedError
            left[0] -= 1
        whole(path, content)

    monkeypatch.setattr(sweeps, "write_whole", write)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep") / "results"
    run_sweep(cheap(), folder, workers=0)
    return folder


def test_results_are_what_the_chunks_say(undisturbed):
    asked, found = cheap(), open_sweep(undisturbed)
    whole = pd.concat([runs_of(asked, chunk) for chunk in range(asked.chunks)], ignore_index=True)
    pd.testing.assert_frame_equal(found.frame(), whole, check_exact=True)
    assert found.complete
    assert asked.chunks == CHUNKS


@pytest.mark.parametrize("chunks", range(CHUNKS))
def test_a_sweep_that_was_stopped_is_taken_up(tmp_path, monkeypatch, undisturbed, chunks):
    with monkeypatch.context() as patched:
        stop_after(patched, chunks)
        with pytest.raises(StoppedError):
            run_sweep(cheap(), tmp_path, workers=0)
    run_sweep(cheap(), tmp_path, workers=0, resume=True)
    assert data(tmp_path) == data(undisturbed)


def test_only_what_is_missing_is_run(tmp_path, monkeypatch, undisturbed):
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    (tmp_path / "parts" / "part-00002.parquet").unlink()
    done = []

    def note(executor, work, chunks):
        done.extend(chunks)
        return ((chunk, work(chunk)) for chunk in chunks)

    monkeypatch.setattr(Serial, "outcomes", note)
    output = []
    run_sweep(cheap(), tmp_path, workers=0, resume=True, tell=output.append)
    assert done == [2]
    assert data(tmp_path) == data(undisturbed)
    assert "part-00002.parquet is gone" in output[0]


@pytest.mark.parametrize("spoil", [lambda b: b[:-1], lambda b: b"", lambda b: bytes([b[0] ^ 1]) + b[1:]])
def test_a_corrupted_part_is_named_and_run_again(tmp_path, undisturbed, spoil):
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    part = tmp_path / "parts" / "part-00001.parquet"
    part.write_bytes(spoil(part.read_bytes()))
    with pytest.raises(StoreError, match=r"part-00001\.parquet does not match its checksum; aimarket sweep --resume"):
        open_sweep(tmp_path).frame()
    output = []
    run_sweep(cheap(), tmp_path, workers=0, resume=True, tell=output.append)
    assert "part-00001.parquet does not match its checksum" in output[0]
    assert data(tmp_path) == data(undisturbed)


def test_a_full_disk_is_named_and_survived(tmp_path, monkeypatch, undisturbed):
    calls = [0]

    def full(descriptor):
        calls[0] += 1
        if calls[0] > 5:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(atomic_files.os, "fsync", full)
        with pytest.raises(StoreError, match=r"cannot write .*: No space left on device"):
            run_sweep(cheap(), tmp_path, workers=0)
    assert not list(tmp_path.rglob("*.part"))
    run_sweep(cheap(), tmp_path, workers=0, resume=True)
    assert data(tmp_path) == data(undisturbed)


def test_a_changed_study_is_refused_with_the_difference(tmp_path, undisturbed):
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    with pytest.raises(StudyError, match="seed was 7 and is 8"):
        run_sweep(cheap(seed=8), tmp_path, workers=0, resume=True)
    assert data(tmp_path) == data(undisturbed)


def test_another_version_of_the_model_is_refused(tmp_path, undisturbed):
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    known = json.loads((tmp_path / "study.json").read_text())
    known["made_with"]["aimarket"] = "0.0.1"
    (tmp_path / "study.json").write_text(json.dumps(known))
    with pytest.raises(StudyError, match=r"made with aimarket 0\.0\.1"):
        run_sweep(cheap(), tmp_path, workers=0, resume=True)


def test_other_random_numbers_are_refused(tmp_path, undisturbed):
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    known = json.loads((tmp_path / "study.json").read_text())
    del known["made_with"]["random_numbers"]
    (tmp_path / "study.json").write_text(json.dumps(known))
    with pytest.raises(StudyError, match="made with random numbers of version 1, this is 2: their runs do not mix"):
        run_sweep(cheap(), tmp_path, workers=0, resume=True)


def test_other_rules_are_refused_and_a_folder_of_ours_begins_anew(tmp_path, undisturbed):
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    known = json.loads((tmp_path / "study.json").read_text())
    known["made_with"]["model"] = "another"
    (tmp_path / "study.json").write_text(json.dumps(known))
    with pytest.raises(StudyError, match="made with other rules, stocks or scenarios than the model has now"):
        run_sweep(cheap(), tmp_path, workers=0, resume=True)
    (tmp_path / "left").write_text("of the other model")
    take_up_sweep(cheap(), tmp_path, workers=0)
    assert data(tmp_path) == data(undisturbed)
    assert not (tmp_path / "left").exists()


def test_a_folder_in_which_another_process_works_is_left_alone(tmp_path, undisturbed):
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    with sweeps._alone_in(tmp_path), pytest.raises(StudyError, match="another process"):
        take_up_sweep(cheap(seed=8), tmp_path, workers=0)
    assert data(tmp_path) == data(undisturbed)


def test_other_libraries_are_reported(tmp_path, undisturbed):
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    known = json.loads((tmp_path / "study.json").read_text())
    known["made_with"]["numpy"] = "1.0"
    (tmp_path / "study.json").write_text(json.dumps(known))
    output = []
    run_sweep(cheap(), tmp_path, workers=0, resume=True, tell=output.append)
    assert "numpy was 1.0" in output[0]


def test_a_folder_that_holds_a_sweep_is_not_overwritten(tmp_path, undisturbed):
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    with pytest.raises(StudyError, match="--resume"):
        run_sweep(cheap(), tmp_path, workers=0)


def test_two_processes_do_not_share_a_folder(tmp_path):
    with sweeps._alone_in(tmp_path), pytest.raises(StudyError, match="another process"):
        run_sweep(cheap(), tmp_path, workers=0)


def test_what_a_killed_writer_left_is_cleared(tmp_path, undisturbed):
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    (tmp_path / "parts" / ".part-00001.parquet.77.part").write_bytes(b"half")
    (tmp_path / ".manifest.json.77.part").write_bytes(b"half")
    run_sweep(cheap(), tmp_path, workers=0, resume=True)
    assert data(tmp_path) == data(undisturbed)


def test_a_chunk_that_fails_three_times_is_recorded_and_the_sweep_goes_on(tmp_path, undisturbed):
    def fails_somewhere(points):
        if points["x1"].iloc[0] == cheap().design.points["x1"].iloc[4]:
            raise ArithmeticError("no result here")
        return ishigami(points)

    output = []
    with pytest.warns(LostRunsWarning, match="2 of 10 runs are missing .chunk 2 was given up: Arithm"):
        found = run_sweep(cheap(fails_somewhere), tmp_path, workers=0, tell=output.append)
    assert found.lost == {2: "ArithmeticError: no result here"}
    assert not found.complete
    assert "after 3 attempts" in output[0]
    assert len(found.frame()) == len(open_sweep(undisturbed).frame()) - 2
    with pytest.raises(StoreError, match="lacks 2 of 10 runs"):
        found.values("y")


@pytest.mark.parametrize("keys", [{"run": 3}, {"run": 99, "point": 3}])
def test_a_run_that_is_there_twice_is_caught(keys):
    frame = pd.DataFrame({"run": range(5), "scenario": "s", "point": range(5), "replicate": 0})
    check_runs(frame)
    with pytest.raises(StoreError, match="there twice"):
        check_runs(pd.concat([frame, frame.iloc[[3]].assign(**keys)]))


def test_an_overlapping_chunk_is_caught(tmp_path, undisturbed):
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    parts = tmp_path / "parts"
    shutil.copy(parts / "part-00001.parquet", parts / "part-00002.parquet")
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["parts"]["part-00002.parquet"] = manifest["parts"]["part-00001.parquet"]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StoreError, match="2 runs are there twice"):
        open_sweep(tmp_path).frame()


def test_a_function_that_gives_no_number_is_caught_by_the_analysis(tmp_path):
    found = run_sweep(cheap(lambda p: {"y": p["x1"].where(p["x1"] > 0)}), tmp_path, workers=0)
    with pytest.raises(ValueError, match="missing at 5 of 10 points"):
        sobol_indices(found.design, found.values("y")[:, 0])


@pytest.mark.parametrize("name", ["study.json", "manifest.json"])
@pytest.mark.parametrize("content", ["", "{", "[]", '{"study": 3, "parts": 4}', "null"])
def test_a_folder_that_is_no_sweep_is_named(tmp_path, undisturbed, name, content):
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).write_text(content)
    with pytest.raises(StoreError, match=tmp_path.name):
        open_sweep(tmp_path)


def test_a_manifest_cannot_point_out_of_its_folder(tmp_path, undisturbed):
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["parts"]["../../secret.parquet"] = manifest["parts"].pop("part-00001.parquet")
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StoreError, match="is no part"):
        open_sweep(tmp_path)


def test_pandas_duckdb_and_polars_open_the_results_in_one_line(undisturbed):
    one = pd.read_parquet(undisturbed / "parts")
    two = duckdb.sql(f"from '{undisturbed}/parts/*.parquet' order by run").df()
    three = polars.read_parquet(undisturbed / "parts" / "*.parquet").sort("run")
    assert len(one) == 10
    np.testing.assert_array_equal(one["y"], two["y"])
    np.testing.assert_array_equal(one["y"], three["y"].to_numpy())


def test_the_pipeline_adds_no_error_to_known_indices(tmp_path):
    """Ishigami and Homma 1990: first-order indices 0.314, 0.442, 0; total 0.558, 0.442, 0.244."""
    factors = [Factor(name, -np.pi, np.pi) for name in ("x1", "x2", "x3")]
    asked = study("?", factors, [Outcome("y")], method="sobol", size=4096, function=ishigami)
    values = run_sweep(asked, tmp_path, workers=0).values("y")[:, 0]
    np.testing.assert_array_equal(values, ishigami(asked.design.points)["y"])
    found = sobol_indices(asked.design, values).set_index("parameter").loc[["x1", "x2", "x3"]]
    np.testing.assert_allclose(found["first"], [0.3139, 0.4424, 0.0], atol=0.01)
    np.testing.assert_allclose(found["total"], [0.5576, 0.4424, 0.2437], atol=0.01)


def test_workers_and_this_process_give_the_same_bytes(tmp_path):
    run_sweep(small(), tmp_path / "here", workers=0)
    run_sweep(small(), tmp_path / "there", workers=2)
    assert data(tmp_path / "here") == data(tmp_path / "there")
    assert os.path.getsize(tmp_path / "there" / "log.jsonl")


def test_another_process_gives_the_same_bytes(tmp_path, undisturbed):
    program = """
import sys
from aimarket.experiments.sweeps.sweep import run_sweep
run_sweep(sys.argv[1], sys.argv[2], workers=0)
"""
    (tmp_path / "small.toml").write_text(SMALL)
    subprocess.run([sys.executable, "-c", program, tmp_path / "small.toml", tmp_path / "there"], check=True)
    run_sweep(tmp_path / "small.toml", tmp_path / "here", workers=0)
    assert data(tmp_path / "here") == data(tmp_path / "there")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"parts": {"../x": {}}, "lost": {}}', '{"parts": 5}'])
def test_parts_are_run_again_where_the_manifest_cannot_be_read(tmp_path, content):
    run_sweep(cheap(), tmp_path, workers=0)
    whole = data(tmp_path)
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(StoreError, match="--resume"):
        open_sweep(tmp_path)
    run_sweep(cheap(), tmp_path, workers=0, resume=True)
    assert data(tmp_path) == whole


def test_parts_of_another_study_are_not_read_as_this_one(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    run_sweep(cheap(), one, workers=0)
    run_sweep(cheap(seed=8), other, workers=0)
    whole = data(one)
    shutil.rmtree(one / "parts")
    shutil.copytree(other / "parts", one / "parts")
    shutil.copy(other / "manifest.json", one / "manifest.json")
    with pytest.raises(StoreError, match="another study"):
        open_sweep(one)
    run_sweep(cheap(), one, workers=0, resume=True)
    assert data(one) == whole


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"study": 5}'])
def test_a_study_file_that_says_nothing_is_refused(tmp_path, content):
    run_sweep(cheap(), tmp_path, workers=0)
    (tmp_path / "study.json").write_text(content)
    with pytest.raises(StoreError, match="another folder"):
        run_sweep(cheap(), tmp_path, workers=0, resume=True)


@pytest.mark.parametrize("name", [".lock", "parts/.x.part"])
def test_what_stands_in_the_way_is_named(tmp_path, name):
    run_sweep(cheap(), tmp_path, workers=0)
    (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / name).mkdir()
    with pytest.raises(StoreError, match=name.rpartition("/")[2]):
        run_sweep(cheap(), tmp_path, workers=0, resume=True)
