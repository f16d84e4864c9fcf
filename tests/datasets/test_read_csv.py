"""CSV files: every dialect that is understood, every fault that is named."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.datasets import Table, read_csv
from playground.errors import PlaygroundError

X = [[1.5, -2.0], [0.25, 4e3], [3.0, 0.125]]
Y = ["no", "yes", "no"]


def written(delimiter: str = ",", decimal: str = ".", header: tuple[str, ...] = ("Länge", "b", "y")) -> str:
    lines = [[str(a), str(b), y] for (a, b), y in zip(X, Y, strict=True)]
    body = [delimiter.join(cell.replace(".", decimal) for cell in line) for line in lines]
    return "\r\n".join([delimiter.join(header), *body, ""])


def check(table: Table) -> None:
    assert table.columns == ("Länge", "b")
    assert np.array_equal(table.x, X)
    assert table.y.tolist() == [0, 1, 0]
    assert table.y.dtype == np.int64
    assert table.class_names == ("no", "yes")
    assert (table.task, table.target, table.notes) == ("classification", "y", ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiter_and_encoding_are_told(delimiter: str, encoding: str) -> None:
    check(read_csv(written(delimiter).encode(encoding)))


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_decimal_comma_is_told(delimiter: str) -> None:
    check(read_csv(written(delimiter, decimal=",")))


def test_a_quoted_delimiter_a_blank_line_and_spaces_do_not_matter() -> None:
    table = read_csv('\n"size, cm" , b,"y"\n\n 1 ,2, "a ""b"", c"\n\n3,4,d\n\n')
    assert table.columns == ("size, cm", "b")
    assert table.x.tolist() == [[1, 2], [3, 4]]
    assert table.class_names == ('a "b", c', "d")


def test_the_target_is_the_last_column_or_the_one_named() -> None:
    text = "a,b,c\n1,0.5,7\n2,0.6,8\n3,0.9,9\n"
    assert read_csv(text).target == "c"
    table = read_csv(text, target="b")
    assert (table.columns, table.task) == (("a", "c"), "regression")
    assert table.y.tolist() == [0.5, 0.6, 0.9]


def test_a_path_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_bytes(written(";", ",").encode("utf-16"))
    check(read_csv(file))
    with pytest.raises(PlaygroundError, match="cannot read"):
        read_csv(tmp_path / "none.csv")


def column(*cells: object) -> str:
    return "a,y\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells))


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
        ([*range(20), "x"][1:], "classification", tuple(sorted([*map(str, range(1, 20)), "x"]))),
        (["none", "mild", "none"], "classification", ("mild", "none")),
    ],
)
def test_the_task_is_told_from_the_target(cells: list[object], task: str, names: tuple[str, ...]) -> None:
    table = read_csv(column(*cells))
    assert (table.task, table.class_names) == (task, names)
    if task == "classification":
        assert [float(names[k]) if names[k][-1].isdigit() else names[k] for k in table.y] == [
            float(cell) if str(cell)[-1].isdigit() else cell for cell in map(str, cells)
        ]
    else:
        assert table.y.tolist() == list(cells)
        assert table.y.dtype == np.float64


@pytest.mark.parametrize("task", ["classification", "binary", "multiclass"])
def test_a_named_task_makes_classes_of_any_numbers(task: str) -> None:
    assert read_csv(column(0.5, 1.5, 2.5), task=task).class_names == ("0.5", "1.5", "2.5")


def test_a_named_task_makes_numbers_of_few_values() -> None:
    table = read_csv(column(1, 0, 1), task="regression")
    assert (table.task, table.y.tolist(), table.class_names) == ("regression", [1.0, 0.0, 1.0], ())


def test_a_constant_column_is_noted() -> None:
    table = read_csv("a,b,y\n1,5,0\n2,5,1\n")
    assert table.notes == ("Column 'b' holds one value only, so nothing can be learned from it.",)


FAULTS: list[tuple[str, bytes | str, str]] = [
    ("empty", b"", "the file is empty"),
    ("blank", "\n \n\n", "the file is empty"),
    ("no header", "1,2,0\n3,4,1\n", "first row holds numbers"),
    ("no header, classes named", "5.1,3.5,setosa\n6.2,2.9,virginica\n", "first row holds numbers"),
    ("header only", "a,b,y\n", "0 rows below"),
    ("one row", "a,b,y\n1,2,0\n", "1 row below"),
    ("one column", "y\n1\n0\n", "one column only"),
    ("spaces between columns", "a b y\n1 2 0\n3 4 1\n", "one column only"),
    ("one class", "a,y\n1,red\n2,red\n", r"'y' holds one class only \('red'\)"),
    ("one number", "a,y\n1,0.5\n2,0.5\n", "one value only"),
    ("text", "a,b,y\n1,2,0\n1,big,1\n", "row 3, column 'b': 'big' is text"),
    ("decimal comma between commas", 'a,b,y\n1,"2,5",0\n1,2,1\n', "row 2, column 'b': '2,5' is text"),
    ("a missing cell", "a,b,y\n1,,0\n1,2,1\n", "1 value is missing, in row 2, column 'b'"),
    ("missing cells", "a,b,y\n1,2,0\nNA,2,1\nnan,?,1\n", "3 values are missing, the first in row 3, column 'a'"),
    ("a missing target", "a,b,y\n1,2,0\n1,2,\n", "1 value is missing, in row 3, column 'y'"),
    ("infinite", "a,y\n1,0\n-inf,1\n", "row 3, column 'a': '-inf' is not finite"),
    ("too large", "a,y\n1,0\n1e39,1\n", "row 3, column 'a': '1e39' is not finite"),
    ("an infinite target", "a,y\n1,0\n2,inf\n3,1\n", "row 3, column 'y': 'inf' is not finite"),
    ("ragged", "a,b,y\n1,2,0\n1,2\n", "row 3 has 2 cells, but the header has 3"),
    ("too wide a row", "a,b,y\n1,2,0,7\n1,2,1\n", "row 2 has 4 cells"),
    ("a name twice", "a,a,y\n1,2,0\n1,2,1\n", "columns 1 and 2 are both named 'a'"),
    ("no name", "a,,y\n1,2,0\n1,2,1\n", "column 2 is named ''"),
    ("a long name", f"{'a' * 81},y\n1,0\n1,1\n", "column 1 is named 'aaa"),
    (
        "many classes",
        "a,y\n" + "".join(f"{i},c{i}\n" for i in range(21)),
        r"21 classes \(text, such as 'c0' in row 2\)",
    ),
    ("a long class", f"a,y\n1,b\n2,{'c' * 81}\n", "row 3, column 'y': the class 'ccc"),
    ("a zero byte", b"a,y\n1,\0\n", "zero bytes"),
    ("utf-16 without its mark", "a,y\n1,0\n2,1\n".encode("utf-16-le"), "zero bytes"),
    ("no encoding", b"a,y\n1,\x81\n2,b\n", "characters cannot be read"),
    ("half a utf-16", "a,y\n1,0\n2,1\n".encode("utf-16")[:-1], "characters cannot be read"),
    ("lone surrogates", "a,y\n1,\ud800\n2,b\n", "surrogates"),
    ("too many columns", ",".join(f"c{i}" for i in range(66)) + "\n", "65 feature columns; keep at most 64"),
    ("a quote not closed", 'a,y\n1,"' + "x" * 200_000, "row 2 cannot be read"),
]


@pytest.mark.parametrize(("content", "message"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_a_fault_is_named_in_one_sentence(content: bytes | str, message: str) -> None:
    with pytest.raises(PlaygroundError, match=message) as caught:
        read_csv(content)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


def test_text_in_a_regression_is_a_fault() -> None:
    with pytest.raises(PlaygroundError, match=r"row 3, column 'y': 'x' is text, but a regression needs a number"):
        read_csv(column(1, "x", 3), task="regression")


def test_unknown_tasks_and_targets_meet_their_neighbours() -> None:
    with pytest.raises(PlaygroundError, match="did you mean 'regression'"):
        read_csv(column(1, 2), task="regresion")
    with pytest.raises(PlaygroundError, match="unknown column 'Y'; did you mean 'y'"):
        read_csv(column(1, 2), target="Y")


@pytest.mark.parametrize(
    ("limits", "message"),
    [({"max_rows": 2}, "more than 2 rows"), ({"max_columns": 1}, "keep at most 1"), ({"max_bytes": 10}, "larger than")],
)
def test_limits_hold(limits: dict[str, Any], message: str) -> None:
    with pytest.raises(PlaygroundError, match=message):
        read_csv(written(), **limits)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z", "N")), min_size=1, max_size=12)
NUMBERS = st.floats(-3e38, 3e38, width=64)


@settings(max_examples=60, deadline=None)
@given(
    data=st.data(),
    names=st.lists(NAMES, min_size=2, max_size=6, unique=True),
    n=st.integers(2, 12),
    delimiter=st.sampled_from(",;\t|"),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read(data: st.DataObject, names: list[str], n: int, delimiter: str, ending: str) -> None:
    width = len(names) - 1
    x = data.draw(st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=n, max_size=n))
    labels = [
        "first",
        "second",
        *data.draw(st.lists(st.sampled_from(["first", "second"]), min_size=n - 2, max_size=n - 2)),
    ]
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_MINIMAL)
    writer.writerows([names, *[[*map(repr, row), label] for row, label in zip(x, labels, strict=True)]])
    table = read_csv(file.getvalue())
    assert table.columns == tuple(names[:-1])
    assert np.array_equal(table.x, x)
    assert [table.class_names[k] for k in table.y] == labels


def read_or_refuse(content: bytes | str) -> None:
    """Read ``content``; a table must keep its promises, and nothing but PlaygroundError may be raised."""
    try:
        table = read_csv(content)
    except PlaygroundError:
        return
    assert table.x.shape == (len(table.y), len(table.columns))
    assert len(table.y) >= 2
    assert np.isfinite(table.x).all()
    assert np.isfinite(table.y).all()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_read_or_refused(content: bytes) -> None:
    read_or_refuse(content)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*",;\t|\n\r\"' .-+eE_0123456789abynà", "nan", "inf", "a,y\n", "1,2\n", "\r\n", "NA"])))
def test_random_tables_are_read_or_refused(pieces: list[str]) -> None:
    read_or_refuse("a,b,y\n" + "".join(pieces))


@settings(max_examples=150, deadline=None)
@given(data=st.data(), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
def test_a_damaged_file_is_read_or_refused(data: st.DataObject, encoding: str) -> None:
    content = bytearray(written(";", ",").encode(encoding))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read_or_refuse(bytes(content))
