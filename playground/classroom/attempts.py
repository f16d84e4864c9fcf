"""Wrong codes are counted: whoever guesses has a few tries a minute, and all strangers together not many more."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from playground.errors import PlaygroundError
from playground.language import mark

PERIOD_SECONDS = 60.0
MAX_VISITOR_FAILURES, MAX_FAILURES = 6, 120
"""Wrong codes within the period: of one visitor, and of all visitors of the process."""


class Attempts:
    """When wrong codes came, the latest ones."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=most)
        self._lock = threading.Lock()

    def record_failure(self) -> None:
        """A code was wrong."""
        with self._lock:
            self._failures.append(self._clock())

    @property
    def wait_seconds(self) -> float:
        """How long the next try has to wait; 0 for not at all."""
        with self._lock:
            if len(self._failures) < (self._failures.maxlen or 0):
                return 0.0
            return max(0.0, self._failures[0] + PERIOD_SECONDS - self._clock())

    def check(self) -> None:
        """Raise ``PlaygroundError`` where the next try has to wait."""
        if (seconds := self.wait_seconds) > 0:
            raise PlaygroundError(
                mark(
                    "too many codes were wrong; look at the code once more, and try again in {seconds:.0f} s, or "
                    "follow the link of the class.",
                    seconds=max(1.0, seconds),
                )
            )
