"""Files as people have them, and as people should not: each becomes a table of ordinary numbers, or a sentence."""

from __future__ import annotations

import csv
import io
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.datasets import Table
from playground.datasets.reading import detect, table_of
from playground.errors import PlaygroundError

PLAIN = [["a", "b", "class"], ["1", "2.5", "yes"], ["-3", "4", "no"], ["5e1", "0.25", "yes"], ["7", "8", "no"]]


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def check(table: Table) -> None:
    assert table.x.ndim == 2
    assert len(table.x) == len(table.y) >= 2
    assert table.x.shape[1] == len(table.columns) == len(set(table.columns)) <= 64
    assert np.isfinite(table.x.astype(np.float32)).all()
    assert np.isfinite(np.asarray(table.y, np.float32)).all()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_plain_table_is_read_the_same_however_it_is_written(encoding: str, delimiter: str, newline: str) -> None:
    content = written(PLAIN, delimiter).replace("\n", newline).encode(encoding)
    reading = detect(content)
    assert (reading.delimiter, reading.header, reading.decimal, reading.names) == (
        delimiter,
        True,
        ".",
        ("a", "b", "class"),
    )
    table = table_of(reading)
    np.testing.assert_array_equal(table.x, [[1, 2.5], [-3, 4], [50, 0.25], [7, 8]])
    assert (table.class_names, list(table.y), table.target) == (("no", "yes"), [1, 0, 1, 0], "class")


def test_well_formed_tables_are_what_pandas_reads() -> None:
    import pandas

    rng = np.random.default_rng(0)
    frame = pandas.DataFrame({"u": rng.normal(size=30), "v": rng.integers(0, 9, 30), "y": rng.normal(size=30)})
    table = table_of(detect(frame.to_csv(index=False)))
    np.testing.assert_allclose(table.x, frame[["u", "v"]].to_numpy())
    np.testing.assert_allclose(table.y, frame["y"].to_numpy())


def test_a_file_without_a_header_is_told_so() -> None:
    reading = detect("1,2,0\n3,4,1\n5,6,0\n")
    assert not reading.header
    assert reading.names == ("column 1", "column 2", "column 3")
    assert any("no header" in one for one in reading.sentences)
    assert len(table_of(reading).x) == 3
    assert detect("1,2,0\n3,4,1\n5,6,0\n", header=True).names == ("1", "2", "0")


def test_decimal_commas_thousands_and_per_cent() -> None:
    table = table_of(detect("a;b;y\n1,5;1.234,5;3\n2,25;10 %;4\n-0,5;7;5\n"))
    np.testing.assert_allclose(table.x, [[1.5, 1234.5], [2.25, 0.1], [-0.5, 7]])
    table = table_of(detect('a,b,y\n"1,234.5",2,3\n7,8,4\n'))
    np.testing.assert_allclose(table.x[0], [1234.5, 2])
    assert table_of(detect("a;y\n1.5;1\n2.5;2\n", decimal=".")).x[0, 0] == 1.5


def test_missing_values_are_counted_and_dropped_or_filled() -> None:
    reading = detect("a,b,y\n1,2,0\n,4,1\n5,NA,0\n7,8,\n9,10,1\n")
    assert [column.missing for column in reading.columns] == [1, 1, 1]
    assert any("1 in 'a'" in one for one in reading.sentences)
    dropped, filled = table_of(reading), table_of(reading, missing="mean")
    np.testing.assert_array_equal(dropped.x, [[1, 2], [9, 10]])
    np.testing.assert_allclose(filled.x, [[1, 2], [5, 4], [5, 16 / 3], [9, 10]])
    assert "3 rows" in dropped.notes[0]


