"""What a training step takes here, so that an answer fits its slice."""

from __future__ import annotations

FRAME_SHARE = 0.3
"""Training time of a frame when it is to go as fast as possible, as a share of its slice."""
LESS, MORE = 0.7, 0.1
"""Shares of a new measurement in what a step takes: of one that is less, and of one that is more. Where many train, a
call waits longer for the interpreter's lock than it computes; taken for the work's own time, that made answers ever
shorter, and waiting the most of them."""


class StepTime:
    """``step``: seconds that an optimizer step takes with its share of a frame, as last seen."""

    def __init__(self, step: float) -> None:
        self.step = step

    def record(self, seconds: float, steps: int) -> None:
        """So many steps took so long."""
        if steps > 0:
            difference = seconds / steps - self.step
            self.step += (LESS if difference < 0 else MORE) * difference

    def steps_within(self, seconds: float) -> int:
        """Steps that fit, one at least."""
        return max(1, int(seconds / self.step))
