"""How outputs are shown to people: as probabilities, as the numbers that the loss compares, or in the target's
units."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np

from playground.datasets.labels import TARGET, spaced_label
from playground.objectives.loss import Loss, NetworkTask

ReadoutKind = Literal["number", "probability", "output"]


class TargetScale(NamedTuple):
    """How a regression's numbers become the target ``name``: ``mean + deviation * number``."""

    name: str = TARGET
    mean: float = 0.0
    deviation: float = 1.0

    @property
    def label(self) -> str:
        """The name as pages write it, with spaces as those of the other columns."""
        return spaced_label(self.name)

    def in_units(self, numbers: Any) -> Any:
        """``numbers`` (any shape), as training compares them, in the target's units."""
        return self.mean + self.deviation * numbers


def readout_kind(loss: Loss, task: NetworkTask) -> ReadoutKind:
    """What is shown of an output: a regression's number, class probabilities where the loss makes them, else the
    output."""
    if task == "regression":
        return "number"
    return "probability" if loss.logits else "output"


def shown_outputs(output: np.ndarray, loss: Loss, task: NetworkTask, scale: TargetScale) -> np.ndarray:
    """What is shown of ``output (n, k)``: the number in the target's units (n, 1), the probability of each class
    (n, classes), or the outputs as they are (n, k). Together with the target it is what the loss is made from."""
    kind, output = readout_kind(loss, task), np.asarray(output, np.float64)
    if kind == "number":
        return scale.in_units(output)
    if kind == "output":
        return output
    logits = np.concatenate([np.zeros_like(output), output], axis=1) if output.shape[1] == 1 else output
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def decide_classes(shown: np.ndarray) -> np.ndarray:
    """The class (n,) that what is shown ``(n, m)`` of a classifier stands for: above 0 for a single one, else the
    largest."""
    return shown.argmax(axis=1) if shown.shape[1] > 1 else (shown[:, 0] > 0).astype(np.int64)
