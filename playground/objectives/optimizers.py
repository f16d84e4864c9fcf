"""How a gradient becomes a step: Optax's methods, with every number a traced argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import optax
from jax import Array

from playground.objectives.textbook_adam import scale_by_textbook_adam
from playground.registry import Entry, Registry

Knob = Mapping[str, Array]
Transform = Callable[[Array, Knob], Any]


@dataclass(frozen=True, kw_only=True)
class Optimizer(Entry):
    """An optimizer.

    ``transform(learning_rate (), knobs)`` is an Optax transformation whose update is added to the parameters; its state's
    structure does not depend on the numbers. ``defaults``: its knobs' values where the user names none. ``elementwise``: each
    parameter's update depends on its own gradient alone. ``line_search``: the update also needs the objective itself.
    """

    transform: Transform
    defaults: Mapping[str, float] = field(hash=False)
    elementwise: bool = True
    line_search: bool = False
    full_batch: bool = False


OPTIMIZERS: Registry[Optimizer] = Registry("optimizer")


def descending(*parts: Any) -> Callable[[Array], Any]:
    """The parts one after another, then a step of the learning rate downhill."""
    return lambda rate: optax.chain(*parts, optax.scale(-rate))


def sgd(rate: Array, knobs: Knob, nesterov: bool = False) -> Any:
    """v <- momentum v + g; the step is -rate v, or with Nesterov's look ahead -rate (g + momentum v)."""
    return descending(optax.trace(decay=knobs["momentum"], nesterov=nesterov))(rate)  # pyright: ignore[reportArgumentType]


def adam_like(scale: Callable[..., Any], **fixed: Any) -> Transform:
    """A method with beta1, beta2 and epsilon."""
    return lambda rate, knobs: descending(scale(knobs["beta1"], knobs["beta2"], knobs["epsilon"], **fixed))(rate)


def decayed(scale: Callable[[Knob], Any]) -> Transform:
    """A method with decoupled weight decay on all parameters, as Optax has it (Loshchilov & Hutter 2019)."""
    return lambda rate, knobs: descending(scale(knobs), optax.add_decayed_weights(knobs["weight_decay"]))(rate)


def rmsprop(rate: Array, knobs: Knob) -> Any:
    """g / sqrt(v + epsilon), scaled by the rate, with momentum on the steps."""
    return optax.chain(
        optax.scale_by_rms(knobs["decay"], knobs["epsilon"]),  # pyright: ignore[reportArgumentType]
        optax.scale(-rate),
        optax.trace(decay=knobs["momentum"]),  # pyright: ignore[reportArgumentType]
    )


def lamb(rate: Array, knobs: Knob) -> Any:
    """Adam's step with weight decay, scaled in each layer to the size of its parameters (You et al. 2020)."""
    adam = optax.scale_by_adam(knobs["beta1"], knobs["beta2"], knobs["epsilon"])  # pyright: ignore[reportArgumentType]
    return descending(adam, optax.add_decayed_weights(knobs["weight_decay"]), optax.scale_by_trust_ratio())(rate)


def adagrad(rate: Array, knobs: Knob) -> Any:
    """g over the root of the sum of all squared gradients so far, which starts at 0.1."""
    return descending(optax.scale_by_rss(initial_accumulator_value=0.1, eps=knobs["epsilon"]))(rate)  # pyright: ignore[reportArgumentType]


def adadelta(rate: Array, knobs: Knob) -> Any:
    """g times the root of past squared steps over the root of past squared gradients."""
    return descending(optax.scale_by_adadelta(knobs["decay"], knobs["epsilon"]))(rate)  # pyright: ignore[reportArgumentType]


def adafactor(rate: Array, knobs: Knob) -> Any:
    """Squared gradients kept as row and column means (for layers of at least 128 x 128), updates clipped to root mean square 1."""
    return optax.chain(
        optax.scale_by_factored_rms(),
        optax.clip_by_block_rms(1.0),
        optax.scale(rate),
        optax.scale_by_param_block_rms(),
        optax.scale(-1.0),
    )


