"""One's own files: each becomes a table of ordinary numbers, with what was understood, or one sentence that names the
cure."""

from __future__ import annotations

import csv
import io
import itertools
import tracemalloc
import unicodedata
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.datasets import ReadingChoices, Table, read_csv, read_table
from playground.datasets.tabular.detection import Reading
from playground.errors import PlaygroundError
from tests.datasets.tabular.foreign_files import FILES

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


def sentences(reading: Reading) -> str:
    return "\n".join(note.text for note in reading.notes)


def otherwise(content: str | bytes, label: str) -> Table:
    """The table that the alternative with this label makes."""
    reading = read_table(content)
    choices = next(other.choices for note in reading.notes for other in note.alternatives if label in other.label)
    return read_csv(content, **choices)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_plain_table_is_read_the_same_however_it_is_written(encoding: str, delimiter: str, newline: str) -> None:
    content = written(PLAIN, delimiter).replace("\n", newline).encode(encoding)
    reading = read_table(content)
    assert (reading.delimiter, reading.header, reading.names) == (delimiter, True, ("a", "b", "class"))
    table = reading.table()
    np.testing.assert_array_equal(table.x, [[1, 2.5], [-3, 4], [50, 0.25], [7, 8]])
    assert (table.class_names, list(table.y), table.target) == (("no", "yes"), [1, 0, 1, 0], "class")


def test_well_formed_tables_are_what_pandas_reads() -> None:
    import pandas

    rng = np.random.default_rng(0)
    frame = pandas.DataFrame({"u": rng.normal(size=30), "v": rng.integers(0, 9, 30), "y": rng.normal(size=30)})
    for text in (frame.to_csv(index=False), frame.to_csv(), frame.to_csv(sep=";", decimal=",")):
        table = read_csv(text)
        assert table.columns == ("u", "v")
        np.testing.assert_array_equal(table.x, frame[["u", "v"]].to_numpy())
        np.testing.assert_array_equal(table.y, frame["y"].to_numpy())


# What can be read in two ways: the likelier is taken, and the other one is one choice away.


