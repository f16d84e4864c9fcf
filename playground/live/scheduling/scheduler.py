"""Which training computes next: as many slices at once as there are cores, in one queue over all visitors of a
process."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SLICE_SECONDS = 0.04
"""How long one answer trains at most: short enough that a click never waits for it."""
MIN_SLICE_SECONDS = 0.008
"""Below this a slice pays for little but its own journey."""
ROUND_SECONDS = 0.6
"""In this time everybody who trains shall have had a slice; when there are too many for that, slices shrink."""
ACTIVE_SECONDS = 6.0
"""Seconds after their last slice for which somebody counts as training here: in a large class seconds pass between two
questions of one."""
MAX_PASSED_OVER = 8
"""So many live slices go before a job's at most: else a class that plays would starve whoever waits for an answer."""
CROWDED_LOAD = 0.27
"""Load from which on answers are fewer and longer."""
PAUSE_FACTOR = 2.0
"""Where many train, a stage waits so many times as long as its question took before it asks the next."""
MAX_FRAMES_PER_SECOND = 30
"""Frames a second that a stage shows at most where more train than this machine serves at full pace."""
SLOW_WAIT_SECONDS = 0.1
"""Mean wait for a slice, in seconds, from which on it shows."""
WAIT_SMOOTHING = 0.1
"""Share of a new wait in the running mean."""


def cores() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS or Windows
        return max(1, os.cpu_count() or 1)


@dataclass(eq=False)
class Ticket:
    """A place in the line; ``called`` when it is one's turn."""

    job: bool
    called: threading.Event = field(default_factory=threading.Event)


class Scheduler:
    """At most ``limit`` slices at once: more threads than cores raise the latency and train no faster.

    The longest wait is served first, after those who have just changed something; live frames go before jobs, which
    never take the last slot where there are several, and are passed over ``MAX_PASSED_OVER`` times at most.
    """

    def __init__(self, limit: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit or cores()
        self._clock = clock
        self._free = self.limit
        self._live: deque[Ticket] = deque()
        self._jobs: deque[Ticket] = deque()
        self._jobs_held = self._passed = 0
        self._seen: OrderedDict[Hashable, float] = OrderedDict()
        self._wait, self._last = 0.0, -ACTIVE_SECONDS
        self._lock = threading.Lock()

    @contextmanager
    def acquire(self, who: Hashable, *, job: bool = False, first: bool = False) -> Iterator[float]:
        """Wait for one's turn and hold it; gives how many seconds to use of it. ``first``: before all others, for what
        somebody has just changed by hand."""
        ticket, asked = Ticket(job), self._clock()
        with self._lock:
            self._note(who, asked)
            line = self._jobs if job else self._live
            (line.appendleft if first else line.append)(ticket)
            self._call()
        try:
            ticket.called.wait()
            with self._lock:
                if not job:
                    self._wait += WAIT_SMOOTHING * (self._clock() - asked - self._wait)
                seconds = self._slice()
            yield seconds
        finally:
            self._leave(ticket)

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._live) + len(self._jobs)

    def training_count(self) -> int:
        """How many train here at the moment, or did so up to ``ACTIVE_SECONDS`` seconds ago."""
        with self._lock:
            return self._training(self._clock())

    def load(self) -> float:
        """How many times more is asked of this machine than full slices can serve: above 1 slices shrink."""
        return self.training_count() * SLICE_SECONDS / (ROUND_SECONDS * self.limit)

    def rollouts_per_reply(self) -> int:
        """How many films of frames an answer holds at most: two where many train, for each answer costs its journey (8
        ms) whatever it holds."""
        return 2 if self.load() > CROWDED_LOAD else 1

    def client_limits(self) -> dict[str, float]:
        """What is asked of a stage for the others' sake: ``rest``, how many times as long as its question took it is to
        wait before it asks for more, and ``fastest``, how many frames a second it may show; nothing where few train.

        Of N that ask again at once, all N always stand in line, before a control of theirs too. While the line never
        empties, waiting elsewhere costs no frame: the answers of a second stay as many (a closed queue with think time:
        Lazowska et al., Quantitative System Performance, 1984)."""
        asked = {"rest": PAUSE_FACTOR} if self.load() > CROWDED_LOAD else {}
        return asked | {"fastest": MAX_FRAMES_PER_SECOND} if self.overload_count() else asked

    def overload_count(self) -> int:
        """How many train here when there are more than this machine serves at full pace; else 0."""
        many = self.training_count()
        return many if many > self.limit and (self._wait > SLOW_WAIT_SECONDS or self.load() > 1) else 0

    def idle(self, seconds: float) -> bool:
        """Whether nobody has asked for a slice for so long."""
        with self._lock:
            return self._free == self.limit and self._clock() - self._last >= seconds

    def _note(self, who: Hashable, now: float) -> None:
        self._last = now
        self._seen[who] = now
        self._seen.move_to_end(who)

    def _training(self, now: float) -> int:
        while self._seen and now - next(iter(self._seen.values())) > ACTIVE_SECONDS:
            self._seen.popitem(last=False)
        if not self._seen:
            self._wait = 0.0
        return len(self._seen)

    def _slice(self) -> float:
        many = self._training(self._clock())
        return min(SLICE_SECONDS, max(MIN_SLICE_SECONDS, ROUND_SECONDS * self.limit / max(1, many)))

    def _call(self) -> None:
        """Give free slots to those who are next."""
        while self._free and (ticket := self._next()):
            self._free -= 1
            self._jobs_held += ticket.job
            ticket.called.set()

    def _next(self) -> Ticket | None:
        may_job = self._jobs and self._jobs_held < max(1, self.limit - 1)
        if self._live and not (may_job and self._passed >= MAX_PASSED_OVER):
            self._passed += bool(may_job)
            return self._live.popleft()
        if not may_job:
            return None
        self._passed = 0
        return self._jobs.popleft()

    def _leave(self, ticket: Ticket) -> None:
        with self._lock:
            if ticket.called.is_set():
                self._free += 1
                self._jobs_held -= ticket.job
            else:  # interrupted in the line
                (self._jobs if ticket.job else self._live).remove(ticket)
            self._call()


SCHEDULER = Scheduler()
"""The slots of this process."""
