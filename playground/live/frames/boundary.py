"""The network's output over a picture, as bytes."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from playground.objectives.loss import NetworkTask
from playground.objectives.losses import Loss


def signed_bytes(value: Array) -> Array:
    """Values from -1 to 1 as uint8 from 1 to 255, 0 as 128; beyond that range they are clipped."""
    return jnp.round(jnp.clip(value, -1.0, 1.0) * 127 + 128).astype(jnp.uint8)


def boundary(output: Array, loss: Loss, task: NetworkTask, scale: Array, classes: Array | None = None) -> Array:
    """What a picture shows of outputs ``(cells, k)``: uint8 ``(planes, cells)``.

    Binary: one plane, from class 0 (1) to class 1 (255). Regression: one plane, the output over ``scale``. Multiclass:
    the likeliest class, and its confidence from 1/k (0) to 1 (255). ``classes``: k, where some outputs are padding."""
    if task == "regression":
        return signed_bytes(output[:, 0] / scale)[None]
    value = jax.vmap(loss.value)(output)
    if task == "binary":
        return signed_bytes(value)[None]
    k = value.shape[1] if classes is None else classes
    confidence = (value.max(axis=1) - 1 / k) / (1 - 1 / k)
    return jnp.stack(
        [value.argmax(axis=1).astype(jnp.uint8), jnp.round(jnp.clip(confidence, 0, 1) * 255).astype(jnp.uint8)]
    )


def signed_value(shade: int) -> float:
    """The value from -1 to 1 that ``signed_bytes`` made ``shade`` of."""
    return (shade - 128) / 127