def lbfgs(rate: Array, knobs: Knob) -> Any:
    """L-BFGS with a memory of 10 steps and a zoom line search that chooses the step's length itself."""
    return optax.lbfgs(learning_rate=None, memory_size=10, linesearch=optax.scale_by_zoom_linesearch(max_linesearch_steps=15))


def _add(name: str, label: str, transform: Transform, defaults: Mapping[str, float], formula: str, source: str, explanation: str, **more: Any) -> None:
    OPTIMIZERS.register(
        Optimizer(
            name=name,
            label=label,
            transform=transform,
            defaults=defaults,
            knobs=tuple(defaults),
            formula=formula,
            source=source,
            explanation=explanation,
            **more,
        )
    )


ADAM = {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
MOMENTS = r"m \leftarrow \beta_1 m + (1-\beta_1) g, \quad v \leftarrow \beta_2 v + (1-\beta_2) g^2, \quad "

_add(
    "sgd", "SGD", sgd, {"learning_rate": 0.03, "momentum": 0.0},
    r"v \leftarrow \mu v + g, \quad \theta \leftarrow \theta - \eta v", "Robbins & Monro 1951; Polyak 1964",
    "Steps straight down the batch's gradient, with momentum keeping some of the speed.",
)
_add(
    "nesterov", "SGD with Nesterov momentum", lambda rate, knobs: sgd(rate, knobs, nesterov=True), {"learning_rate": 0.03, "momentum": 0.9},
    r"v \leftarrow \mu v + g, \quad \theta \leftarrow \theta - \eta (g + \mu v)", "Nesterov 1983; Sutskever et al. 2013",
    "Momentum that corrects its course one step earlier.",
)
_add(
    "adam", "Adam", adam_like(optax.scale_by_adam), ADAM,
    MOMENTS + r"\theta \leftarrow \theta - \eta \frac{m / (1-\beta_1^t)}{\sqrt{v / (1-\beta_2^t)} + \epsilon}", "Kingma & Ba 2015",
    "Gives each parameter its own step: the mean gradient over the root of the mean squared gradient.",
)
_add(
    "textbook_adam", "Adam as in the textbook", adam_like(scale_by_textbook_adam), ADAM,
    MOMENTS + r"\theta \leftarrow \theta - \eta \frac{m}{\sqrt{v + \epsilon}}", "many textbooks; compare Kingma & Ba 2015",
    "Adam without bias correction and with epsilon inside the root: its first steps are several times too long.",
)
_add(
    "adamw", "AdamW", decayed(lambda k: optax.scale_by_adam(k["beta1"], k["beta2"], k["epsilon"])),  # pyright: ignore[reportArgumentType]
    {**ADAM, "weight_decay": 1e-4},
    r"\theta \leftarrow \theta - \eta \left( \frac{\hat m}{\sqrt{\hat v} + \epsilon} + \lambda \theta \right)", "Loshchilov & Hutter 2019",
    "Adam that also shrinks all parameters a little, apart from the gradient.",
)
_add(
    "nadam", "NAdam", adam_like(optax.scale_by_adam, nesterov=True), ADAM,
    r"\theta \leftarrow \theta - \frac{\eta}{\sqrt{\hat v} + \epsilon} \left( \beta_1 \hat m + \frac{(1-\beta_1) g}{1-\beta_1^t} \right)", "Dozat 2016",
    "Adam with Nesterov's look ahead.",
)
_add(
    "amsgrad", "AMSGrad", adam_like(optax.scale_by_amsgrad), ADAM,
    r"\hat v \leftarrow \max(\hat v, v), \quad \theta \leftarrow \theta - \eta \frac{m}{\sqrt{\hat v} + \epsilon}", "Reddi, Kale & Kumar 2018",
    "Adam that never forgets the largest squared gradient, so that its steps never grow again.",
)
_add(
    "adabelief", "AdaBelief", lambda rate, k: descending(optax.scale_by_belief(k["beta1"], k["beta2"], k["epsilon"]))(rate),
    {**ADAM, "epsilon": 1e-16},
    r"s \leftarrow \beta_2 s + (1-\beta_2)(g - m)^2 + \epsilon, \quad \theta \leftarrow \theta - \eta \frac{\hat m}{\sqrt{\hat s} + \epsilon}", "Zhuang et al. 2020",
    "Steps far where gradients are as expected, and little where they surprise.",
)
_add(
    "adagrad", "Adagrad", adagrad, {"learning_rate": 0.05, "epsilon": 1e-7},
    r"G \leftarrow G + g^2, \quad \theta \leftarrow \theta - \eta \frac{g}{\sqrt{G + \epsilon}}", "Duchi, Hazan & Singer 2011",
    "Steps shrink with all the gradient that a parameter has seen: good for rare features, slow in the end.",
)
_add(
    "adadelta", "Adadelta", adadelta, {"learning_rate": 1.0, "decay": 0.9, "epsilon": 1e-6},
    r"\Delta = \frac{\sqrt{u + \epsilon}}{\sqrt{v + \epsilon}} g, \quad \theta \leftarrow \theta - \eta \Delta", "Zeiler 2012",
    "Measures its steps by its own past steps, so that hardly any learning rate is to be chosen.",
)
_add(
    "rmsprop", "RMSprop", rmsprop, {"learning_rate": 0.001, "decay": 0.9, "momentum": 0.0, "epsilon": 1e-8},
    r"v \leftarrow \rho v + (1-\rho) g^2, \quad \theta \leftarrow \theta - \eta \frac{g}{\sqrt{v + \epsilon}}", "Tieleman & Hinton 2012",
    "Divides each gradient by how large it has been lately.",
)
_add(
    "radam", "RAdam", adam_like(optax.scale_by_radam), ADAM,
    r"\theta \leftarrow \theta - \eta\, r_t \frac{\hat m}{\sqrt{\hat v} + \epsilon} \text{ once } \rho_t \ge 5", "Liu et al. 2020",
    "Adam that trusts its squared gradients only once it has seen enough of them: a warm-up of its own.",
)
_add(
    "lion", "Lion", decayed(lambda k: optax.scale_by_lion(k["beta1"], k["beta2"])),  # pyright: ignore[reportArgumentType]
    {"learning_rate": 0.0003, "beta1": 0.9, "beta2": 0.99, "weight_decay": 1e-3},
    r"\theta \leftarrow \theta - \eta \left( \text{sign}(\beta_1 m + (1-\beta_1) g) + \lambda \theta \right)", "Chen et al. 2023",
    "Goes by the sign alone: every parameter moves equally far.",
)
_add(
    "lamb", "LAMB", lamb, {**ADAM, "epsilon": 1e-6, "weight_decay": 0.0},
    r"\theta_l \leftarrow \theta_l - \eta \frac{\lVert \theta_l \rVert}{\lVert u_l \rVert} u_l, \quad u = \frac{\hat m}{\sqrt{\hat v} + \epsilon} + \lambda \theta", "You et al. 2020",
    "Adam whose step is as long, in each layer, as suits the layer's weights.", elementwise=False,
)
_add(
    "yogi", "Yogi", adam_like(optax.scale_by_yogi), {**ADAM, "learning_rate": 0.01, "epsilon": 1e-3},
    r"v \leftarrow v - (1-\beta_2)\, \text{sign}(v - g^2)\, g^2", "Zaheer et al. 2018",
    "Adam whose squared gradients change by a bounded amount, so that steps do not suddenly grow.",
)
_add(
    "adafactor", "Adafactor", adafactor, {"learning_rate": 0.03},
    r"\hat v = \frac{R C}{\mathbf{1}^\top R}, \quad \theta \leftarrow \theta - \eta\, \text{RMS}(\theta) \frac{g}{\sqrt{\hat v}}", "Shazeer & Stern 2018",
    "Adam with little memory: steps are measured relative to the size of each layer's parameters.", elementwise=False,
)
_add(
    "lbfgs", "L-BFGS", lbfgs, {},
    r"\theta \leftarrow \theta - \alpha H g, \quad \alpha \text{ by line search}", "Nocedal 1980; Liu & Nocedal 1989",
    "Learns the landscape's curvature from its last ten steps, on all samples at once, and searches along each direction.",
    elementwise=False, line_search=True, full_batch=True,
)

