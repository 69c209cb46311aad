"""What is written can be read again, with its units, its quarters and how it was made."""

import hashlib
import json
import platform

import duckdb
import numpy as np
import pandas as pd
import polars
import pyarrow.parquet as pq
import pytest

import aimarket
from aimarket.experiments.storage import atomic_files, frames
from aimarket.model.records.history import KINDS


@pytest.fixture(scope="module")
def ensemble():
    return aimarket.run_ensemble("deal_35bn", 3, 4, record=("indicators", "ai_labs", "flows", "events"))


@pytest.fixture(scope="module")
def whole():
    """A run of everything, in which some firms are not in business."""
    return aimarket.run_ensemble("deal_reported", 2, 3, record=KINDS)


@pytest.fixture
def about(ensemble):
    return frames.describe([ensemble.scenario], seed=0, replicates=3, quarters=4, command=["aimarket", "run"])


@pytest.mark.parametrize("kind", ["indicators", "ai_labs", "flows", "events"])
def test_a_frame_comes_back_as_it_was(tmp_path, ensemble, kind):
    frame = ensemble.to_frame(kind)
    frames.write(tmp_path, {kind: frame}, {})
    pd.testing.assert_frame_equal(frames.read(tmp_path / f"{kind}.parquet"), frame, check_dtype=False)


def test_units_come_back(tmp_path, ensemble):
    frame = ensemble.to_frame("indicators")
    frames.write(tmp_path, {"indicators": frame}, {})
    assert frames.read(tmp_path / "indicators.parquet").attrs["units"] == frame.attrs["units"]


READERS = {
    "pyarrow": lambda path: pq.read_table(path)["quarter"].to_pylist(),
    "pandas": lambda path: pd.read_parquet(path)["quarter"].tolist(),
    "polars": lambda path: polars.read_parquet(path)["quarter"].to_list(),
    "duckdb": lambda path: [row[0] for row in duckdb.sql(f"select quarter from '{path}'").fetchall()],
    "here": lambda path: frames.read(path)["quarter"].tolist(),
}


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_of_parquet_sees_the_same_quarters(tmp_path, ensemble, reader):
    frame = ensemble.to_frame()
    frames.write(tmp_path, {"ours": frame}, {})
    frame.to_parquet(tmp_path / "own.parquet")
    for name in ("ours", "own"):
        found = READERS[reader](tmp_path / f"{name}.parquet")
        assert (found[0], found[1], found == frame["quarter"].tolist()) == ("2026Q1", "2026Q2", True)


def test_every_reader_of_csv_sees_the_same_quarters(tmp_path, ensemble):
    path = tmp_path / "x.csv"
    ensemble.to_frame().to_csv(path, index=False)
    assert pd.read_csv(path)["quarter"][1] == polars.read_csv(path)["quarter"][1] == "2026Q2"
    assert duckdb.sql(f"select quarter from '{path}'").fetchall()[1][0] == "2026Q2"


@pytest.mark.parametrize("kind", KINDS)
def test_pandas_reads_the_units_of_every_frame(tmp_path, whole, kind):
    frame = whole.to_frame(kind)
    frames.write(tmp_path, {"ours": frame}, {})
    frame.to_parquet(tmp_path / "own.parquet")
    for name in ("ours", "own"):
        assert pd.read_parquet(tmp_path / f"{name}.parquet").attrs == frame.attrs


@pytest.mark.parametrize("kind", KINDS)
def test_stata_reads_every_frame(tmp_path, whole, kind):
    frame = whole.to_frame(kind)
    frame.to_stata(tmp_path / "x.dta", write_index=False)
    read = pd.read_stata(tmp_path / "x.dta")
    assert list(read) == list(frame)
    assert read["quarter"].tolist() == frame["quarter"].tolist()
    for name in frame.select_dtypes("number"):
        np.testing.assert_array_equal(read[name].to_numpy(), frame[name].to_numpy())


