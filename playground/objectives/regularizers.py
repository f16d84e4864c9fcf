"""The regularizers, a registry: penalties on weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array

from playground.registry import Entry, Registry


@dataclass(frozen=True, kw_only=True)
class Regularizer(Entry):
    """A regularization.

    ``penalty``: what it adds to the loss for one layer's weights, where it adds anything. ``usual_strength``: the value
    of its knob to begin with; None where its knob is no strength.
    """

    penalty: Callable[[Array], Array] | None = None
    usual_strength: float | None = None


REGULARIZERS: Registry[Regularizer] = Registry("regularizer")


def absolute(w: Array) -> Array:
    """The sum of absolute values; its slope where a weight is 0 is 0, not the 1 that ``jnp.abs`` has there."""
    return (w * jnp.sign(w)).sum()


def half_square(w: Array) -> Array:
    """Half the sum of squares."""
    return 0.5 * jnp.square(w).sum()


def penalty(params: tuple[dict[str, Array], ...], knobs: Mapping[str, Array]) -> Array:
    """``l1 sum|w| + l2/2 sum w^2`` over the weights of all layers, biases and normalisation's numbers left alone."""
    total = jnp.zeros(())
    for regularizer in REGULARIZERS.values():
        if regularizer.penalty is not None:
            for layer in params:
                total = total + knobs[regularizer.name] * regularizer.penalty(layer["w"])
    return total


def penalty_gradient(params: tuple[dict[str, Array], ...], knobs: Mapping[str, Array]) -> tuple[dict[str, Array], ...]:
    """The gradient of ``penalty``, written out: ``penalty_slope`` for weights, 0 for the rest; cheaper than tracing it
    each step."""
    return tuple(
        {name: penalty_slope(value, knobs) if name == "w" else jnp.zeros_like(value) for name, value in layer.items()}
        for layer in params
    )


def without_l1(knobs: Mapping[str, Array]) -> dict[str, Array]:
    """The ``knobs`` with no L1 penalty."""
    return {**knobs, "l1": jnp.zeros(())}


def penalty_slope(w: Array, knobs: Mapping[str, Array]) -> Array:
    """The derivative of ``penalty`` with respect to weights: ``l1 sign(w) + l2 w``."""
    return knobs["l1"] * jnp.sign(w) + knobs["l2"] * w


def stay_at_zero(w: Array, by_data: Array, update: Array, step: Array) -> Array:
    """``update`` of weights ``w``, but so that one which the L1 penalty alone carries over 0 becomes exactly 0, and one
    that is 0 stays there, as in TensorFlow Playground.

    ``by_data``: what the update would be without the penalty: it leaves such a weight on its side. Weights may be 0
    before the first ``step``.
    """
    side = jnp.sign(w)
    carried_over = (side != 0) & (jnp.sign(w + by_data) == side) & (jnp.sign(w + update) == -side)
    return jnp.where(carried_over | ((side == 0) & (step > 0)), -w, update)


def _add(
    name: str,
    label: str,
    formula: str,
    source: str,
    explanation: str,
    knob: str,
    penalty: Callable[[Array], Array] | None = None,
    usual_strength: float | None = None,
    brief: str = "",
) -> None:
    REGULARIZERS.register(
        Regularizer(
            name=name,
            label=label,
            formula=formula,
            source=source,
            explanation=explanation,
            knobs=(knob,),
            penalty=penalty,
            usual_strength=usual_strength,
            brief=brief,
        )
    )


_add(
    "l1",
    "L1",
    r"\lambda \sum |w|",
    "Tibshirani 1996",
    "Pulls every weight towards 0 equally hard; one that this alone would carry over 0 becomes exactly 0 and "
    "stays there "
    "while L1 is on, as in TensorFlow Playground, under every optimizer but L-BFGS.",
    "l1",
    absolute,
    usual_strength=0.001,
    brief="λ Σ |w|",
)
_add(
    "l2",
    "L2",
    r"\tfrac{\lambda}{2} \sum w^2",
    "Hoerl & Kennard 1970",
    "Pulls every weight towards 0 in proportion to its size.",
    "l2",
    half_square,
    usual_strength=0.003,
    brief="½ λ Σ w²",
)
_add(
    "weight_decay",
    "Weight decay",
    r"\theta \leftarrow \theta - \eta \lambda \theta",
    "Hanson & Pratt 1988; Loshchilov & Hutter 2019",
    "Shrinks all parameters a little at each step, whatever the gradient is.",
    "weight_decay",
    usual_strength=0.01,
    brief="θ ← θ − η λ θ",
)
_add(
    "dropout",
    "Dropout",
    r"h \leftarrow \tfrac{h \cdot m}{1 - p}, \quad m \sim \text{Bernoulli}(1 - p)",
    "Srivastava et al. 2014",
    "Switches off random hidden units in each training step, so that none can rely on another alone.",
    "dropout",
    usual_strength=0.2,
    brief="h ← h m / (1 − p)",
)
_add(
    "label_smoothing",
    "Label smoothing",
    r"t \leftarrow t (1 - s) + \tfrac{s}{k}",
    "Szegedy et al. 2016",
    "Takes a little certainty from the targets, so that the network need not become infinitely sure.",
    "label_smoothing",
)
_add(
    "early_stopping",
    "Early stopping",
    r"\text{stop when } L_{test} \text{ has not fallen for } n \text{ epochs}",
    "Prechelt 1998",
    "Stops training at the end of an epoch when the test loss has not become better for so many epochs.",
    "patience",
)
