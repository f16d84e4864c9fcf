"""Commands of a stage, each done once and in order: it counts them, and says again those that were not confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from playground.stream.want import nonce

MAX_TALK, MAX_EARLIER = 16, 16
"""Characters of a talk's name; commands that are said again in one trigger."""


class Talk:
    """What one stage has said, as far as it was done; another stage begins another talk."""

    def __init__(self) -> None:
        self._name, self._done = "", 0

    @property
    def heard(self) -> list[Any]:
        """The talk's name, and the number of the last command that was done."""
        return [self._name, self._done]

    def hear(self, data: Any, do: Callable[[Any], None]) -> bool:
        """Do what is new in the trigger ``data``, in order; whether there was anything."""
        new = False
        for one in self.fresh(data):
            new = True
            do(one)
        return new

    def fresh(self, data: Any) -> Iterator[Any]:
        """The commands in the trigger ``data`` that are to be done now, each counted as done when it is taken; one without a talk is not counted."""
        talk = data.get("talk") if isinstance(data, dict) else None
        if not isinstance(talk, str):
            yield data
            return
        if talk[:MAX_TALK] != self._name:
            self._name, self._done = talk[:MAX_TALK], 0
        earlier = data.get("earlier")
        said = [*(earlier[:MAX_EARLIER] if isinstance(earlier, list) else ()), data]
        for one in [one for one in said if isinstance(one, dict) and nonce(one) > self._done]:
            self._done = max(self._done, nonce(one))
            yield one
