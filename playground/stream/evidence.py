"""What is known of a run at a frame: what its notices are told from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from playground.analysis.gradients import LAYER_SCALARS
from playground.analysis.observe import Frame
from playground.spec import Experiment


@dataclass(frozen=True)
class Evidence:
    """An experiment, each layer's numbers ``(depth, 7)`` in a frame, and the curves so far by name.

    ``diverged``: the sentence on a divergence, or none.
    """

    experiment: Experiment
    layers: np.ndarray
    curves: Mapping[str, np.ndarray]
    diverged: str = ""

    def layer(self, name: str) -> np.ndarray:
        """One number of each layer (depth,), the output last."""
        return self.layers[:, LAYER_SCALARS.index(name)]

    @property
    def steps(self) -> np.ndarray:
        """Steps of the kept frames."""
        return self.curves["step"]


def evidence(experiment: Experiment, frame: Frame, curves: Mapping[str, np.ndarray], diverged: str = "") -> Evidence:
    """What a frame, and the curves up to it, say of a run."""
    depth = len(experiment.structure.hidden) + 1
    return Evidence(experiment, frame.layers(depth), curves, diverged)
