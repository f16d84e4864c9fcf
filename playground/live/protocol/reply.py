"""An answer to a stage, and the wait for the programs that it needs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from playground.live.frames.observer import Block, Frame
from playground.programs.cache import ProgramSpec

StopState = Literal["diverged", "stopped"]
"""Why a run's newest frame is its last one."""
ReplyState = Literal["ready", "compiling", "returning", "failed", StopState]
"""On the wire as well: the stage knows the same."""
Stop = tuple[StopState, str]
"""Such a state, and the sentence that says why."""
READY: tuple[ReplyState, str] = ("ready", "")
COMPILE_WAIT_SECONDS = 0.1
"""How long an answer waits for a program, in seconds."""


@dataclass(frozen=True)
class FrameReply:
    """Frames from index ``start`` on, as an answer to the stage.

    ``state``: ready, compiling, returning (to a step that was reached before), failed, diverged or stopped, with
    ``text`` saying why. ``scene`` tells whether the stage needs the whole description of the run; ``history`` are the
    curves of the frames before ``start``, ``earlier`` some of those frames themselves by their indices."""

    run: str
    epoch: int
    start: int
    frames: tuple[Frame, ...]
    blocks: tuple[Block, ...]
    state: ReplyState = "ready"
    text: str = ""
    scene: bool = False
    history: dict[str, np.ndarray] | None = None
    earlier: dict[int, Frame] = field(default_factory=dict)


def compile_within(recipes: Sequence[ProgramSpec], seconds: float) -> bool:
    """Have programs compiled in the background; tells whether all are there within so many seconds."""
    for recipe in recipes:
        recipe.prefetch()
    end = time.monotonic() + seconds
    while not (ready := all(recipe.ready() for recipe in recipes)) and time.monotonic() < end:
        time.sleep(0.005)
    return ready
