"""The wall of a class and its gallery as plain JSON values, of which only what has changed travels."""

from __future__ import annotations

import math
from base64 import b64encode
from typing import Any

import numpy as np

from playground.classroom.classroom import Classroom, Work
from playground.classroom.seat import Seat
from playground.classroom.snapshot import Snapshot, small_map
from playground.classroom.statistics import class_numbers


def wall(classroom: Classroom, since: int, now: float) -> dict[str, Any]:
    """The tiles of all students, whoever needs help first, and the class's numbers; pictures of those alone whose stage
    has changed since the class's ``count`` was ``since``."""
    count, seats = classroom.count, classroom.seats
    ordered = sorted(seats, key=lambda seat: seat.need(now), reverse=True)
    return {
        "count": count,
        "tiles": [tile(seat, since, now) for seat in ordered],
        "works": [work_card(work, since) for work in classroom.works],
        "numbers": class_numbers(seats),
    }


def tile(seat: Seat, since: int, now: float) -> dict[str, Any]:
    """One student's tile."""
    snapshot = seat.snapshot
    values: dict[str, Any] = {
        "seat": seat.number,
        "nickname": seat.nickname,
        "away": seat.is_away(now),
        "idle": round(seat.idle_seconds(now)),
        "shared": seat.shared_at > 0,
        "watched": seat.is_watched(now),
    }
    if snapshot is not None:
        values |= numbers(snapshot)
        if seat.changed > since:
            values |= picture(snapshot, is_new=seat.begun > since)
    return values


def work_card(work: Work, since: int) -> dict[str, Any]:
    """A work of the gallery, without a name; its picture when it is asked for the first time."""
    values: dict[str, Any] = {"work": work.number} | numbers(work.snapshot)
    return values | (picture(work.snapshot, is_new=True, is_large=True) if since == 0 or work.count > since else {})


def numbers(snapshot: Snapshot) -> dict[str, Any]:
    """What is said of a stage in words and numbers."""
    lesson = snapshot.lesson
    return {
        "title": snapshot.title,
        "state": snapshot.state,
        "done": snapshot.is_done,
        "step": snapshot.step,
        "train": finite(snapshot.train_loss),
        "test": finite(snapshot.test_loss),
        "metric": finite(snapshot.test_metric),
        "task": snapshot.task,
        "rate": snapshot.learning_rate,
        "lesson": {"title": lesson.title, "step": lesson.step, "steps": lesson.steps} if lesson else None,
    }


def picture(snapshot: Snapshot, *, is_new: bool, is_large: bool = False) -> dict[str, Any]:
    """The picture of a stage, and its curve; with its samples where its run is new on the wall."""
    values: dict[str, Any] = {
        "run": snapshot.run,
        "classes": snapshot.classes,
        "curve": [finite(loss) for loss in snapshot.curve],
    }
    if snapshot.shades is not None and snapshot.line is None:
        values["map"] = to_text(snapshot.shades if is_large else small_map(snapshot.shades))
    if snapshot.line is not None:
        values["line"] = to_text(snapshot.line)
    return values | ({"points": to_text(snapshot.points)} if is_new else {})


def to_text(array: np.ndarray) -> str:
    """Bytes as text that JSON can hold."""
    return b64encode(np.ascontiguousarray(array).tobytes()).decode()


def finite(number: float) -> float | None:
    """A number with four digits that count, None for what is not finite."""
    return float(f"{number:.4g}") if math.isfinite(number) else None
