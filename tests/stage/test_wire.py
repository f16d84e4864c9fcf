"""The message of a chunk: what goes in comes out, and small."""

from __future__ import annotations

import json
import struct
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from playground import Experiment
from playground.datasets import DATASETS
from playground.live import FrameReply, FrameRequest, Run
from playground.live.frames.observer import Block, Frame
from playground.stage.scene import scene
from playground.web.components import decode, encode

BLOCKS = (
    Block("scalars", "f32", (3,)),
    Block("map", "u8", (2, 4)),
    Block("more", "f32", (1, 2)),
    Block("bins", "u8", (5,)),
)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 6).flatmap(lambda n: st.tuples(arrays(np.float32, (n, 5)), arrays(np.uint8, (n, 13)))),
    st.text(max_size=9),
)
def test_what_is_packed_is_unpacked(numbers: tuple[np.ndarray, np.ndarray], text: str) -> None:
    floats, shades = numbers
    frames = tuple(Frame(0, -1, *one) for one in zip(floats, shades, strict=True))
    header, blocks = decode(encode(FrameReply("r", 2, 7, frames, BLOCKS, text=text), {"extra": [1]}))
    assert (header["run"], header["epoch"], header["start"], header["n"]) == ("r", 2, 7, len(frames))
    assert (header["text"], header["extra"]) == (text, [1])
    if frames:
        np.testing.assert_array_equal(blocks["scalars"], floats[:, :3])
        np.testing.assert_array_equal(blocks["more"].reshape(-1, 2), floats[:, 3:])
        np.testing.assert_array_equal(blocks["map"].reshape(-1, 8), shades[:, :8])
        np.testing.assert_array_equal(blocks["bins"], shades[:, 8:])


def test_a_long_scene_is_packed_and_comes_out_again() -> None:
    long = {"scene": {"points": [[i / 7, i] for i in range(999)]}, "look": None}
    for frames in ((), (Frame(0, -1, np.ones(5, np.float32), np.ones(13, np.uint8)),)):
        message = encode(FrameReply("r", 0, 0, frames, BLOCKS), long)
        header, blocks = decode(message)
        assert {name: header[name] for name in long} == long
        assert "packed" not in header
        assert len(blocks) == (len(BLOCKS) if frames else 0)
        assert len(message) < len(json.dumps(long)) * 0.6


def test_the_body_starts_at_a_multiple_of_four() -> None:
    for pad in range(8):
        message = encode(FrameReply("r" * pad, 0, 0, (), BLOCKS), {})
        (length,) = struct.unpack_from("<I", message)
        assert len(message) % 4 == 0
        assert json.loads(message[4 : 4 + length])["n"] == 0


def test_packing_leaves_the_frames_as_they_were() -> None:
    shades = np.arange(26, dtype=np.uint8).reshape(2, 13)
    frames = tuple(Frame(0, -1, np.zeros(5, np.float32), one) for one in shades.copy())
    encode(FrameReply("r", 0, 0, frames, BLOCKS), {})
    np.testing.assert_array_equal([frame.bytes for frame in frames], shades)


@pytest.mark.parametrize("dataset", list(DATASETS))
def test_every_dataset_has_a_scene_that_is_plain_json(dataset: str) -> None:
    run = Run("r", Experiment.of(dataset=dataset, hidden=[]))
    described = scene(run)
    assert json.loads(json.dumps(described, allow_nan=False)) == described
    points = described["points"]
    assert len(points["x"]) == len(points["y"]) == len(points["value"]) == len(points["train"])
    assert set(points["train"]) == {0, 1}
    low, high = described["axes"]["xlim"]
    assert low < high
    if described["task"] != "regression":
        assert set(points["value"]) == set(range(len(described["classes"])))


def test_a_frame_of_a_playing_run_is_smaller_than_eight_kilobytes() -> None:
    run = Run("r", Experiment.of(hidden=[6] * 8, dataset="spiral"))
    run.compile()
    chunk = run.mount()
    frames: list[Frame] = []
    while len(frames) < 16:  # a busy machine makes fewer at once
        chunk = run.answer(FrameRequest("r", 0, len(frames) + 1, 10, 0, 16 - len(frames)))
        frames += chunk.frames
    assert len(encode(replace(chunk, start=1, frames=tuple(frames)), {})) / 16 < 8192
