"""One sample's own gradient on every weight, and which samples' gradients point the other way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree

from playground.live.frames.diagram import Diagram
from playground.nn.masks import Masks, apply_masks, trainable_mask
from playground.nn.network import Params, forward
from playground.objectives.losses import LOSSES
from playground.training.compiled_analysis import CompiledAnalysis
from playground.training.data import Data, Split
from playground.training.general import Bucket, Plan, backward_pass, forward_pass
from playground.training.general.loss_switch import loss_and_slope, smooth_targets
from playground.training.general.train_loop import layers_of, output_gate
from playground.training.knobs import knob_dict
from playground.training.train_loop import TrainState
from playground.training.trainer import Trainer

TOGETHER = 64
"""Samples whose gradients are held at once: 20,000 of them would not fit beside a large network."""


@dataclass(frozen=True)
class PerExampleGradient:
    """What sample ``point`` (its place in the picture) pulls at: ``pull``, its negative gradient on the drawn weights
    and biases, in the order of ``Diagram.parameters``; ``cosine (n,)`` between its gradient and each sample's, in the
    picture's order; NaN where one of them is 0."""

    point: int
    pull: np.ndarray
    cosine: np.ndarray


class PerExampleGradients(CompiledAnalysis):
    """Gradients of single samples for one trainer's states.

    Each is the gradient of that sample's part of what training makes small, label smoothing included, in evaluation
    mode: without dropout, and under batch normalisation with the running statistics, since in a batch no sample pulls
    alone. Penalties pull by themselves."""

    def __init__(self, trainer: Trainer) -> None:
        super().__init__(trainer, "pulls", general_pulls, trainer.evaluation_key)

    def __call__(
        self, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None, point: int = -1
    ) -> PerExampleGradient:
        """What sample ``point`` pulls at in ``state``; nothing at all for a point that is none."""
        prepared = self.trainer.prepared
        many = len(prepared.picture.train)
        if not 0 <= point < many:
            return PerExampleGradient(-1, np.zeros(0), np.zeros(0))
        pull, parts = self.run_program(state.params, state.stats, knobs, masks, *self._rows(point))
        if self.trainer.padded:
            pull = -Diagram(self.trainer.network).host_parameters(self.trainer.padded.unpack_params(pull))
        cosine = np.full(many, np.nan)
        for order, part in zip(prepared.order, parts, strict=True):
            cosine[order] = np.asarray(part)[: len(order)]
        return PerExampleGradient(point, np.asarray(pull), cosine)

    def extra_arguments(self) -> tuple[Any, ...]:
        """The row of the first sample."""
        return self._rows(0)

    def _rows(self, point: int) -> tuple[np.ndarray, np.ndarray]:
        """The row of sample ``point`` as the program takes it, from whichever set it is in: ``x (features,)`` and ``y
        (outputs,)``, or of a bucket ``(1, units)`` twice."""
        prepared, padded = self.trainer.prepared, self.trainer.padded
        for order, split in zip(prepared.order, prepared.data, strict=True):
            (row,) = np.nonzero(order == point)
            if len(row):
                x, y = split.x[row[0]], split.y[row[0]]
                return (padded.inputs(x[None]), padded.inputs(y[None])) if padded else (x, y)
        raise IndexError(point)

    def make_function(self) -> Callable[..., tuple[Array, list[Array]]]:
        """As ``general_pulls``, but for the first result: the pull on what is drawn, not the gradient."""
        trainer = self.trainer
        network, loss, task = trainer.network, LOSSES[trainer.experiment.structure.loss], trainer.experiment.task

        def pulls(
            params: Params, stats: Any, data: Any, vector: Array, masks: Masks, x: Array, y: Array
        ) -> tuple[Array, list[Array]]:
            knobs = knob_dict(vector)
            free = trainable_mask(params, masks)

            def gradient(x: Array, y: Array) -> Params:
                def value(params: Params) -> Array:
                    output = forward(network, apply_masks(params, masks), stats, x[None], masks.units)[-1].h[0]
                    return loss.fn(output, loss.smooth(y[None], knobs["label_smoothing"], task)[0], knobs)

                return jax.tree.map(jnp.multiply, jax.grad(value)(params), free)

            mine = gradient(x, y)
            flat = ravel_pytree(mine)[0]
            length = jnp.linalg.norm(flat)

            def cosine(row: tuple[Array, Array]) -> Array:
                other = ravel_pytree(gradient(*row))[0]
                lengths = length * jnp.linalg.norm(other)
                return jnp.where(lengths > 0, other @ flat / jnp.where(lengths > 0, lengths, 1.0), jnp.nan)

            cosines = [jax.lax.map(cosine, (part.x, part.y), batch_size=min(TOGETHER, len(part.x))) for part in data]
            return -Diagram(network).parameters(mine), cosines

        return pulls


def general_pulls(bucket: Bucket) -> Callable[..., tuple[Array, list[Array]]]:
    """The function ``pulls(params, plan, data, knobs, x, y)`` of a bucket: the gradient of the sample ``x, y`` (n,),
    and of each set the cosines (rows,).

    A sample's gradient on a layer is the outer product of its inputs and the slopes of its sums, so that its product
    with another gradient G, and its own
    length, are products of matrices: x G s, and x^2 F s^2 where F tells which links may move.
    """

    def pulls(params: Array, plan: Plan, data: Data, vector: Array, x: Array, y: Array) -> tuple[Array, list[Array]]:
        knobs = knob_dict(vector)
        free_links, free_biases = layers_of(plan.free, bucket)

        def slopes(x: Array, y: Array) -> tuple[Array, Array]:
            passed = forward_pass(bucket, plan, params, x)
            target = smooth_targets(plan.smoothing, y, knobs)
            _, slope = loss_and_slope(plan.loss, passed.output, target, jnp.ones(len(x)), output_gate(plan), knobs)
            return passed.inputs, backward_pass(bucket, plan, params, passed, slope)

        inputs, to_sums = slopes(x, y)
        to_links = jnp.einsum("lri,lrj->lij", inputs, to_sums) * free_links
        to_biases = to_sums.sum(1) * free_biases
        mine = jnp.concatenate([to_links.ravel(), to_biases.ravel()])
        length = jnp.linalg.norm(mine)

        def cosines(split: Split) -> Array:
            inputs, to_sums = slopes(split.x, split.y)
            product = jnp.einsum("lri,lij,lrj->r", inputs, to_links, to_sums) + jnp.einsum(
                "lrj,lj->r", to_sums, to_biases
            )
            squares = jnp.einsum("lri,lij,lrj->r", inputs**2, free_links, to_sums**2)
            lengths = length * jnp.sqrt(squares + jnp.einsum("lrj,lj->r", to_sums**2, free_biases))
            return jnp.where(lengths > 0, product / jnp.where(lengths > 0, lengths, 1.0), jnp.nan)

        return mine, [cosines(split) for split in data]

    return pulls