@pytest.mark.parametrize(
    ("text", "x", "label", "other"),
    [
        (
            "x;y;k\n0,125;1,250;A\n0,5;2,125;B\n",
            [[0.125, 1.25], [0.5, 2.125]],
            "decimal point",
            [[0.125, 1250], [0.5, 2125]],
        ),
        (
            "preis;quote;k\n1.234;0,5;a\n12.500;0,2;b\n",
            [[1234, 0.5], [12500, 0.2]],
            "decimal point",
            [[1.234, 0.5], [12.5, 0.2]],
        ),
        ('x,k\n"1,234",a\n"5,678",b\n', [[1234], [5678]], "decimal comma", [[1.234], [5.678]]),
        ("x;k\n1,234;a\n5,678;b\n", [[1.234], [5.678]], "decimal point", [[1234], [5678]]),
        ("x\tk\n1.234\ta\n5.678\tb\n", [[1.234], [5.678]], "decimal comma", [[1234], [5678]]),
        (
            "0,1,y\n5.1,3.5,a\n4.9,3.0,b\n4.9,1.0,b\n",
            [[5.1, 3.5], [4.9, 3], [4.9, 1]],
            "It is data",
            [[0, 1], [5.1, 3.5], [4.9, 3], [4.9, 1]],
        ),
        (",a,k\n1,5,x\n2,6,y\n3,7,x\n", [[5], [6], [7]], "Learn from 'column 1' too", [[1, 5], [2, 6], [3, 7]]),
        ("id;a;k\n0;5;x\n2;6;y\n1;7;x\n", [[5], [6], [7]], "Learn from 'id' too", [[0, 5], [2, 6], [1, 7]]),
        ("z,k\n007,a\n08,b\n9,a\n", [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "Read them as numbers", [[7], [8], [9]]),
        ("z,k\n1,a\n2,b\nbig,a\n", [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "Read them as numbers", [[1], [2]]),
        (
            "c,v,k\nNA,1,a\nEU,2,b\nAS,3,a\n",
            [[0, 0, 1, 1], [0, 1, 0, 2], [1, 0, 0, 3]],
            "Count 'NA' as missing",
            [[1, 2], [0, 3]],
        ),
        ("a,b,k\n1,,x\n2,4,y\n3,6,x\n", [[2, 4], [3, 6]], "Fill them in", [[1, 5], [2, 4], [3, 6]]),
    ],
)
def test_what_can_be_read_in_two_ways_is_said_with_the_other_one(
    text: str, x: list[list[float]], label: str, other: list[list[float]]
) -> None:
    np.testing.assert_array_equal(read_csv(text).x, x)
    np.testing.assert_array_equal(otherwise(text, label).x, other)


def test_few_numbers_are_classes_and_that_is_said() -> None:
    text = "a,y\n1,2\n2,3\n3,4\n4,4\n"
    assert read_csv(text).class_names == ("2", "3", "4")
    assert otherwise(text, "They are amounts").y.tolist() == [2, 3, 4, 4]


def test_another_encoding_is_offered_where_it_is_a_guess() -> None:
    text = "cena;k\n1,5;ó\n2,5;é\n"
    reading = read_table(text.encode("cp1250"))
    assert "not in Unicode" in sentences(reading)
    assert read_csv(text.encode("cp850"), encoding="cp850").class_names == ("é", "ó")


def test_a_decimal_sign_of_its_own_is_a_columns_own() -> None:
    reading = read_table("a;b;k\n0.5;1,5;x\n0.25;2,75;y\n0.1;3,5;x\n")
    np.testing.assert_array_equal(reading.table().x, [[0.5, 1.5], [0.25, 2.75], [0.1, 3.5]])
    mixed = read_table("a;k\n0.5;x\n0,25;y\n0,1;x\n")
    np.testing.assert_array_equal(mixed.table().x[:, 0], [0.5, 0.25, 0.1])
    assert "'0.5' in column 'a' is no number with a decimal comma: with a decimal point it is 0.5" in sentences(mixed)
    chosen = read_table("a;b;k\n0,125;1,250;x\n0,5;2,500;y\n0,25;1,750;x\n", ReadingChoices(decimal="."))
    np.testing.assert_array_equal(chosen.table().x, [[0.125, 1250], [0.5, 2500], [0.25, 1750]])
    assert "'0,125' in column 'a' is no number with a decimal point" in sentences(chosen)


# Headers, counters, identifiers, classes


@pytest.mark.parametrize(
    ("text", "header", "names"),
    [
        ("1,2,0\n3,4,1\n5,6,0\n", False, ("column 1", "column 2", "column 3")),
        ("5.1,3.5,setosa\n4.9,3.0,virginica\n5.0,3.1,setosa\n", False, ("column 1", "column 2", "column 3")),
        ("0,1,y\n5,3,a\n4,3,b\n", True, ("0", "1", "y")),
        ("0,1,2\n5.1,3.5,0.5\n4.9,3.0,0.2\n", True, ("0", "1", "2")),
        ("stadt,2019,2020\nA,5,3\nB,4,3\n", True, ("stadt", "2019", "2020")),
        ("0,1,y\n0,1,n\n1,0,y\n", False, ("column 1", "column 2", "column 3")),
        ("colour,size\nred,big\nblue,small\nred,small\n", True, ("colour", "size")),
        ("red,big\nblue,small\nred,small\n", False, ("column 1", "column 2")),
        ("a,a,y\n1,2,3\n4,5,6\n", True, ("a", "a (2)", "y")),
        ("a,,y\n1,2,3\n4,5,6\n", True, ("a", "column 2", "y")),
        ("a,b\nNA,NA\n1,2\n3,4\n", True, ("a", "b")),
        ('a,b\n"1\n2",3\n4,5\n6,7\n', True, ("a", "b")),
        ("a,b,y\n1,big,1\n3,4,0\n5,6,1\n", True, ("a", "b", "y")),
        ("x;2019\n1;5\n2;6\n", True, ("x", "2019")),
        ("a,b,,\n1,2,,\n3,4,,\n", True, ("a", "b")),
        (f"{'n' * 200},y\n1,2\n3,4\n", True, ("n" * 80, "y")),
    ],
)
def test_headers(text: str, header: bool, names: tuple[str, ...]) -> None:
    reading = read_table(text)
    assert (reading.header, reading.names) == (header, names)
    assert read_table(text, ReadingChoices(header=not header)).rows == reading.rows + (1 if header else -1)


def test_a_column_that_counts_is_learned_where_it_is_all_there_is() -> None:
    reading = read_table("0,0.5\n1,1.5\n2,2.75\n3,4.5\n4,6.5\n5,6.25\n")
    assert reading.learned == ("column 1",)
    assert "nothing else to learn from" in sentences(reading)


@pytest.mark.parametrize("name", ["x", "year", "n"])
def test_a_named_column_that_counts_is_a_feature(name: str) -> None:
    assert read_table(f"{name},a,y\n1,5,0.5\n2,6,1.5\n3,4,7.5\n").learned == (name, "a")


def test_a_counting_column_is_no_target_unless_asked() -> None:
    assert read_table("a,b,id\n5,x,1\n6,y,2\n8,x,3\n").target == "b"
    assert read_csv("a,b,id\n5,x,1\n6,y,2\n8,x,3\n", target="id").target == "id"


def test_identifiers_stay_apart() -> None:
    text = "a,v\n1,9007199254740993\n2,9007199254740992\n3,9007199254740993\n"
    assert read_csv(text).class_names == ("9007199254740992", "9007199254740993")
    assert read_csv("a,v\n1,01\n2,1\n3,01\n").class_names == ("01", "1")


@pytest.mark.parametrize("mark", ["NA", "None", "nan", "-", "null", "?", "n/a"])
def test_no_class_vanishes(mark: str) -> None:
    texts = f"a,k\n1,{mark}\n2,x\n3,{mark}\n"
    reading = read_table(texts)
    assert set(reading.table().class_names) == {mark, "x"}
    assert f"{mark!r} in column 'k' (row 2)" in sentences(reading)
    assert otherwise("a,k\n1," + mark + "\n2,x\n3,y\n", f"Count {mark!r} as missing").class_names == ("x", "y")
    numbers = read_csv(f"a,k\n1,{mark}\n2,0.5\n3,1.5\n4,2.5\n")
    assert numbers.y.tolist() == [0.5, 1.5, 2.5]
    assert numbers.notes == ("1 row with missing values left out.",)


def test_marks_and_twins_among_many_classes_are_said() -> None:
    text = "a,k\n" + "".join(f"{i},c{i % 14}\n" for i in range(28)) + "28,NA\n29,C3\n"
    reading = read_table(text)
    assert {"NA", "C3", "c3"} <= set(reading.table().class_names)
    assert "'NA' in column 'k' (row 30)" in sentences(reading)
    assert "'c3' and 'C3' (row 31)" in sentences(reading)


def test_two_forms_of_a_letter_are_one_class_and_near_twins_are_said() -> None:
    reading = read_table("a,k\n1,café\n2,cafe\u0301\n3,Café\n4,caf é\n")
    assert set(reading.table().class_names) == {"café", "Café", "caf é"}
    assert "'café' and 'Café' (row 4)" in sentences(reading)


def test_blanks_at_the_ends_of_names_go_unless_two_would_become_one() -> None:
    assert set(read_csv("a,k\n1,red \n2,blue \n").class_names) == {"red", "blue"}
    reading = read_table("a,k\n1,red \n2,red\n3,blue \n")
    assert set(reading.table().class_names) == {"red ", "red", "blue"}
    assert "'red ' and 'red' (row 3)" in sentences(reading)


@pytest.mark.parametrize(
    ("yes", "no"), [("ja", "nein"), ("yes", "no"), ("wahr", "falsch"), ("oui", "non"), ("是", "否"), ("TRUE", "FALSE")]
)
def test_the_word_that_says_yes_is_one(yes: str, no: str) -> None:
    table = read_csv(f"a,y\n{yes},0.5\n{no},1.5\n{yes},2.5\n")
    assert table.columns == (f"a = {yes}",)
    assert table.x[:, 0].tolist() == [1, 0, 1]


def test_categories_become_columns_of_0_and_1() -> None:
    reading = read_table("colour,size,y\nred,1,0\nblue,2,1\ngreen,3,0\nred,4,1\n")
    assert reading.columns[0].kind == "category"
    table = reading.table()
    assert table.columns == ("colour = blue", "colour = green", "colour = red", "size")
    np.testing.assert_array_equal(table.x[:, :3], [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]])


def test_missing_values_are_counted_and_dropped_or_filled() -> None:
    text = "a,b,y\n1,2,0\n,4,1\n5,NA,0\n7,8,\n9,10,1\n"
    assert [column.missing for column in read_table(text).columns] == [1, 1, 1]
    assert "1 in 'a'" in sentences(read_table(text))
    dropped, filled = read_csv(text), read_csv(text, missing="mean")
    np.testing.assert_array_equal(dropped.x, [[1, 2], [9, 10]])
    np.testing.assert_allclose(filled.x, [[1, 2], [5, 4], [5, 16 / 3], [9, 10]])
    assert "3 rows" in dropped.notes[0]


def test_a_few_texts_among_many_numbers_are_missing_and_that_is_said() -> None:
    text = "a,y\n" + "".join(f"{i}.5,{i}\n" for i in range(20)) + "broken,3\n"
    reading = read_table(text)
    assert len(reading.table().x) == 20
    assert "1 cell of text such as 'broken' in row 22" in sentences(reading)


def test_columns_and_target_are_picked() -> None:
    table = read_csv(written(PLAIN), target="a", columns=("b",), task="regression")
    assert (table.columns, table.target, table.task) == (("b",), "a", "regression")
    bad = [
        {"target": "z"},
        {"columns": ("z",)},
        {"columns": ()},
        {"columns": ("class",)},
        {"missing": "guess"},
        {"delimiter": "x"},
        {"decimal": ";"},
        {"thousands": "x"},
        {"decimal": ",", "thousands": ","},
        {"task": "x"},
        {"kinds": (("a", "text"),)},
        {"kinds": (("z", "number"),)},
        {"first_row": 0},
        {"encoding": "rot13"},
    ]
    for fields in bad:
        with pytest.raises(PlaygroundError):
            read_csv(written(PLAIN), **fields)


@pytest.mark.parametrize(
    ("cells", "task", "names"),
    [
        (["b", "a", "b"], "classification", ("a", "b")),
        ([1, 0, 1], "classification", ("0", "1")),
        ([10, 9, 2], "classification", ("2", "9", "10")),
        (["1.0", "-1.0", "1"], "classification", ("-1.0", "1.0")),
        ([0.25, 0.75, 0.25], "classification", ("0.25", "0.75")),
        ([0.25, 0.75, 0.5], "regression", ()),
        (range(10), "classification", tuple("0123456789")),
        (range(11), "regression", ()),
        ([*range(1, 20), "x"], "classification", tuple(sorted([*map(str, range(1, 20)), "x"]))),
    ],
)
def test_the_task_is_told_from_the_target(cells: list[object], task: str, names: tuple[str, ...]) -> None:
    table = read_csv("a,y\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells)))
    assert (table.task, table.class_names) == (task, names)
    if task == "regression":
        assert table.y.tolist() == list(cells)
        assert table.y.dtype == np.float64
    else:
        assert table.y.dtype == np.int64


# Faults

FAULTS: list[tuple[str, bytes | str, dict[str, object], str]] = [
    ("empty", b"", {}, "the file is empty"),
    ("blank", "\n \n\n", {}, "the file is empty"),
    ("header only", "a,b,y\n", {}, "no rows below"),
    ("one row", "a,b,y\n1,2,0\n", {}, "1 row below"),
    ("one column", "y\n1\n0\n", {}, "one column only"),
    ("one class", "a,y\n1,red\n2,red\n", {}, r"'y' holds one class only \('red'\)"),
    ("one number", "a,y\n1,0.5\n2,0.5\n", {}, "one value only"),
    ("missing cells", "a,b,y\n1,2,0\nNA,2,1\n5,?,1\n", {}, "the first is in row 3, column 'a'"),
    ("a missing target", "a,b,y\n1,2,0\n1,2,\n", {}, "the first is in row 3, column 'y'"),
    ("infinite", "a,y\n1,0\n-inf,1\n", {}, "row 3, column 'a': '-inf' is not finite"),
    ("too large", "a,y\n1,0\n1e39,1\n", {}, "row 3, column 'a': '1e39' is not finite"),
    ("an infinite target", "a,y\n1,0\n2,inf\n3,1\n", {}, "row 3, column 'y': 'inf' is not finite"),
    ("too wide a row", "a,b,y\n1,2,0\n1,2,0,7\n1,2,1\n", {}, "row 3 has 4 cells"),
    ("a row behind a cell of two lines", 'a,b\n1,"x\ny"\n\n2,z,9\n3,z\n', {}, "row 4 has 3 cells"),
    ("a row below a title", "My data\n\na,b\n1,x\n1,x\n2,z,9\n", {}, "row 6 has 3 cells"),
    ("a row below sep=", "sep=;\na;b\n1;2\n3;4;5\n", {}, "row 3 has 3 cells"),
    (
        "many classes",
        "a,y\n" + "".join(f"{i},c{i}\n" for i in range(21)),
        {},
        r"21 classes \(text, such as 'c0' in row 2\)",
    ),
    ("a long class", f"a,y\n1,b\n2,{'c' * 81}\n", {}, "row 3, column 'y': the class 'ccc"),
    ("a zero byte", b"a,y\n1,\0\n", {}, "zero bytes"),
    ("half a utf-16", "a,y\n1,0\n2,1\n".encode("utf-16")[:-1], {}, "row 3 holds characters that cannot be read"),
    ("not that encoding", 'a,y\n1,"x\ny"\n2,é\n'.encode("cp1252"), {"encoding": "utf-8"}, "row 3 holds characters"),
    ("lone surrogates", "a,y\n1,\ud800\n2,b\n", {}, "surrogates"),
    ("too many columns", ",".join(f"c{i}" for i in range(66)) + "\n", {}, "66 columns; keep at most 64"),
    ("a long cell", 'a,y\n1,"' + "x" * 200_000, {}, "row 2 holds a cell of more than 131,072"),
    ("a quote not closed", 'a,y\n1,2\n3,"4\n5,6\n', {}, "row 3 holds a quote that is not closed"),
    (
        "decimal commas between commas",
        "x,y\n1,5,2,5\n3,5,4,5\n",
        {},
        "row 2 has 4 cells, but row 1 names 2 columns; mend it: numbers with a decimal",
    ),
    ("a workbook", b"PK\x03\x04 rest", {}, "save it as CSV"),
    ("dates only", "d,y\n2020-01-01,1\n2020-01-02,3\n", {}, "row 2, column 'd': '2020-01-01' is a date"),
    (
        "dates asked for",
        "a,d,y\n1,,1\n1,1/2/2020,3\n2,2/2/2020,4\n",
        {"columns": ("a", "d")},
        "row 3, column 'd': '1/2/2020' is a date",
    ),
    (
        "times asked for",
        "a,d,y\n1,12:30,1\n1,12:31,3\n",
        {"columns": ("a", "d")},
        "row 2, column 'd': '12:30' is a date or a time",
    ),
    (
        "texts asked for",
        "a,d,y\n" + "".join(f"1,t{i},{i}\n" for i in range(13)),
        {"columns": ("a", "d")},
        "13 different texts",
    ),
    (
        "text in a regression",
        "a,y\n0,1\n1,x\n2,3\n",
        {"task": "regression"},
        "row 3, column 'y': 'x' is text, but a regression needs a number",
    ),
    ("a near name", "a,y\n1,2\n3,4\n", {"target": "Y"}, "did you mean 'y'"),
]


@pytest.mark.parametrize(
    ("content", "fields", "message"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_is_named_in_one_sentence(content: bytes | str, fields: dict[str, object], message: str) -> None:
    with pytest.raises(PlaygroundError, match=message) as caught:
        read_csv(content, **fields)
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)


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
    "007",
    "2020-01-01",
    "#",
    "# 1",
    "sep=;",
    "5 %",
    "é",
    "e\u0301",
    " ",
    "\u00a0",
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
    "a,y\n1,1\n2,1\n",
    "y\n" * 5,
    "\ufeffa,b\n1,2\n3,4\n",
    "a;b\n1,2;3,4\n5,6;7,8\n",
    "#\n#\n#\n",
    "# a\n# b,c\n",
    "sep=;",
    "sep=;\n",
    "'\n'\n'",
    *(f"a,b,y\n{one},2,0\n{two},3,1\n4,5,0\n" for one, two in itertools.product(CELLS, ["1", "", "x"])),
    *(f"a;b;y\n1;{one};p\n2;3;q\n4;5;p\n" for one in CELLS),
    *(f"{one},b,y\n1,2,0\n3,4,1\n" for one in CELLS),
    *(f"a\tb\ty\n1\t2\t{one}\n3\t4\t5\n6\t7\t8\n" for one in CELLS),
    *(f"{one}\n" * 4 for one in CELLS),
    *(f"a,{one}\n{one},1\n2,{one}\n" for one in CELLS),
]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("at", range(len(HOSTILE)))
def test_a_hostile_file_is_a_table_or_a_sentence(at: int) -> None:
    for missing in ("drop", "mean"):
        for task in (None, "regression", "classification"):
            try:
                check(read_csv(HOSTILE[at], missing=missing, task=task))
            except PlaygroundError as error:
                assert 10 < len(str(error)) < 400  # noqa: PT017 either is right, neither may be anything else


CHOICES = st.builds(
    dict,
    delimiter=st.sampled_from([None, ",", ";", "\t", " ", ":"]),
    decimal=st.sampled_from([None, ".", ","]),
    thousands=st.sampled_from([None, "", " ", "'"]),
    header=st.sampled_from([None, True, False]),
    first_row=st.sampled_from([None, 1, 2, 3]),
    missing=st.sampled_from(["drop", "mean"]),
    missing_marks=st.sampled_from([(), ("x",), ("NA", "1")]),
    task=st.sampled_from([None, "regression", "classification"]),
)


def read_or_refuse(content: bytes | str, fields: dict[str, object]) -> None:
    try:
        reading = read_table(content, ReadingChoices(**fields))  # pyright: ignore[reportArgumentType]
        rows = [row for row, _ in reading.layout.rows()]
        assert len(rows) == reading.rows
        check(reading.table())
    except PlaygroundError:
        pass


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), CHOICES)
def test_any_bytes_are_a_table_or_a_sentence(content: bytes, fields: dict[str, object]) -> None:
    read_or_refuse(content, fields)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=4), max_size=8),
    st.sampled_from([",", ";", "\t", " "]),
    CHOICES,
)
def test_any_cells_are_a_table_or_a_sentence(rows: list[list[str]], delimiter: str, fields: dict[str, object]) -> None:
    read_or_refuse(written(rows, delimiter), fields)


