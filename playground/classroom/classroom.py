"""A class: its seats, and the hands of its teacher; all of it in memory, none of it stored."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playground.classroom.codes import KEY_BYTES, is_same, new_token
from playground.classroom.nicknames import choose_animal, clean_nickname, unique_nickname
from playground.classroom.seat import WATCH_SECONDS, Seat
from playground.classroom.snapshot import Snapshot
from playground.errors import PlaygroundError
from playground.language import mark

MAX_STUDENTS = 60
MAX_WORKS = 24
"""Of the gallery."""
RELEASE_SECONDS = 300.0
"""Who is away for so long gives the seat to somebody new, where all are taken."""
MAX_TITLE_CHARS = 120
ENCODE_SECONDS = 0.9
"""Between two encodings of a stage that somebody looks at."""


@dataclass(frozen=True)
class Assignment:
    """What a teacher has sent: an experiment or a lesson as a link's ``query``; ``replaces``: it is opened at once,
    else it waits behind a button. ``number`` counts what was sent in this class."""

    number: int
    title: str
    query: Mapping[str, str]
    replaces: bool


@dataclass(frozen=True)
class Lecture:
    """The teacher's stage as students follow it: a message, its number, the link with which one takes over from there
    (None: no link can hold the teacher's own rows)."""

    number: int
    message: bytes
    query: Mapping[str, str] | None


@dataclass(frozen=True)
class Work:
    """A work in the gallery, without a name: ``number`` names it among the works of the class; ``count`` was the
    class's when it was picked."""

    number: int
    snapshot: Snapshot
    count: int


class Classroom:
    """A class under ``code``; whoever has ``teacher_token`` is its teacher, ``key`` is the part of its link that nobody
    guesses.

    Whatever changes for all students counts ``news`` up, whatever changes on the wall ``count``. Safe to use from
    several threads.
    """

    def __init__(self, code: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.code, self._clock = code, clock
        self.key, self.teacher_token = new_token(KEY_BYTES), new_token()
        self.opened_at = self.teacher_seen_at = clock()
        self.is_open = True
        """Whether anybody may still join."""
        self.has_ended = False
        self.is_frozen = False
        self.is_followed = False
        self.assignment: Assignment | None = None
        self.lecture: Lecture | None = None
        self.works: list[Work] = []
        self.news = self.count = 0
        self._seats: dict[int, Seat] = {}
        self._last_number = self._last_work = 0
        self._taught_at = -ENCODE_SECONDS
        self._lock = threading.RLock()

    @property
    def now(self) -> float:
        """The time of its clock, in seconds."""
        return self._clock()

    # ---- who is in it

    @property
    def seats(self) -> list[Seat]:
        """The seats in the order in which students came."""
        with self._lock:
            return list(self._seats.values())

    def is_teacher(self, token: str) -> bool:
        """Whether ``token`` is the teacher's."""
        return is_same(token, self.teacher_token)

    def seat_of(self, token: str) -> Seat | None:
        """The seat whose student has ``token``."""
        return next((seat for seat in self.seats if is_same(token, seat.token)), None)

    def seat(self, number: int) -> Seat | None:
        """The seat of that number."""
        return self._seats.get(number)

    def join(self, wanted: str) -> Seat:
        """A new seat for a student who would like to be called ``wanted``, "" for an animal's name. Raises
        ``PlaygroundError`` where nobody may join, or all seats are taken."""
        now = self._clock()
        with self._lock:
            if self.has_ended or not self.is_open:
                raise PlaygroundError(
                    mark("this class lets nobody in at the moment; ask your teacher to open the door.")
                )
            if len(self._seats) >= MAX_STUDENTS:
                self._release_seat(now)
            taken = [seat.nickname for seat in self._seats.values()]
            nickname = unique_nickname(clean_nickname(wanted) or str(choose_animal(taken)), taken)
            self._last_number += 1
            seat = Seat(self._last_number, nickname, new_token(), now, now, now)
            self._seats[seat.number] = seat
            self.count += 1
            return seat

    def _release_seat(self, now: float) -> None:
        longest = min(self._seats.values(), key=lambda seat: seat.seen_at)
        if now - longest.seen_at < RELEASE_SECONDS:
            raise PlaygroundError(
                mark(
                    "all {count} seats of this class are taken; ask your teacher, or go on by yourself in the "
                    "playground.",
                    count=MAX_STUDENTS,
                )
            )
        del self._seats[longest.number]

    def leave(self, number: int) -> None:
        """The student of a seat is gone: by will, or since the teacher wants it."""
        with self._lock:
            self._seats.pop(number, None)
            self.count += 1

    def end(self) -> None:
        """Everything is forgotten."""
        with self._lock:
            self.has_ended, self.is_open = True, False
            self._seats.clear()
            self.works.clear()
            self.assignment = self.lecture = None
            self.news += 1

    # ---- what is heard of them

    def hear_teacher(self) -> None:
        """The teacher's page asks."""
        self.teacher_seen_at = self._clock()

    def hear_student(self, seat: Seat) -> str:
        """A student's page asks; what there is to know by now, as a text that is another one whenever that is."""
        now = self._clock()
        seat.seen_at = now
        return f"{self.news}.{seat.news}.{int(seat.is_watched(now))}"

    @property
    def heard_at(self) -> float:
        """When anybody was heard of last."""
        return max([self.teacher_seen_at, *(seat.seen_at for seat in self.seats)])

    def show(self, seat: Seat, snapshot: Snapshot | None, encode: Callable[[], bytes]) -> None:
        """The stage in front of ``seat`` shows ``snapshot`` (None: what it showed before); ``encode`` makes it the
        message that a looking teacher gets."""
        now = self._clock()
        if snapshot is not None:
            with self._lock:
                self.count += 1
                seat.show(snapshot, now, self.count)
        if seat.is_watched(now) and now - seat.encoded_at >= ENCODE_SECONDS:
            seat.message, seat.encoded_at = encode(), now
        elif seat.message and not seat.is_watched(now):
            seat.message = b""

    def share(self, seat: Seat) -> None:
        """The student wants the teacher to see this."""
        with self._lock:
            seat.shared_at = self._clock()
            self.count += 1

    # ---- the teacher's hands

    def watch(self, number: int) -> Seat | None:
        """Look over the shoulder of a seat's student for the next seconds; its seat."""
        seat = self.seat(number)
        if seat is not None:
            now = self._clock()
            seat.watched_until = now + WATCH_SECONDS
            seat.shared_at = 0.0
        return seat

    def send(self, title: str, query: Mapping[str, str], *, replaces: bool) -> None:
        """Send an experiment or a lesson to all: what was sent before is not offered any more."""
        with self._lock:
            number = self.assignment.number + 1 if self.assignment else 1
            self.assignment = Assignment(
                number, title if len(title) <= MAX_TITLE_CHARS else title[:MAX_TITLE_CHARS], dict(query), replaces
            )
            self.news += 1

    def freeze(self, is_frozen: bool) -> None:
        """Have all stages stand still with their controls locked, or let them go."""
        with self._lock:
            self.news += self.is_frozen != is_frozen
            self.is_frozen = is_frozen

    def follow(self, is_followed: bool) -> None:
        """Have all students see the teacher's stage, or their own again."""
        with self._lock:
            self.news += self.is_followed != is_followed
            self.is_followed = is_followed
            if not is_followed:
                self.lecture = None

    def open_door(self, is_open: bool) -> None:
        """Let others join, or nobody more."""
        self.is_open = is_open and not self.has_ended

    def teach(self, encode: Callable[[], bytes], query: Callable[[], Mapping[str, str] | None]) -> None:
        """The teacher's stage shows something new: where the class follows, it is encoded for all at once."""
        now = self._clock()
        if self.is_followed and now - self._taught_at >= ENCODE_SECONDS and (message := encode()):
            with self._lock:
                self._taught_at = now
                self.lecture = Lecture(self.lecture.number + 1 if self.lecture else 1, message, query())

    def pick(self, number: int) -> None:
        """Put what a seat's stage shows into the gallery. Raises ``PlaygroundError`` where that is full."""
        seat = self.seat(number)
        if seat is None or seat.snapshot is None or seat.snapshot.shades is None:
            return
        with self._lock:
            if len(self.works) >= MAX_WORKS:
                raise PlaygroundError(
                    mark("the gallery holds {count} works; take one out before you add another.", count=MAX_WORKS)
                )
            self._last_work += 1
            self.count += 1
            self.works.append(Work(self._last_work, seat.snapshot, self.count))

    def move_work(self, number: int, places: int) -> None:
        """Move a work of the gallery by so many places; out of it where ``places`` is 0."""
        with self._lock:
            index = next((index for index, work in enumerate(self.works) if work.number == number), None)
            if index is None:
                return
            work = self.works.pop(index)
            if places:
                self.works.insert(max(0, index + places), work)
            self.count += 1
