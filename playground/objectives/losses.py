"""The losses, a registry."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import jax
import jax.numpy as jnp
import optax
from jax import Array

from playground.errors import PlaygroundError
from playground.language import join_items, mark
from playground.objectives.loss import Loss, NetworkTask
from playground.registry import Registry

LOSSES: Registry[Loss] = Registry("loss")
SIGNED = ("tanh", "identity", "hard_tanh", "soft_sign", "sine")
ANY_TASK: dict[NetworkTask, tuple[str, ...]] = {
    "binary": SIGNED,
    "multiclass": SIGNED,
    "regression": ("identity", "tanh"),
}
IMPOSSIBLE = -1e30
"""The logit of a class that there is not: finite, so that 0 times it is 0."""
MARGIN: dict[NetworkTask, tuple[str, ...]] = {"binary": ("identity", "tanh"), "multiclass": ("identity", "tanh")}


def half_squared(output: Array, target: Array, knobs: Mapping[str, Array]) -> Array:
    """Half the squared error, summed over the outputs."""
    return 0.5 * jnp.square(output - target).sum()


def binary_cross_entropy(output: Array, target: Array, knobs: Mapping[str, Array]) -> Array:
    """Cross-entropy of a probability given as a logit, in the form that stays finite: max(o, 0) - o t + log(1 +
    e^-|o|)."""
    return optax.sigmoid_binary_cross_entropy(output, target).sum()


def softmax_cross_entropy(output: Array, target: Array, knobs: Mapping[str, Array]) -> Array:
    """Cross-entropy of class probabilities given as logits."""
    return optax.softmax_cross_entropy(output, target)


def hinge(output: Array, target: Array, knobs: Mapping[str, Array]) -> Array:
    """How far each output falls short of a margin of 1 on its own side, one against the rest."""
    return jnp.maximum(0.0, 1 - output * target).sum()


def squared_hinge(output: Array, target: Array, knobs: Mapping[str, Array]) -> Array:
    """The hinge's shortfall, squared."""
    return jnp.square(jnp.maximum(0.0, 1 - output * target)).sum()


def focal(output: Array, target: Array, knobs: Mapping[str, Array]) -> Array:
    """Cross-entropy weighted by (1 - p)^gamma, p the probability given to what is right."""
    gamma = knobs["focal_gamma"]
    if output.shape == (1,):
        both = jnp.concatenate([jnp.zeros_like(output), output])
        want = jnp.concatenate([1 - target, target])
    else:
        both, want = output, target
    log_p = jax.nn.log_softmax(both)
    # The floor keeps the power's slope finite where p is 1 to the last bit.
    log_rest = jnp.log(jnp.maximum(-jnp.expm1(log_p), 1e-12))
    return -(want * jnp.exp(gamma * log_rest) * log_p).sum()


def huber(output: Array, target: Array, knobs: Mapping[str, Array]) -> Array:
    """Quadratic for errors up to delta, linear beyond."""
    delta = knobs["huber_delta"]
    error = jnp.abs(output - target)
    near = jnp.minimum(error, delta)
    return (0.5 * jnp.square(near) + delta * (error - near)).sum()


def log_cosh(output: Array, target: Array, knobs: Mapping[str, Array]) -> Array:
    """The logarithm of the error's hyperbolic cosine."""
    error = jnp.abs(output - target)
    return (error + jnp.log1p(jnp.exp(-2 * error)) - jnp.log(2.0)).sum()


