"""The frames in hand (``static/live/frame-buffer.js``), in Node."""

from __future__ import annotations

from typing import Any

from tests.stage.scripts import address, run_module

BEGIN = f"""
import {{ FrameBuffer }} from "{address("live/frame-buffer.js")}";
const buffer = new FrameBuffer();
const results = [];
const frame = (step, bytes = 1) => ({{ step, bytes, map: new Uint8Array(1) }});
const steps = () => buffer.frames.map(({{ step }}) => step);
"""
MEGABYTE = 2**20


def run(script: str) -> Any:
    """What ``script`` pushes to ``results``."""
    return run_module(BEGIN + script + "\nconsole.log(JSON.stringify(results));")


def test_an_empty_buffer_has_no_newest_frame() -> None:
    assert run(
        "results.push(buffer.newest, buffer.last, buffer.thin(-1)); buffer.truncate(5); results.push(steps());"
    ) == [
        *(-1, -1, 0),
        [],
    ]


def test_a_frame_is_found_by_its_index_or_the_one_before() -> None:
    assert run("""
        buffer.add(3, [frame(30), frame(40)]);
        buffer.add(9, [frame(90)]);
        for (const index of [0, 3, 4, 8, 9, 99]) results.push(buffer.placeOf(index));
        results.push(buffer.last);
    """) == [0, 0, 1, 1, 2, 2, 9]


def test_nothing_leaves_below_the_bound_and_every_second_old_frame_at_it() -> None:
    below, gone, indices, size, again = run(f"""
        for (let i = 0; i < 31; i++) buffer.add(i, [frame(i, {MEGABYTE})]);
        results.push(buffer.thin(30));
        buffer.add(31, [frame(31, {MEGABYTE})]);
        results.push(buffer.thin(9), buffer.indices, buffer.bytes, buffer.thin(9));
    """)
    assert below == 0
    assert gone == 5, "of the frames 0 to 9"
    assert indices == [*range(0, 16, 2), *range(16, 32)]
    assert size == 24 * MEGABYTE
    assert again == 0


def test_it_stays_bounded_and_keeps_the_first_and_the_newest_frame() -> None:
    sizes, ends, ordered = run(f"""
        const sizes = [];
        for (let i = 0; i < 300; i++) {{
          buffer.add(i, [frame(i, {MEGABYTE})]);
          buffer.thin(buffer.newest);
          sizes.push(buffer.bytes);
        }}
        const {{ indices }} = buffer;
        results.push(Math.max(...sizes), [indices[0], buffer.last], indices.every((v, i) => !i || v > indices[i - 1]));
    """)
    assert sizes < 32 * MEGABYTE
    assert ends == [0, 299]
    assert ordered


def test_old_frames_give_back_the_message_that_they_came_in() -> None:
    assert run(f"""
        const message = new Uint8Array(64 * {MEGABYTE});
        const part = (i) => ({{ step: i, bytes: {MEGABYTE}, map: message.subarray(i, i + 1) }});
        buffer.add(0, Array.from({{ length: 64 }}, (_, i) => part(i)));
        buffer.thin(0);
        results.push(buffer.frames[0].map.buffer.byteLength, buffer.frames[47].map.buffer.byteLength);
    """) == [1, 64 * MEGABYTE]


def test_a_truncated_buffer_ends_at_the_place() -> None:
    assert run("""
        buffer.add(0, [frame(0, 2), frame(1, 3), frame(2, 4)]);
        for (const place of [7, 1, -5]) {
          buffer.truncate(place);
          results.push([steps(), buffer.bytes, buffer.last]);
        }
    """) == [[[0, 1, 2], 9, 2], [[0, 1], 5, 1], [[], 0, -1]]
