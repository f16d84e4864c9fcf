"""Plays a lesson without a browser: trains real runs and does what a learner would do on the page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from playground.experiment import Experiment, replace_field
from playground.lessons import Lesson, Observation, Progress, Tracker, Verdict, prepare_experiment
from playground.live import FrameRequest, Run
from playground.live.history.segment import Edit

MAX_ANSWERS = 200


class Robot:
    """A learner at the stage: ``run`` is shown at frame ``head``, its newest."""

    def __init__(self, lesson: Lesson, progress: Progress | None = None) -> None:
        self.tracker = Tracker(progress or Progress.start(lesson))
        self._runs = 0
        self.experiment = Experiment()
        self.run = self._start(Experiment())
        self.prepare()

    @property
    def progress(self) -> Progress:
        """Progress at the frame that is shown."""
        return self.tracker.shown_progress

    @property
    def head(self) -> int:
        """The frame that is shown."""
        return self.run.last

    @property
    def observation(self) -> Observation:
        """What is shown."""
        return Observation.of(self.run, self.head)

    def _start(self, experiment: Experiment) -> Run:
        self._runs += 1
        self.experiment = experiment
        self.run = Run(f"run {self._runs}", experiment)
        self.run.compile()
        self.tracker.observe(self.run)
        return self.run

    def prepare(self) -> None:
        """What the page does when a step begins."""
        step = self.progress.present
        if step and (step.experiment or step.change):
            self.configure(prepare_experiment(step, self.experiment))

    def configure(self, experiment: Experiment) -> None:
        """Other knobs join the run, anything else starts another."""
        if replace(experiment, knobs=self.experiment.knobs) != self.experiment:
            self._start(experiment)
        elif experiment != self.experiment:
            self.experiment = experiment
            self.run.update_knobs(experiment)
            self.tracker.observe_present(self.run, self.head)

    def change(self, **values: Any) -> None:
        """Set fields of the experiment, one after another; what the step locks is refused."""
        step, experiment = self.progress.present, self.experiment
        for name, value in values.items():
            assert step is None or not self.progress.lesson.handout_of(step).is_locked(name), f"{name} is locked"
            experiment = replace_field(experiment, name, value)
        self.configure(experiment)

    def train(self, steps: int, pace: int = 5) -> None:
        """Play so many optimizer steps, or to the end of the run; ``pace`` steps a frame."""
        end = self.run.past.steps[self.run.last] + steps
        for _ in range(MAX_ANSWERS):
            now = self.run.past.steps[self.run.last]
            if now >= end:
                return
            frames = max(1, min(24, (end - now) // pace))
            start = self.run.last + 1
            reply = self.run.answer(
                FrameRequest(self.run.name, self.run.epoch, start, min(pace, end - now), start - 1, frames)
            )
            self.tracker.observe(self.run, start)
            self.tracker.mark_shown(self.head)
            if reply.state != "ready":
                return
        raise AssertionError("did not come to its end")

    def restart(self) -> None:
        """Press Reset: the same experiment from its first frame."""
        self._start(self.experiment)

    def go_back(self, head: int) -> None:
        """Go back on the time line to frame ``head``, and change nothing."""
        self.run.past.rewind(head)
        self.tracker.observe(self.run, head + 1)

    def edit(self, *edits: Edit) -> None:
        """Set weights by hand."""
        self.run.intervene(self.head, edits=edits)
        self.tracker.observe(self.run, self.head)
        self.tracker.mark_shown(self.head)

    def answer(self, text: str | int) -> Verdict:
        """Answer the question."""
        return self.tracker.answer(self.run, self.head, str(text))

    def advance(self) -> None:
        """On to the next step, which prepares what it begins with."""
        self.tracker.advance(self.run, self.head)
        self.prepare()
