"""A stage's request for frames, validated: it comes from a socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.live.inspection.registry import INSPECTIONS

MAX_FRAMES_PER_SECOND = 100_000
MAX_FRAMES_PER_REQUEST = 64
DEFAULT_FRAMES_PER_SECOND = 10
"""Optimizer steps a frame until somebody chooses another speed."""
MOST_VALUES, DEEPEST, LONGEST = 5000, 6, 20_000
"""Of what a trigger holds: 300 painted points are 1500 values, four deep."""


@dataclass(frozen=True)
class FrameRequest:
    """Frames from index ``start`` on, ``pace`` optimizer steps each (0: as many as time allows), at most ``frames`` of
    them.

    ``head``: the frame shown now. ``steps``: if not 0, one frame after exactly so many steps. ``mount``: the stage is
    empty and wants the scene and the latest frames instead. ``look``: instead of frames, the analysis of that name of
    frame ``head``; ``point``: of which sample, where it looks at one, -1 for none.
    """

    run: str
    epoch: int
    start: int
    pace: int
    head: int
    frames: int
    steps: int = 0
    mount: bool = False
    look: str = ""
    point: int = -1


def within_limits(data: Any) -> bool:
    """Whether ``data`` is no larger than the stage ever sends: at most ``MOST_VALUES`` values, ``DEEPEST`` deep, in
    ``LONGEST`` characters."""
    values, characters, layer = 0, 0, [data]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for unit in layer:
            if isinstance(unit, Mapping):
                inner += [*unit.keys(), *unit.values()]
            elif isinstance(unit, list | tuple):
                inner += unit
            characters += len(unit) if isinstance(unit, str) else 0
        values += len(inner)
        if values > MOST_VALUES or characters > LONGEST:
            return False
        if not inner:
            return True
        layer = inner
    return False


def clamp_int(data: Mapping[str, Any], name: str, default: int, low: int, high: int) -> int:
    """The whole number ``data[name]``, brought into ``low`` to ``high``; ``default`` for anything else."""
    value = data.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return default
    return int(min(max(value, low), high))


def parse_request(data: Any) -> FrameRequest | None:
    """The want that ``data`` holds, numbers brought into their ranges; None when it is none at all."""
    if not isinstance(data, Mapping) or not isinstance(data.get("run"), str):
        return None
    return FrameRequest(
        run=data["run"][:64],
        epoch=clamp_int(data, "epoch", 0, 0, 2**31),
        start=clamp_int(data, "from", 0, 0, 2**31),
        pace=clamp_int(data, "pace", DEFAULT_FRAMES_PER_SECOND, 0, MAX_FRAMES_PER_SECOND),
        head=clamp_int(data, "head", 0, 0, 2**31),
        frames=clamp_int(data, "frames", MAX_FRAMES_PER_REQUEST, 1, MAX_FRAMES_PER_REQUEST),
        steps=clamp_int(data, "steps", 0, 0, MAX_FRAMES_PER_SECOND),
        mount=data.get("mount") is True,
        look=look if isinstance(look := data.get("look"), str) and look in INSPECTIONS else "",
        point=clamp_int(data, "point", -1, -1, 2**31),
    )


def request_id(data: Mapping[str, Any]) -> int:
    """Which question of a stage this is. Each answer tells it: the same answer twice would be the same message, which
    does not reach the stage again."""
    return clamp_int(data, "nonce", 0, 0, 2**53)
