"""What a class sees of one stage: a small picture, a few numbers, its settings in a line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from playground.experiment import to_query
from playground.experiment.title import experiment_title
from playground.live import FrameReply, Run
from playground.live.frames.observer import Frame
from playground.training.projection_units import picture_units
from playground.web.lesson_state import lesson_text

if TYPE_CHECKING:
    from playground.web.session import Session

WALL_SIDE = 32
"""Cells along a side of a tile's picture: every second one of a frame's."""
MAX_POINTS = 160
MAX_CURVE = 48
DONE = 0.99
"""From this accuracy, or R², of the test set on nobody is in need of help."""


@dataclass(frozen=True)
class LessonPlace:
    """Where a student is in a lesson: at step ``step`` (from 0) of ``steps``."""

    title: str
    step: int
    steps: int

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(1.0, self.step / max(1, self.steps))


@dataclass(frozen=True)
class Snapshot:
    """A stage at one moment.

    ``shades``: the picture of the output, uint8 ``(planes, 64, 64)`` with x2 upwards reversed as frames have it, or
    None before the first frame; ``points``: train samples, uint8 ``(n, 3)``: x1, x2 and the class, or the value from 1
    to 255; ``line``: of a network with one input, uint8 ``(64,)``, its outputs along x, from the picture's lower edge
    to its upper one; ``curve``: test losses of the run so far, evenly chosen; ``state`` as a reply's; ``query``: the
    experiment's link.
    """

    run: str
    title: str
    query: Mapping[str, str]
    learning_rate: float
    step: int = 0
    train_loss: float = math.nan
    test_loss: float = math.nan
    test_metric: float = math.nan
    state: str = "compiling"
    task: str = "binary"
    classes: int = 2
    line: np.ndarray | None = None
    shades: np.ndarray | None = None
    points: np.ndarray = field(default_factory=lambda: np.zeros((0, 3), np.uint8))
    curve: tuple[float, ...] = ()
    lesson: LessonPlace | None = None

    @property
    def is_done(self) -> bool:
        """Whether the network has learned what there is to learn."""
        return self.test_metric >= DONE

    @property
    def has_failed(self) -> bool:
        """Whether training cannot go on: it has diverged, or its program could not be made."""
        return self.state in ("diverged", "failed")


def take_snapshot(session: Session, chunk: FrameReply, before: Snapshot | None) -> Snapshot | None:
    """The stage of ``session`` as ``chunk`` changes it; ``before``: what was seen last. None where nothing is new."""
    run, lesson = session.run, lesson_place(session)
    rate = run.experiment.knobs.learning_rate
    if before is None or before.run != run.name:
        before = begin_snapshot(run)
    elif not chunk.frames and (chunk.state, lesson, rate) == (before.state, before.lesson, before.learning_rate):
        return None
    changes: dict[str, Any] = {"learning_rate": rate, "lesson": lesson}
    if before.learning_rate != rate:
        changes["query"] = to_query(run.experiment)
    if chunk.run == run.name:
        changes["state"] = chunk.state
    if chunk.run == run.name and chunk.frames:
        changes |= frame_values(run, chunk.frames[-1])
        changes["curve"] = sampled_curve(run)
    return replace(before, **changes)


def begin_snapshot(run: Run) -> Snapshot:
    """What is known of ``run`` before its first frame."""
    experiment = run.experiment
    return Snapshot(
        run=run.name,
        title=experiment_title(experiment),
        query=to_query(experiment),
        learning_rate=experiment.knobs.learning_rate,
        task=experiment.task,
        classes=max(2, len(run.trainer.prepared.class_names)),
        points=train_points(run),
    )


def frame_values(run: Run, frame: Frame) -> dict[str, Any]:
    """The picture and the numbers of ``frame``, which is of ``run``."""
    names = ("train_loss", "test_loss", "test_metric")
    shades = frame.part(run.observer.blocks, "map").copy()  # the frame's other parts are let go of
    line = output_line(run, shades) if run.trainer.prepared.picture.curve else None
    return {"step": frame.step, "shades": shades, "line": line} | {name: frame.scalar(name) for name in names}


def output_line(run: Run, shades: np.ndarray) -> np.ndarray:
    """The outputs in ``shades``, which lie along the one input, as heights in the picture."""
    prepared = run.trainer.prepared
    units, (low, high) = picture_units(run.experiment, prepared), prepared.picture.ylim
    values = (shades.ravel()[:: shades.shape[-1]].astype(float) - 128) / 127
    return np.clip((units.zero + units.unit * values - low) / (high - low) * 255, 0, 255).astype(np.uint8)


def sampled_curve(run: Run) -> tuple[float, ...]:
    """At most ``MAX_CURVE`` test losses of ``run``."""
    return tuple(float(f"{loss:.3g}") for loss in run.curves.downsample(MAX_CURVE)["test_loss"])


def train_points(run: Run) -> np.ndarray:
    """At most ``MAX_POINTS`` of the train samples in the picture, evenly chosen, as bytes."""
    picture = run.trainer.prepared.picture
    rows = np.flatnonzero(np.asarray(picture.train))
    rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), MAX_POINTS)).astype(int)]
    scaled = [
        np.clip((np.asarray(values)[rows] - low) / ((high - low) or 1.0) * 255, 0, 255)
        for values, (low, high) in ((picture.x, picture.xlim), (picture.y, picture.ylim))
    ]
    value = np.asarray(picture.value)[rows]
    value = np.clip(value * 127 + 128, 1, 255) if run.experiment.task == "regression" else value
    return np.stack([*scaled, value], axis=1).astype(np.uint8)


def small_map(shades: np.ndarray) -> np.ndarray:
    """``shades`` with every second row and column: uint8 ``(planes, 32, 32)``."""
    return shades[:, :: shades.shape[1] // WALL_SIDE, :: shades.shape[2] // WALL_SIDE]


def lesson_place(session: Session) -> LessonPlace | None:
    """Where the visitor is in a lesson; None for in none."""
    opened = session.lessons.present
    if opened is None:
        return None
    return LessonPlace(lesson_text(opened.lesson, opened.lesson.title), opened.progress.step, len(opened.lesson.steps))
