"""Losses and metrics of a padded network over whole sets."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import Array

from playground.objectives.regularizers import penalty
from playground.training.data import Data, Split
from playground.training.general.bucket import Bucket
from playground.training.general.loss_switch import row_losses
from playground.training.general.padded import Plan
from playground.training.general.reading import Reading, readings
from playground.training.general.train_loop import layers_of, output_gate, outputs_of
from playground.training.knobs import knob_dict
from playground.training.objective import Knob, mean_loss, metric


def scores_of(bucket: Bucket, plan: Plan, params: Array, data: Data, knobs: Knob) -> Array:
    """Train and test loss, train and test metric at ``params (n,)``: (4,); NaN for an empty set."""
    real, rows = output_gate(plan), bucket.rows
    output = outputs_of(bucket, plan, params, jnp.concatenate([data.train.x, data.test.x]))
    losses = row_losses(plan.loss, output, jnp.concatenate([data.train.y, data.test.y]), real, knobs)

    def metrics_of(reading: Reading) -> Callable[[Array], Array]:
        def of_set(output: Array, split: Split) -> Array:
            targets = split._replace(y=reading.outputs(split.y, real))
            return metric(reading.outputs(output, real), targets, reading.loss, reading.task)

        return lambda output: jnp.stack([of_set(output[:rows], data.train), of_set(output[rows:], data.test)])

    metrics = jax.lax.switch(plan.reading, [metrics_of(reading) for reading in readings()], output)
    means = mean_loss(losses[:rows], data.train), mean_loss(losses[rows:], data.test)
    return jnp.concatenate([jnp.stack(means), metrics])


def general_scores(bucket: Bucket) -> Callable[..., Array]:
    """The function ``scores(params, plan, data, knobs)`` of a bucket: (5,), losses and metrics, and the penalty."""

    def scores(params: Array, plan: Plan, data: Data, vector: Array) -> Array:
        knobs = knob_dict(vector)
        weights = layers_of(params, bucket)[0] * plan.links
        return jnp.append(scores_of(bucket, plan, params, data, knobs), penalty(({"w": weights},), knobs))

    return scores
