"""Closer looks at one frame, made when somebody asks: each an analysis with a program of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from playground.live.inspection.ablation import Ablation
from playground.live.inspection.per_example_gradients import Pull, Pulls
from playground.live.inspection.sample_losses import Judged, Samples
from playground.training.trainer import Trainer

LOOKS: dict[str, Callable[[Trainer], Any]] = {"importance": Ablation, "samples": Samples, "pulls": Pulls}
OF_A_POINT = ("pulls",)
"""Those that look at one sample."""


def said(found: Any) -> dict[str, Any]:
    """What an analysis found, as named arrays."""
    if isinstance(found, Judged):
        return {"value": found.value, "loss": found.loss} | ({} if found.error is None else {"error": found.error})
    if isinstance(found, Pull):
        return {"point": found.point, "pull": found.pull, "cosine": np.round(found.cosine, 3)}
    return {"layers": [np.asarray(layer) for layer in found]}