def test_categories_become_columns_of_0_and_1() -> None:
    reading = detect("colour,size,y\nred,1,0\nblue,2,1\ngreen,3,0\nred,4,1\n")
    assert reading.columns[0].kind == "category"
    table = table_of(reading)
    assert table.columns == ("colour = blue", "colour = green", "colour = red", "size")
    np.testing.assert_array_equal(table.x[:, :3], [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    two = table_of(detect("sex,size,y\nm,1,0\nf,2,1\nm,3,0\n"))
    assert two.columns == ("sex = m", "size")


def test_columns_and_target_are_picked() -> None:
    table = table_of(detect(written(PLAIN)), target="a", columns=["b"], task="regression")
    assert (table.columns, table.target, table.task) == (("b",), "a", "regression")
    for bad in ({"target": "z"}, {"columns": ["z"]}, {"columns": []}, {"missing": "guess"}, {"columns": ["class"]}):
        with pytest.raises(PlaygroundError):
            table_of(detect(written(PLAIN)), **bad)  # pyright: ignore[reportArgumentType]


def test_what_excel_writes() -> None:
    assert detect("sep=;\r\na;b\r\n1;2\r\n3;4\r\n").delimiter == ";"
    assert detect("a,b,,\n1,2,,\n3,4,,\n").names == ("a", "b")
    assert detect("a,a,y\n1,2,3\n4,5,6\n").names == ("a", "a (2)", "y")
    assert len(table_of(detect('a,"b\nc",y\n1,2,3\n\n4,5,6\n\n')).x) == 2


CELLS = [
    "",
    "1",
    "1e400",
    "-inf",
    "nan",
    "NA",
    "1,5",
    "1.234,5",
    "x",
    "a b",
    '"',
    "'",
    "=1+1",
    "<b>",
    "\\",
    "٣",
    "💥",
    "0x10",
    "1_000",
    "--1",
    "+",
    "9" * 400,
]
HOSTILE = [
    "",
    " ",
    "\n\n\n",
    ",",
    ",,,\n,,,\n",
    "a",
    "a\n1\n2\n",
    "a,b",
    "a,b\n",
    "a,b\n1,2\n",
    "a,b\n1,2\n3\n",
    "a,b\n1,2,3\n4,5\n",
    'a,b\n"1,2\n3,4\n',
    'a,b\n1,"2"x\n3,4\n',
    "a,b\x00\n1,2\n3,4\n",
    "a,b\n1,\ud800\n",
    "a,b\r1,2\r3,4\r",
    "a\tb;c|d,e\n1\t2;3|4,5\n1\t2;3|4,5\n",
    ",".join(f"c{i}" for i in range(70)) + "\n" + ("1," * 69 + "1\n") * 3,
    "a,b\n" + "1,2\n" * 20_005,
    "a,b\n" + "x" * 6_000_000,
    "a,y\n" + "".join(f"t{i},{i}\n" for i in range(40)),
    "a,y\n" + "".join(f"{i},c{i}\n" for i in range(40)),
    "a,y\n1,1\n2,1\n",
    "y\n" * 5,
    "﻿a,b\n1,2\n3,4\n",
    "a;b\n1,2;3,4\n5,6;7,8\n",
    *(f"a,b,y\n{one},2,0\n{two},3,1\n4,5,0\n" for one, two in itertools.product(CELLS, ["1", "", "x"])),
    *(f"a;b;y\n1;{one};p\n2;3;q\n4;5;p\n" for one in CELLS),
    *(f"{one},b,y\n1,2,0\n3,4,1\n" for one in CELLS),
    *(f"a\tb\ty\n1\t2\t{one}\n3\t4\t5\n6\t7\t8\n" for one in CELLS),
    *(f"a|b|y\n1|2|{one}\n3|4|{one}\n6|7|z\n" for one in CELLS),
    *(f"{one}\n" * 4 for one in CELLS),
    *(f"a,{one}\n{one},1\n2,{one}\n" for one in CELLS),
]


def test_there_are_two_hundred_hostile_files() -> None:
    assert len(HOSTILE) >= 200


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("at", range(len(HOSTILE)))
def test_a_hostile_file_is_a_table_or_a_sentence(at: int) -> None:
    for missing in ("drop", "mean"):
        for task in (None, "regression", "classification"):
            try:
                check(table_of(detect(HOSTILE[at]), missing=missing, task=task))
            except PlaygroundError as error:
                assert 10 < len(str(error)) < 400  # noqa: PT017 either is right, neither may be anything else


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_sentence(content: bytes) -> None:
    try:
        check(table_of(detect(content), missing="mean"))
    except PlaygroundError:
        pass


@given(
    st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=4), max_size=8), st.sampled_from([",", ";", "\t"])
)
def test_any_cells_are_a_table_or_a_sentence(rows: list[list[str]], delimiter: str) -> None:
    try:
        check(table_of(detect(written(rows, delimiter))))
    except PlaygroundError:
        pass