def test_the_manifest_names_versions_machine_and_size(about):
    assert about["aimarket"] == aimarket.__version__
    assert about["python"] == platform.python_version()
    assert about["numpy"] == np.__version__
    assert all(about[name] for name in ("mesa", "pandas", "pyarrow", "processor", "platform", "random_numbers"))
    assert (about["seed"], about["replicates"], about["quarters"]) == (0, 3, 4)


def test_the_manifest_holds_the_scenario_in_full(about, ensemble):
    (run,) = about["runs"]
    assert run["scenario"].items() >= ensemble.scenario.describe().items()


def test_the_manifest_holds_every_parameter_in_force(about):
    (run,) = about["runs"]
    assert run["parameters"].keys() == aimarket.parameters().keys()


def test_parameters_of_the_scenario_and_the_user_are_in_force():
    (run,) = frames.describe(
        [aimarket.load_scenario("deal_news")], seed=0, replicates=1, quarters=1, parameters={"loan_to_value": 0.6}
    )["runs"]
    assert (run["parameters"]["announcement_effect"], run["parameters"]["loan_to_value"]) == (0.6, 0.6)


def test_the_manifest_knows_every_file_by_its_digest(tmp_path, ensemble, about):
    frames.write(tmp_path, {"a": ensemble.to_frame(), "b": ensemble.to_frame("flows")}, about)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    digests = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in tmp_path.glob("*.parquet")}
    assert manifest["files"] == digests
    assert len(digests) == 2


def test_what_is_not_a_number_is_null_in_the_manifest(tmp_path):
    frames.write(tmp_path, {}, {"x": [np.nan, np.inf, np.float64(1.5), pd.NA]})
    assert json.loads((tmp_path / "manifest.json").read_text())["x"] == [None, None, 1.5, None]


def test_writing_again_replaces_the_files(tmp_path, ensemble):
    frame = ensemble.to_frame()
    frames.write(tmp_path, {"x": frame}, {})
    frames.write(tmp_path, {"x": frame.head(2)}, {})
    assert len(frames.read(tmp_path / "x.parquet")) == 2
    assert {path.name for path in tmp_path.iterdir()} == {"x.parquet", "manifest.json"}


def test_a_failure_leaves_what_was_there_before(tmp_path, ensemble, monkeypatch):
    frames.write(tmp_path, {"x": ensemble.to_frame()}, {"first": True})
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with monkeypatch.context() as patched:
        patched.setattr(atomic_files.os, "fsync", _full)
        with pytest.raises(frames.StoreError, match=r"cannot write to .*: No space left on device"):
            frames.write(tmp_path, {"x": ensemble.to_frame().head(1)}, {})
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_failure_leaves_no_new_folder(tmp_path, ensemble, monkeypatch):
    monkeypatch.setattr(atomic_files.os, "fsync", _full)
    with pytest.raises(frames.StoreError):
        frames.write(tmp_path / "new" / "deep", {"x": ensemble.to_frame()}, {})
    assert list(tmp_path.iterdir()) == []


def _full(_):
    raise OSError(28, "No space left on device")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(frames.StoreError, match=r"cannot write to .*file/folder: Not a directory"):
        frames.write(tmp_path / "file" / "folder", {}, {})


def test_trying_a_folder_leaves_nothing_behind(tmp_path):
    frames.check_writable(tmp_path / "new" / "deep")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_parquet_is_named(tmp_path):
    (tmp_path / "x.parquet").write_text("text")
    with pytest.raises(frames.StoreError, match=r"cannot read .*x\.parquet"):
        frames.read(tmp_path / "x.parquet")


def test_files_of_an_earlier_run_do_not_stay_beside_a_new_manifest(tmp_path):
    frame = pd.DataFrame({"a": [1.0]})
    frames.write(tmp_path, {"one": frame, "two": frame}, {})
    (tmp_path / "mine.parquet").write_bytes(b"kept")
    frames.write(tmp_path, {"one": frame}, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "mine.parquet", "one.parquet"]
