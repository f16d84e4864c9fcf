"""Plays a lesson without a browser: trains real runs and does what a learner would do on the page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from playground.experiment import Experiment, replace_field
from playground.experiment.update import differing_fields, field_value
from playground.lessons import Lesson, Observation, Progress, Tracker, Verdict, prepare_experiment
from playground.live import FrameRequest, Run
from playground.live.history.segment import Edit
from playground.nn.masks import full_masks

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
    def step(self) -> int:
        """The optimizer step that is shown."""
        return self.run.past.steps[self.head]

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
        self.tracker.mark_shown(self.head)
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

    def check_control(self, name: str) -> None:
        """Fail where the present step locks or hides a control."""
        step = self.progress.present
        assert step is None or not self.progress.lesson.handout_of(step).is_locked(name), f"{name} is locked"

    def change(self, **values: Any) -> None:
        """Set fields of the experiment, one after another; what the step locks is refused, and stays as it was where a
        choice would bring another value of it."""
        for name, value in values.items():
            self.check_control(name)
            changed = replace_field(self.experiment, name, value)
            for other in differing_fields(self.experiment, changed):
                if self.is_locked(other):
                    changed = replace_field(changed, other, field_value(self.experiment, other))
            assert not any(self.is_locked(other) for other in differing_fields(self.experiment, changed))
            self.configure(changed)

    def is_locked(self, name: str) -> bool:
        """Whether the present step locks or hides a control."""
        step = self.progress.present
        return step is not None and self.progress.lesson.handout_of(step).is_locked(name)

    def train(self, steps: int, pace: int = 5) -> None:
        """Play so many optimizer steps, or to the end of the run; ``pace`` steps a frame."""
        self.check_control("play")
        end = self.step + steps
        for _ in range(MAX_ANSWERS):
            now = self.step
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

    def play_until_met(self, most: int) -> None:
        """Play until the condition of the present step is met, for at most so many optimizer steps."""
        end = self.step + most
        while not self.progress.is_met and self.step < end and self.run.stop_reason() is None:
            self.train(min(100, end - self.step), pace=10)

    def restart(self) -> None:
        """Press Reset: the same experiment from its first frame."""
        self.check_control("reset")
        self._start(self.experiment)

    def new_start(self) -> None:
        """Press New start: other initial weights."""
        self.check_control("new_start")
        self.change(init_seed=self.experiment.problem.init_seed + 1)

    def go_back(self, head: int) -> None:
        """Go back on the time line to frame ``head``, and change nothing."""
        self.check_control("time_line")
        self.run.past.rewind(head)
        self.tracker.observe(self.run, head + 1)

    def go_back_to_step(self, step: int) -> None:
        """Go back on the time line to the last frame that is not after ``step``."""
        self.go_back(max(index for index, at in enumerate(self.run.past.steps) if at <= step))

    def edit(self, *edits: Edit) -> None:
        """Set weights by hand."""
        self.check_control("diagram")
        self.run.intervene(self.head, edits=edits)
        self.tracker.observe(self.run, self.head)
        self.tracker.mark_shown(self.head)

    def set_weight(self, layer: int, source: int, unit: int, value: float) -> None:
        """Set a weight by hand, counted from 1 on as conditions do."""
        self.edit(Edit(layer - 1, source - 1, unit - 1, value))

    def set_bias(self, layer: int, unit: int, value: float) -> None:
        """Set a bias by hand."""
        self.edit(Edit(layer - 1, None, unit - 1, value))

    def switch(self, layer: int, unit: int, *, on: bool) -> None:
        """Switch a hidden unit on or off."""
        self.check_control("diagram")
        masks = self.run.masks_of(self.head) or full_masks(self.run.trainer.network)
        units = [np.array(part) for part in masks.units]
        units[layer][unit - 1] = on
        self.run.intervene(self.head, masks=masks._replace(units=tuple(units)))
        self.tracker.observe(self.run, self.head)
        self.tracker.mark_shown(self.head)

    def answer(self, text: str | int | float) -> Verdict:
        """Answer the question."""
        return self.tracker.answer(self.run, self.head, str(text))

    def advance(self) -> None:
        """On to the next step, which prepares what it begins with."""
        self.tracker.advance(self.run, self.head)
        self.prepare()