@settings(max_examples=150, deadline=None)
@given(file=st.sampled_from(FILES), data=st.data())
def test_a_damaged_file_is_a_table_or_a_sentence(file: object, data: st.DataObject) -> None:
    content = bytearray(file.content)  # pyright: ignore[reportAttributeAccessIssue]
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read_or_refuse(bytes(content), {})


# Written, then read

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z", "N", "S", "P")), min_size=2, max_size=12
).map(lambda name: unicodedata.normalize("NFC", name))
LABELS = ["first", "two words", 'quoted "x"', "with, comma", "semi; colon", "zwei\nZeilen", "straße", "日本", "NA"]


@settings(max_examples=60, deadline=None)
@given(
    data=st.data(),
    names=st.lists(NAMES, min_size=3, max_size=6, unique_by=str.casefold),
    n=st.integers(3, 12),
    delimiter=st.sampled_from(",;\t|"),
    decimal=st.sampled_from(".,"),
    thousands=st.sampled_from(["", "\u00a0", "\u202f", "'", "other"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    title=st.sampled_from(["", "A title", "# a remark"]),
)
def test_what_is_written_is_read(
    data: st.DataObject,
    names: list[str],
    n: int,
    delimiter: str,
    decimal: str,
    thousands: str,
    encoding: str,
    ending: str,
    title: str,
) -> None:
    """Random tables in random dialects; the first row shows which sign is the decimal one, as a file of five columns
    does."""
    width = len(names) - 1
    numbers = st.decimals(-(10**7), 10**7, places=data.draw(st.integers(0, 4)))
    x = data.draw(st.lists(st.lists(numbers, min_size=width, max_size=width), min_size=n, max_size=n))
    x[0] = [Decimal("-0.25")] * width
    labels = data.draw(st.lists(st.sampled_from(LABELS), min_size=n - 2, max_size=n - 2)) + LABELS[:2]
    labels = [label.replace("\n", ending) for label in labels]
    separator = {".": ",", ",": "."}[decimal] if thousands == "other" else thousands

    def cell(value: Decimal) -> str:
        return f"{value:,f}".replace(",", "T").replace(".", decimal).replace("T", separator)

    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=ending)
    writer.writerows([names, *[[*map(cell, row), label] for row, label in zip(x, labels, strict=True)]])
    text = (title + ending if title else "") + file.getvalue()
    table = read_csv(text.encode(encoding))
    assert table.columns == tuple(names[:-1])
    assert table.x.tolist() == [[float(value) for value in row] for row in x]
    assert [table.class_names[k] for k in table.y] == [" ".join(label.split()) for label in labels]


# Memory


def peak_of(make: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        make()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


SHAPES = {
    "one long target": "a,y\n"
    + "".join(f"{i},{'x' if i % 2 else 'y'}\n" for i in range(400))
    + f"400,{'z' * 130_000}\n",
    "long texts": "a,t,y\n" + "".join(f"{i},{i:0300d},{i % 2}\n" for i in range(400)),
    "short cells, all different": "a,b,c,d,y\n"
    + "".join(f"{i:04x},{i + 7:04x},{i + 9:04x},{i + 3:04x},{i % 3}\n" for i in range(2_000)),
    "a cell of many signs of four bytes": "a,y\n"
    + "".join(f"{i},{i % 2}\n" for i in range(500))
    + f"1,{'💥' * 60_000}\n",
    "one row of commas": "," * 100_000,
    "blank rows": "a,b\n1,2\n" + "\n" * 10_000 + "3,4\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_memory_is_bounded_by_the_files_size(shape: str) -> None:
    content = SHAPES[shape].encode()

    def read() -> None:
        try:
            read_csv(content)
        except PlaygroundError:
            pass

    assert peak_of(read) < 20 * len(content)
