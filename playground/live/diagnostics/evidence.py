"""What the notices of a frame are based on: recent frames, curves, and why the training stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from playground.experiment import Experiment
from playground.live.diagnostics.divergence import Divergence
from playground.live.diagnostics.layer_health import HealthKind, kind, steady_label
from playground.live.frames.layer_statistics import LAYER_SCALARS
from playground.live.frames.observer import Frame


@dataclass(frozen=True)
class Evidence:
    """An experiment, each layer's numbers in the latest frames ``(frames, depth, 7)``, and the curves so far by name.

    ``diverged``: why it cannot go on, where it cannot.
    """

    experiment: Experiment
    frames: np.ndarray
    curves: Mapping[str, np.ndarray]
    diverged: Divergence | None = None

    def layer(self, name: str) -> np.ndarray:
        """One number of each layer (depth,), the output last: the median of the latest frames, so that it rests."""
        return np.median(self.frames[:, :, LAYER_SCALARS.index(name)], axis=0)

    @property
    def kind(self) -> HealthKind:
        """What becomes of the gradient on its way back (of ``KINDS``)."""
        return steady_label([kind(layers[:, LAYER_SCALARS.index("gradient_norm")]) for layers in self.frames])

    @property
    def steps(self) -> np.ndarray:
        """Steps of the kept frames."""
        return self.curves["step"]


def evidence(
    experiment: Experiment,
    frames: Sequence[Frame],
    curves: Mapping[str, np.ndarray],
    diverged: Divergence | None = None,
) -> Evidence:
    """What the latest frames, and the curves up to it, say of a run."""
    depth = len(experiment.structure.hidden) + 1
    return Evidence(experiment, np.stack([frame.layers(depth) for frame in frames]), curves, diverged)
