"""Variants of one experiment in depth, activation, initialisation, normalisation: presets, diagnosis, remedies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from playground.analysis.gradient_flow.layer_flow import LayerFlow
from playground.datasets import Table
from playground.experiment import Experiment, replace_field
from playground.language import join_items, mark
from playground.live.diagnostics.layer_health import MIN_LAYERS, HealthKind, rectifies, shut_word
from playground.live.diagnostics.remedies import Remedy, batch_normalization_changes, helpful
from playground.live.diagnostics.slope import effective_depth, slope
from playground.nn.activations import ACTIVATIONS
from playground.nn.initializers import INITIALIZERS
from playground.number_format import format_precise

DEFAULT_DEPTH = 8
DEFAULT_WIDTH = 8
MAX_VARIANTS = 4
ALIKE_RATIO = 1.05
"""Of two gradient norms that are told to be about the same."""
FIELDS = ("batch_size", "hidden", "activation", "initializer", "normalization", "residual")
"""What a variant may differ in, in the order in which it is set: batch normalisation refuses a batch of one."""


@dataclass(frozen=True)
class Variant:
    """A ``name``, and the ``FIELDS`` in which it differs from the visitor's own experiment."""

    name: str
    changes: Mapping[str, Any] = field(default_factory=dict)

    def of(self, own: Experiment, table: Table | None = None) -> Experiment:
        """The experiment that it makes of ``own``; raises ``PlaygroundError`` when it is not possible."""
        experiment = own
        for name in FIELDS:
            if name in self.changes:
                experiment = replace_field(experiment, name, self.changes[name], table)
        return experiment


def layers(own: Experiment, depth: int, width: int = 0) -> list[int]:
    """So many equal hidden layers, as wide as the widest of ``own`` but at least ``DEFAULT_WIDTH``, or of ``width``
    units."""
    return [width or max(DEFAULT_WIDTH, *own.structure.hidden, 0)] * depth


def presets(own: Experiment) -> dict[str, tuple[Variant, ...]]:
    """Comparisons worth a minute, by name."""
    plain: dict[str, Any] = {"normalization": "none", "residual": False}
    sigmoid = plain | {"hidden": layers(own, DEFAULT_DEPTH), "activation": "sigmoid", "initializer": "glorot_uniform"}
    relu = {"activation": "relu", "initializer": "he_normal"}
    tanh = sigmoid | {"activation": "tanh"}
    wide = plain | {"hidden": [64] * DEFAULT_DEPTH, "activation": "relu", "initializer": "tf_playground"}
    return {
        mark("Yours, deep, cured"): (
            Variant(mark("Yours")),
            Variant(mark("Eight sigmoid layers"), sigmoid),
            Variant(mark("ReLU and He"), sigmoid | relu),
        ),
        mark("Three cures"): (
            Variant(mark("Eight sigmoid layers"), sigmoid),
            Variant(mark("ReLU and He"), sigmoid | relu),
            Variant(mark("Batch normalisation"), sigmoid | batch_normalization_changes(own)),
            Variant(mark("Residual connections"), sigmoid | {"residual": True}),
        ),
        mark("How deep?"): tuple(
            Variant(mark("{depth} sigmoid layers", depth=depth), sigmoid | {"hidden": layers(own, depth)})
            for depth in (2, 4, 8)
        ),
        mark("How are weights drawn?"): (
            Variant(mark("Tanh, Glorot"), tanh),
            Variant(mark("Tanh, He"), tanh | {"initializer": "he_normal"}),
            Variant(mark("ReLU, Glorot"), tanh | {"activation": "relu"}),
            Variant(mark("ReLU, He"), tanh | relu),
        ),
        mark("Exploding"): (
            Variant(mark("64 ReLUs, too large"), wide),
            Variant(mark("He initialisation"), wide | {"initializer": "he_normal"}),
            Variant(mark("Layer normalisation"), wide | {"normalization": "layer"}),
        ),
    }


@dataclass(frozen=True)
class Verdict:
    """What is found of a variant: its ``kind`` (of ``KINDS``), a ``title`` of a few words, a ``sentence``; ``slope`` in
    decades a layer on the way back."""

    kind: HealthKind
    title: str
    sentence: str
    slope: float


