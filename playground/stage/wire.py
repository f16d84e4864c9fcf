"""A chunk of frames as one message of bytes.

``u32`` length of the header, the header as JSON, zeros up to a multiple of 4, then one zlib stream of the blocks in the
header's order: ``f32`` blocks as they are, ``u8`` blocks with each frame as the difference (mod 256) to the one before it,
since neighbours differ little. Without frames there is no stream.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from typing import Any

import numpy as np

from playground.stream import Chunk

VERSION = 1
LEVEL = 1
"""zlib's level: the maps' differences are mostly zeros, so that the fastest level is already small."""


def pack(chunk: Chunk, header: dict[str, Any]) -> bytes:
    """The message of ``chunk``; ``header`` adds what else the stage is told."""
    full = {
        "version": VERSION,
        "run": chunk.run,
        "epoch": chunk.epoch,
        "start": chunk.start,
        "n": len(chunk.frames),
        "state": chunk.state,
        "text": chunk.text,
        "blocks": [[block.name, block.kind, list(block.shape)] for block in chunk.blocks],
        **header,
    }
    if chunk.history is not None:
        full["history"] = {name: rounded(column) for name, column in chunk.history.items()}
    text = json.dumps(full, separators=(",", ":"), allow_nan=False).encode()
    padding = b"\0" * (-(4 + len(text)) % 4)
    return struct.pack("<I", len(text)) + text + padding + (zlib.compress(_body(chunk), LEVEL) if chunk.frames else b"")


def _body(chunk: Chunk) -> bytes:
    floats = np.stack([frame.floats for frame in chunk.frames]).astype("<f4", copy=False)
    shades = np.stack([frame.bytes for frame in chunk.frames])
    shades[1:] = shades[1:] - shades[:-1]  # uint8 wraps around; the right-hand side is a copy made before it is stored
    parts, taken = [], {"f32": 0, "u8": 0}
    for block in chunk.blocks:
        source = floats if block.kind == "f32" else shades
        start = taken[block.kind]
        parts.append(np.ascontiguousarray(source[:, start : start + block.size]).tobytes())
        taken[block.kind] = start + block.size
    return b"".join(parts)


def unpack(message: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and blocks ``(n, *shape)`` of a message: what the stage does, for tests and scripts.

    Raises ``ValueError`` (or its kin) when the message is not one.
    """
    (length,) = struct.unpack_from("<I", message)
    header = json.loads(message[4 : 4 + length])
    n = header["n"]
    if not n:
        return header, {}
    body = zlib.decompress(message[4 + length + (-(4 + length) % 4) :])
    blocks, at = {}, 0
    for name, kind, shape in header["blocks"]:
        dtype = np.dtype("<f4" if kind == "f32" else "u1")
        count = n * math.prod(shape)
        block = np.frombuffer(body, dtype, count, at).reshape(n, *shape)
        blocks[name] = np.cumsum(block, axis=0, dtype=np.uint8) if kind == "u8" else block
        at += count * dtype.itemsize
    return header, blocks


def rounded(values: Any, digits: int = 5) -> Any:
    """Nested lists of ``values`` with ``digits`` significant digits, None for what is not finite."""
    if np.ndim(values):
        return [rounded(value, digits) for value in values]
    return float(f"{values:.{digits}g}") if math.isfinite(values) else None
