"""Analyses of one frame, computed on request: each has a program of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from playground.live.inspection.ablation import Ablation
from playground.live.inspection.per_example_gradients import PerExampleGradient, PerExampleGradients
from playground.live.inspection.sample_losses import SampleLosses, SamplePredictions
from playground.training.trainer import Trainer

INSPECTIONS: dict[str, Callable[[Trainer], Any]] = {
    "importance": Ablation,
    "samples": SampleLosses,
    "pulls": PerExampleGradients,
}
POINT_INSPECTIONS = ("pulls",)
"""Those that look at one sample."""


def to_payload(result: Any) -> dict[str, Any]:
    """What an analysis found, as named arrays."""
    if isinstance(result, SamplePredictions):
        return {"value": result.value, "loss": result.loss} | ({} if result.error is None else {"error": result.error})
    if isinstance(result, PerExampleGradient):
        return {"point": result.point, "pull": result.pull, "cosine": np.round(result.cosine, 3)}
    return {"layers": [np.asarray(layer) for layer in result]}
