"""Notices: trouble in training, detected from frames, with remedies at one click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.experiment.links.query import RULES
from playground.language import NumberText, mark
from playground.live.diagnostics.evidence import Evidence
from playground.live.diagnostics.layer_health import DEAD_SHARE
from playground.live.diagnostics.remedies import (
    ADAM,
    Remedy,
    batch_normalization_remedy,
    differs,
    helpful,
    lower_rate,
    lower_rate_remedy,
    restart_remedy,
    typical_rate,
)
from playground.nn.activations import ACTIVATIONS
from playground.number_format import format_brief, format_precise
from playground.objectives.optimizers import OPTIMIZERS

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


SMALLER_DATA = Remedy(mark("Standardise the data"), {"standardize": True}, 0)
SMALLER_WEIGHTS = Remedy(mark("Glorot initialisation"), {"initializer": "glorot_uniform"}, 0)


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


def notices(evidence: Evidence) -> list[Notice]:
    """All that is to be noticed, the most urgent first."""
    if evidence.diverged:
        notice = NOTICES["divergence"](evidence)
        return [notice] if notice else []
    results = [rule(evidence) for rule in NOTICES.values()]
    return [result for result in results if result is not None]


def list_units(many: int) -> Notice:
    """More people train here than the machine serves at full pace; their number in steps of five, so that the sentence
    rests."""
    sentence = mark("{count} people are training here at once: frames come slower than usual.", count=many)
    if many > 10:
        about = 5 * round(many / 5)
        sentence = mark("About {count} people are training here at once: frames come slower than usual.", count=about)
    return Notice("crowd", sentence, ())


def name_of(layer: int, depth: int) -> str:
    """How a layer is called."""
    return mark("the output layer") if layer == depth - 1 else mark("layer {number}", number=layer + 1)


def best_step(evidence: Evidence, curve: str) -> int:
    """The step at which the loss ``curve`` was lowest."""
    return int(evidence.steps[int(np.nanargmin(evidence.curves[curve]))])


@notice("divergence")
def divergence(evidence: Evidence) -> Notice | None:
    """The loss left all bounds."""
    if not evidence.diverged:
        return None
    experiment, step = evidence.experiment, best_step(evidence, "train_loss")
    cause, text = evidence.diverged
    if cause in ("l2", "weight_decay"):
        remedies = [Remedy(mark("{knob} {value:g}", knob=RULES[cause].label, value=0.001), {cause: 0.001}, step)]
    elif cause == "epsilon":
        usual = OPTIMIZERS[experiment.structure.optimizer].defaults["epsilon"]
        label = mark("{knob} {value:g}", knob=RULES["epsilon"].label, value=usual)
        remedies = [Remedy(label, {"epsilon": usual})]
    elif cause == "start":
        remedies = [remedy for remedy in (SMALLER_DATA, SMALLER_WEIGHTS) if differs(remedy.changes, experiment)]
    elif cause == "line_search":
        remedies = [ADAM]
    else:
        rate = lower_rate(experiment)
        clip = Remedy(
            mark("Clip gradients at 1, learning rate {rate}", rate=format_brief(rate)),
            {"clip_norm": 1.0, "learning_rate": rate},
            step,
        )
        remedies = [lower_rate_remedy(experiment, step), clip]
    return Notice("divergence", text, tuple(remedies))


@notice("symmetry")
def symmetry(evidence: Evidence) -> Notice | None:
    """Zero weights keep all units of a layer equal."""
    structure = evidence.experiment.structure
    if structure.initializer != "zeros" or not structure.hidden or max(structure.hidden) < 2:
        return None
    return Notice(
        "symmetry",
        mark("All weights began at 0, so the units of a layer are equal and stay equal: they get the same gradient."),
        (SMALLER_WEIGHTS,),
    )


@notice("dead_units")
def dead_units(evidence: Evidence) -> Notice | None:
    """Units that are silent on every sample, before the problem is solved: those that it is solved without do no
    harm."""
    experiment, activations = evidence.experiment, evidence.experiment.structure.activations
    dead = evidence.layer("dead")[:-1]
    if not len(dead) or dead.max() < DEAD_SHARE or evidence.curves["train_metric"][-1] > SOLVED:
        return None
    layer = int(dead.argmax())
    count = max(1, round(100 * float(dead[layer])))
    label = ACTIVATIONS[activations[layer]].label
    fast = experiment.knobs.learning_rate > typical_rate(experiment)
    return Notice(
        "dead_units",
        mark(
            "{share} % of layer {layer}'s {activation} units are dead: no sample makes them fire, so no gradient "
            "reaches them.",
            share=count,
            layer=layer + 1,
            activation=label,
        ),
        helpful(
            evidence.experiment,
            *([lower_rate_remedy(experiment, 0)] if fast else []),
            restart_remedy(experiment, ACTIVATIONS["leaky_relu"].label, {"activation": "leaky_relu"}),
            *([] if fast else [batch_normalization_remedy(experiment)]),
        ),
    )


@notice("vanishing_gradients")
def vanishing_gradients(evidence: Evidence) -> Notice | None:
    """The first layer's gradient is far smaller than the last one's."""
    structure, norms = evidence.experiment.structure, evidence.layer("gradient_norm")
    if structure.initializer == "zeros" or not norms[-1] > 1e-7 or evidence.kind != "vanishing":
        return None
    times = float(norms[-1] / norms[0]) if norms[0] > 0 else 0.0
    smaller = NumberText(f"{times:,.0f}") if times < 1e6 else format_precise(times, 2)
    sentence = (
        mark(
            "Gradients vanish on their way back: layer 1's is {factor} times smaller than the output's, so it hardly "
            "learns.",
            factor=smaller,
        )
        if times
        else mark("Gradients vanish on their way back: none reaches layer 1, so it does not learn.")
    )
    relu = {"activation": "relu", "initializer": "he_normal"}
    remedies = [restart_remedy(evidence.experiment, mark("ReLU and He initialisation"), relu)]
    remedies.append(batch_normalization_remedy(evidence.experiment))
    if len(set(structure.hidden)) < len(structure.hidden):
        remedies.append(restart_remedy(evidence.experiment, mark("Residual connections"), {"residual": True}))
    return Notice("vanishing_gradients", sentence, helpful(evidence.experiment, *remedies))


@notice("exploding_gradients")
def exploding_gradients(evidence: Evidence) -> Notice | None:
    """A gradient is far larger than any that trains well."""
    norms = evidence.layer("gradient_norm")
    if not np.isfinite(norms).all() or norms.max() < EXPLODED:
        return None
    layer, rate = int(norms.argmax()), lower_rate(evidence.experiment)
    return Notice(
        "exploding_gradients",
        mark(
            "The gradient of {layer} has grown to {size}: steps that large overshoot.",
            layer=name_of(layer, len(norms)),
            size=format_precise(norms[layer], 2),
        ),
        helpful(
            evidence.experiment,
            Remedy(
                mark("{change}, learning rate {rate}", change=mark("Layer normalisation"), rate=format_brief(rate)),
                {"normalization": "layer", "learning_rate": rate},
                0,
            ),
        ),
    )


@notice("saturation")
def saturation(evidence: Evidence) -> Notice | None:
    """Squashing units stuck at their ends before the loss is low."""
    activations = evidence.experiment.structure.activations
    saturated, losses = evidence.layer("saturated")[:-1], evidence.curves["train_metric"]
    done = len(losses) and np.isfinite(losses[-1]) and losses[-1] > 0.9
    if done or len(evidence.steps) < ENOUGH_FRAMES:
        return None
    for layer, share in enumerate(saturated):
        if share >= SATURATED:
            return Notice(
                "saturation",
                mark(
                    "Layer {layer} is saturated: {share} % of its outputs stand at an end of {activation}, where the "
                    "slope is almost 0.",
                    layer=layer + 1,
                    share=round(100 * float(share)),
                    activation=ACTIVATIONS[activations[layer]].label,
                ),
                helpful(
                    evidence.experiment,
                    lower_rate_remedy(evidence.experiment, 0),
                    batch_normalization_remedy(evidence.experiment),
                ),
            )
    return None


@notice("overfitting")
def overfitting(evidence: Evidence) -> Notice | None:
    """The test loss rises from its best while the train loss falls."""
    if len(evidence.steps) < ENOUGH_FRAMES:
        return None
    train, test = evidence.curves["train_loss"], evidence.curves["test_loss"]
    if not np.isfinite(test).all():
        return None
    best = int(test.argmin())
    recent, learned = (float(np.median(curve[-5:])) for curve in (test, train))
    risen = recent - test[best]
    # A loss that is next to nothing may double without any harm.
    is_high = (recent >= RISEN * test[best] and risen >= 0.02 * test[0]) or risen >= RISEN_FAR * test[0]
    if not is_high or learned > train[best] or len(test) - best < 10:
        return None
    step = int(evidence.steps[best])
    knobs = evidence.experiment.knobs
    is_few = evidence.experiment.problem.samples <= FEW_SAMPLES
    weight = 0.1 if is_few or knobs.l2 > 0 else 0.01
    # In a regression of few samples it helps some starts only.
    helps = knobs.l2 < weight and not (is_few and evidence.experiment.task == "regression")
    label = mark("{knob} {value:g}", knob=RULES["l2"].label, value=weight)
    remedies = [Remedy(label, {"l2": weight}, step)] if helps else []
    if knobs.patience == 0:
        # No better loss comes: it is known from this run.
        label = mark("Stop early, after 5 epochs without a better test loss")
        remedies.append(Remedy(label, {"patience": 5.0}, step))
    return Notice(
        "overfitting",
        mark("Overfitting: the test loss has risen since step {step:,} while the train loss falls.", step=step),
        tuple(remedies),
    )


@notice("overshooting")
def overshooting(evidence: Evidence) -> Notice | None:
    """The train loss, too, has risen far above its best."""
    train = evidence.curves["train_loss"]
    if len(train) < ENOUGH_FRAMES or not np.isfinite(train).all():
        return None
    best, recent = int(train.argmin()), float(np.median(train[-9:]))
    if recent < OVERSHOT * train[best] or recent - train[best] < 0.1 * train[0]:
        return None
    step = int(evidence.steps[best])
    return Notice(
        "overshooting",
        mark(
            "The train loss has risen from {low} at step {step:,} to {high}: the steps are too large.",
            low=format_precise(train[best]),
            step=step,
            high=format_precise(recent),
        ),
        (lower_rate_remedy(evidence.experiment, step),),
    )


@notice("plateau")
def plateau(evidence: Evidence) -> Notice | None:
    """The loss has hardly moved from where it began."""
    steps, train, metric = evidence.steps, evidence.curves["train_loss"], evidence.curves["train_metric"]
    experiment, rate, usual = (
        evidence.experiment,
        evidence.experiment.knobs.learning_rate,
        typical_rate(evidence.experiment),
    )
    gradient = float(evidence.layer("gradient_norm").max())
    # Where no gradient is left nothing will change: it need not be waited for.
    frames, least = (ENOUGH_FRAMES, 100) if rate > usual and gradient < SMALL_GRADIENT else (50, 1000)
    if len(steps) < frames or steps[-1] < least or not np.isfinite(train).all():
        return None
    if metric[-1] > SOLVED or train[-1] < 0.9 * train[0] or experiment.structure.initializer == "zeros":
        return None
    if float(np.ptp(train[-frames:])) > 0.02 * train[-1]:
        return None
    values = {"steps": int(steps[-1]), "rate": format_brief(rate)}
    if rate > usual:
        if gradient > SMALL_GRADIENT:
            sentence = mark(
                "The loss has hardly moved in {steps:,} steps: at rate {rate} they jump back and forth.", **values
            )
        elif gradient:
            sentence = mark(
                "The loss has hardly moved in {steps:,} steps: steps at rate {rate} threw the weights to where the "
                "gradient is only {gradient}.",
                gradient=format_precise(gradient, 1),
                **values,
            )
        else:
            sentence = mark(
                "The loss has hardly moved in {steps:,} steps: steps at rate {rate} threw the weights to where no "
                "gradient is left.",
                **values,
            )
        return Notice("plateau", sentence, helpful(experiment, lower_rate_remedy(experiment, 0), ADAM))
    if rate < usual / 3:
        faster = Remedy(mark("Learning rate {rate}", rate=format_brief(usual)), {"learning_rate": usual})
        sentence = mark(
            "The loss has hardly moved in {steps:,} steps: the learning rate {rate} makes them too small.", **values
        )
        return Notice("plateau", sentence, (ADAM, faster))
    return Notice(
        "plateau",
        mark(
            "The loss has hardly moved in {steps:,} steps: the network may be too small for it, or wants other steps.",
            **values,
        ),
        helpful(evidence.experiment, ADAM),
    )
