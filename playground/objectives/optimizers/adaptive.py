"""Methods that divide each gradient by how large gradients have been."""

from __future__ import annotations

import optax
from jax import Array

from playground.objectives.optimizers.optimizer import Knob, optimizer, scale_by_learning_rate


def rmsprop(rate: Array, knobs: Knob) -> optax.GradientTransformation:
    """g / sqrt(v + epsilon), scaled by the rate, with momentum on the steps."""
    return optax.chain(
        scale_by_learning_rate(rate, optax.scale_by_rms(knobs["decay"], knobs["epsilon"])),
        optax.trace(decay=knobs["momentum"]),  # pyright: ignore[reportArgumentType]
    )


def adafactor(rate: Array, knobs: Knob) -> optax.GradientTransformation:
    """g / sqrt(v), cut to a root mean square of 1 in each array, times the array's own root mean square (at least
    1/1000).

    v is factored into row and column means only where both are 128 or more, as Optax does it.
    """
    return scale_by_learning_rate(
        rate, optax.scale_by_factored_rms(), optax.clip_by_block_rms(1.0), optax.scale_by_param_block_rms()
    )


SCALED = (
    optimizer(
        rmsprop,
        {"learning_rate": 0.001, "decay": 0.9, "momentum": 0.0, "epsilon": 1e-8},
        name="rmsprop",
        label="RMSprop",
        formula=r"v \leftarrow \rho v + (1-\rho) g^2, \quad u \leftarrow \mu u + \eta \frac{g}{\sqrt{v + \epsilon}}, "
        r"\quad "
        r"\theta \leftarrow \theta - u",
        source="Tieleman & Hinton 2012",
        explanation="Divides each gradient by how large it has been lately.",
    ),
    optimizer(
        lambda rate, knobs: scale_by_learning_rate(
            rate, optax.scale_by_rss(initial_accumulator_value=0.1, eps=knobs["epsilon"])
        ),
        {"learning_rate": 0.05, "epsilon": 1e-7},
        name="adagrad",
        label="Adagrad",
        brief="θ ← θ − η g / √(G + ε)",
        formula=r"G \leftarrow G + g^2, \quad \theta \leftarrow \theta - \eta \frac{g}{\sqrt{G + \epsilon}}, \quad "
        r"G_0 = 0.1",
        source="Duchi, Hazan & Singer 2011",
        explanation="Steps shrink with all the gradient that a parameter has seen: "
        "good for rare features, slow in the end.",
    ),
    optimizer(
        lambda rate, knobs: scale_by_learning_rate(rate, optax.scale_by_adadelta(knobs["decay"], knobs["epsilon"])),
        {"learning_rate": 1.0, "decay": 0.9, "epsilon": 1e-6},
        name="adadelta",
        label="Adadelta",
        formula=r"\Delta = \frac{\sqrt{u + \epsilon}}{\sqrt{v + \epsilon}} g, \quad \theta \leftarrow \theta - \eta "
        r"\Delta, \quad "
        r"u \leftarrow \rho u + (1-\rho) \Delta^2",
        source="Zeiler 2012",
        explanation="Measures its steps by its own past steps, so that hardly any learning rate is to be chosen.",
    ),
    optimizer(
        adafactor,
        {"learning_rate": 0.03},
        name="adafactor",
        label="Adafactor",
        formula=r"v \leftarrow (1 - t^{-0.8}) v + t^{-0.8} g^2, \quad \theta \leftarrow \theta - \eta\, "
        r"\text{RMS}(\theta) "
        r"\frac{u}{\max(1, \text{RMS}(u))}, \quad u = \frac{g}{\sqrt{v}}",
        source="Shazeer & Stern 2018",
        explanation="Steps are measured relative to the size of each layer's parameters, "
        "and forget old gradients ever more slowly.",
        elementwise=False,
    ),
)
