"""What training makes small, and what is reported of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from playground.nn.masks import Masks, apply_masks
from playground.nn.network import LayerSignal, Network, Params, Stats, forward, forward_train
from playground.objectives.loss import NetworkTask
from playground.objectives.losses import Loss
from playground.training.data import Split

Knob = dict[str, Array]


class Batch(NamedTuple):
    """Rows that a step sees: ``x (rows, features)``, ``y (rows, outputs)``, each row's ``share (rows,)`` of the mean (0
    for padding).

    ``masks``: dropout's factors (rows, units) for each hidden layer, or None.
    """

    x: Array
    y: Array
    share: Array
    masks: tuple[Array, ...] | None = None


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
    task: NetworkTask,
    params: Params,
    stats: Stats,
    batch: Batch,
    knobs: Knob,
    masks: Masks | None = None,
) -> tuple[Array, tuple[Stats, list[LayerSignal]]]:
    """The data's part of what a step makes small: a batch's mean loss in training mode; and the new statistics and
    signals.

    ``masks``: what is switched off; None: nothing.
    """
    if masks is not None:
        params = apply_masks(params, masks)
    units = None if masks is None else masks.units
    layers, new_stats = forward_train(network, params, stats, batch.x, batch.share, batch.masks, units)
    target = loss.smooth(batch.y, knobs["label_smoothing"], task)
    each = jax.vmap(lambda out, t: loss.fn(out, t, knobs))(layers[-1].h, target)
    return (each * batch.share).sum(), (new_stats, layers)


def score(
    network: Network,
    loss: Loss,
    task: NetworkTask,
    params: Params,
    stats: Stats,
    split: Split,
    knobs: Knob,
    units: Sequence[Array] | None = None,
) -> Score:
    """Loss and accuracy (or R^2) of a whole set in evaluation mode, at these parameters and without any penalty."""
    output = forward(network, params, stats, split.x, units)[-1].h
    return score_outputs(output, split, loss, task, knobs)


def score_outputs(output: Array, split: Split, loss: Loss, task: NetworkTask, knobs: Knob) -> Score:
    """The score of outputs ``(rows, outputs)`` for a set."""
    each = jax.vmap(lambda out, t: loss.fn(out, t, knobs))(output, split.y)
    return Score(mean_loss(each, split), metric(output, split, loss, task))


def mean_loss(losses: Array, split: Split) -> Array:
    """The mean of each row's loss ``(rows,)`` over a set."""
    return jnp.where(weights_of(split) > 0, losses, 0.0).sum() / split.n.astype(jnp.float32)


def metric(output: Array, split: Split, loss: Loss, task: NetworkTask) -> Array:
    """The accuracy, or R^2, of outputs ``(rows, outputs)`` for a set."""
    weight = weights_of(split)
    n = split.n.astype(jnp.float32)
    if task == "regression":
        mean = (split.y * weight[:, None]).sum(axis=0, keepdims=True) / n
        residual = (jnp.square(split.y - output) * weight[:, None]).sum()
        total = (jnp.square(split.y - mean) * weight[:, None]).sum()
        return 1 - residual / total
    right = jax.vmap(loss.decide)(output) == jax.vmap(loss.true_class)(split.y)
    return (right * weight).sum() / n
