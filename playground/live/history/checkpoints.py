"""What is kept of a run, all of it bounded: states to go back to, frames to show again, numbers for the curves."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from bisect import bisect_right
from typing import Any, Self

import numpy as np

from playground.live.frames.observer import Block, Frame
from playground.live.history.packed_state import PackedState, pack_state

STATE_BYTES = 7 * 2**19
MAX_STATES = 256
FRAME_BYTES = 2**20
RECENT_FRAMES = 64
MAX_CURVE, MIN_CURVE = 2000, 200
ROW_BYTES, SEEN_BYTES = 190, 550
"""What a row of numbers, and a frame, take beside their numbers."""
CURVE_SCALARS = ("step", "train_loss", "test_loss", "train_metric", "test_metric")


class Checkpoints:
    """States by frame: the first and the latest ones all, older ones ever more thinly; at most ``MAX_STATES``, and 3.5
    MB in total.

    They are kept on the host; only the newest is also as it came, so that going on from it costs nothing.
    """

    def __init__(self) -> None:
        self._states: dict[int, PackedState] = {}
        self._newest: tuple[int, Any] | None = None

    def add(self, frame: int, state: Any) -> None:
        """Keep ``state`` as that of ``frame``, the newest, thinning older ones when there are too many."""
        packed = pack_state(state, self._states.values())
        self._states[frame], self._newest = packed, (frame, state)
        if len(self._states) > min(MAX_STATES, max(2, STATE_BYTES // packed.nbytes)):
            self._thin()

    def reduce_memory(self) -> None:
        """Keep an eighth at most: others are looked at now."""
        self._newest = None
        while len(self._states) > max(2, MAX_STATES // 8):
            self._thin()
        self.shrink(STATE_BYTES // 8)

    def shrink(self, most: int) -> None:
        """Take at most so many bytes, or what the first and the newest state take."""
        if self.nbytes > most:
            self._newest = None
        while self.nbytes > most and len(self._states) > 2:
            self._thin()

    @property
    def nbytes(self) -> int:
        """Bytes that they take; all states of a run are alike."""
        if not self._states:
            return 0
        packed = next(iter(self._states.values()))
        return len(self._states) * packed.nbytes + (packed.form.live_bytes if self._newest is not None else 0)

    def state_before(self, frame: int) -> tuple[int, Any]:
        """The latest kept frame that is not after ``frame``, and its state."""
        frames = list(self._states)
        nearest = frames[bisect_right(frames, frame) - 1]
        if self._newest is not None and self._newest[0] == nearest:
            return self._newest
        return nearest, self._states[nearest].state

    def copy(self) -> Checkpoints:
        """The same states, kept apart from now on."""
        checkpoints = Checkpoints()
        checkpoints._states, checkpoints._newest = dict(self._states), self._newest
        return checkpoints

    def forget_after(self, frame: int) -> None:
        """Forget the states of frames after ``frame``."""
        for later in [index for index in self._states if index > frame]:
            del self._states[later]
        if self._newest is not None and self._newest[0] > frame:
            self._newest = None

    @property
    def frames(self) -> list[int]:
        """The frames whose states are kept, oldest first."""
        return list(self._states)

    def __len__(self) -> int:
        return len(self._states)

    def _thin(self) -> None:
        """Every second one leaves, but for the first and the latest."""
        frames = list(self._states)
        for old in frames[1 : -min(RECENT_FRAMES, len(frames) // 2) : 2]:
            del self._states[old]


class Rows(ABC):
    """Numbers of past frames, a row each: at most 2000, every second one dropped when they grow beyond.

    ``columns``: where in a row what has which name is; ``width``: how many numbers a row has.
    """

    def __init__(self, columns: dict[str, int | slice], width: int) -> None:
        self._columns, self._width = columns, width
        self._frames: list[int] = []
        self._rows: list[np.ndarray] = []

    @abstractmethod
    def row(self, frame: Frame) -> np.ndarray:
        """The numbers of a frame."""

    def add(self, index: int, frame: Frame) -> None:
        """Add the row of ``frame``, which has that index."""
        self._frames.append(index)
        self._rows.append(self.row(frame))
        if len(self._rows) > MAX_CURVE:
            self._frames, self._rows = self._frames[::2], self._rows[::2]

    def until(self, index: int) -> dict[str, np.ndarray]:
        """Columns by name for the frames before ``index``: (frames,) or (frames, many)."""
        rows = self._rows[: bisect_right(self._frames, index - 1)]
        table = np.stack(rows) if rows else np.zeros((0, self._width))
        return {name: table[:, at] for name, at in self._columns.items()}

    def copy(self) -> Self:
        """The same numbers, kept apart from now on."""
        rows = copy.copy(self)
        rows._frames, rows._rows = list(self._frames), list(self._rows)
        return rows

    def forget_after(self, index: int) -> None:
        """Forget the numbers of frames after ``index``."""
        keep = bisect_right(self._frames, index)
        del self._frames[keep:], self._rows[keep:]

    @property
    def nbytes(self) -> int:
        """Bytes that they take."""
        return len(self._rows) * (self._rows[0].nbytes + ROW_BYTES) if self._rows else 0

    def shrink(self, most: int) -> None:
        """Take at most so many bytes, or what ``MIN_CURVE`` rows take: every second one leaves."""
        while self.nbytes > most and len(self._rows) > MIN_CURVE:
            self._frames, self._rows = self._frames[::2], self._rows[::2]

    def __len__(self) -> int:
        return len(self._rows)


class Curves(Rows):
    """The numbers of past frames of one training, for its charts: ``CURVE_SCALARS``, and each layer's
    ``gradient_norm``."""

    def __init__(self, depth: int) -> None:
        scalars = {name: i for i, name in enumerate(CURVE_SCALARS)}
        super().__init__({**scalars, "gradient_norm": slice(len(scalars), None)}, len(scalars) + depth)
        self._depth = depth

    def row(self, frame: Frame) -> np.ndarray:
        """The scalars, and each layer's gradient norm."""
        norms = frame.layers(self._depth)[:, 0]
        return np.concatenate([[frame.scalar(name) for name in CURVE_SCALARS], norms])

    def downsample(self, most: int) -> dict[str, np.ndarray]:
        """At most ``most`` rows of step and losses, evenly chosen."""
        rows = self._rows[:: max(1, -(-len(self._rows) // most))]
        table = np.stack(rows) if rows else np.zeros((0, len(CURVE_SCALARS)))
        return {name: table[:, CURVE_SCALARS.index(name)] for name in ("step", "train_loss", "test_loss")}


class Series(Rows):
    """The numbers of past frames of several trainings: ``step``, and ``series``, a frame's part of that name."""

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        lines = next(block.size for block in blocks if block.name == "series")
        super().__init__({"step": 0, "series": slice(1, None)}, 1 + lines)
        self._blocks = blocks

    def row(self, frame: Frame) -> np.ndarray:
        """The step, and the numbers of all curves."""
        return np.concatenate([[frame.step], frame.part(self._blocks, "series")])


class RecentFrames:
    """The latest frames themselves, 1 MB of them, to fill an empty stage without training again."""

    def __init__(self) -> None:
        self.start = 0
        self.frames: list[Frame] = []

    def add(self, frame: Frame) -> None:
        """Add the next frame; the oldest leave."""
        self.frames.append(frame)
        most = max(2, FRAME_BYTES // size_of(frame))
        if len(self.frames) > most:
            self.start += len(self.frames) - most
            del self.frames[:-most]

    def at(self, index: int) -> Frame | None:
        """Frame ``index``, if it is one of the latest."""
        place = index - self.start
        return self.frames[place] if 0 <= place < len(self.frames) else None

    def reduce_memory(self) -> None:
        """Keep an eighth of them, two at least."""
        self._keep(len(self.frames) // 8)

    def shrink(self, most: int) -> None:
        """Take at most so many bytes, or what two frames take."""
        if self.nbytes > most:
            self._keep(most * len(self.frames) // self.nbytes)

    @property
    def nbytes(self) -> int:
        """Bytes that they take."""
        return sum(size_of(frame) for frame in self.frames[-1:]) * len(self.frames)

    def _keep(self, many: int) -> None:
        gone = max(0, len(self.frames) - max(2, many))
        self.start += gone
        self.frames = self.frames[gone:]

    def copy(self) -> RecentFrames:
        """The same frames, kept apart from now on."""
        recent = RecentFrames()
        recent.start, recent.frames = self.start, list(self.frames)
        return recent

    def forget_after(self, index: int) -> None:
        """Forget the frames after ``index``."""
        del self.frames[max(0, index + 1 - self.start) :]


def size_of(frame: Frame) -> int:
    """Bytes that a frame takes."""
    return frame.floats.nbytes + frame.bytes.nbytes + SEEN_BYTES
