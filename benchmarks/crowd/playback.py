"""What the stage's player holds at any moment: frames in hand, shown one after another as a screen shows them."""

from __future__ import annotations

from dataclasses import dataclass

FASTEST = 60.0
"""Frames a second that a screen shows at most."""
LOST, LONGEST, SLOW = 1.2, 5.0, 4
"""Seconds after which a question counts as lost, and the longest wait before it is asked once more: as in
``connection.js``."""


@dataclass
class Playback:
    """``ahead`` frames in hand at ``now``; ``shown`` so far; ``size`` a running mean of what an answer brings,
    ``fastest`` how many a second may be shown, as in ``pacing.js``."""

    now: float = 0.0
    ahead: float = 0.0
    shown: float = 0.0
    size: float = 12.0
    fastest: float = FASTEST

    def pass_to(self, now: float) -> None:
        """Show what the time since the last call allows."""
        seen = min(self.ahead, max(0.0, now - self.now) * self.fastest)
        self.ahead -= seen
        self.shown += seen
        self.now = now

    def arrived(self, frames: int) -> None:
        """Frames came."""
        self.ahead += frames
        if frames:
            self.size += 0.3 * (frames - self.size)

    def dropped(self) -> None:
        """Frames in hand do not hold any more."""
        self.ahead = 0.0

    @property
    def wait(self) -> float:
        """Seconds until more should be asked for."""
        return max(0.0, self.ahead - 2 * max(4.0, self.size)) / self.fastest
