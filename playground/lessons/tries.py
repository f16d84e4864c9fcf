"""A bound on guesses: how many codes may be tried in a while."""

from __future__ import annotations

import time
from collections.abc import Callable

from playground.errors import PlaygroundError
from playground.language import mark

MAX_CODE_TRIES = 20
TRY_MINUTES = 10


class TryLimit:
    """At most ``MAX_CODE_TRIES`` tries in ``TRY_MINUTES``; ``clock`` tells seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: list[float] = []

    def take(self) -> None:
        """Count a try; raises ``PlaygroundError`` where there were too many."""
        now = self._clock()
        self._times = [moment for moment in self._times if now - moment < 60 * TRY_MINUTES]
        if len(self._times) >= MAX_CODE_TRIES:
            raise PlaygroundError(
                mark(
                    "{count} codes were tried within {minutes} minutes, which is as many as can be; try again later.",
                    count=MAX_CODE_TRIES,
                    minutes=TRY_MINUTES,
                )
            )
        self._times.append(now)
