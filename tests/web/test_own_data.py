"""The page and the command line are two callers of one reader: whatever the file and the choices, they make the same
table."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.cli.main import parser
from playground.cli.own_table import note_line, own_table
from playground.datasets import Table, read_table
from playground.datasets.tabular.choices import DECIMALS, DELIMITERS, THOUSANDS, ReadingChoices, options_of
from playground.datasets.tabular.encoding import ENCODINGS
from playground.errors import PlaygroundError
from playground.workspace import upload as own_data
from playground.workspace.kept_upload import Upload
from playground.workspace.upload import CHOICES, choose, file_choices, understand
from tests.datasets.tabular.foreign_files import FILES

OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "delimiter": st.sampled_from(list(DELIMITERS)),
        "decimal": st.sampled_from(list(DECIMALS)),
        "thousands": st.sampled_from(list(THOUSANDS)),
        "header": st.booleans(),
        "encoding": st.sampled_from(ENCODINGS),
        "first_row": st.integers(1, 4),
        "missing_marks": st.lists(st.sampled_from(["x", "NA", "ja", "4"]), min_size=1, max_size=2, unique=True),
        "kinds": st.dictionaries(st.sampled_from(["a", "b", "k"]), st.sampled_from(["number", "category"]), max_size=2),
        "target": st.sampled_from(["a", "b", "k", "column 1"]),
        "columns": st.lists(st.sampled_from(["a", "b", "k"]), min_size=1, max_size=2, unique=True),
        "missing": st.sampled_from(["drop", "mean"]),
        "task": st.sampled_from(["classification", "regression"]),
    },
)


def by_command_line(path: Path, options: dict[str, Any]) -> Table | str:
    """The table, or the sentence, of the command line."""
    arguments = ["train", "--data", str(path)]
    for name, value in options.items():
        if name == "header":
            arguments.append("--header" if value else "--no-header")
        elif name == "columns":
            arguments += ["--columns", ",".join(value)]
        elif name == "missing_marks":
            arguments += [part for mark in value for part in ("--missing-mark", mark)]
        elif name == "kinds":
            arguments += [part for pair in value.items() for part in ("--kind", "=".join(pair))]
        else:
            arguments += [f"--{name.replace('_', '-')}", str(value)]
    try:
        table = own_table(parser().parse_args(arguments), {})
    except PlaygroundError as error:
        return str(error)
    assert table is not None
    return table


def by_page(content: bytes, options: dict[str, Any]) -> Table | str:
    """The table, or the sentence, of the page, whose widgets say the same."""
    state: dict[str, Any] = {}
    for name, value in options.items():
        if name == "missing_marks":
            state["own_marks"] = ", ".join(value)
        elif name == "header":
            state["own_header"] = "yes" if value else "no"
        elif name == "encoding":
            state["own_encoding"] = CHOICES["encoding"].option_of(value)
        else:
            state[f"own_{name}"] = value
    columns = options.get("columns")
    try:
        reading = read_table(content, file_choices(state))
        return reading.decide(
            target=options.get("target"),
            columns=None if columns is None else tuple(columns),
            missing=options.get("missing", "drop"),
            task=options.get("task"),
        ).table()
    except PlaygroundError as error:
        return str(error)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(FILES), options=OPTIONS)
def test_both_make_the_same_table_of_any_file_and_choices(
    tmp_path_factory: pytest.TempPathFactory, file: Any, options: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "own.csv"
    path.write_bytes(file.content)
    typed, clicked = by_command_line(path, options), by_page(file.content, options)
    if isinstance(typed, str) or isinstance(clicked, str):
        assert typed == clicked
        return
    assert np.array_equal(typed.x, clicked.x)
    assert np.array_equal(typed.y, clicked.y)
    assert (typed.columns, typed.class_names, typed.task, typed.target, typed.notes) == (
        clicked.columns,
        clicked.class_names,
        clicked.task,
        clicked.target,
        clicked.notes,
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_other_reading_is_an_option_that_the_command_line_takes(file: Any) -> None:
    for note in read_table(file.content).notes:
        line = note_line(note)
        for other in note.alternatives:
            assert options_of(other.choices) in line
            name = next(iter(other.choices)).replace("_", "-").removesuffix("s") if "kinds" in other.choices else ""
            assert options_of(other.choices).startswith("--" + name)
    parser().parse_args(["train", "--data", "x", "--delimiter", "semicolon", "--decimal", "comma", "--no-header"])


def test_kinds_of_columns_that_are_gone_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr("streamlit.session_state", state)
    choose({"kinds": (("gone", "number"),), "decimal": ","}, "own_columns_x")
    assert state["own_decimal"] == "comma"
    upload = Upload("", b"gone", zlib.compress(b"a;k\n1,5;x\n2,5;y\n"))
    assert understand(upload, file_choices(state)).table().x.tolist() == [[1.5], [2.5]]
    assert "own_kinds" not in state


def test_a_file_is_read_once_for_each_choice_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[ReadingChoices] = []
    monkeypatch.setattr(
        own_data, "read_table", lambda content, choices: read.append(choices) or read_table(content, choices)
    )
    upload = Upload("", b"once", zlib.compress(b"a;b;k\n1,5;1;x\n2,5;2;y\n"))
    first, *others = [
        understand(upload, file_choices(state)) for state in ({}, {}, {"own_target": "a"}, {"own_decimal": "point"})
    ]
    assert [other is first for other in others] == [True, True, False]
    assert [choices.decimal for choices in read] == [None, "."]
    other_rows = Upload("", b"others", zlib.compress(b"a;b;k\n3,5;1;x\n2,5;2;y\n"))
    assert understand(other_rows, file_choices({})).table().x[0, 0] == 3.5
