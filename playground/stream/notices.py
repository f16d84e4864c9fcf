"""Trouble in training, noticed and said calmly, with what would help at one click."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.analysis.layer_health import DEAD_SHARE
from playground.nn.activations import ACTIVATIONS
from playground.objectives.optimizers import OPTIMIZERS
from playground.spec import Experiment
from playground.stream.evidence import Evidence

EXPLODED = 1e3
SMALL_GRADIENT = 1e-3
"""Below it a network at a high rate hardly moves."""
SATURATED = 0.9
SOLVED = 0.95
"""A metric above it leaves little to learn."""
ENOUGH_FRAMES = 20
"""Fewer frames say nothing of a trend."""
RISEN = 1.25
"""Test loss over its best: Prechelt 1998 stops at 5 to 50 % of loss of generalisation."""
FEW_SAMPLES = 100
"""So few are fitted so closely that it takes more than the usual L2."""
RISEN_FAR = 0.1
"""And by how much of what it began with, where the best was not good: 1.25 times of that may be out of reach."""

OVERSHOT = 2.0
"""Train loss over its best: steps that overshoot."""


@dataclass(frozen=True)
class Remedy:
    """What could help: a ``label`` to press, and the fields of the experiment that it sets.

    ``step``: the step that it goes back to first, 0 for the start; None: it goes on from here.
    """

    label: str
    changes: Mapping[str, Any]
    step: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; the label says where it starts."""
        origin = {None: "", 0: ", from the start"}.get(self.step, f", back to step {self.step or 0:,}")
        return {"label": self.label + origin, "changes": dict(self.changes), "step": self.step}


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
            "remedies": [remedy.to_dict() for remedy in self.remedies],
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


def usual_rate(experiment: Experiment) -> float:
    """The rate that an optimizer begins with, less what momentum adds to it (Polyak 1964)."""
    knobs, optimizer = experiment.knobs, experiment.structure.optimizer
    rate = OPTIMIZERS[optimizer].defaults.get("learning_rate", 0.01)
    return float(f"{rate * (1 - knobs.momentum):.2g}") if optimizer == "sgd" and knobs.momentum else rate


def lower_rate(experiment: Experiment) -> float:
    """A tenth of the rate, at most the usual one."""
    return min(float(f"{experiment.knobs.learning_rate / 10:.3g}"), usual_rate(experiment))


def slower(experiment: Experiment, step: int | None) -> Remedy:
    """A lower learning rate from ``step`` on."""
    rate = lower_rate(experiment)
    return Remedy(f"Learning rate {rate:g}", {"learning_rate": rate}, step)


def from_the_start(experiment: Experiment, label: str, changes: Mapping[str, Any]) -> Remedy:
    """``changes`` of the structure; a rate above the usual one comes down with them, and the label says so."""
    usual = usual_rate(experiment)
    if experiment.knobs.learning_rate > usual:
        label, changes = f"{label}, learning rate {usual:g}", dict(changes) | {"learning_rate": usual}
    return Remedy(label, changes, 0)


def batch_normalization(experiment: Experiment) -> Remedy:
    """Batch normalisation, and a batch that is large enough for it."""
    small = experiment.structure.batch_size < 2
    label = "Batch normalisation, batches of 10" if small else "Batch normalisation"
    return from_the_start(experiment, label, {"normalization": "batch"} | ({"batch_size": 10} if small else {}))


def differs(remedy: Remedy, experiment: Experiment) -> bool:
    """Whether ``remedy`` changes anything of ``experiment``."""
    values = vars(experiment.problem) | vars(experiment.structure) | vars(experiment.knobs)
    return any(values[name] != (tuple(v) if isinstance(v, list) else v) for name, v in remedy.changes.items())


def offered(found: Evidence, *remedies: Remedy) -> tuple[Remedy, ...]:
    """Those of ``remedies`` that change what is not chosen already."""
    return tuple(remedy for remedy in remedies if differs(remedy, found.experiment))


def best_step(found: Evidence, curve: str) -> int:
    """The step at which the loss ``curve`` was lowest."""
    return int(found.steps[int(np.nanargmin(found.curves[curve]))])


