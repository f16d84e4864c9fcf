"""The numbers of a class as one picture: everybody's loss by bins, and everybody's learning rate against the loss."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from playground.classroom.seat import Seat

BINS = 12
LEAST_LOSS, LARGEST_LOSS = 1e-4, 1e6
"""Losses beyond count as these: the axis is logarithmic."""
MIN_DECADES = 1.0
"""The axis is at least so long."""


def loss_histogram(losses: Iterable[float]) -> dict[str, list[float]]:
    """How many of the ``losses`` lie in each of ``BINS`` bins, evenly wide on a logarithmic axis: ``edges``, one more
    than ``counts``. What is not finite, or is negative, is left out."""
    finite = [loss for loss in losses if math.isfinite(loss) and loss >= 0]
    logs = [math.log10(min(max(loss, LEAST_LOSS), LARGEST_LOSS)) for loss in finite]
    if not logs:
        return {"edges": [], "counts": []}
    low, high = min(logs), max(logs)
    slack = max(0.0, MIN_DECADES - (high - low)) / 2
    low, width = low - slack, (high - low + 2 * slack) / BINS
    counts = [0.0] * BINS
    for log in logs:
        counts[min(BINS - 1, int((log - low) / width))] += 1
    return {"edges": [10 ** (low + i * width) for i in range(BINS + 1)], "counts": counts}


def class_numbers(seats: Iterable[Seat]) -> dict[str, Any]:
    """The class in numbers, as the wall draws it: the histogram of the test losses, and for each seat
    its learning rate and test loss (None where that is not finite)."""
    shown = [(seat, seat.snapshot) for seat in seats if seat.snapshot is not None and seat.snapshot.shades is not None]
    return {
        "histogram": loss_histogram(snapshot.test_loss for _, snapshot in shown),
        "rates": [
            {
                "seat": seat.number,
                "rate": snapshot.learning_rate,
                "loss": snapshot.test_loss if math.isfinite(snapshot.test_loss) else None,
            }
            for seat, snapshot in shown
        ],
    }


def class_table(seats: Iterable[Seat], now: float) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of the class as a table: a student a row."""
    header = [
        *("nickname", "experiment", "learning_rate", "step", "train_loss", "test_loss", "test_metric", "state"),
        *("lesson", "lesson_step", "seconds_since_progress", "link"),
    ]
    rows = []
    for seat in seats:
        snapshot = seat.snapshot
        if snapshot is None:
            rows.append([seat.nickname, *[""] * (len(header) - 1)])
            continue
        lesson = snapshot.lesson
        numbers = (snapshot.train_loss, snapshot.test_loss, snapshot.test_metric)
        rows.append(
            [
                *(seat.nickname, str(snapshot.title), snapshot.learning_rate, snapshot.step),
                *(number if math.isfinite(number) else "" for number in numbers),
                *(snapshot.state, str(lesson.title) if lesson else "", lesson.step + 1 if lesson else ""),
                *(round(seat.idle_seconds(now)), urlencode(snapshot.query)),
            ]
        )
    return header, rows
