"""What a session knows of lessons: the one that is open, and how far others were done."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.language import t
from playground.lessons import Lesson, Observation, Progress, Reading, Tracker, Verdict, bundled_lessons
from playground.lessons.tries import TryLimit
from playground.live import FrameReply, Run
from playground.web.undo_history import UndoHistory

MAX_KEPT = 40
"""Lessons whose progress a session keeps."""
MAX_READINGS = 64
"""Frames whose readings are kept until they are shown."""
READINGS_PER_REPLY = 4


@dataclass(frozen=True)
class Certificate:
    """What the end of a lesson says under a name: the ``line`` to copy, and the completion ``code`` in it."""

    name: str
    line: str
    code: str


@dataclass(eq=False)
class OpenLesson:
    """The lesson that is open: its ``tracker``, and the ``history`` of what was there before, latest last.

    ``head``: the frame that the stage has shown last. ``verdict``: on the answer ``choice`` that was given last;
    ``error``: why what was asked for last was refused. ``is_new``: no stage has told yet what the browser remembers.
    """

    tracker: Tracker
    history: UndoHistory
    head: int = 0
    verdict: Verdict | None = None
    choice: str = ""
    error: str = ""
    certificate: Certificate | None = None
    is_new: bool = True
    readings: dict[int, tuple[Reading, ...]] = field(default_factory=dict)
    _experiment: Experiment | None = None

    @property
    def lesson(self) -> Lesson:
        """The lesson."""
        return self.tracker.lesson

    @property
    def progress(self) -> Progress:
        """Progress after the frame that is shown."""
        return self.tracker.shown_progress

    def observe(self, run: Run, reply: FrameReply) -> None:
        """Look at what ``reply`` has the stage show of ``run``; what cannot be computed counts as not seen."""
        is_changed = self._experiment is not None and run.experiment != self._experiment
        self._experiment = run.experiment
        with suppress(PlaygroundError):
            if reply.frames and not reply.scene:
                self.tracker.observe(run, reply.start)
                self._read(run, reply.start)
            elif reply.scene:
                self.tracker.observe(run)
                self.readings.clear()
                self._read(run, run.last)
            elif is_changed:
                self.tracker.observe_present(run, self.shown_frame(run))
                self.read_present(run)

    def mark_shown(self, run: Run, head: int) -> None:
        """The stage has shown frame ``head`` of ``run``."""
        self.head = max(0, min(head, run.last))
        with suppress(PlaygroundError):
            self.tracker.observe(run)
        self.tracker.mark_shown(self.head)

    def shown_frame(self, run: Run) -> int:
        """The frame that the stage shows of ``run``, as far as the server knows."""
        return max(0, min(run.head if run.head >= 0 else self.head, run.last))

    def begin_step(self) -> None:
        """Forget what was said in the step before."""
        self.verdict, self.choice, self.error = None, "", ""
        self.readings.clear()

    def read_present(self, run: Run) -> None:
        """Read the present condition at the frame that is shown, as the experiment stands now."""
        index = self.shown_frame(run)
        self.readings[index] = self.progress.readings(Observation.now(run, index))

    def _read(self, run: Run, start: int) -> None:
        """Read the present condition at a few of the frames from ``start`` on, the newest among them."""
        if not run.has_frames:
            return
        self.readings = {index: parts for index, parts in self.readings.items() if index < start}
        stride = max(1, (run.last - start + READINGS_PER_REPLY) // READINGS_PER_REPLY)
        for index in range(run.last, max(start, 0) - 1, -stride):
            self.readings[index] = self.progress.readings(Observation.of(run, index))
        self.readings = dict(sorted(self.readings.items())[-MAX_READINGS:])


@dataclass
class Lessons:
    """The ``present`` lesson, and the latest progress in others by the digest of their content; ``own``: lessons that
    came in a link or a file, likewise. ``finished``: of those that were done to their end. ``is_address_read``: the
    address with which the session began was looked at; ``is_browser_read``: so was what the browser remembers."""

    present: OpenLesson | None = None
    kept: dict[str, Progress] = field(default_factory=dict)
    finished: dict[str, Progress] = field(default_factory=dict)
    own: dict[str, Lesson] = field(default_factory=dict)
    is_address_read: bool = False
    is_browser_read: bool = False
    code_tries: TryLimit = field(default_factory=TryLimit)

    def keep(self, progress: Progress) -> None:
        """Remember ``progress``, for whoever comes back to its lesson."""
        digest = progress.lesson.digest
        for shelf in (self.kept, self.finished) if progress.is_complete else (self.kept,):
            shelf.pop(digest, None)
            shelf[digest] = progress
            while len(shelf) > MAX_KEPT:
                del shelf[next(iter(shelf))]

    def close(self) -> OpenLesson | None:
        """Close the lesson that is open, which is the answer; how far it was done is kept."""
        closed, self.present = self.present, None
        if closed:
            self.keep(closed.progress)
        return closed

    def keep_lesson(self, lesson: Lesson) -> None:
        """Remember a ``lesson`` that is not bundled."""
        if bundled_lessons().get(lesson.name) != lesson:
            self.own.pop(lesson.digest, None)
            self.own[lesson.digest] = lesson
            while len(self.own) > MAX_KEPT:
                del self.own[next(iter(self.own))]

    def progress_in(self, lesson: Lesson) -> Progress | None:
        """How far ``lesson`` was done in this session; None where it was not begun."""
        if self.present and self.present.lesson.digest == lesson.digest:
            return self.present.progress
        return self.kept.get(lesson.digest)

    def forget_run(self, name: str) -> None:
        """Let go of the run ``name`` of what was there before the lesson."""
        if self.present:
            self.present.history.forget_run(name)


def lesson_text(lesson: Lesson, text: str) -> str:
    """``text`` of ``lesson`` as it is shown: in the visitor's language, if it is one of ours."""
    return t(text) if bundled_lessons().get(lesson.name) == lesson else text
