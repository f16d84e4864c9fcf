"""What training makes small, and what is reported of it."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from playground.nn.network import Network, Params, Signal, Stats, signals, train_signals
from playground.objectives.losses import Loss
from playground.objectives.regularizers import penalty
from playground.training.data import Split

Knob = dict[str, Array]


class Score(NamedTuple):
    """The data's mean loss over a whole set, and its accuracy (0 to 1) or R^2; NaN for an empty set."""

    loss: Array
    metric: Array


def weights_of(split: Split) -> Array:
    """1 for each real row of a padded set, 0 for the others: (rows,)."""
    return (jnp.arange(split.x.shape[0]) < split.n).astype(jnp.float32)


def training_loss(
    network: Network,
    loss: Loss,
    task: str,
    params: Params,
    stats: Stats,
    batch: tuple[Array, Array, Array],
    knobs: Knob,
    seed: Array,
) -> tuple[Array, tuple[Stats, list[Signal]]]:
    """Mean loss of a batch ``(x, y, weight)`` in training mode with the regularization's penalty, and what came of the statistics and signals."""
    x, y, weight = batch
    layers, new_stats = train_signals(network, params, stats, x, weight, knobs["dropout"], seed)
    target = loss.smooth(y, knobs["label_smoothing"], task)
    each = jax.vmap(lambda out, t: loss.fn(out, t, knobs))(layers[-1].h, target)
    return (each * weight).sum() / weight.sum() + penalty(params, knobs), (new_stats, layers)


def score(network: Network, loss: Loss, task: str, params: Params, stats: Stats, split: Split, knobs: Knob) -> Score:
    """Loss and accuracy (or R^2) of a whole set in evaluation mode, at these parameters and without any penalty."""
    output = signals(network, params, stats, split.x)[-1].h
    return scored(output, split, loss, task, knobs)


def scored(output: Array, split: Split, loss: Loss, task: str, knobs: Knob) -> Score:
    """The score of outputs ``(rows, outputs)`` for a set."""
    weight = weights_of(split)
    n = split.n.astype(jnp.float32)
    each = jax.vmap(lambda out, t: loss.fn(out, t, knobs))(output, split.y)
    mean_loss = jnp.where(weight > 0, each, 0.0).sum() / n
    if task == "regression":
        mean = (split.y * weight[:, None]).sum(axis=0, keepdims=True) / n
        residual = (jnp.square(split.y - output) * weight[:, None]).sum()
        total = (jnp.square(split.y - mean) * weight[:, None]).sum()
        return Score(mean_loss, 1 - residual / total)
    right = jax.vmap(loss.decide)(output) == jax.vmap(loss.true_class)(split.y)
    return Score(mean_loss, (right * weight).sum() / n)
