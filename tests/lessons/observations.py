"""Observations made by hand: what the tests of conditions know beforehand."""

from __future__ import annotations

from typing import Any

import numpy as np

from playground.experiment import Experiment
from playground.lessons import Observation
from playground.lessons.observation import LayerNumbers, StopKind

CURVES = {
    "train_loss": np.array([1.0, 0.5, 0.2, 0.3]),
    "test_loss": np.array([1.1, 0.6, 0.4, 0.9]),
    "test_metric": np.array([0.5, 0.7, 0.9, 0.8]),
}
LAYERS = ({"gradient_norm": 0.001, "dead": 0.25, "saturated": 0.5}, {"gradient_norm": 2.0, "dead": 0.0})
DRAWN = (
    LayerNumbers(
        np.array([[1.0, -2.0], [0.0, 4.0]]), np.array([0.5, 0.0]), np.array([[0.1, 0.2], [0.3, 0.4]]),
        np.array([0.01, 0.02]), np.array([-1.0, 1.0]), np.array([0.3, 0.6]),
    ),
    LayerNumbers(
        np.array([[3.0], [0.0]]), np.array([-1.5]), np.array([[0.5], [0.6]]), np.array([0.7]), np.array([0.8]),
        np.array([0.9]),
    ),
)  # fmt: skip


def moment(
    step: int = 300, *, run: str = "a", stop: StopKind = "", scalars: dict[str, float] | None = None, **fields: Any
) -> Observation:
    """A frame at ``step`` of a network 2-2-1, with its experiment's ``fields``."""
    numbers = {"step": step, "epoch": step / 25, "train_loss": 0.3, "test_loss": 0.9, "train_metric": 0.95}
    return Observation(
        experiment=Experiment.of(**({"hidden": [2]} | fields)),
        run=run,
        index=step // 10,
        stop=stop,
        scalars=numbers | {"test_metric": 0.8, "penalty": 0.0, "learning_rate": 0.03} | (scalars or {}),
        layers=LAYERS,
        units_off=1,
        edits=2,
        read_curves=lambda: CURVES,
        read_layers=lambda: DRAWN,
        read_picture=lambda x1, x2: x1 + 10 * x2,
    )


def unmeasured(**fields: Any) -> Observation:
    """An experiment whose run has no frame yet."""
    return Observation(experiment=Experiment.of(**({"hidden": [2]} | fields)), run="a")
