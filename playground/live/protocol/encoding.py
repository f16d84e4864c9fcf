"""A chunk of frames as one message of bytes.

``u32`` length of the header, the header as JSON, zeros up to a multiple of 4, then one zlib stream of the blocks in the
header's order: ``f32`` blocks as they are; ``u8`` blocks with each frame as the difference (mod 256) to the one before
it, since neighbours differ little; ``d32`` blocks likewise, the bits of a float32 as a whole number (mod 2^32), written
as four planes of bytes, the lowest first, since the higher ones are then mostly zeros. Without frames there is no
stream. Frames before the header's ``start`` come first, their indices are its ``earlier``.

What is long in the header and not needed before the body is (``BULKY``) may come as JSON in a zlib stream of its own,
before the one of the blocks: the header's ``packed`` is its length.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from playground.language import translate_tree
from playground.live import FrameReply
from playground.live.frames.observer import Block, Frame

VERSION = 1
BULKY = ("scene", "history", "branches", "look")
MIN_PACKED_CHARS = 2000
"""Of the bulky entries' JSON: less gains nothing."""
LEVEL, MEMORY = 1, 9
"""zlib's fastest level; of its strategies run lengths alone were smaller and faster here: the maps' differences are
mostly runs of zeros."""


def encode(chunk: FrameReply, header: dict[str, Any]) -> bytes:
    """The message of ``chunk``; ``header`` adds what else the stage is told."""
    frames = (*chunk.earlier.values(), *chunk.frames)
    full = {
        "version": VERSION,
        "run": chunk.run,
        "epoch": chunk.epoch,
        "start": chunk.start,
        "n": len(frames),
        "state": chunk.state,
        "text": chunk.text,
        "blocks": [[block.name, block.kind, list(block.shape)] for block in chunk.blocks],
        **header,
    }
    full = translate_tree(full)
    if chunk.earlier:
        full["earlier"] = list(chunk.earlier)
    if chunk.history is not None:
        full["history"] = {name: round_floats(column) for name, column in chunk.history.items()}
    packed = b""
    bulk = header_to_json({name: full[name] for name in BULKY if name in full})
    if len(bulk) >= MIN_PACKED_CHARS:
        packed = zlib.compress(bulk, LEVEL)
        full = {name: value for name, value in full.items() if name not in BULKY} | {"packed": len(packed)}
    text = header_to_json(full)
    padding = b"\0" * (-(4 + len(text)) % 4)
    return (
        struct.pack("<I", len(text))
        + text
        + padding
        + packed
        + (compress(_body(chunk.blocks, frames)) if frames else b"")
    )


def header_to_json(header: dict[str, Any]) -> bytes:
    """``header`` as JSON without spaces."""
    return json.dumps(header, separators=(",", ":"), allow_nan=False).encode()


KEPT_BITS = 0xFFFFFF00
"""Of a float32 whose changes travel: 15 bits of mantissa, four to five digits; the rest would be half of all that is
sent."""


def compress(body: bytes) -> bytes:
    """``body`` as a zlib stream."""
    stream = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS, MEMORY, zlib.Z_RLE)
    return stream.compress(body) + stream.flush()


def _body(blocks: Sequence[Block], frames: Sequence[Frame]) -> bytes:
    floats = np.stack([frame.floats for frame in frames]).astype("<f4", copy=False)
    shades = np.stack([frame.bytes for frame in frames])
    shades[1:] = shades[1:] - shades[:-1]  # uint8 wraps around; the right-hand side is a copy made before it is stored
    parts, taken = [], {"f32": 0, "u8": 0}
    for block in blocks:
        source, of = (shades, "u8") if block.kind == "u8" else (floats, "f32")
        start = taken[of]
        part = np.ascontiguousarray(source[:, start : start + block.size])
        parts.append((split_bit_planes(part) if block.kind == "d32" else part).tobytes())
        taken[of] = start + block.size
    return b"".join(parts)


def split_bit_planes(numbers: np.ndarray) -> np.ndarray:
    """Float32 ``(frames, size)`` as uint8 ``(4, frames, size)``: differences of their bits, by byte."""
    bits = numbers.astype("<f4", copy=False).view("<u4") & np.uint32(KEPT_BITS)
    bits[1:] = bits[1:] - bits[:-1]
    return np.moveaxis(bits.view(np.uint8).reshape(*bits.shape, 4), -1, 0)


def merge_bit_planes(shades: np.ndarray) -> np.ndarray:
    """The float32 ``(frames, ...)`` of ``split_bit_planes``."""
    bits = np.ascontiguousarray(np.moveaxis(shades, 0, -1)).view("<u4")[..., 0]
    return np.cumsum(bits, axis=0, dtype=np.uint32).view("<f4")


def decode(message: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and blocks ``(n, *shape)`` of a message: what the stage does, for tests and scripts.

    Raises ``ValueError`` (or its kin) when the message is not one.
    """
    (length,) = struct.unpack_from("<I", message)
    header = json.loads(message[4 : 4 + length])
    n = header["n"]
    body = message[4 + length + (-(4 + length) % 4) :]
    if packed := header.pop("packed", 0):
        header |= json.loads(zlib.decompress(body[:packed]))
        body = body[packed:]
    if not n:
        return header, {}
    body = zlib.decompress(body)
    blocks, at = {}, 0
    for name, kind, shape in header["blocks"]:
        count = n * math.prod(shape)
        if kind == "u8":
            blocks[name] = np.cumsum(
                np.frombuffer(body, np.uint8, count, at).reshape(n, *shape), axis=0, dtype=np.uint8
            )
        elif kind == "d32":
            blocks[name] = merge_bit_planes(np.frombuffer(body, np.uint8, 4 * count, at).reshape(4, n, *shape))
        else:
            blocks[name] = np.frombuffer(body, "<f4", count, at).reshape(n, *shape)
        at += count if kind == "u8" else 4 * count
    return header, blocks


def round_floats(values: Any, digits: int = 5) -> Any:
    """Nested lists of ``values`` with ``digits`` significant digits, None for what is not finite."""
    if isinstance(values, list | tuple) or np.ndim(values):
        return [round_floats(value, digits) for value in values]
    return float(f"{values:.{digits}g}") if math.isfinite(values) else None
