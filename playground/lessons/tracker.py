"""Progress along a run whose frames are trained ahead of what the stage shows.

A frame that is never shown was never seen: what was noted of it is dropped when somebody goes back, or turns a knob,
before it. So what is remembered is kept with the index of the frame at which it was noted, until that is shown.
"""

from __future__ import annotations

from playground.lessons.lesson import Lesson
from playground.lessons.observation import Observation
from playground.lessons.progress import Progress, Verdict
from playground.live import Run

MAX_PENDING = 256
"""Moments that are kept until they are shown; a stage has some 30 frames in hand."""
AT_ONCE = -1
"""The tick of a condition that became true at no frame: by a change of the experiment."""


class Tracker:
    """Follows ``progress`` along the run that is shown, which may be another one at any time."""

    def __init__(self, progress: Progress) -> None:
        self._shown = progress
        self._shown_tick = AT_ONCE
        self._pending: list[tuple[int, Progress]] = []
        self._run = ""
        self._next = 0

    @property
    def lesson(self) -> Lesson:
        """The lesson."""
        return self._shown.lesson

    @property
    def progress(self) -> Progress:
        """Progress after the newest frame that was looked at, shown or not."""
        return self._pending[-1][1] if self._pending else self._shown

    @property
    def shown_progress(self) -> Progress:
        """Progress after the frame that was shown last: what is kept, and what can be answered and left."""
        return self._shown

    @property
    def tick(self) -> int | None:
        """The frame at which the present condition became true, with which a stage shows its tick; ``AT_ONCE`` where a
        change of the experiment alone made it true, None while it is not met."""
        if self._shown.is_met:
            return self._shown_tick
        return next((index for index, progress in self._pending if progress.is_met), None)

    def observe(self, run: Run, start: int | None = None) -> None:
        """Look at the frames of ``run`` that were not looked at yet. ``start``: the first frame of an answer, so that
        whatever was there from it on is no more. A run that was not followed so far is looked at from the frame that is
        shown of it."""
        if not run.has_frames:
            self.observe_present(run, 0)
            return
        if run.name != self._run:
            shown = run.head if run.head >= 0 else run.last
            self._follow(run, min(shown, run.last) if start is None else start - 1)
        elif start is not None:
            self._drop_from(start)
        self._drop_from(run.last + 1)
        while self._next <= run.last:
            if not self.progress.is_met:
                self._note(self._next, self.progress.observe(Observation.of(run, self._next)))
            self._next += 1

    def observe_present(self, run: Run, head: int) -> None:
        """Look at the experiment as it stands, after a change of it at frame ``head``, which is shown; frames after it
        are no more."""
        if run.name != self._run:
            self._follow(run, head)
        self.mark_shown(head)
        self._drop_from(head + 1)
        self._shown = self._shown.observe(Observation.now(run, head))

    def mark_shown(self, head: int) -> None:
        """The stage has shown frame ``head``."""
        while self._pending and self._pending[0][0] <= head:
            self._commit()

    def answer(self, run: Run, head: int, text: str) -> Verdict:
        """An answer to the open question, at frame ``head``; raises ``PlaygroundError`` for what is none."""
        self.mark_shown(head)
        self._shown, verdict = self._shown.answer(text, Observation.of(run, head))
        return verdict

    def advance(self, run: Run, head: int) -> None:
        """On to the next step at frame ``head``, from which on it looks; raises ``PlaygroundError`` where the present
        one is not done."""
        self.mark_shown(head)
        self._begin(self._shown.advance(), run, head)

    def skip(self, run: Run, head: int) -> None:
        """On to the next step, the present one undone."""
        self.mark_shown(head)
        self._begin(self._shown.skip(), run, head)

    def _begin(self, progress: Progress, run: Run, head: int) -> None:
        """Look at frame ``head`` at once, unless the step is to begin with another experiment: a new start right after
        it is another run, and what was there before would never be seen."""
        self._shown, self._shown_tick = progress, AT_ONCE
        self._follow(run, head)
        step = progress.present
        if step and not step.experiment and not step.change:
            self._shown = progress.observe(Observation.now(run, head))
            self._next = head + 1

    def _follow(self, run: Run, index: int) -> None:
        """Look at ``run`` from frame ``index`` on; what was noted of frames that were not shown is dropped."""
        self._pending = []
        self._run, self._next = run.name, max(index, 0)

    def _drop_from(self, index: int) -> None:
        self._pending = [(frame, progress) for frame, progress in self._pending if frame < index]
        self._next = min(self._next, index)

    def _note(self, index: int, progress: Progress) -> None:
        if progress != self.progress:
            self._pending.append((index, progress))
        if len(self._pending) > MAX_PENDING:
            self._commit()

    def _commit(self) -> None:
        index, progress = self._pending.pop(0)
        if progress.is_met and not self._shown.is_met:
            self._shown_tick = index
        self._shown = progress
