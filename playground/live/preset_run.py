"""A preset's picture: its own training, as the app would run it, looked at on the way."""

from __future__ import annotations

import numpy as np

from playground.language import Translatable, mark
from playground.live.frames.observer import Frame
from playground.live.protocol.request import FrameRequest
from playground.live.run import Run
from playground.objectives.loss import NetworkTask
from playground.presets import Preset
from playground.presets.picture import PresetPicture, preset_digest

LOOKS = 60
MAX_POINTS = 110
MAX_ANSWERS = 400
LEVELS = 4
"""A map is kept in steps of so many shades: finer is not seen, and takes twice the room."""


def preset_picture(preset: Preset) -> PresetPicture:
    """Train ``preset`` for its steps, or until it stops by itself."""
    run = Run(preset.name, preset.experiment)
    pace = max(1, preset.steps // LOOKS)
    for _ in range(MAX_ANSWERS):
        chunk = run.answer(FrameRequest(run.name, 0, run.last + 1, pace, run.last, 24))
        if chunk.state in ("stopped", "diverged") or run.frame(run.last).step >= preset.steps:
            break
    else:
        raise RuntimeError(f"{preset.name} did not come to its end")
    curves = run.curves.until(run.last + 1)
    end = min(run.last, int(np.searchsorted(curves["step"], preset.steps)))
    frame, blocks = run.frame(end), run.observer.blocks
    losses = np.stack([curves["train_loss"], curves["test_loss"]])[:, : end + 1]
    *_, last_hidden, outputs = run.observer.diagram.widths
    drawn = frame.part(blocks, "maps")
    drawn = drawn[: len(drawn) - (outputs if outputs > 1 else 0)]
    units = drawn[len(drawn) - last_hidden :] if preset.experiment.structure.hidden else drawn[:0]
    return PresetPicture(
        digest=preset_digest(preset),
        map=_coarse(frame.part(blocks, "map")) if preset.experiment.task != "multiclass" else frame.part(blocks, "map"),
        points=_points(run),
        losses=losses,
        units=units,
        gradients=frame.layers(run.trainer.network.depth)[:, 0],
        classes=len(run.trainer.prepared.class_names),
        words=_words(frame, preset.experiment.task, diverged=chunk.state == "diverged"),
    )


def _words(frame: Frame, task: NetworkTask, *, diverged: bool) -> Translatable:
    """What the training came to, in a sentence."""
    if diverged:
        return mark("After {steps:,} steps the loss leaves all bounds.", steps=frame.step)
    metric = frame.scalar("train_metric" if np.isnan(frame.scalar("test_loss")) else "test_metric")
    loss, metric = float(frame.scalar("train_loss")), float(metric)
    if task == "regression":
        return mark(
            "After {steps:,} steps: train loss {loss:.3g}, R² {r2:.2f}.", steps=frame.step, loss=loss, r2=metric
        )
    return mark(
        "After {steps:,} steps: train loss {loss:.3g}, accuracy {accuracy:.0f} %.",
        steps=frame.step,
        loss=loss,
        accuracy=100 * metric,
    )


def _coarse(shades: np.ndarray) -> np.ndarray:
    """``shades`` in steps of ``LEVELS``, 128 staying 128."""
    centred = shades.astype(int) - 128
    return np.clip(np.round(centred / LEVELS) * LEVELS + 128, 0, 255).astype(np.uint8)


def _points(run: Run) -> np.ndarray:
    picture = run.trainer.prepared.picture
    rows = np.flatnonzero(picture.train)
    rows = rows[:: max(1, -(-len(rows) // MAX_POINTS))]
    spans = ((picture.x, picture.xlim), (picture.y, picture.ylim))
    places = [(values[rows] - low) / (high - low) for values, (low, high) in spans]
    return np.stack([*places, picture.value[rows]], axis=1)
