"""Gradients, outputs and updates of each layer of one state.

A small compiled program, general where the network fits a bucket, gives what only JAX can (gradients, signals, slopes);
the statistics of it are NumPy's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.live.diagnostics.layer_health import HealthKind, health_of_layer, kind
from playground.live.frames.layer_statistics import BINS, HIGH, LAYER_SCALARS, LOW
from playground.nn import network as nn
from playground.nn.activations import ACTIVATIONS
from playground.nn.initializers import INITIALIZERS
from playground.nn.masks import Masks
from playground.objectives.losses import LOSSES
from playground.objectives.regularizers import penalty, penalty_slope
from playground.training.compiled_analysis import CompiledAnalysis
from playground.training.data import Data
from playground.training.general import Bucket, Plan, backward_pass, forward_pass
from playground.training.general.loss_switch import loss_and_slope, smooth_targets
from playground.training.general.train_loop import layers_of, output_gate
from playground.training.knobs import knob_dict
from playground.training.objective import weights_of
from playground.training.train_loop import TrainState
from playground.training.trainer import Trainer

ROWS = 256
"""Train samples whose outputs are counted; gradients are of all."""
LEVELS = 24
HISTOGRAM_DECADES = 2.0
"""The histogram of outputs spans -REACH to REACH; what lies beyond falls into its ends."""


@dataclass(frozen=True)
class LayerFlow:
    """The layers of one state, the output last: host arrays only.

    ``numbers (depth, 7)`` in the order of ``LAYER_SCALARS``; ``gradients (depth, 24)`` and ``outputs (depth, LEVELS)``:
    shares in bins, as uint8 (255: all). ``signal (depth,)``: root mean square of what each layer's activation receives;
    ``forward``: mean square of that without its bias; ``backward``: mean square of the gradient of a sample's loss
    there; ``ends (rows,)``: that of each sample at the output. ``loss``: what is learned from, over the whole train set
    as one batch, without penalty.
    """

    numbers: np.ndarray
    gradients: np.ndarray
    outputs: np.ndarray
    signal: np.ndarray
    forward: np.ndarray
    backward: np.ndarray
    ends: np.ndarray
    loss: float

    def of(self, name: str) -> np.ndarray:
        """One of ``LAYER_SCALARS`` for each layer (depth,)."""
        return self.numbers[:, LAYER_SCALARS.index(name)]

    @property
    def kind(self) -> HealthKind:
        """What is wrong with them, if anything (of ``KINDS``)."""
        return kind(self.of("gradient_norm"), self.signal, self.of("dead")[:-1])


class LayerFlowAnalysis(CompiledAnalysis):
    """The layers of one trainer's states, over its train set, under the experiment's own knobs."""

    def __init__(self, trainer: Trainer) -> None:
        experiment, network, rows = trainer.experiment, trainer.network, trainer.prepared.data.train.x.shape
        self._bias = INITIALIZERS[network.initializer].bias
        # Neither the optimizer nor, but for its bias, the initializer is a part of the program.
        layers = (network.widths, network.activations, network.normalization, network.residual, self._bias)
        key = (layers, experiment.structure.loss, experiment.task, rows, *trainer.where)
        super().__init__(trainer, "flow", general_flow, key, train_only=True)
        self._stats = nn.init_stats(network)

    def __call__(self, state: TrainState) -> LayerFlow:
        """The layers of ``state``."""
        return self.measure_params(state.params, state.update)

    def measure_params(self, params: nn.Params, update: nn.Params | None = None) -> LayerFlow:
        """The layers of weights ``params`` that ``update`` was added to last."""
        gradients, parts, sizes, ends, loss = self._measure(params)
        rows = min(int(self.trainer.prepared.data.train.n), ROWS)
        params, update = jax.device_get((params, update))
        numbers, bins, levels = [], [], []
        for i, (h, slope) in enumerate(parts):
            g, weights = flatten_layer(gradients[i]), flatten_layer(params[i])
            moved = 0.0 if update is None else np.linalg.norm(flatten_layer(update[i]))
            move = moved / max(np.linalg.norm(weights), 1e-12)
            is_output = i == len(parts) - 1
            shares = (0.0, 0.0) if is_output else health_of_layer(slope[:rows], self.trainer.network.activations[i])
            numbers.append([np.linalg.norm(g), g.mean(), g.std(), move, h[:rows].mean(), *shares])
            with np.errstate(divide="ignore"):
                bins.append(bin_shares((np.log10(np.abs(g)) - LOW) / (HIGH - LOW), BINS))
            levels.append(bin_shares((h[:rows] + HISTOGRAM_DECADES) / (2 * HISTOGRAM_DECADES), LEVELS))
        signal, forward, backward = sizes
        return LayerFlow(
            np.array(numbers), np.stack(bins), np.stack(levels), np.sqrt(signal), forward, backward, ends, float(loss)
        )

    def _measure(self, params: nn.Params) -> Any:
        """Gradients and (outputs, slopes) by layer, mean squares (3, depth), those of each sample's gradient at the
        output (rows,), and the loss."""
        flow = jax.device_get(self.run_program(params, self._stats, None, None, *self.extra_arguments()))
        padded = self.trainer.padded
        if not padded:
            return flow
        gradient, outputs, slopes, sizes, ends, loss = flow
        widths = self.trainer.network.widths[1:]
        parts = [(outputs[i, :ROWS, :width], slopes[i, :ROWS, :width]) for i, width in enumerate(widths)]
        rows = len(self.trainer.prepared.data.train.x)
        return padded.unpack_params(gradient), parts, sizes[:, : len(widths)], ends[:rows], loss

    def extra_arguments(self) -> tuple[Any, ...]:
        """For the general program: the bias that the network begins with."""
        return (np.float32(self._bias),) if self.trainer.padded else ()

    def make_function(self) -> Callable[..., tuple[Any, ...]]:
        """As ``general_flow``, layer by layer; nothing is ever off."""
        network, task, bias = self.trainer.network, self.trainer.experiment.task, self._bias
        loss = LOSSES[self.trainer.experiment.structure.loss]

        def flow(params: Any, stats: Any, split: Any, vector: Array, _: Masks) -> tuple[Any, ...]:
            knobs, weight = knob_dict(vector), weights_of(split)
            share = weight / weight.sum()
            target = loss.smooth(split.y, knobs["label_smoothing"], task)
            zeros = [jnp.zeros((weight.shape[0], units)) for units in network.widths[1:]]

            def objective(p: Any, nudges: Any) -> Any:
                layers, _ = nn.forward_train(network, p, stats, split.x, share, None, None, nudges)
                each = jax.vmap(lambda out, t: loss.fn(out, t, knobs))(layers[-1].h, target)
                value = (each * share).sum()
                return value + penalty(p, knobs), (layers, value)

            (gradients, slopes), (layers, value) = jax.grad(objective, (0, 1), has_aux=True)(params, zeros)
            parts = [
                (h[:ROWS], jax.jvp(ACTIVATIONS[name].fn, (z[:ROWS],), (jnp.ones_like(z[:ROWS]),))[1])
                for (z, h), name in zip(layers, network.activations, strict=True)
            ]
            drawn = [0.0 if "scale" in layer else bias for layer in params]  # normalised, a bias is no part of z
            squares = [
                [jnp.square(each).mean(axis=1) for each in (z, z - start, slope * weight.sum())]
                for (z, _), start, slope in zip(layers, drawn, slopes, strict=True)
            ]
            sizes = jnp.stack([jnp.stack([(square * share).sum() for square in layer]) for layer in squares], axis=1)
            return gradients, parts, sizes, squares[-1][2], value

        return flow


def general_flow(bucket: Bucket) -> Callable[..., tuple[Array, ...]]:
    """The function ``flow(params, plan, data, knobs, bias)`` of a bucket: the gradient (n,), outputs and slopes ``(L,
    rows, units)``, mean squares ``(3, L)`` of the sums, of those without ``bias``, and of the gradient of a sample's
    loss there; the last one of each sample at the output (rows,); and the loss."""

    def flow(params: Array, plan: Plan, data: Data, vector: Array, bias: Array) -> tuple[Array, ...]:
        knobs, split = knob_dict(vector), data.train
        share = weights_of(split) / split.n.astype(jnp.float32)
        target = smooth_targets(plan.smoothing, split.y, knobs)
        passed = forward_pass(bucket, plan, params, split.x)
        value, slope = loss_and_slope(plan.loss, passed.output, target, share, output_gate(plan), knobs)
        to_sums = backward_pass(bucket, plan, params, passed, slope)
        weights, _ = layers_of(params, bucket)
        to_weights = jnp.einsum("lri,lrj->lij", passed.inputs, to_sums) * plan.links + penalty_slope(weights, knobs)
        gradient = jnp.concatenate([to_weights.ravel(), to_sums.sum(1).ravel()])
        outputs = (
            jnp.concatenate([passed.inputs[1:], jnp.zeros_like(passed.output)[None]]).at[plan.depth].set(passed.output)
        )
        there = plan.real_units[:, None]
        wide = jnp.stack([passed.sums, passed.sums - bias, to_sums * split.n])
        squares = (jnp.square(wide) * there[None]).sum(3) / jnp.maximum(there.sum(2), 1.0)[None]
        return gradient, outputs, passed.slopes, (squares * share[None, None]).sum(2), squares[2, plan.depth], value

    return flow


def flatten_layer(layer: Any) -> np.ndarray:
    """All numbers of a layer in one vector."""
    return np.concatenate([np.ravel(layer[name]) for name in sorted(layer)]).astype(np.float64)


def bin_shares(place: np.ndarray, bins: int) -> np.ndarray:
    """Share of the numbers in each of so many equal bins from 0 to 1, as uint8 rounded up (255: all); what lies beyond
    falls into the ends."""
    at = np.clip(np.floor(np.nan_to_num(place, nan=0.0, posinf=1.0, neginf=0.0) * bins), 0, bins - 1)
    counts = np.bincount(at.astype(np.int64).ravel(), minlength=bins)
    return np.ceil(counts / max(place.size, 1) * 255).astype(np.uint8)
