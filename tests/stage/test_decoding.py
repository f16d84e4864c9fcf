"""Messages as the browser reads them (``static/live/decoding.js``), in Node: what Python encodes, and what was cut."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from playground.live import FrameReply
from playground.live.frames.observer import Block, Frame
from playground.web.components import decode, encode
from tests.stage.scripts import address, run_module

BLOCKS = (
    Block("scalars", "f32", (3,)),
    Block("weights", "d32", (2, 2)),
    Block("map", "u8", (2, 4)),
    Block("bins", "u8", (5,)),
)
READ = f"""
import {{ decodeBulk, decodeFrames, decodeHeader }} from "{address("live/decoding.js")}";
const read = async (text, offset = 0) => {{
  const bytes = Buffer.from(text, "base64");
  const place = new Uint8Array(bytes.length + offset);
  place.set(bytes, offset);
  try {{
    const message = decodeHeader(place.subarray(offset));
    if (!message) return "none";
    const {{ header, body }} = await decodeBulk(message);
    const frames = await decodeFrames(header, body);
    return [header, frames.map((frame) => Object.fromEntries(Object.entries(frame).map(
      ([name, part]) => [name, ArrayBuffer.isView(part) ? [...part] : part])))];
  }} catch (error) {{
    return error instanceof Error ? "error" : "odd";
  }}
}};
"""


def message_of(count: int, seed: int, **header: Any) -> bytes:
    """A message of ``count`` frames of random numbers."""
    rng = np.random.default_rng(seed)
    frames = tuple(
        Frame(0, -1, rng.normal(size=7).astype(np.float32), rng.integers(0, 256, 13, np.uint8)) for _ in range(count)
    )
    return encode(FrameReply("r", 2, 7, frames, BLOCKS, text="é"), header)


def read(messages: list[bytes], offset: int = 0) -> list[Any]:
    """What the browser makes of each message: header and frames, ``"none"`` or ``"error"``."""
    texts = json.dumps([base64.b64encode(message).decode() for message in messages])
    return run_module(
        f"{READ}\nconst results = [];\nfor (const text of {texts}) results.push(await read(text, {offset}));\n"
        "console.log(JSON.stringify(results));"
    )


@pytest.mark.parametrize("offset", [0, 1])
def test_what_python_encodes_is_read_number_by_number(offset: int) -> None:
    """Also where the message does not begin at a multiple of four in memory."""
    messages = [message_of(count, count) for count in range(6)]
    for message, (header, frames) in zip(messages, read(messages, offset), strict=True):
        own, blocks = decode(message)
        assert header == own
        assert len(frames) == own["n"]
        for i, frame in enumerate(frames):
            for name, values in blocks.items():
                np.testing.assert_array_equal(np.ravel(values[i]), np.asarray(frame[name], values.dtype))
            assert frame["step"] == frame["scalars"][0]
            assert frame["bytes"] == 4 * 7 + 13


def test_a_long_header_comes_whole_from_its_own_stream() -> None:
    scene = {"points": [[i / 7, i] for i in range(999)]}
    ((header, frames),) = read([message_of(2, 0, scene=scene)])
    assert header["scene"] == scene
    assert len(frames) == 2


def test_a_message_that_was_cut_anywhere_is_none() -> None:
    message = message_of(3, 1)
    results = read([message[:end] for end in range(len(message))])
    assert set(results[:4]) == {"none"}
    assert set(results) == {"none", "error"}


def test_a_header_longer_than_its_message_is_none() -> None:
    assert read([b"\xff\xff\xff\x7f{}", b""]) == ["none", "none"]