LOSSES.register(
    Loss(
        name="mse",
        label="Half squared error",
        brief="½ (o − t)²",
        explanation="Half the squared distance between output and target, as TensorFlow Playground has it: classes "
        "are −1 and 1.",
        formula=r"\tfrac12 (o - t)^2",
        source="Gauss 1809; Rumelhart, Hinton & Williams 1986",
        fn=half_squared,
        output_activations=ANY_TASK,
        encoding="sign",
    )
)
LOSSES.register(
    Loss(
        name="binary_cross_entropy",
        label="Binary cross-entropy",
        brief="−ln p",
        explanation="How surprised a predicted probability is by the true class; the output is the probability's "
        "logit.",
        formula=r"-t \ln \sigma(o) - (1 - t) \ln (1 - \sigma(o))",
        source="Good 1952; Solla, Levin & Fleisher 1988",
        fn=binary_cross_entropy,
        output_activations={"binary": ("identity", "sigmoid")},
        encoding="probability",
        logits=True,
        padding=(IMPOSSIBLE, 0.0),
    )
)
LOSSES.register(
    Loss(
        name="softmax_cross_entropy",
        label="Softmax cross-entropy",
        brief="−ln p",
        explanation="How surprised the predicted class probabilities are by the true class; one logit a class.",
        formula=r"-\sum_k t_k \ln \frac{e^{o_k}}{\sum_j e^{o_j}}",
        source="Bridle 1990",
        fn=softmax_cross_entropy,
        output_activations={"binary": ("identity",), "multiclass": ("identity",)},
        encoding="probability",
        logits=True,
        binary_outputs=2,
        padding=(IMPOSSIBLE, 0.0),
    )
)
LOSSES.register(
    Loss(
        name="hinge",
        label="Hinge",
        brief="max(0, 1 − t·o)",
        explanation="Zero once a sample is on its own side by a margin of 1, growing linearly before: the loss of "
        "support vector machines.",
        formula=r"\max(0, 1 - t o)",
        source="Cortes & Vapnik 1995",
        fn=hinge,
        output_activations=MARGIN,
        encoding="sign",
        padding=(1.0, 1.0),
    )
)
LOSSES.register(
    Loss(
        name="squared_hinge",
        label="Squared hinge",
        brief="max(0, 1 − t·o)²",
        explanation="The hinge loss squared: smooth at the margin, and harder on samples far on the wrong side.",
        formula=r"\max(0, 1 - t o)^2",
        source="Lee & Mangasarian 2001",
        fn=squared_hinge,
        output_activations=MARGIN,
        encoding="sign",
        padding=(1.0, 1.0),
    )
)
LOSSES.register(
    Loss(
        name="focal",
        label="Focal",
        brief="−(1 − p)^γ ln p",
        explanation="Cross-entropy that looks away from samples which are already right, towards the hard ones.",
        formula=r"-(1 - p_t)^\gamma \ln p_t",
        source="Lin et al. 2017",
        knobs=("focal_gamma",),
        fn=focal,
        output_activations={"binary": ("identity", "sigmoid"), "multiclass": ("identity",)},
        encoding="probability",
        logits=True,
        padding=(IMPOSSIBLE, 0.0),
        special_single=True,
    )
)
LOSSES.register(
    Loss(
        name="huber",
        label="Huber",
        explanation="Quadratic for small errors, linear for large ones, so that outliers pull less.",
        formula=r"\tfrac12 (o - t)^2 \text{ if } |o - t| \le \delta \text{ else } \delta (|o - t| - \tfrac12 \delta)",
        source="Huber 1964",
        knobs=("huber_delta",),
        fn=huber,
        output_activations=ANY_TASK,
        encoding="sign",
    )
)
LOSSES.register(
    Loss(
        name="log_cosh",
        label="Log-cosh",
        brief="ln cosh(o − t)",
        explanation="Close to half the squared error near 0 and to the absolute error far off, and smooth everywhere.",
        formula=r"\ln \cosh (o - t)",
        source="Green 1990",
        fn=log_cosh,
        output_activations=ANY_TASK,
        encoding="sign",
    )
)


def fitting_losses(task: NetworkTask) -> tuple[Loss, ...]:
    """The losses that fit a task."""
    return tuple(loss for loss in LOSSES.values() if task in loss.output_activations)


def _either(first: str, last: str) -> str:
    return mark("{first} or {last}", first=first, last=last)


def check_loss(name: str, task: NetworkTask, output_activation: str) -> None:
    """Raise ``PlaygroundError`` unless the loss fits the task, and the output activation the loss."""
    loss = LOSSES[name]
    if task not in loss.output_activations:
        raise PlaygroundError(
            mark(
                "loss {loss} does not fit a {task} problem; choose one of {losses}.",
                loss=name,
                task=task,
                losses=join_items(fitting_loss.name for fitting_loss in fitting_losses(task)),
            ),
            field="loss",
        )
    allowed = loss.output_activations[task]
    if output_activation not in allowed:
        outputs = reduce(_either, allowed)
        words = {"output": output_activation, "loss": name, "outputs": outputs}
        raise PlaygroundError(
            mark("output_activation {output} does not fit loss {loss}, which takes logits; choose {outputs}.", **words)
            if loss.logits
            else mark(
                "output_activation {output} does not fit loss {loss}, which wants outputs that can reach its targets "
                "in a {task} problem; choose {outputs}.",
                task=task,
                **words,
            ),
            field="output_activation",
            nearest=allowed[0] if len(allowed) == 1 else None,
        )