@notice("divergence")
def divergence(found: Evidence) -> Notice | None:
    """The loss left all bounds."""
    if not found.diverged:
        return None
    experiment, step = found.experiment, best_step(found, "train_loss")
    knobs = experiment.knobs
    if knobs.learning_rate * max(knobs.l1, knobs.l2) > 1:
        weaker = {name: 0.001 for name in ("l1", "l2") if getattr(knobs, name) > 0.001}
        names = " and ".join(name.upper() for name in weaker)
        remedies = [Remedy(f"{names} 0.001", weaker, step)]
    elif experiment.structure.optimizer == "lbfgs":
        remedies = [Remedy("Adam, learning rate 0.01", {"optimizer": "adam", "learning_rate": 0.01}, 0)]
    else:
        rate = lower_rate(experiment)
        clip = Remedy(f"Clip gradients at 1, learning rate {rate:g}", {"clip_norm": 1.0, "learning_rate": rate}, step)
        remedies = [slower(experiment, step), clip]
    return Notice("divergence", found.diverged, tuple(remedies))


@notice("symmetry")
def symmetry(found: Evidence) -> Notice | None:
    """Zero weights keep all units of a layer equal."""
    structure = found.experiment.structure
    if structure.initializer != "zeros" or not structure.hidden or max(structure.hidden) < 2:
        return None
    return Notice(
        "symmetry",
        "All weights began at 0, so the units of a layer are equal and stay equal: they get the same gradient.",
        (Remedy("Glorot initialisation", {"initializer": "glorot_uniform"}, 0),),
    )


@notice("dead_units")
def dead_units(found: Evidence) -> Notice | None:
    """Units that are silent on every sample, before the problem is solved: those that it is solved without do no harm."""
    experiment, activations = found.experiment, found.experiment.structure.activations
    dead = found.layer("dead")[:-1]
    if not len(dead) or dead.max() < DEAD_SHARE or found.curves["train_metric"][-1] > SOLVED:
        return None
    layer = int(dead.argmax())
    count = max(1, round(100 * float(dead[layer])))
    label = ACTIVATIONS[activations[layer]].label
    fast = experiment.knobs.learning_rate > usual_rate(experiment)
    return Notice(
        "dead_units",
        f"{count} % of layer {layer + 1}'s {label} units are dead: no sample makes them fire, so no gradient reaches them.",
        offered(
            found,
            *([slower(experiment, 0)] if fast else []),
            from_the_start(experiment, "Leaky ReLU", {"activation": "leaky_relu"}),
            *([] if fast else [batch_normalization(experiment)]),
        ),
    )


@notice("vanishing_gradients")
def vanishing_gradients(found: Evidence) -> Notice | None:
    """The first layer's gradient is far smaller than the last one's."""
    structure, norms = found.experiment.structure, found.layer("gradient_norm")
    if structure.initializer == "zeros" or not norms[-1] > 1e-7 or found.kind != "vanishing":
        return None
    times = float(norms[-1] / norms[0]) if norms[0] > 0 else 0.0
    smaller = f"{times:,.0f}" if times < 1e6 else f"{times:.0e}".replace("e+0", "e").replace("e+", "e")
    sentence = (
        f"Gradients vanish on their way back: layer 1's is {smaller} times smaller than the output's, so it hardly learns."
        if times
        else "Gradients vanish on their way back: none reaches layer 1, so it does not learn."
    )
    relu = {"activation": "relu", "initializer": "he_normal"}
    remedies = [from_the_start(found.experiment, "ReLU and He initialisation", relu)]
    remedies.append(batch_normalization(found.experiment))
    if len(set(structure.hidden)) < len(structure.hidden):
        remedies.append(from_the_start(found.experiment, "Residual connections", {"residual": True}))
    return Notice("vanishing_gradients", sentence, offered(found, *remedies))


