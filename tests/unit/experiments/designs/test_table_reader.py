"""Tables that other programs write are read, or named for what they are with the remedy."""

import gzip
import io
import tarfile

import numpy as np
import pandas as pd
import polars as pl
import pytest

from aimarket.experiments.designs.design import factors_of, make_design

PLAIN = "rivalry,dilution\n0.1,0.02\n0.2,0.03\n"
FRAME = pd.DataFrame({"rivalry": [0.1, 0.2], "dilution": [0.02, 0.03]})
SWITCHES = factors_of(["chance", "rivalry"])
NETLOGO = (
    '"BehaviorSpace results (NetLogo 6.4.0)","Table version 2.0"\n"model.nlogo"\n"experiment"\n"11/02/2026 10:00:00"\n'
    '"min-pxcor","max-pxcor","min-pycor","max-pycor"\n"-16","16","-16","16"\n'
)


def read(folder, content, name="points.csv", factors=()):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return make_design("table", factors, table=path).points


def packed(frame, write, **how):
    file = io.BytesIO()
    getattr(frame, write)(file, **how)
    return file.getvalue()


TEXTS = {
    "commas": PLAIN,
    "semicolons": PLAIN.replace(",", ";"),
    "tabs": PLAIN.replace(",", "\t"),
    "pipes": PLAIN.replace(",", " | "),
    "blanks": PLAIN.replace(",", "  "),
    "mark of utf-8": b"\xef\xbb\xbf" + PLAIN.encode(),
    "utf-16": PLAIN.encode("utf-16"),
    "utf-16 without a mark": PLAIN.encode("utf-16-le"),
    "another code page": "# Größe\n".encode("cp1252") + PLAIN.encode(),
    "blank lines at the end": PLAIN + "\n\n",
    "blank lines at the end in utf-16": (PLAIN + "\r\n\r\n").encode("utf-16"),
    "windows": PLAIN.replace("\n", "\r\n"),
    "old macs": PLAIN.replace("\n", "\r"),
    "quotes": '"rivalry","dilution"\n"0.1","0.02"\n"0.2","0.03"\n',
    "blanks at cells": " rivalry , dilution \n 0.1 , 0.02 \n 0.2 , 0.03 \n",
    "trailing separators": PLAIN.replace("\n", ",\n"),
    "trailing separators below": PLAIN.replace("2\n", "2,\n").replace("3\n", "3,\n"),
    "an index": ",rivalry,dilution\n0,0.1,0.02\n1,0.2,0.03\n",
    "row numbers": '"","rivalry","dilution"\n"1",0.1,0.02\n"2",0.2,0.03\n',
    "an index that was read": "Unnamed: 0,rivalry,dilution\n0,0.1,0.02\n1,0.2,0.03\n",
    "comments": "# made by hand\n\n# twice\n" + PLAIN + "# the end\n",
    "heads in a comment": "# rivalry dilution\n1.000e-01 2.000e-02\n2.000e-01 3.000e-02\n",
    "a spreadsheet's": "sep=;\n" + PLAIN.replace(",", ";"),
    "the workbench": "rivalry,dilution,scenario,policy,model\n0.1,0.02,0,None,aimarket\n0.2,0.03,1,None,aimarket\n",
    "gzip": gzip.compress(PLAIN.encode()),
    "gzip and semicolons": gzip.compress(PLAIN.replace(",", ";").encode()),
    "parquet": packed(FRAME, "to_parquet"),
    "parquet with an index": packed(FRAME.set_index("rivalry"), "to_parquet"),
    "feather": packed(FRAME, "to_feather"),
    "polars": packed(pl.DataFrame(FRAME.to_dict("list")), "write_ipc"),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_table_is_read_however_it_is_written(tmp_path, kind):
    assert read(tmp_path, TEXTS[kind])[["rivalry", "dilution"]].equals(FRAME)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_table_is_read_when_its_factors_are_named(tmp_path, kind):
    assert read(tmp_path, TEXTS[kind], factors=factors_of(["rivalry", "dilution"])).equals(FRAME)


def archive():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("experiments.csv"), io.BytesIO(b""))
    return file.getvalue()


