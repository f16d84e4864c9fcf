"""A run: frames of one experiment's training, made when they are asked for."""

from __future__ import annotations

import copy
import threading
import time
from bisect import bisect_right
from dataclasses import replace
from typing import Any

import jax
import numpy as np

from playground.datasets import Table
from playground.experiment import Experiment, Knobs, with_axes
from playground.live.diagnostics.evidence import evidence
from playground.live.diagnostics.notices import Notice, notices
from playground.live.diagnostics.stop_reason import StopDiagnosis
from playground.live.frames.general_rollout import MAX_FRAMES_PER_CALL
from playground.live.frames.observer import Block, Frame, Observer
from playground.live.frames.rollout import FrameRollout
from playground.live.history.checkpoints import Curves
from playground.live.history.run_history import RunHistory
from playground.live.history.segment import Edit, Segment, check_edit
from playground.live.inspection.registry import INSPECTIONS, POINT_INSPECTIONS, to_payload
from playground.live.playback import Playback
from playground.live.protocol.reply import READY, FrameReply, Stop
from playground.live.protocol.request import FrameRequest
from playground.live.replay.log import LoggedChange, ReplayLog, log_from_turns, logged_changes
from playground.live.replay.replay import Replay
from playground.live.scheduling.scheduler import SCHEDULER
from playground.live.scheduling.step_time import FRAME_SHARE, StepTime
from playground.nn.masks import Masks, nothing_off
from playground.nn.network import Params, Stats
from playground.programs.cache import ProgramSpec
from playground.programs.devices import AUTOMATIC
from playground.training import TrainState
from playground.training.knobs import knob_vector
from playground.training.trainer import Trainer

UNSHARED_SLICE_SECONDS = 0.1
"""How long an answer trains at the highest speed where nobody else does: its journey, 60 ms in a browser, would else
take longer than the training."""
EARLIER_FRAMES = 32
"""Frames before the latest ones with which an empty stage is filled: enough to go back in time."""
NOTICED_FRAMES = 9
"""The latest frames of which a notice takes the median."""
EFFECT_WAIT_SECONDS = 3.0
"""How long the effect of something switched off waits for its program: paused, nobody would ask again. Seconds."""


