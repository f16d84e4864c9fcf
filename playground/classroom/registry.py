"""The classes of this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from playground.classroom.attempts import MAX_FAILURES, Attempts
from playground.classroom.classroom import Classroom
from playground.classroom.codes import is_same, new_code, parse_code, replica_letter
from playground.errors import PlaygroundError
from playground.language import mark

MAX_CLASSES = 20
SILENT_SECONDS = 3600.0
"""A class of which nobody was heard for so long has ended."""
EMPTY_SECONDS = 600.0
"""So has one that nobody has joined, once its teacher is gone for so long."""
MAX_SECONDS = 12 * 3600.0


class ClassroomRegistry:
    """All classes by their codes; ``attempts`` counts the wrong codes of everybody."""

    def __init__(self, replica: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        self.replica, self._clock = replica, clock
        self.attempts = Attempts(MAX_FAILURES, clock)
        self._classes: dict[str, Classroom] = {}
        self._lock = threading.Lock()

    def open(self) -> Classroom:
        """A new class. Raises ``PlaygroundError`` where there are as many as there may be."""
        self.forget_ended()
        with self._lock:
            if len(self._classes) >= MAX_CLASSES:
                raise PlaygroundError(
                    mark(
                        "this server has {count} classes already, as many as it takes; try again once one has ended.",
                        count=MAX_CLASSES,
                    )
                )
            classroom = Classroom(new_code(self._classes, self.replica), self._clock)
            self._classes[classroom.code] = classroom
            return classroom

    def find(self, code: str) -> Classroom | None:
        """The class of ``code``; None where there is none any more, or it is another process's."""
        classroom = self._classes.get(code)
        return None if classroom is None or classroom.has_ended else classroom

    def find_typed(self, text: str, attempts: Attempts) -> Classroom:
        """The class whose code, or code and key as a link has them, is ``text``; ``attempts`` are those of whoever
        types it.

        Raises ``PlaygroundError`` for a text that is no code, for one of no class, and where too many codes were wrong;
        a link with the right key is let in then, too.
        """
        code, key = parse_code(text)
        classroom = self.find(code)
        if classroom is not None and key and is_same(key, classroom.key):
            return classroom
        attempts.check()
        self.attempts.check()
        if classroom is None or key:
            attempts.record_failure()
            self.attempts.record_failure()
            raise PlaygroundError(
                mark(
                    "there is no class {code} here; look at the code once more, or ask whether the class has ended.",
                    code=code,
                )
            )
        return classroom

    def is_elsewhere(self, code: str) -> bool:
        """Whether a class of ``code`` would be another process's."""
        return bool(self.replica) and not code.startswith(self.replica)

    def end(self, classroom: Classroom) -> None:
        """End a class: nothing of it stays."""
        with self._lock:
            self._classes.pop(classroom.code, None)
        classroom.end()

    def forget_ended(self) -> None:
        """End the classes that nobody is in any more, and those that have lasted longer than a day's lessons."""
        now = self._clock()
        for classroom in list(self._classes.values()):
            silent = now - classroom.heard_at
            is_over = silent > SILENT_SECONDS or now - classroom.opened_at > MAX_SECONDS
            if is_over or (silent > EMPTY_SECONDS and not classroom.seats):
                self.end(classroom)

    def __len__(self) -> int:
        return len(self._classes)


CLASSROOMS = ClassroomRegistry(replica_letter())
