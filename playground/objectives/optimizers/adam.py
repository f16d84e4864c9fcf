"""Adam and the methods that change one thing about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import optax

from playground.language import mark
from playground.objectives.optimizers.optimizer import Transform, optimizer, scale_by_learning_rate
from playground.objectives.optimizers.textbook_adam import scale_by_textbook_adam

DEFAULTS = {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
MOMENTS = r"m \leftarrow \beta_1 m + (1-\beta_1) g, \quad v \leftarrow \beta_2 v + (1-\beta_2) g^2, \quad "


def scale_by_moments(scale: Callable[..., optax.GradientTransformation], **fixed: Any) -> Transform:
    """Descent by ``scale(beta1, beta2, epsilon)``."""
    return lambda rate, knobs: scale_by_learning_rate(
        rate, scale(knobs["beta1"], knobs["beta2"], knobs["epsilon"], **fixed)
    )


ADAM = (
    optimizer(
        scale_by_moments(optax.scale_by_adam),
        DEFAULTS,
        name="adam",
        label="Adam",
        brief="θ ← θ − η m̂ / (√v̂ + ε)",
        formula=MOMENTS
        + r"\theta \leftarrow \theta - \eta \frac{m / (1-\beta_1^t)}{\sqrt{v / (1-\beta_2^t)} + \epsilon}",
        source="Kingma & Ba 2015",
        explanation="Gives each parameter its own step: the mean gradient over the root of the mean squared gradient.",
    ),
    optimizer(
        lambda rate, knobs: scale_by_learning_rate(
            rate,
            optax.scale_by_adam(knobs["beta1"], knobs["beta2"], knobs["epsilon"]),
            optax.add_decayed_weights(knobs["weight_decay"]),
        ),
        DEFAULTS | {"weight_decay": 1e-4},
        name="adamw",
        label="AdamW",
        brief="θ ← θ − η (m̂ / (√v̂ + ε) + λ θ)",
        formula=r"\theta \leftarrow \theta - \eta \left( \frac{\hat m}{\sqrt{\hat v} + \epsilon} + \lambda \theta "
        r"\right)",
        source="Loshchilov & Hutter 2019",
        explanation="Adam that also shrinks all parameters a little, apart from the gradient.",
    ),
    optimizer(
        scale_by_moments(scale_by_textbook_adam),
        DEFAULTS,
        name="textbook_adam",
        label="Adam as in the textbook",
        brief="θ ← θ − η m / √(v + ε)",
        formula=MOMENTS + r"\theta \leftarrow \theta - \eta \frac{m}{\sqrt{v + \epsilon}}",
        source=mark("many textbooks; compare Kingma & Ba 2015"),
        explanation="Adam without bias correction and with epsilon inside the root: "
        "its first steps are several times too long.",
    ),
    optimizer(
        scale_by_moments(optax.scale_by_adam, nesterov=True),
        DEFAULTS,
        name="nadam",
        label="NAdam",
        formula=r"\theta \leftarrow \theta - \frac{\eta}{\sqrt{\hat v} + \epsilon} "
        r"\left( \beta_1 \frac{m}{1-\beta_1^{t+1}} + \frac{(1-\beta_1) g}{1-\beta_1^t} \right)",
        source="Dozat 2016",
        explanation="Adam with Nesterov's look ahead.",
    ),
    optimizer(
        scale_by_moments(optax.scale_by_amsgrad),
        DEFAULTS,
        name="amsgrad",
        label="AMSGrad",
        formula=r"\bar v \leftarrow \max(\bar v, \hat v), \quad "
        r"\theta \leftarrow \theta - \eta \frac{\hat m}{\sqrt{\bar v} + \epsilon}",
        source=mark("Reddi, Kale & Kumar 2018, with bias correction"),
        explanation="Adam that never forgets the largest squared gradient, so that its steps never grow again.",
    ),
    optimizer(
        scale_by_moments(optax.scale_by_belief),
        DEFAULTS | {"epsilon": 1e-16},
        name="adabelief",
        label="AdaBelief",
        formula=r"s \leftarrow \beta_2 s + (1-\beta_2)(g - m)^2 + 10^{-16}, \quad "
        r"\theta \leftarrow \theta - \eta \frac{\hat m}{\sqrt{\hat s} + \epsilon}",
        source="Zhuang et al. 2020",
        explanation="Steps far where gradients are as expected, and little where they surprise.",
    ),
    optimizer(
        scale_by_moments(optax.scale_by_radam),
        DEFAULTS,
        name="radam",
        label="RAdam",
        formula=r"\theta \leftarrow \theta - \eta\, r_t \frac{\hat m}{\sqrt{\hat v} + \epsilon} "
        r"\text{ once } \rho_t \ge 5, \text{ before that } \theta \leftarrow \theta - \eta \hat m",
        source="Liu et al. 2020",
        explanation="Adam that trusts its squared gradients only once it has seen enough of them: a warm-up of its "
        "own.",
    ),
    optimizer(
        scale_by_moments(optax.scale_by_yogi),
        DEFAULTS | {"learning_rate": 0.01, "epsilon": 1e-3},
        name="yogi",
        label="Yogi",
        formula=r"v \leftarrow v - (1-\beta_2)\, \text{sign}(v - g^2)\, g^2, \quad "
        r"\theta \leftarrow \theta - \eta \frac{\hat m}{\sqrt{\hat v} + \epsilon}",
        source="Zaheer et al. 2018",
        explanation="Adam whose squared gradients change by a bounded amount, so that steps do not suddenly grow.",
    ),
)
