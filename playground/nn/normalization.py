"""What keeps the scale of a layer's signal: batch and layer normalisation, and running statistics."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array

from playground.language import mark
from playground.registry import Entry, Registry

EPSILON = 1e-5
RUNNING = 0.9
"""Share of the running mean and variance that a step keeps (biased variance, as Keras keeps it)."""


@dataclass(frozen=True, kw_only=True)
class Normalization(Entry):
    """A normalisation of pre-activations; ``running`` says whether it keeps statistics of past batches."""

    running: bool = False


NORMALIZATIONS: Registry[Normalization] = Registry("normalization")
NORMALIZATIONS.register(
    Normalization(
        name="none",
        label="None",
        explanation="Every layer passes its weighted sums on as they are.",
        formula=r"\hat z = z",
        source=mark("no normalisation"),
    )
)
NORMALIZATIONS.register(
    Normalization(
        name="batch",
        label="Batch normalisation",
        explanation="Each unit's sums are shifted and scaled to mean 0 and variance 1 over the batch, then by two "
        "learned numbers.",
        formula=r"\hat z = \gamma \frac{z - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}} + \beta",
        source="Ioffe & Szegedy 2015",
        running=True,
    )
)
NORMALIZATIONS.register(
    Normalization(
        name="layer",
        label="Layer normalisation",
        explanation="Each sample's sums are shifted and scaled to mean 0 and variance 1 over the layer, then by "
        "learned numbers.",
        formula=r"\hat z = \gamma \frac{z - \mu_L}{\sqrt{\sigma_L^2 + \epsilon}} + \beta",
        source="Ba, Kiros & Hinton 2016",
    )
)


def normalize(z: Array, mean: Array, variance: Array, scale: Array, offset: Array) -> Array:
    """``scale (z - mean) / sqrt(variance + 1e-5) + offset``; all arguments have z's rank."""
    return (z - mean) / jnp.sqrt(variance + EPSILON) * scale + offset


def batch_moments(z: Array, share: Array) -> tuple[Array, Array]:
    """Mean and biased variance of ``z (batch, units)`` over the rows, each counting by its ``share (batch,)``: (1,
    units) each."""
    share = share[:, None]
    mean = (z * share).sum(axis=0, keepdims=True)
    return mean, (jnp.square(z - mean) * share).sum(axis=0, keepdims=True)


def layer_moments(z: Array) -> tuple[Array, Array]:
    """Mean and biased variance of ``z (batch, units)`` over the units: (batch, 1) each."""
    mean = z.mean(axis=1, keepdims=True)
    return mean, jnp.square(z - mean).mean(axis=1, keepdims=True)