class Run(Playback[RunHistory]):
    """One training from its start, frame by frame; whoever holds it asks for frames and turns its knobs.

    ``head`` is the frame that the stage showed last when it was paused, -1 for the newest; ``seen`` is the latest that
    it showed. Frame 0 is the state before the first step; with ``weights`` it starts from those, which a training had
    after ``step`` steps, and with ``wait`` it is there at once, else once its program is compiled.
    """

    _first_recipes = 1

    def __init__(
        self,
        name: str,
        experiment: Experiment,
        table: Table | None = None,
        *,
        wait: bool = True,
        weights: tuple[Params, Stats] | None = None,
        step: int = 0,
        device: str = AUTOMATIC,
    ) -> None:
        self.table = table
        self.trainer = Trainer(experiment, table, device)
        self.observer = Observer(self.trainer)
        past = RunHistory(Segment(0, knob_vector(experiment.knobs), self.observer))
        super().__init__(name, past, StepTime(1e-3))
        self.experiment = experiment
        self.head = -1
        self.seen = 0
        self.masks: Masks | None = None
        self._replay: Replay | None = None
        self._edits: tuple[Edit, ...] = ()
        self._by_hand: dict[int, int] = {}  # frames that show what was changed by hand, and the epoch since then
        self._changed = False  # by hand, and no frame shows it yet
        self._newest: FrameRequest | None = None
        self._shown = 0
        self.fell_short = False
        self._stop = StopDiagnosis()
        self.begins_with_weights = weights is not None
        self._first = self.trainer.begin_with(*weights, step) if weights is not None else None
        if wait:
            self.compile()
        self._begin()

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """The programs of its next frames, that which shows one first: one for all, or two for a network of its own
        with something switched off."""
        if self.masks is None or self.observer.general:
            return (FrameRollout(self.observer).recipe,)
        return (self.observer.recipe, self.trainer.recipe(masked=True))

    @property
    def _blocks(self) -> tuple[Block, ...]:
        return self.observer.blocks

    def compile(self) -> None:
        """Have them there, waiting for them."""
        for recipe in self.recipes:
            recipe.program()

    @property
    def knobs(self) -> Knobs:
        """The knobs as they stand."""
        return self.experiment.knobs

    @property
    def has_frames(self) -> bool:
        """Whether a command can act on a frame: there is a first frame, and no replay is under way."""
        return self._begun and self._replay is None

    @property
    def curves(self) -> Curves:
        """The numbers of its frames."""
        return self.past.curves

    def log_to(self, index: int) -> ReplayLog | None:
        """What was done in it on the way to frame ``index``, or on the way that it still goes; None before it has
        begun."""
        if self._replay is not None:
            return self._replay.story
        return log_from_turns(logged_changes(self), self.past.steps[index], self.experiment) if self._begun else None

    def update_knobs(self, experiment: Experiment) -> None:
        """Go on with the knobs of ``experiment`` from wherever the next question starts: what was computed beyond is
        dropped then.

        Only the stage knows which frame it shows at this moment.
        """
        with self._lock:
            self.experiment = experiment
            self.epoch += 1

    def set_axes(self, axes: tuple[str, ...]) -> None:
        """Show the same training, past frames too, in a picture of other ``axes``; no step is made.

        Raises ``PlaygroundError``, changing nothing, for columns that it does not learn.
        """
        with self._lock:
            observers = {
                id(old): Observer(Trainer(with_axes(old.trainer.experiment, axes), self.table, self.trainer.chosen))
                for old in self._observers()
            }
            self.experiment = with_axes(self.experiment, axes)
            self.observer = observers[id(self.observer)]
            self.trainer = self.observer.trainer
            self.epoch += 1
            self._newest = None
            self.past.replace_observers(observers)

    def intervene(
        self,
        head: int,
        *,
        edits: tuple[Edit, ...] = (),
        masks: Masks | None = None,
        experiment: Experiment | None = None,
    ) -> FrameReply:
        """Change something by hand at frame ``head`` and show it at once: a new frame after it, no step later.

        ``edits`` of weights; ``masks`` from now on (None: as they are); ``experiment``: the same one with other
        samples. What is asked for before there is a frame, or while a step is reached again, holds from the next frame
        that can be shown. Raises ``PlaygroundError``, changing nothing, for what this network does not have.
        """
        for edit in edits:
            check_edit(self.trainer.network, edit)
        trainer = Trainer(experiment, self.table, self.trainer.chosen) if experiment is not None else self.trainer
        with self._lock:
            shown = self.has_frames
            if shown:
                self.past.rewind(min(max(head, 0), self.last))
            self.epoch += 1
            if experiment is not None:
                self.experiment, self.trainer, self.observer = experiment, trainer, Observer(trainer)
            if masks is not None:
                self.masks = None if nothing_off(masks) else jax.device_put(masks)
            self._edits += edits
            self._changed = True
            if not shown or not self._compile_within(self.recipes[:1], EFFECT_WAIT_SECONDS):
                return self._reply(0, (), "compiling", scene=shown)
            return self._reply(self.last + 1, (self._show_changes(),))

    def _show_changes(self) -> Frame:
        """The next frame: the same step under what holds now, with the edits that wait."""
        start, state = self.last + 1, self.state(self.last)
        edits, self._edits, self._changed = self._edits, (), False
        self.past.start_segment(Segment(start, knob_vector(self.experiment.knobs), self.observer, self.masks, edits))
        self._by_hand[start] = self.epoch
        return self.past.add_state(self.past.current_segment.apply_edits(state))

    def epoch_shown_since(self, head: int, epoch: int) -> int:
        """The last frame of the edits made by hand that follow frame ``head`` and began after ``epoch``: the frame that
        a stage shows next which knows no later epoch.

        A second press before the first answer then acts on top of the first.
        """
        head = min(max(head, 0), self.last)
        while head < self.last and self._by_hand.get(head + 1, -1) > epoch:
            head += 1
        return head

    def masks_of(self, index: int) -> Masks | None:
        """Masks at frame ``index``, or those of the next frame where that is still to be made; None: everything is
        on."""
        return self.masks if self._changed or not self.has_frames else self.past.segment_at(index).masks

    def segment_at(self, index: int) -> Segment:
        """What held at frame ``index``: knobs, masks, data."""
        return self.past.segment_at(index)

    def mask_changes(self) -> list[tuple[int, Masks | None]]:
        """From which frame on what was switched off."""
        if not self.has_frames:
            return [(0, self.masks)]
        return [(part.start, part.masks) for part in self.past.segments]

    def branch(self, name: str, head: int) -> Run:
        """Another run with this one's past up to frame ``head``, free to go on differently; this one stays as it is."""
        with self._lock:
            branch = copy.copy(self)
            branch.name, branch._lock, branch._replay = name, threading.Lock(), None
            branch._stop = copy.copy(self._stop)
            branch.head, branch.seen = -1, min(self.seen, head)
            branch.past, branch._by_hand = self.past.copy(), dict(self._by_hand)
            branch.past.rewind(head)
            return branch

    def cure(self, name: str, experiment: Experiment, step: int | None) -> Run:
        """Another run, under ``experiment``: from ``step`` on (None: from here), or from its start if more than knobs
        changed; this one stays."""
        if replace(experiment, knobs=self.knobs) != self.experiment:
            return Run(name, experiment, self.table, wait=False, device=self.trainer.chosen)
        index = self.last if step is None else bisect_right(self.past.steps, step) - 1
        branch = self.branch(name, max(0, index))
        branch.update_knobs(experiment)
        return branch

    def mark_shown(self, index: int) -> None:
        """Record that the stage has shown frame ``index``: under a locked time line no command goes back before it."""
        self.seen = min(max(self.seen, index), self.last)

    def memory_by_object(self) -> dict[int, int]:
        """What it holds, in bytes: its own past, and what the observers of its data hold, which others may hold too."""
        bytes_by_object = super().memory_by_object()
        for observer in self._observers():
            bytes_by_object |= observer.memory_by_object()
        return bytes_by_object

    def _release_shared(self) -> None:
        for observer in self._observers():
            if observer is not self.observer:
                observer.reduce_memory()

    def _observers(self) -> list[Observer]:
        return list({id(observer): observer for observer in (*self.past.observers(), self.observer)}.values())

    def _start_segment(self) -> None:
        if self._replay is not None or self._segment_is_current:  # a replay begins its segments itself
            return
        start = self.last + 1 if self._begun else 0
        self.past.start_segment(Segment(start, knob_vector(self.experiment.knobs), self.observer, self.masks))

    @property
    def _segment_is_current(self) -> bool:
        """Whether what holds now is what the newest frames were made under."""
        now, knobs = self.past.current_segment, knob_vector(self.experiment.knobs)
        return np.array_equal(now.knobs, knobs) and now.masks is self.masks and now.observer is self.observer

    def _fill_stage(self, with_past: bool, **fields: Any) -> FrameReply:
        """``with_past``: with some of the frames before the latest ones, that at ``head`` among them."""
        if self._replay is not None and not self._finish_replay():
            return self._reply(0, (), "returning", self._replay.progress, scene=True)
        if self._changed:
            if not self._compile_within(self.recipes[:1]):
                return self._reply(0, (), "compiling", scene=True)
            self._show_changes()
        if with_past and 0 <= self.head < self.last and not self._segment_is_current:
            self.past.rewind(self.head)
        earlier = self.past.frames_before(EARLIER_FRAMES, self.head) if with_past else {}
        state, text = (self.stop_reason() if self._segment_is_current else None) or READY
        return super()._fill_stage(with_past, state=state, text=text, earlier=earlier, **fields)

    def _can_answer(self, want: FrameRequest) -> bool:
        return 1 <= want.start <= self.last + 1 and not self._changed and self.has_frames

    def _take_slice(self, want: FrameRequest, *, first: bool = False) -> FrameReply:
        """The newest answer once more, if this was its question: a stage asks again when an answer is late."""
        same = self.past.frames_between(want.start, self.last + 1) if self._newest == replace(want, head=0) else ()
        if same:
            return self._reply(want.start, same, *(self.stop_reason() or READY))
        return super()._take_slice(want, first=self._shown != self.epoch)

    def start_replay(self, story: ReplayLog, experiment: Experiment) -> None:
        """Repeat the training that ``story`` records, a slice at each mount request, and then continue under the knobs
        of ``experiment``."""
        self._replay = Replay(self, story, self._begin_replayed)
        self.experiment = experiment

    def _finish_replay(self) -> bool:
        if self._replay is not None and self._compile_within(self.recipes[:1]) and self._replay.run_slice():
            self.fell_short, self._replay = self._replay.timed_out, None
        return self._replay is None

    def _begin_replayed(self, turn: LoggedChange, before: LoggedChange, state: Any) -> Any:
        """From the next frame on training goes under ``turn``, where it went under ``before``; the state that it begins
        with, which is a frame of its own where something was changed by hand."""
        now, edits = self.past.current_segment, turn.by_hand.edits
        masks = now.masks
        if turn.by_hand.off != before.by_hand.off:
            masks = turn.by_hand.masks(self.trainer.network)
        if not self._changed:  # else a hand has switched something since, which holds from the next frame on
            self.masks = masks
        segment = Segment(self.last + 1, knob_vector(turn.knobs), now.observer, masks, edits)
        self.past.start_segment(segment)
        state = segment.apply_edits(state)
        if edits or turn.by_hand.off != before.by_hand.off:
            self.past.add_state(state)
        return state

    def inspect(self, name: str, index: int, point: int = -1) -> dict[str, Any] | None:
        """What the analysis ``name`` (of ``INSPECTIONS``) says of frame ``index``, of sample ``point`` if it looks at
        one; None while its program is being compiled."""
        with self._lock:
            index = min(max(index, 0), self.last)
            part = self.past.segment_at(index)
            analysis = INSPECTIONS[name](part.observer.trainer)
            if not self._begun or not self._compile_within([analysis.recipe]):
                return None
            of = {"point": point} if name in POINT_INSPECTIONS else {}
            result = analysis(self.state(index), part.knobs, part.masks, **of)
        return {"name": name, "frame": index, **to_payload(result)}

    def snapshot(self, index: int) -> tuple[Trainer, Any, np.ndarray, Masks | None]:
        """What training on from frame ``index`` starts from: the trainer, the state, and the knobs and masks of now."""
        with self._lock:
            state = self.state(min(max(index, 0), self.last))
            return self.trainer, state, knob_vector(self.experiment.knobs), self.masks

    def is_end(self, index: int) -> bool:
        """Whether frame ``index`` is the last one, and training cannot go on from it."""
        return self.has_frames and index == self.last and self._segment_is_current and self.stop_reason() is not None

    def notices(self, index: int) -> list[Notice]:
        """What is to be noticed at frame ``index``, the most urgent first."""
        diverged = self._stop.divergence(self.past) if index == self.last else None
        latest = [self.past.recent.at(i) for i in range(max(0, index - NOTICED_FRAMES + 1), index + 1)]
        frames = [frame for frame in latest if frame is not None] or [self.frame(index)]
        return notices(evidence(self.experiment, frames, self.curves.until(index + 1), diverged))

    def _train(self, want: FrameRequest, seconds: float) -> tuple[Frame, ...]:
        frames: list[Frame] = []
        state = self.state(self.last)
        now = self.past.current_segment
        if now.start == self.last + 1:
            state = now.apply_edits(state)
        wanted = 1 if want.steps else min(want.frames, MAX_FRAMES_PER_CALL * SCHEDULER.rollouts_per_reply())
        frame_seconds = FRAME_SHARE * seconds
        if not want.pace and SCHEDULER.training_count() <= 1:
            seconds = max(seconds, UNSHARED_SLICE_SECONDS)
        end = time.monotonic() + seconds
        while len(frames) < wanted and (begun := time.monotonic()) < end:
            steps = want.steps or want.pace or self.step_time.steps_within(frame_seconds)
            fits = max(1, self.step_time.steps_within(end - begun) // steps)
            before = self.past.steps[-1]
            state, frames_made = now.rollout(state, steps, min(wanted - len(frames), fits, MAX_FRAMES_PER_CALL))
            frames_made = [frame for frame in frames_made if frame.step > before]
            if frames_made:
                self.step_time.record(time.monotonic() - begun, frames_made[-1].step - before)
            for frame in frames_made:
                self.past.add(frame)
                frames.append(frame)
            self.past.states.add(self.last, state)
            if not frames_made or frames_made[-1].bad_step >= 0 or now.observer.trainer.has_stopped(state, now.knobs):
                break
        self._newest, self._shown = replace(want, head=0), self.epoch
        return tuple(frames)

    def _begin(self, seconds: float = 0.0) -> bool:
        if super()._begin(seconds):
            self._changed = bool(self._edits) or (self._changed and self._replay is not None)
        return self._begun

    def _first_state(self) -> TrainState:
        return self._first or self.trainer.init()

    def stop_reason(self) -> Stop | None:
        """Why it cannot go on from the newest frame: diverged or stopped, and a sentence; None while it can."""
        return self._stop.find(self.past)
