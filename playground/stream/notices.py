"""Trouble in training, noticed and said calmly, with what would help at one click."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.stream.evidence import Evidence

SQUASHING = ("tanh", "sigmoid", "soft_sign", "hard_tanh", "hard_sigmoid")
RECTIFYING = ("relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "hard_silu")
VANISHED = 1e-3
"""First layer's gradient norm over the last's: Glorot & Bengio 2010 call for about 1."""
EXPLODED = 1e3
DEAD = 0.5
SATURATED = 0.9
ENOUGH_FRAMES = 20
"""Fewer frames say nothing of a trend."""
RISEN = 1.25
"""Test loss over its best: Prechelt 1998 stops at 5 to 50 % of loss of generalisation."""


@dataclass(frozen=True)
class Remedy:
    """What could help: a ``label`` to press, and the fields of the experiment that it sets."""

    label: str
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Notice:
    """One sentence, or two, and remedies."""

    name: str
    sentence: str
    remedies: tuple[Remedy, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "name": self.name,
            "sentence": self.sentence,
            "remedies": [{"label": one.label, "changes": dict(one.changes)} for one in self.remedies],
        }


Rule = Callable[[Evidence], Notice | None]
NOTICES: dict[str, Rule] = {}


def notice(name: str) -> Callable[[Rule], Rule]:
    """Register the rule that notices ``name``; the most urgent come first."""

    def register(rule: Rule) -> Rule:
        assert name not in NOTICES
        NOTICES[name] = rule
        return rule

    return register


def notices(found: Evidence) -> list[Notice]:
    """All that is to be noticed, the most urgent first."""
    if found.diverged:
        said = NOTICES["divergence"](found)
        return [said] if said else []
    told = [rule(found) for rule in NOTICES.values()]
    return [one for one in told if one is not None]


def crowd(many: int) -> Notice:
    """More people train here than the machine serves at full pace; their number in steps of five, so that the sentence rests."""
    about = f"About {5 * round(many / 5)}" if many > 10 else str(many)
    return Notice("crowd", f"{about} people are training here at once: frames come slower than usual.", ())


def name_of(layer: int, depth: int) -> str:
    """How a layer is called."""
    return "the output layer" if layer == depth - 1 else f"layer {layer + 1}"


@notice("divergence")
def divergence(found: Evidence) -> Notice | None:
    """The loss left all bounds."""
    if not found.diverged:
        return None
    rate = found.experiment.knobs.learning_rate
    lower = float(f"{rate / 10:.3g}")
    remedies = (
        Remedy(f"Learning rate {lower:g}", {"learning_rate": lower}),
        Remedy("Clip gradients at 1", {"clip_norm": 1.0}),
    )
    return Notice("divergence", found.diverged, remedies)


@notice("symmetry")
def symmetry(found: Evidence) -> Notice | None:
    """Zero weights keep all units of a layer equal."""
    structure = found.experiment.structure
    if structure.initializer != "zeros" or not structure.hidden or max(structure.hidden) < 2:
        return None
    return Notice(
        "symmetry",
        "All weights began at 0, so the units of a layer are equal and stay equal: they get the same gradient.",
        (Remedy("Glorot initialisation", {"initializer": "glorot_uniform"}),),
    )


@notice("dead_units")
def dead_units(found: Evidence) -> Notice | None:
    """Units that are silent on every sample."""
    activations = found.experiment.structure.activations
    dead = found.layer("dead")[:-1]
    for layer in np.argsort(-dead):
        if dead[layer] < DEAD or activations[layer] not in RECTIFYING:
            continue
        many = max(1, round(100 * float(dead[layer])))
        return Notice(
            "dead_units",
            f"{many} % of layer {layer + 1}'s ReLU units are dead: no sample makes them fire, so no gradient reaches them.",
            (
                Remedy("He initialisation", {"initializer": "he_normal"}),
                Remedy("Leaky ReLU", {"activation": "leaky_relu"}),
                *_slower(found),
            ),
        )
    return None


@notice("vanishing_gradients")
def vanishing_gradients(found: Evidence) -> Notice | None:
    """The first layer's gradient is far smaller than the last one's."""
    structure, norms = found.experiment.structure, found.layer("gradient_norm")
    if len(structure.hidden) < 2 or structure.initializer == "zeros" or not norms[-1] > 1e-7:
        return None
    if norms[0] >= VANISHED * norms[-1]:
        return None
    factor = f"{norms[-1] / max(float(norms[0]), 1e-30):.0e}".replace("e+0", "e").replace("e+", "e")
    remedies = [Remedy("ReLU and He initialisation", {"activation": "relu", "initializer": "he_normal"})]
    if structure.normalization == "none":
        remedies.append(Remedy("Batch normalisation", {"normalization": "batch"}))
    if not structure.residual and len(set(structure.hidden)) < len(structure.hidden):
        remedies.append(Remedy("Residual connections", {"residual": True}))
    return Notice(
        "vanishing_gradients",
        f"Gradients vanish on their way back: layer 1's is {factor} times smaller than the output's, so it hardly learns.",
        tuple(remedies),
    )


@notice("exploding_gradients")
def exploding_gradients(found: Evidence) -> Notice | None:
    """A gradient is far larger than any that trains well."""
    norms = found.layer("gradient_norm")
    if not np.isfinite(norms).all() or norms.max() < EXPLODED:
        return None
    layer = int(norms.argmax())
    return Notice(
        "exploding_gradients",
        f"The gradient of {name_of(layer, len(norms))} has grown to {norms[layer]:.1e}: steps that large overshoot.",
        (Remedy("Clip gradients at 1", {"clip_norm": 1.0}), *_slower(found)),
    )


@notice("saturation")
def saturation(found: Evidence) -> Notice | None:
    """Squashing units stuck at their ends before the loss is low."""
    activations = found.experiment.structure.activations
    saturated, losses = found.layer("saturated")[:-1], found.curves["train_metric"]
    done = len(losses) and np.isfinite(losses[-1]) and losses[-1] > 0.9
    if done or len(found.steps) < ENOUGH_FRAMES:
        return None
    for layer, share in enumerate(saturated):
        if share >= SATURATED and activations[layer] in SQUASHING:
            return Notice(
                "saturation",
                f"Layer {layer + 1} is saturated: {round(100 * float(share))} % of its outputs stand at an end of "
                f"{activations[layer]}, where the slope is almost 0.",
                (Remedy("Batch normalisation", {"normalization": "batch"}), *_slower(found)),
            )
    return None


@notice("overfitting")
def overfitting(found: Evidence) -> Notice | None:
    """The test loss rises from its best while the train loss falls."""
    if len(found.steps) < ENOUGH_FRAMES:
        return None
    train, test = found.curves["train_loss"], found.curves["test_loss"]
    if not np.isfinite(test).all():
        return None
    best = int(test.argmin())
    recent = float(np.sort(test[-5:])[2])  # their median
    # A loss that is next to nothing may double without any harm.
    if recent < RISEN * test[best] or recent - test[best] < 0.02 or train[-1] >= train[best] or len(test) - best < 10:
        return None
    experiment = found.experiment
    remedies = []
    if experiment.knobs.l2 == 0:
        remedies.append(Remedy("Add L2 0.01", {"l2": 0.01}))
    if experiment.knobs.dropout == 0 and experiment.structure.hidden:
        remedies.append(Remedy("Dropout 20 %", {"dropout": 0.2}))
    if experiment.knobs.patience == 0:
        remedies.append(Remedy("Stop early", {"patience": 50.0}))
    return Notice(
        "overfitting",
        f"Overfitting: the test loss has risen since step {int(found.steps[best]):,} while the train loss falls.",
        tuple(remedies),
    )


@notice("plateau")
def plateau(found: Evidence) -> Notice | None:
    """The loss has hardly moved from where it began."""
    steps, train, metric = found.steps, found.curves["train_loss"], found.curves["train_metric"]
    if len(steps) < 100 or steps[-1] < 1000 or not np.isfinite(train).all():
        return None
    if metric[-1] > 0.6 or train[-1] < 0.9 * train[0] or found.experiment.structure.initializer == "zeros":
        return None
    if float(np.ptp(train[-50:])) > 0.02 * train[-1]:
        return None
    rate = found.experiment.knobs.learning_rate
    faster = Remedy(f"Learning rate {min(10.0, 10 * rate):g}", {"learning_rate": min(10.0, 10 * rate)})
    return Notice(
        "plateau",
        f"The loss has hardly moved in {int(steps[-1]):,} steps: the steps are too small, or the network cannot see what it needs.",
        (Remedy("Adam", {"optimizer": "adam", "learning_rate": 0.01}), *([faster] if rate <= 0.1 else [])),
    )


def _slower(found: Evidence) -> tuple[Remedy, ...]:
    rate = float(f"{found.experiment.knobs.learning_rate / 10:.3g}")
    return (Remedy(f"Learning rate {rate:g}", {"learning_rate": rate}),) if rate >= 1e-5 else ()
