"""Commands of a stage, each applied once and in order: they are numbered, and sent again until they are
acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from playground.live.protocol.request import request_id

MAX_TALK, MAX_EARLIER, MAX_TALKS = 16, 16, 8
"""Characters of a talk's name; commands that are said again in one trigger; talks whose commands are counted."""


class CommandLog:
    """The numbers up to which the commands of each stage of a page are done.

    A stage that was replaced may still send while the next one does: each has a name of its own, under which it is
    counted on.
    """

    def __init__(self) -> None:
        self._name = ""
        self._done: dict[str, int] = {}

    @property
    def acknowledged(self) -> list[Any]:
        """The talk's name, and the number of the last command that was done."""
        return [self._name, self._done.get(self._name, 0)]

    def apply_new(self, data: Any, do: Callable[[Any], None]) -> bool:
        """Apply the commands of the trigger ``data`` that are new, in order; whether there were any."""
        new = False
        for command in self.new_commands(data):
            new = True
            do(command)
        return new

    def new_commands(self, data: Any) -> Iterator[Any]:
        """The commands in the trigger ``data`` that are to be done now, each counted as done when it is taken.

        One without a talk is not counted.
        """
        talk = data.get("talk") if isinstance(data, dict) else None
        if not isinstance(talk, str):
            yield data
            return
        name = self._name = talk[:MAX_TALK]
        done = self._done.pop(name, 0)
        self._done = dict([*self._done.items(), (name, done)][-MAX_TALKS:])
        earlier = data.get("earlier")
        commands = [*(earlier[:MAX_EARLIER] if isinstance(earlier, list) else ()), data]
        for command in [command for command in commands if isinstance(command, dict) and request_id(command) > done]:
            self._done[name] = max(self._done.get(name, 0), request_id(command))
            yield command
