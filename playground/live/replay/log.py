"""The record of a run, small enough for the stage to carry: step, knobs and edits by hand, from which a server that
does not have the run repeats it bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any, Protocol

import numpy as np

from playground.datasets import Table
from playground.errors import PlaygroundError
from playground.experiment import Experiment, Knobs
from playground.language import mark
from playground.live.frames.observer import Observer
from playground.live.history.run_history import RunHistory
from playground.live.history.segment import Segment
from playground.live.replay.hand_edits import (
    MAX_EDITS,
    NO_HAND_EDITS,
    HandEdits,
    decode_hand_edits,
    encode_hand_edits,
    hand_edits_of,
)
from playground.training.knobs import KNOB_NAMES
from playground.training.trainer import network_of

MAX_CHANGES = 64
MAX_STEPS = 2**31
DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(Knobs)}


class LoggedRun(Protocol):
    """What a log tells of a run."""

    experiment: Experiment
    table: Table | None
    observer: Observer
    past: RunHistory
    begins_with_weights: bool


@dataclass(frozen=True)
class LoggedChange:
    """From ``step`` on training went under ``knobs`` and what was changed ``by_hand``."""

    step: int
    knobs: Knobs
    by_hand: HandEdits = NO_HAND_EDITS


@dataclass(frozen=True)
class ReplayLog:
    """``step`` to come to, under each of ``changes`` from its step on; the first one's is 0."""

    step: int
    changes: tuple[LoggedChange, ...]

    @property
    def switches(self) -> bool:
        """Whether anything was ever off or held still."""
        return any(turn.by_hand.switches for turn in self.changes)


@lru_cache(maxsize=256)
def fingerprint(experiment: Experiment) -> str:
    """Eight letters that tell an experiment's problem and structure from others; knobs are no part of it."""
    return sha256(replace(experiment, knobs=Knobs()).to_json().encode()).hexdigest()[:8]


def encode_log(run: LoggedRun) -> dict[str, Any]:
    """The log of ``run`` as plain JSON values; ``whole``: whether it records everything (``reason_not_replayable``)."""
    turns = [] if reason_not_replayable(run) else logged_changes(run)
    story = {"of": fingerprint(run.experiment), "whole": bool(turns), "turns": turns}
    return story | ({"own": True} if run.table is not None else {})


def logged_changes(run: LoggedRun) -> list[list[Any]]:
    """What held in ``run`` from which step on: the step, the knobs that are not the defaults, and what was changed by
    hand, if anything was. Changes at the same step are one."""
    by_step: dict[int, list[Segment]] = {}
    for step, segment in run.past.segment_starts():
        by_step.setdefault(step, []).append(segment)
    turns: list[list[Any]] = []
    for step, segments in by_step.items():
        by_hand = hand_edits_of(segments)
        turns.append(
            [
                step,
                changed_knobs(segments[-1].knobs),
                *([] if by_hand == NO_HAND_EDITS else [encode_hand_edits(by_hand)]),
            ]
        )
    return turns


def changed_knobs(vector: np.ndarray) -> dict[str, float]:
    """The knobs of a run's vector that are not the defaults, in the shortest figures that give them again."""
    values = {name: float(str(value)) for name, value in zip(KNOB_NAMES, vector, strict=True)}
    return {name: value for name, value in values.items() if np.float32(DEFAULTS[name]) != np.float32(value)}


def reason_not_replayable(run: LoggedRun) -> tuple[str, ...]:
    """What of ``run`` cannot be recorded, in a few words each; empty where the log is whole."""
    segments = run.past.segments
    turns = {step for step, _ in run.past.segment_starts()}
    switched = any(segment.masks is not None for segment in segments)
    edits = sum(len(segment.edits) for segment in segments)
    reasons = {
        mark("rows of your own"): run.table is not None,
        mark("weights that were loaded (Save and load has them as a file)"): run.begins_with_weights,
        mark("at which step points were painted (there they are from the first step on)"): any(
            segment.observer is not run.observer for segment in segments
        ),
        mark("what was switched off, in a network of this size"): switched and not run.observer.general,
        mark("more than {count} changes", count=MAX_CHANGES): len(turns) > MAX_CHANGES or edits > MAX_EDITS,
    }
    return tuple(reason for reason, is_so in reasons.items() if is_so)


def decode_log(data: Any, step: int, experiment: Experiment) -> ReplayLog | None:
    """The log of ``experiment`` that a stage sent, up to ``step``; None where it is malformed, of another experiment,
    or not whole."""
    if not isinstance(data, Mapping) or data.get("of") != fingerprint(experiment) or data.get("whole") is not True:
        return None
    return log_from_turns(data.get("turns"), step, experiment) if step > 0 else None


def log_from_turns(data: Any, step: int, experiment: Experiment) -> ReplayLog | None:
    """The story of ``experiment`` up to ``step`` from turns as ``logged_changes`` has them; None where one makes no
    sense."""
    if not isinstance(data, list) or not 1 <= len(data) <= MAX_CHANGES or not 0 <= step < MAX_STEPS:
        return None
    turns: list[LoggedChange] = []
    try:
        network = network_of(experiment)
        for at, values, *by_hand in data:
            if type(at) is not int or len(by_hand) > 1 or not (at > turns[-1].step if turns else at == 0):
                return None
            turns.append(
                LoggedChange(at, Knobs(**values), decode_hand_edits(by_hand[0], network) if by_hand else NO_HAND_EDITS)
            )
            replace(experiment, knobs=turns[-1].knobs)
    except (PlaygroundError, TypeError, ValueError):
        return None
    return ReplayLog(step, tuple(turn for turn in turns if is_visible_at(turn, step)))


def is_visible_at(turn: LoggedChange, step: int) -> bool:
    """Whether ``turn`` changes the frame at ``step``: edits and masks do at their own step, knobs from the next one
    on."""
    return turn.step == 0 or turn.step < step or (turn.step == step and turn.by_hand != NO_HAND_EDITS)
