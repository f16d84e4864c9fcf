"""What a unit does with its weighted sum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array

from playground.language import mark
from playground.registry import Entry, Registry


@dataclass(frozen=True, kw_only=True)
class Activation(Entry):
    """An activation; ``fn`` is elementwise, keeps the shape, and has finite gradients everywhere.

    ``blocks``: it is exactly flat for some sums, which then let no gradient through. ``steepest_slope``: of one that
    levels off at both ends, 0 of any other.
    """

    fn: Callable[[Array], Array]
    blocks: bool = False
    steepest_slope: float = 0.0


ACTIVATIONS: Registry[Activation] = Registry("activation")


def _add(
    name: str,
    label: str,
    fn: Callable[[Array], Array],
    formula: str,
    source: str,
    explanation: str,
    brief: str = "",
    *,
    blocks: bool = False,
    steepest_slope: float = 0.0,
) -> None:
    ACTIVATIONS.register(
        Activation(
            name=name,
            label=label,
            fn=fn,
            formula=formula,
            source=source,
            explanation=explanation,
            brief=brief,
            blocks=blocks,
            steepest_slope=steepest_slope,
        )
    )


_add(
    "relu",
    "ReLU",
    jax.nn.relu,
    r"\max(0, z)",
    "Nair & Hinton 2010",
    "Lets positive sums through and blocks negative ones; fast and robust, but a unit that is always negative is dead.",
    brief="max(0, z)",
    blocks=True,
)
_add(
    "tanh",
    "Tanh",
    jnp.tanh,
    r"\tanh z",
    "LeCun et al. 1998",
    "Squeezes sums smoothly between −1 and 1; far from 0 it saturates and lets little gradient through.",
    brief="tanh z",
    steepest_slope=1.0,
)
_add(
    "sigmoid",
    "Sigmoid",
    jax.nn.sigmoid,
    r"\frac{1}{1 + e^{-z}}",
    "Rumelhart, Hinton & Williams 1986",
    "Squeezes sums between 0 and 1; its slope is at most 1/4, so that gradients fade over many layers.",
    brief="1 / (1 + e⁻ᶻ)",
    steepest_slope=0.25,
)
_add(
    "identity",
    "Linear",
    lambda z: z,
    r"z",
    mark("the identity"),
    "Passes sums on unchanged: layers of it are together only one linear layer.",
    brief="z",
)
_add(
    "gelu",
    "GELU",
    lambda z: jax.nn.gelu(z, approximate=False),
    r"z\, \Phi(z)",
    "Hendrycks & Gimpel 2016",
    "Weights a sum by the probability that a normal variable is smaller: a smooth ReLU.",
    brief="z Φ(z)",
)
_add(
    "leaky_relu",
    "Leaky ReLU",
    jax.nn.leaky_relu,
    r"\max(0.01 z, z)",
    "Maas, Hannun & Ng 2013",
    "A ReLU that lets a hundredth of negative sums through, so that no unit dies.",
    brief="max(0.01 z, z)",
)
_add(
    "elu",
    "ELU",
    jax.nn.elu,
    r"z \text{ if } z > 0 \text{ else } e^z - 1",
    "Clevert, Unterthiner & Hochreiter 2015",
    "Like ReLU for positive sums, bending smoothly to −1 for negative ones.",
    brief="z if z > 0 else eᶻ − 1",
)
_add(
    "selu",
    "SELU",
    jax.nn.selu,
    r"\lambda\, (z \text{ if } z > 0 \text{ else } \alpha (e^z - 1))",
    "Klambauer et al. 2017",
    "An ELU scaled so that, with LeCun initialisation, signals keep mean 0 and variance 1 by themselves.",
)
_add(
    "celu",
    "CELU",
    jax.nn.celu,
    r"\max(0, z) + \min(0, e^z - 1)",
    "Barron 2017",
    "An ELU whose slope is continuous whatever its scale.",
    brief="max(0, z) + min(0, eᶻ − 1)",
)
_add(
    "silu",
    "SiLU (swish)",
    jax.nn.silu,
    r"\frac{z}{1 + e^{-z}}",
    "Elfwing, Uchibe & Doya 2017; Ramachandran et al. 2017",
    "A sum times its own sigmoid: smooth, and slightly negative below 0.",
    brief="z / (1 + e⁻ᶻ)",
)
_add(
    "mish",
    "Mish",
    jax.nn.mish,
    r"z \tanh(\ln(1 + e^z))",
    "Misra 2019",
    "A smooth ReLU that dips below 0 before it rises.",
    brief="z tanh(ln(1 + eᶻ))",
)
_add(
    "softplus",
    "Softplus",
    jax.nn.softplus,
    r"\ln(1 + e^z)",
    "Dugas et al. 2001",
    "A ReLU with a round corner; always positive.",
    brief="ln(1 + eᶻ)",
)
_add(
    "soft_sign",
    "Softsign",
    jax.nn.soft_sign,
    r"\frac{z}{1 + |z|}",
    "Bergstra et al. 2009",
    "Like tanh, but it saturates far more slowly.",
    brief="z / (1 + |z|)",
    steepest_slope=1.0,
)
_add(
    "hard_tanh",
    "Hard tanh",
    jax.nn.hard_tanh,
    r"\max(-1, \min(1, z))",
    "Collobert 2004",
    "A tanh of three straight lines.",
    brief="max(−1, min(1, z))",
    steepest_slope=1.0,
)
_add(
    "hard_sigmoid",
    "Hard sigmoid",
    jax.nn.hard_sigmoid,
    r"\max(0, \min(1, z / 6 + 1 / 2))",
    "Courbariaux, Bengio & David 2015",
    "A sigmoid of three straight lines.",
    brief="max(0, min(1, z/6 + ½))",
    steepest_slope=1 / 6,
)
_add(
    "hard_silu",
    "Hard SiLU",
    jax.nn.hard_silu,
    r"z \max(0, \min(1, z / 6 + 1 / 2))",
    "Howard et al. 2019",
    "A SiLU without an exponential.",
    brief="z max(0, min(1, z/6 + ½))",
    blocks=True,
)
_add(
    "relu6",
    "ReLU6",
    jax.nn.relu6,
    r"\min(6, \max(0, z))",
    "Krizhevsky 2010",
    "A ReLU that stops at 6.",
    brief="min(6, max(0, z))",
    blocks=True,
)
_add(
    "squareplus",
    "Squareplus",
    jax.nn.squareplus,
    r"\tfrac12 (z + \sqrt{z^2 + 4})",
    "Barron 2021",
    "A smooth ReLU made of a square root alone.",
    brief="½ (z + √(z² + 4))",
)
_add(
    "log_sigmoid",
    "Log-sigmoid",
    jax.nn.log_sigmoid,
    r"-\ln(1 + e^{-z})",
    mark("the logarithm of the logistic function"),
    "The sigmoid's logarithm: never above 0, and linear for negative sums.",
    brief="−ln(1 + e⁻ᶻ)",
)
_add(
    "sine",
    "Sine",
    jnp.sin,
    r"\sin z",
    "Sitzmann et al. 2020",
    "A wave: one unit can follow a pattern that repeats.",
    brief="sin z",
)
_add(
    "gaussian",
    "Gaussian",
    lambda z: jnp.exp(-jnp.square(z)),
    r"e^{-z^2}",
    "Broomhead & Lowe 1988",
    "A bump around 0: a unit answers in a stripe only.",
    brief="e^(−z²)",
)
