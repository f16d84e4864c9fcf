"""How the first weights are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array
from jax.nn import initializers as init

from playground.registry import Entry, Registry


@dataclass(frozen=True, kw_only=True)
class Initializer(Entry):
    """An initializer; ``weights(key, (fan_in, fan_out))`` is float32, ``bias`` the constant that biases start at."""

    weights: Callable[[Array, tuple[int, int]], Array]
    bias: float = 0.0


INITIALIZERS: Registry[Initializer] = Registry("initializer")


def _drawn(make: Callable[..., Array]) -> Callable[[Array, tuple[int, int]], Array]:
    return lambda key, shape: make(key, shape, jnp.float32)


INITIALIZERS.register(
    Initializer(
        name="glorot_uniform",
        label="Glorot uniform",
        explanation="Uniform, as wide as keeps a signal's variance about the same forward and backward across tanh layers.",
        formula=r"U\left(-\sqrt{\tfrac{6}{n_{in} + n_{out}}}, \sqrt{\tfrac{6}{n_{in} + n_{out}}}\right)",
        source="Glorot & Bengio 2010",
        weights=_drawn(init.glorot_uniform()),
    )
)
INITIALIZERS.register(
    Initializer(
        name="glorot_normal",
        label="Glorot normal",
        explanation="Normal (cut off at two standard deviations), with the variance that suits tanh layers.",
        formula=r"N\left(0, \tfrac{2}{n_{in} + n_{out}}\right)",
        source="Glorot & Bengio 2010",
        weights=_drawn(init.glorot_normal()),
    )
)
INITIALIZERS.register(
    Initializer(
        name="he_uniform",
        label="He uniform",
        explanation="Uniform, twice the variance of LeCun's, since a ReLU lets only half of the signal through.",
        formula=r"U\left(-\sqrt{\tfrac{6}{n_{in}}}, \sqrt{\tfrac{6}{n_{in}}}\right)",
        source="He et al. 2015",
        weights=_drawn(init.he_uniform()),
    )
)
INITIALIZERS.register(
    Initializer(
        name="he_normal",
        label="He normal",
        explanation="Normal (cut off at two standard deviations), with the variance that suits ReLU layers.",
        formula=r"N\left(0, \tfrac{2}{n_{in}}\right)",
        source="He et al. 2015",
        weights=_drawn(init.he_normal()),
    )
)
INITIALIZERS.register(
    Initializer(
        name="lecun_uniform",
        label="LeCun uniform",
        explanation="Uniform, as wide as gives each weighted sum the variance of one input.",
        formula=r"U\left(-\sqrt{\tfrac{3}{n_{in}}}, \sqrt{\tfrac{3}{n_{in}}}\right)",
        source="LeCun et al. 1998",
        weights=_drawn(init.lecun_uniform()),
    )
)
INITIALIZERS.register(
    Initializer(
        name="lecun_normal",
        label="LeCun normal",
        explanation="Normal (cut off at two standard deviations), giving each weighted sum the variance of one input; for SELU.",
        formula=r"N\left(0, \tfrac{1}{n_{in}}\right)",
        source="LeCun et al. 1998",
        weights=_drawn(init.lecun_normal()),
    )
)
INITIALIZERS.register(
    Initializer(
        name="orthogonal",
        label="Orthogonal",
        explanation="A random rotation: lengths and angles of signals survive many linear layers.",
        formula=r"W^\top W = I",
        source="Saxe, McClelland & Ganguli 2013",
        weights=_drawn(init.orthogonal()),
    )
)
INITIALIZERS.register(
    Initializer(
        name="zeros",
        label="Zeros",
        explanation="All weights 0: the units of a layer stay alike for ever, so that a hidden layer never learns.",
        formula=r"W = 0",
        source="a warning, not a method",
        weights=_drawn(init.zeros),
    )
)
INITIALIZERS.register(
    Initializer(
        name="tf_playground",
        label="TF Playground's",
        explanation="Uniform from -1/2 to 1/2 whatever the width, with biases of 0.1.",
        formula=r"U(-\tfrac12, \tfrac12), \quad b = 0.1",
        source="TensorFlow Playground, Smilkov et al. 2017",
        weights=lambda key, shape: jax.random.uniform(key, shape, jnp.float32, -0.5, 0.5),
        bias=0.1,
    )
)
