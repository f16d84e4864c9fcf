"""Who sees what a visitor's stage shows: the class that it belongs to. A session's ``audience`` is one of these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from playground.classroom.classroom import Classroom
from playground.classroom.seat import Seat
from playground.classroom.snapshot import take_snapshot
from playground.live import FrameReply
from playground.web.run_link import link_query, step_query

if TYPE_CHECKING:
    from playground.web.session import Session


class StudentAudience:
    """The teacher of ``classroom``, who sees the stage in front of ``seat``."""

    def __init__(self, classroom: Classroom, seat: Seat) -> None:
        self.classroom, self.seat = classroom, seat

    def show(self, session: Session, chunk: FrameReply, encode: Callable[[], bytes]) -> None:
        """The stage of ``session`` is sent ``chunk``; ``encode`` makes what it shows a message for somebody else."""
        self.classroom.show(self.seat, take_snapshot(session, chunk, self.seat.snapshot), encode)


class TeacherAudience:
    """The students of ``classroom``, who see their teacher's stage while they follow it."""

    def __init__(self, classroom: Classroom) -> None:
        self.classroom = classroom

    def show(self, session: Session, chunk: FrameReply, encode: Callable[[], bytes]) -> None:
        """As that of ``StudentAudience``."""

        def query() -> Mapping[str, str] | None:
            own_rows = session.table_used is not None
            return None if own_rows else link_query(session) | step_query(session)

        self.classroom.teach(encode, query)
