"""How the first weights are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from playground.language import mark
from playground.registry import Entry, Registry

Shape = tuple[int, int]
Draw = Callable[[np.random.Generator, Shape], np.ndarray]


@dataclass(frozen=True, kw_only=True)
class Initializer(Entry):
    """An initializer; ``weights(rng, (fan_in, fan_out))`` is float32, ``variance((fan_in, fan_out))`` that of each
    weight, ``bias`` the constant that biases start at.

    NumPy draws them: compiling the same draws for a new structure took 0.5 to 0.9 s, which its first picture waited
    for.
    """

    weights: Draw
    variance: Callable[[Shape], float]
    bias: float = 0.0


INITIALIZERS: Registry[Initializer] = Registry("initializer")

CUT_DEVIATION = 0.87962566103423978
"""Standard deviation of a unit normal cut off at -2 and 2."""


def fan_in(shape: tuple[int, int]) -> float:
    """Inputs of a unit."""
    return shape[0]


def fan_mean(shape: tuple[int, int]) -> float:
    """Mean of a layer's inputs and outputs."""
    return (shape[0] + shape[1]) / 2


def uniform(gain: float, fan: Callable[[tuple[int, int]], float]) -> Draw:
    """Uniform of variance ``gain / fan``."""

    def draw(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
        bound = (3 * gain / fan(shape)) ** 0.5
        return rng.uniform(-bound, bound, shape).astype(np.float32)

    return draw


def normal(gain: float, fan: Callable[[tuple[int, int]], float]) -> Draw:
    """Normal of variance ``gain / fan``, cut off at two standard deviations and stretched to keep that variance."""

    def draw(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
        w = rng.standard_normal(shape)
        while (far := np.abs(w) > 2).any():
            w[far] = rng.standard_normal(int(far.sum()))
        return (w * (gain / fan(shape)) ** 0.5 / CUT_DEVIATION).astype(np.float32)

    return draw


def orthogonal(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Orthonormal rows or columns, whichever are fewer, uniform over rotations (the signs as Mezzadri 2007 has
    them)."""
    long, short = max(shape), min(shape)
    q, r = np.linalg.qr(rng.standard_normal((long, short)))
    q = q * np.sign(np.diag(r))
    return (q if shape[0] >= shape[1] else q.T).astype(np.float32)


INITIALIZERS.register(
    Initializer(
        name="glorot_uniform",
        label="Glorot uniform",
        explanation="Uniform, as wide as keeps a signal's variance about the same forward and backward across tanh "
        "layers.",
        formula=r"U\left(-\sqrt{\tfrac{6}{n_{in} + n_{out}}}, \sqrt{\tfrac{6}{n_{in} + n_{out}}}\right)",
        source="Glorot & Bengio 2010",
        weights=uniform(1, fan_mean),
        variance=lambda shape: 1 / fan_mean(shape),
    )
)
INITIALIZERS.register(
    Initializer(
        name="glorot_normal",
        label="Glorot normal",
        explanation="Normal (cut off at two standard deviations), with the variance that suits tanh layers.",
        formula=r"N\left(0, \tfrac{2}{n_{in} + n_{out}}\right)",
        source="Glorot & Bengio 2010",
        weights=normal(1, fan_mean),
        variance=lambda shape: 1 / fan_mean(shape),
    )
)
INITIALIZERS.register(
    Initializer(
        name="he_uniform",
        label="He uniform",
        explanation="Uniform, twice the variance of LeCun's, since a ReLU lets only half of the signal through.",
        formula=r"U\left(-\sqrt{\tfrac{6}{n_{in}}}, \sqrt{\tfrac{6}{n_{in}}}\right)",
        source="He et al. 2015",
        weights=uniform(2, fan_in),
        variance=lambda shape: 2 / fan_in(shape),
    )
)
INITIALIZERS.register(
    Initializer(
        name="he_normal",
        label="He normal",
        explanation="Normal (cut off at two standard deviations), with the variance that suits ReLU layers.",
        formula=r"N\left(0, \tfrac{2}{n_{in}}\right)",
        source="He et al. 2015",
        weights=normal(2, fan_in),
        variance=lambda shape: 2 / fan_in(shape),
    )
)
INITIALIZERS.register(
    Initializer(
        name="lecun_uniform",
        label="LeCun uniform",
        explanation="Uniform, as wide as gives each weighted sum the variance of one input.",
        formula=r"U\left(-\sqrt{\tfrac{3}{n_{in}}}, \sqrt{\tfrac{3}{n_{in}}}\right)",
        source="LeCun et al. 1998",
        weights=uniform(1, fan_in),
        variance=lambda shape: 1 / fan_in(shape),
    )
)
INITIALIZERS.register(
    Initializer(
        name="lecun_normal",
        label="LeCun normal",
        explanation="Normal (cut off at two standard deviations), giving each weighted sum the variance of one input; "
        "for SELU.",
        formula=r"N\left(0, \tfrac{1}{n_{in}}\right)",
        source="LeCun et al. 1998",
        weights=normal(1, fan_in),
        variance=lambda shape: 1 / fan_in(shape),
    )
)
INITIALIZERS.register(
    Initializer(
        name="orthogonal",
        label="Orthogonal",
        explanation="A random rotation: lengths and angles of signals survive many linear layers.",
        formula=r"W^\top W = I",
        source="Saxe, McClelland & Ganguli 2013",
        weights=orthogonal,
        variance=lambda shape: 1 / max(shape),
    )
)
INITIALIZERS.register(
    Initializer(
        name="zeros",
        label="Zeros",
        explanation="All weights 0: the units of a layer stay alike for ever, so that a hidden layer never learns.",
        formula=r"W = 0",
        source=mark("a warning, not a method"),
        weights=lambda rng, shape: np.zeros(shape, np.float32),
        variance=lambda shape: 0.0,
    )
)
INITIALIZERS.register(
    Initializer(
        name="tf_playground",
        label="TF Playground's",
        explanation="Uniform from −1/2 to 1/2 whatever the width, with biases of 0.1.",
        formula=r"U(-\tfrac12, \tfrac12), \quad b = 0.1",
        source="TensorFlow Playground, Smilkov et al. 2017",
        weights=lambda rng, shape: rng.uniform(-0.5, 0.5, shape).astype(np.float32),
        variance=lambda shape: 1 / 12,
        bias=0.1,
    )
)
