"""Files that somebody made to do harm, or that broke on the way: read, or answered in one sentence."""

from __future__ import annotations

import json
import struct
import zlib
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from playground.datasets import read_csv
from playground.datasets.tabular.detection import MAX_BYTES, read_table
from playground.datasets.tabular.layout import MAX_COLUMNS, MAX_ROWS
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.experiment.experiment import MAX_JSON
from playground.training.weights import from_bytes
from tests.faults.often import often

CELLS = st.one_of(
    st.sampled_from(
        ["", "nan", "inf", "-1e999", "1,5", "=1+1", "9" * 400, "\ufeff", "a", "0", "1", "<b>", '"', "\x1b"]
    ),
    st.text(max_size=6),
    st.floats().map(str),
)
RAGGED = st.lists(st.lists(CELLS, max_size=5), max_size=8)
SQUARE = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=3, max_size=9)
)
NUMBERED = st.lists(st.tuples(st.floats(-1e6, 1e6).map(str), CELLS, st.sampled_from("ab")), min_size=4, max_size=12)
TABLES = st.tuples(
    st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["\n", "\r\n", "\r"]), st.one_of(RAGGED, SQUARE, NUMBERED)
).map(lambda parts: parts[1].join(parts[0].join(row) for row in parts[2]))
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from([10**400, "spiral", "tanh", "mse"]),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=5,
)
NAMES = [
    "problem",
    "structure",
    "knobs",
    "dataset",
    "hidden",
    "activation",
    "samples",
    "painted",
    "learning_rate",
    "loss",
    "classes",
]


@settings(max_examples=often(300), deadline=None)
@given(st.one_of(TABLES, TABLES.map(str.encode), st.binary(max_size=80), st.text(max_size=80)))
def test_any_text_is_a_table_or_no_table(source: str | bytes) -> None:
    with suppress(PlaygroundError, UnicodeEncodeError):
        found = read_table(source)
        assert 2 <= len(found.columns) <= MAX_COLUMNS + 1
        assert all(len(cells) == len(found.columns) for _, cells in found.layout.rows())
    if isinstance(source, str):
        with suppress(PlaygroundError):
            table = read_csv(source)
            assert np.isfinite(table.x).all()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n" + b"1,2\n" * (MAX_ROWS + 1), "rows"),
        (b",".join([b"1"] * (MAX_COLUMNS + 2)) + b"\n" + b",".join([b"1"] * (MAX_COLUMNS + 2)), "columns"),
        (b"x" * (MAX_BYTES + 1), "larger"),
        (b"PK\x03\x04\0\0" + zlib.compress(b"0" * 10**6), "save it as CSV"),
        (b"a,b\n1,2\n\0\0", "zero bytes"),
        (b'"' * 200_001, "quote"),
    ],
    ids=["rows", "columns", "bytes", "archive", "zeros", "quotes"],
)
def test_files_of_wrong_sizes_and_kinds_are_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(PlaygroundError, match=said):
        read_table(content)


@settings(max_examples=often(300), deadline=None)
@given(
    st.one_of(
        TREES,
        st.dictionaries(
            st.sampled_from(NAMES),
            st.one_of(TREES, st.dictionaries(st.sampled_from(NAMES), TREES, max_size=3)),
            max_size=4,
        ),
    ).map(json.dumps)
    | st.text(max_size=60)
)
def test_any_json_is_an_experiment_or_none(text: str) -> None:
    with suppress(PlaygroundError):
        experiment = Experiment.from_json(text)
        assert Experiment.from_json(experiment.to_json()) == experiment


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"problem":{"samples":' + "9" * 5000 + "}}",
        " " * (MAX_JSON + 1),
        '{"a":1e999}',
        "\ud800",
    ],
    ids=["lists", "dictionaries", "digits", "spaces", "infinite", "surrogate"],
)
def test_json_made_to_exhaust_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(PlaygroundError):
        Experiment.from_json(text)


def headed(header: Any, body: bytes = b"") -> bytes:
    """A safetensors file by hand."""
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


@pytest.mark.parametrize(
    "content",
    [
        struct.pack("<Q", 2**63) + b"{}",
        headed({"layers.0.w": {"dtype": "F32", "shape": [2**31, 2**31], "data_offsets": [0, 4]}}, b"\0" * 4),
        headed({"../../etc/passwd": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, b"\0" * 4),
        headed({"layers.0.w": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}, b"\0" * 8),
        headed({"layers.99.w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, b"\0" * 4),
        b"PK\x03\x04" + zlib.compress(b"0" * 10**6),
        b"\x80\x04\x95cos\nsystem\n",
        save({"layers.0.w": np.zeros((2, 2), np.float32), "x": np.zeros(1, np.float32)}),
        save({"layers.0.w": np.zeros((0, 2), np.float32), "layers.2.w": np.zeros((2, 1), np.float32)}),
    ],
    ids=["header", "shape", "path", "integers", "gap", "archive", "pickle", "name", "missing"],
)
def test_weights_made_to_do_harm_are_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(PlaygroundError):
        from_bytes(content, "weights")