TITLES: dict[HealthKind, str] = {
    "shallow": mark("No depth to look at"),
    "broken": mark("Diverged"),
    "blocked": mark("No gradient"),
    "dead": mark("Dead units"),
    "vanishing": mark("Vanishing gradients"),
    "exploding": mark("Exploding gradients"),
    "fading": mark("Fading signal"),
    "growing": mark("Exploding signal"),
    "healthy": mark("Healthy"),
}


def verdict(layers: LayerFlow) -> Verdict:
    """What ``layers`` mean in words."""
    name = layers.kind
    return Verdict(name, TITLES[name], sentence(name, layers), slope(layers.of("gradient_norm")))


def sentence(name: HealthKind, layers: LayerFlow) -> str:
    """One sentence, with numbers that the charts show."""
    norms, dead = layers.of("gradient_norm"), layers.of("dead")[:-1]
    count = len(norms)
    match name:
        case "shallow" if count == 1:
            return mark("With no hidden layer a gradient has no way to go on which it could fade or grow.")
        case "shallow":
            return mark("With one hidden layer a gradient has no way to go on which it could fade or grow.")
        case "broken":
            return mark("Its numbers are not finite any more: steps too large carried it off.")
        case "blocked":
            return mark(
                "{blocked} of {count} layers get no gradient at all, and so never learn.",
                blocked=int((norms <= 0).sum()),
                count=count,
            )
        case "dead":
            worst = int(dead.argmax())
            values = {"share": 100 * float(dead[worst]), "layer": worst + 1}
            if count < MIN_LAYERS:
                return mark(
                    "{share:.0f} % of layer {layer}'s units are dead: no sample makes them fire, so no gradient "
                    "reaches them.",
                    **values,
                )
            return mark(
                "{share:.0f} % of layer {layer}'s units are dead: no sample makes them fire, so no gradient reaches "
                "them. Through the others it passes. {gradient}",
                gradient=gradient_words(norms),
                **values,
            )
        case "fading" | "growing":
            ahead = -slope(layers.signal)
            times = factor(abs(ahead))
            if ahead > 0:
                return mark(
                    "The signal grows {times} a layer on its way forward, and every gradient with it.", times=times
                )
            return mark(
                "The signal shrinks {times} a layer on its way forward, and the output hardly depends on the input.",
                times=times,
            )
    return gradient_words(norms)


def gradient_words(norms: np.ndarray) -> str:
    """What becomes of the gradient over the layers, by their norms."""
    return mark("{ends}. {spread}", ends=ends_words(norms[0], slope(norms), len(norms)), spread=spread_words(norms))


def ends_words(first: float, back: float, count: int) -> str:
    """How the first layer's gradient norm compares with the output layer's, by the line through those of all ``count``
    layers, which is what names them vanishing or exploding: ``back`` decades a layer."""
    if not first > 0:
        return mark("No gradient reaches layer 1")
    distance = back * (count - 1)
    if abs(distance) < np.log10(ALIKE_RATIO):
        return mark("Layer 1's weights get about as large a gradient as the output layer's")
    times, each = factor(abs(distance)), factor(abs(back))
    if count <= MIN_LAYERS:
        if distance < 0:
            return mark("Layer 1's weights get a gradient about {times} smaller than the output layer's", times=times)
        return mark("Layer 1's weights get a gradient about {times} larger than the output layer's", times=times)
    if distance < 0:
        return mark(
            "Layer 1's weights get a gradient about {times} smaller than the output layer's: it shrinks {each} a layer "
            "on its way back",
            times=times,
            each=each,
        )
    return mark(
        "Layer 1's weights get a gradient about {times} larger than the output layer's: it grows {each} a layer on its "
        "way back",
        times=times,
        each=each,
    )


def spread_words(norms: np.ndarray) -> str:
    """How far the layers' gradient norms lie apart."""
    count, low = len(norms), norms.min()
    if low > 0 and norms.max() < 2 * low:
        spread = factor(float(np.log10(norms.max() / low)))
        return mark("All {count} layers lie within {spread}.", count=count, spread=spread)
    return mark(
        "{learning} of {count} layers get a tenth of the largest gradient or more.",
        learning=effective_depth(norms),
        count=count,
    )


