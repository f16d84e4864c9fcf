"""What a loss is: the loss of one example, the targets it wants, and what its outputs mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.registry import Entry

NetworkTask = Literal["binary", "multiclass", "regression"]
"""What is asked of a network: one of two classes, one of several, or a number."""
TargetEncoding = Literal["sign", "probability"]


@dataclass(frozen=True, kw_only=True)
class Loss(Entry):
    """A loss of one example.

    ``fn(output (k,), target (k,), knobs) -> ()``; with ``logits`` the output is taken before any activation.
    ``output_activations``: for each task that the loss fits, the output activations that fit it, the default first.
    ``encoding``: what stands for the wrong and the right class, ``"sign"`` for -1 and 1, ``"probability"`` for 0 and 1.
    ``padding``: an output and its target that, beside others, add nothing to the loss and to the others' gradients.
    ``special_single``: whether a single output is not treated as one among several, so that no padding may stand beside
    it.
    """

    fn: Callable[[Array, Array, Mapping[str, Array]], Array]
    output_activations: Mapping[NetworkTask, tuple[str, ...]]
    encoding: TargetEncoding
    logits: bool = False
    binary_outputs: int = 1
    padding: tuple[float, float] = (0.0, 0.0)
    special_single: bool = False

    def outputs(self, task: NetworkTask, classes: int) -> int:
        """Width of the output layer."""
        return {"binary": self.binary_outputs, "multiclass": classes, "regression": 1}[task]

    def target(self, y: np.ndarray, task: NetworkTask, classes: int) -> np.ndarray:
        """Targets (n, outputs) float32 of labels ``y (n,)``: class indices, or numbers in a regression."""
        if task == "regression":
            return np.asarray(y, np.float32)[:, None]
        width = self.outputs(task, classes)
        hot = np.asarray(y)[:, None] == (np.arange(width)[None] if width > 1 else np.ones((1, 1)))
        return np.where(hot, 1.0, -1.0 if self.encoding == "sign" else 0.0).astype(np.float32)

    def smooth(self, target: Array, smoothing: Array, task: NetworkTask) -> Array:
        """Targets (n, k) with certainty taken from them (Szegedy et al. 2016): probabilities t(1-s) + s/k, signs
        t(1-s)."""
        if task == "regression":
            return target
        if self.encoding == "sign":
            return target * (1 - smoothing)
        return target * (1 - smoothing) + smoothing / max(2, target.shape[1])

    def value(self, output: Array) -> Array:
        """What a picture shows of an output (k,): from -1 to 1 for two classes, else confidences (k,) that sum to 1."""
        if self.logits and self.encoding == "probability":
            if output.shape == (1,):
                return 2 * jax.nn.sigmoid(output[0]) - 1
            shares = jax.nn.softmax(output)
            return 2 * shares[1] - 1 if self.binary_outputs == output.shape[0] == 2 else shares
        if output.shape == (1,):
            return jnp.clip(output[0], -1.0, 1.0)
        mass = jnp.clip((output + 1) / 2, 0.0)
        total = mass.sum()
        return jnp.where(total > 0, mass / jnp.where(total > 0, total, 1.0), 1 / output.shape[0])

    def decide(self, output: Array) -> Array:
        """The class () that an output (k,) stands for: above 0 for a single one, else the largest."""
        return (output[0] > 0).astype(jnp.int32) if output.shape == (1,) else output.argmax().astype(jnp.int32)

    def true_class(self, target: Array) -> Array:
        """The class () that a target (k,) stands for."""
        if target.shape == (1,):
            return (target[0] > (0.5 if self.encoding == "probability" else 0.0)).astype(jnp.int32)
        return target.argmax().astype(jnp.int32)