REFUSED = {
    "decimal commas": ("rivalry;dilution\n0,1;0,02\n", r"row 1: rivalry = '0,1' is not a number; write 0\.1, "),
    "commas in thousands": ('coding_ceiling,rivalry\n"1,000",0.1\n', "'1,000' is not a number; write it without"),
    "decimal commas between commas": ("rivalry,dilution\n0,1,0,02\n", "decimal commas, write points"),
    "one long row": (PLAIN + "0.1,0.02,5\n", "line 4 has 3 cells, and the first has 2 heads: if"),
    "lines before": ("My design\nof today\n" + PLAIN, "2 lines stand before the heads, which are line 3: begin"),
    "NetLogo's table": (
        NETLOGO + '"[run number]","rivalry","dilution","[step]","count"\n"1","0.1","0.02","0","5"\n',
        r"NetLogo's BehaviorSpace, with 6 lines before the heads: .* columns rivalry, dilution and one row a run",
    ),
    "NetLogo's spreadsheet": (
        NETLOGO + '"[run number]","1","2"\n"rivalry","0.1","0.2"\n"dilution","0.02","0.03"\n',
        "a spreadsheet of NetLogo's BehaviorSpace, with a column a run: take its table",
    ),
    "a line before": ("My design\n" + PLAIN, "a line stands before the heads, which are line 2"),
    "names of rows": ('"rivalry" "dilution"\n"1" 0.1 0.02\n"2" 0.2 0.03\n', "rows have names, leave them out"),
    "a column without a head": (",rivalry\nfirst,0.1\nsecond,0.2\n", "no head above column 1: name it"),
    "no heads": ("0.1,0.02\n0.2,0.03\n", "line 1 should name the parameters, and holds numbers"),
    "comments alone": ("# nothing\n", "it has comments, and no table"),
    "misspelt": ("rivalri;dilutoin\n0.1;0.02\n", "did you mean 'rivalry'"),
    "a workbook": (b"PK\x03\x04rest", "a workbook or an archive: save the one table as CSV"),
    "an archive": (archive(), "an archive: unpack it"),
    "JSON": ('\n{"rivalry": [0.1]}', "it is JSON: save the table"),
    "an array": (b"\x93NUMPY\x01\x00", "an array of NumPy"),
    "a pickle": (b"\x80\x04\x95", "a pickle"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0", "it is no text"),
    "a broken archive": (b"\x1f\x8b\x08\x00broken", "cannot read"),
    "a broken Parquet file": (b"PAR1 and no more", "cannot read"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_plain_table_is_named_with_the_remedy(tmp_path, kind):
    content, said = REFUSED[kind]
    with pytest.raises(ValueError, match=said) as caught:
        read(tmp_path, content)
    assert "points.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("word", ["True", "true", "1", "1.0"])
def test_switches_may_be_true_or_false(tmp_path, word):
    points = read(tmp_path, f"chance,rivalry\n{word},0.1\nFalse,0.1\n", factors=SWITCHES)
    assert points["chance"].tolist() == [1, 0]


def test_a_frame_of_yes_and_no_is_a_table():
    points = make_design("table", (), table=pd.DataFrame({"chance": [True, False]})).points
    assert points["chance"].dtype == np.int64


@pytest.mark.parametrize("table", [FRAME["rivalry"], pl.Series("rivalry", [0.1, 0.2]), {"rivalry": [0.1, 0.2]}])
def test_a_column_with_a_name_is_a_table(table):
    assert make_design("table", (), table=table).points.equals(FRAME[["rivalry"]])


def test_a_single_point_is_a_table():
    assert len(make_design("table", (), table={"rivalry": 0.1, "dilution": 0.02}).points) == 1


def test_columns_of_different_lengths_are_named():
    with pytest.raises(ValueError, match="different lengths: rivalry 2, dilution 1"):
        make_design("table", (), table={"rivalry": [0.1, 0.2], "dilution": [0.02]})


def test_a_true_minus_is_a_minus(tmp_path):
    assert read(tmp_path, "lowest_expected_growth\n\u22120.1\n")["lowest_expected_growth"].tolist() == [-0.1]


def test_a_folder_is_no_table(tmp_path):
    with pytest.raises(ValueError, match="Is a directory"):
        make_design("table", (), table=tmp_path)