@notice("exploding_gradients")
def exploding_gradients(found: Evidence) -> Notice | None:
    """A gradient is far larger than any that trains well."""
    norms = found.layer("gradient_norm")
    if not np.isfinite(norms).all() or norms.max() < EXPLODED:
        return None
    layer, rate = int(norms.argmax()), lower_rate(found.experiment)
    return Notice(
        "exploding_gradients",
        f"The gradient of {name_of(layer, len(norms))} has grown to {norms[layer]:.1e}: steps that large overshoot.",
        offered(
            found,
            Remedy(
                f"Layer normalisation, learning rate {rate:g}", {"normalization": "layer", "learning_rate": rate}, 0
            ),
        ),
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
        if share >= SATURATED:
            return Notice(
                "saturation",
                f"Layer {layer + 1} is saturated: {round(100 * float(share))} % of its outputs stand at an end of "
                f"{ACTIVATIONS[activations[layer]].label}, where the slope is almost 0.",
                offered(found, slower(found.experiment, 0), batch_normalization(found.experiment)),
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
    recent, learned = (float(np.median(curve[-5:])) for curve in (test, train))
    risen = recent - test[best]
    # A loss that is next to nothing may double without any harm.
    is_high = (recent >= RISEN * test[best] and risen >= 0.02 * test[0]) or risen >= RISEN_FAR * test[0]
    if not is_high or learned > train[best] or len(test) - best < 10:
        return None
    step = int(found.steps[best])
    knobs = found.experiment.knobs
    is_few = found.experiment.problem.samples <= FEW_SAMPLES
    weight = 0.1 if is_few or knobs.l2 > 0 else 0.01
    helps = knobs.l2 < weight and not (
        is_few and found.experiment.task == "regression"
    )  # there it does for some starts
    remedies = [Remedy(f"L2 {weight:g}", {"l2": weight}, step)] if helps else []
    if knobs.patience == 0:
        # No better loss comes: it is known from this run.
        remedies.append(Remedy("Stop early, after 5 epochs without a better test loss", {"patience": 5.0}, step))
    return Notice(
        "overfitting",
        f"Overfitting: the test loss has risen since step {step:,} while the train loss falls.",
        tuple(remedies),
    )


@notice("overshooting")
def overshooting(found: Evidence) -> Notice | None:
    """The train loss, too, has risen far above its best."""
    train = found.curves["train_loss"]
    if len(train) < ENOUGH_FRAMES or not np.isfinite(train).all():
        return None
    best, recent = int(train.argmin()), float(np.median(train[-9:]))
    if recent < OVERSHOT * train[best] or recent - train[best] < 0.1 * train[0]:
        return None
    step = int(found.steps[best])
    return Notice(
        "overshooting",
        f"The train loss has risen from {train[best]:.3g} at step {step:,} to {recent:.3g}: the steps are too large.",
        (slower(found.experiment, step),),
    )


@notice("plateau")
def plateau(found: Evidence) -> Notice | None:
    """The loss has hardly moved from where it began."""
    steps, train, metric = found.steps, found.curves["train_loss"], found.curves["train_metric"]
    experiment, rate, usual = found.experiment, found.experiment.knobs.learning_rate, usual_rate(found.experiment)
    gradient = float(found.layer("gradient_norm").max())
    # Where no gradient is left nothing will change: it need not be waited for.
    frames, least = (ENOUGH_FRAMES, 100) if rate > usual and gradient < SMALL_GRADIENT else (50, 1000)
    if len(steps) < frames or steps[-1] < least or not np.isfinite(train).all():
        return None
    if metric[-1] > SOLVED or train[-1] < 0.9 * train[0] or experiment.structure.initializer == "zeros":
        return None
    if float(np.ptp(train[-frames:])) > 0.02 * train[-1]:
        return None
    steps_taken = f"The loss has hardly moved in {int(steps[-1]):,} steps"
    adam = Remedy("Adam, learning rate 0.01", {"optimizer": "adam", "learning_rate": 0.01}, 0)
    if rate > usual:
        left = f"the gradient is only {gradient:.0e}" if gradient else "no gradient is left"
        sentence = f"{steps_taken}: steps at rate {rate:g} threw the weights to where {left}."
        if gradient > SMALL_GRADIENT:
            sentence = f"{steps_taken}: at rate {rate:g} they jump back and forth."
        return Notice("plateau", sentence, (slower(experiment, 0), adam))
    if rate < usual / 3:
        faster = Remedy(f"Learning rate {usual:g}", {"learning_rate": usual})
        return Notice("plateau", f"{steps_taken}: the learning rate {rate:g} makes them too small.", (adam, faster))
    return Notice(
        "plateau", f"{steps_taken}: the network may be too small for it, or wants other steps.", offered(found, adam)
    )
