"""A student's seat in a class: who sits there, and what the stage in front of it shows."""

from __future__ import annotations

from dataclasses import dataclass

from playground.classroom.snapshot import Snapshot

AWAY_SECONDS = 12.0
"""Whose page was not heard of for so long is away: the tab is hidden, or the network is gone."""
WATCH_SECONDS = 8.0
"""How long after the teacher's page asked for it last a stage counts as being looked at."""
PROGRESS_SHARE = 0.98
"""A loss that falls below this share of the least one so far is progress."""
STUCK_SECONDS = 20.0
"""Without progress for so long somebody may need help; twice as long counts twice."""
MAX_STUCK = 30
"""Beyond so many times nobody is in more need."""


@dataclass
class Seat:
    """``number`` names it within its class, ``token`` is known to its student's browser alone. Times are the class's
    clock's: when somebody sat down, was heard of, made progress last, shared with the teacher (0: not), and until when
    the teacher looks. ``news`` counts what its student has to be told; ``message`` is the stage as ``encode`` has it,
    for whoever looks, made at ``encoded_at``; ``changed`` is the class's count when the snapshot was taken, and
    ``begun`` that when its run began.
    """

    number: int
    nickname: str
    token: str
    joined_at: float
    seen_at: float
    progress_at: float
    snapshot: Snapshot | None = None
    least_loss: float = float("inf")
    shared_at: float = 0.0
    watched_until: float = 0.0
    news: int = 0
    message: bytes = b""
    encoded_at: float = 0.0
    changed: int = 0
    begun: int = 0

    def is_away(self, now: float) -> bool:
        """Whether the page was not heard of for a while."""
        return now - self.seen_at > AWAY_SECONDS

    def is_watched(self, now: float) -> bool:
        """Whether the teacher looks over the shoulder."""
        return now < self.watched_until

    def idle_seconds(self, now: float) -> float:
        """Time since the last progress."""
        return max(0.0, now - self.progress_at)

    def show(self, snapshot: Snapshot, now: float, count: int) -> None:
        """The stage shows ``snapshot`` now; ``count`` is the class's, another one at each change."""
        before = self.snapshot
        if before is None or before.run != snapshot.run:
            self.begun = count
            self.least_loss = float("inf")
        is_same_task = before is not None and (before.query, before.lesson) == (snapshot.query, snapshot.lesson)
        loss = snapshot.test_loss
        if not is_same_task or loss < PROGRESS_SHARE * self.least_loss:
            self.progress_at = now
        if loss < self.least_loss:
            self.least_loss = loss
        self.snapshot, self.changed = snapshot, count

    def need(self, now: float) -> tuple[int, int, float]:
        """How much help is needed, to sort by, the most first when reversed: training that cannot go on, then what was
        shared with the teacher, then how often ``STUCK_SECONDS`` have passed without progress, then how little of a
        lesson is done. Who has nothing to do, or is away, comes last."""
        snapshot = self.snapshot
        if snapshot is None or self.is_away(now):
            return (0, 0, 0.0) if snapshot else (-1, 0, 0.0)
        stuck = min(MAX_STUCK, int(self.idle_seconds(now) // STUCK_SECONDS))
        undone = 1.0 - snapshot.lesson.share if snapshot.lesson else 0.0
        if snapshot.has_failed or self.shared_at > 0:
            return 4 if snapshot.has_failed else 3, stuck, undone
        is_finished = snapshot.lesson.share >= 1 if snapshot.lesson else snapshot.is_done
        return (1, 0, undone) if is_finished else (2, stuck, undone)