def factor(decades: float) -> str:
    """How many times so many decades are."""
    times = 10.0**decades
    if times < 9.95:
        return mark("{times:.1f} times", times=times)
    if times < 1e6:
        return mark("{times:,.0f} times", times=float(f"{times:.2g}"))
    return mark("{times} times", times=format_precise(times, 2))


def cures(name: str, experiment: Experiment) -> tuple[Remedy, ...]:
    """What could help where ``name`` was found, the surest first; only what would change something, and only by what is
    not there yet."""
    structure = experiment.structure
    rectifying = structure.activations and all(map(rectifies, structure.activations))
    squashing = any(shut_word(activation) == "saturated" for activation in structure.activations)
    draw = drawing("he" if rectifying else "glorot", experiment)
    he, is_relu = drawing("he", experiment), set(structure.activations) == {"relu"}
    label = ACTIVATIONS["relu"].label
    if is_relu:
        label = mark("He initialisation")
    elif he.changes:
        label = mark("ReLU and He initialisation")
    relu = Remedy(label, he.changes if is_relu else {"activation": "relu"} | dict(he.changes))
    batch = Remedy(mark("Batch normalisation"), batch_normalization_changes(experiment))
    layer = Remedy(mark("Layer normalisation"), {"normalization": "layer"})
    around = Remedy(mark("Residual connections"), {"residual": True})
    leaky = Remedy(ACTIVATIONS["leaky_relu"].label, {"activation": "leaky_relu"})
    deep = Remedy(
        mark("Make it {depth} layers deep", depth=DEFAULT_DEPTH), {"hidden": layers(experiment, DEFAULT_DEPTH)}
    )
    equal = len(set(structure.hidden)) < len(structure.hidden)
    offered: dict[str, list[Remedy]] = {
        "shallow": [deep],
        "blocked": [draw, relu, batch],
        "dead": [leaky, draw, batch],
        "vanishing": [relu if squashing else draw, batch, *([around] if equal else [])],
        "exploding": [draw, layer, batch],
        "fading": [draw, batch],
        "growing": [draw, layer, batch],
        "broken": [draw, layer, batch],
    }
    return helpful(experiment, *offered.get(name, []))


def drawing(family: str, experiment: Experiment) -> Remedy:
    """First weights by He's or by Glorot's rule; nothing is to be changed where they are drawn by it already, whichever
    the distribution."""
    label, name = {
        "he": (mark("He initialisation"), "he_normal"),
        "glorot": (mark("Glorot initialisation"), "glorot_uniform"),
    }[family]
    return Remedy(label, {} if experiment.structure.initializer.startswith(family) else {"initializer": name})


def variant_name(experiment: Experiment) -> str:
    """A variant in a few words: how deep, how wide, which activation, and what stands out."""
    structure = experiment.structure
    hidden = structure.hidden
    if not hidden:
        return mark("no hidden layer")
    equal = len(set(hidden)) == 1
    size = f"{len(hidden)} x {hidden[0]}" if equal else "-".join(map(str, hidden))
    first, *others = (ACTIVATIONS[activation].label for activation in dict.fromkeys(structure.activations))
    for label in others:
        first = first + "/" + label
    changes = []
    if structure.normalization != "none":
        changes.append(mark("batch norm.") if structure.normalization == "batch" else mark("layer norm."))
    if structure.residual:
        changes.append(mark("residuals"))
    return join_items([mark("{size} {activations}", size=size, activations=first), *changes])


def variant_words(experiment: Experiment) -> str:
    """What a variant consists of, in a line."""
    structure = experiment.structure
    drawn = INITIALIZERS[structure.initializer].label
    normalization = {
        "none": mark("no normalisation"),
        "batch": mark("batch normalisation"),
        "layer": mark("layer normalisation"),
    }[structure.normalization]
    size = variant_name(replace(experiment, structure=replace(structure, normalization="none", residual=False)))
    words = size + " · " + drawn + " · " + normalization
    return words + " · " + mark("residual connections") if structure.residual else words


def change_variant(
    variant: Variant, own: Experiment, changes: Mapping[str, Any], table: Table | None = None
) -> Variant:
    """``variant`` with ``changes`` on top, called by what it then is; raises ``PlaygroundError`` when it is not
    possible."""
    changed = Variant("", dict(variant.changes) | dict(changes))
    return replace(changed, name=variant_name(changed.of(own, table)))
