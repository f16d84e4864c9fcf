"""Variants of one experiment in depth, activation, initialisation, normalisation: presets, diagnosis, remedies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from playground.analysis.gradient_flow.layer_flow import LayerFlow
from playground.datasets import Table
from playground.experiment import Experiment, replace_field
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
        "Yours, deep, cured": (
            Variant("Yours"),
            Variant("Eight sigmoid layers", sigmoid),
            Variant("ReLU and He", sigmoid | relu),
        ),
        "Three cures": (
            Variant("Eight sigmoid layers", sigmoid),
            Variant("ReLU and He", sigmoid | relu),
            Variant("Batch normalisation", sigmoid | batch_normalization_changes(own)),
            Variant("Residual connections", sigmoid | {"residual": True}),
        ),
        "How deep?": tuple(
            Variant(f"{depth} sigmoid layers", sigmoid | {"hidden": layers(own, depth)}) for depth in (2, 4, 8)
        ),
        "How are weights drawn?": (
            Variant("Tanh, Glorot", tanh),
            Variant("Tanh, He", tanh | {"initializer": "he_normal"}),
            Variant("ReLU, Glorot", tanh | {"activation": "relu"}),
            Variant("ReLU, He", tanh | relu),
        ),
        "Exploding": (
            Variant("64 ReLUs, too large", wide),
            Variant("He initialisation", wide | {"initializer": "he_normal"}),
            Variant("Layer normalisation", wide | {"normalization": "layer"}),
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
    "shallow": "No depth to look at",
    "broken": "Diverged",
    "blocked": "No gradient",
    "dead": "Dead units",
    "vanishing": "Vanishing gradients",
    "exploding": "Exploding gradients",
    "fading": "Fading signal",
    "growing": "Exploding signal",
    "healthy": "Healthy",
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
        case "shallow":
            hidden = {1: "no hidden layer", 2: "one hidden layer"}[count]
            return f"With {hidden} a gradient has no way to go on which it could fade or grow."
        case "broken":
            return "Its numbers are not finite any more: steps too large carried it off."
        case "blocked":
            return f"{int((norms <= 0).sum())} of {count} layers get no gradient at all, and so never learn."
        case "dead":
            worst = int(dead.argmax())
            share = f"{100 * dead[worst]:.0f} % of layer {worst + 1}'s units are dead"
            through = "" if count < MIN_LAYERS else f" Through the others it passes. {gradient_words(norms)}"
            return f"{share}: no sample makes them fire, so no gradient reaches them.{through}"
        case "fading" | "growing":
            ahead = -slope(layers.signal)
            word, rest = (
                ("grows", "and every gradient with it")
                if ahead > 0
                else ("shrinks", "and the output hardly depends on the input")
            )
            return f"The signal {word} {factor(abs(ahead))} a layer on its way forward, {rest}."
    return gradient_words(norms)


def gradient_words(norms: np.ndarray) -> str:
    """What becomes of the gradient over the layers, by their norms."""
    return f"{ends_words(norms[0], slope(norms), len(norms))}. {spread_words(norms)}"


def ends_words(first: float, back: float, count: int) -> str:
    """How the first layer's gradient norm compares with the output layer's, by the line through those of all ``count``
    layers, which is what names them vanishing or exploding: ``back`` decades a layer."""
    if not first > 0:
        return "No gradient reaches layer 1"
    distance = back * (count - 1)
    if abs(distance) < np.log10(ALIKE_RATIO):
        return "Layer 1's weights get about as large a gradient as the output layer's"
    size, each = ("smaller", "shrinks") if distance < 0 else ("larger", "grows")
    layer = f": it {each} {factor(abs(back))} a layer on its way back" if count > MIN_LAYERS else ""
    return f"Layer 1's weights get a gradient about {factor(abs(distance))} {size} than the output layer's{layer}"


def spread_words(norms: np.ndarray) -> str:
    """How far the layers' gradient norms lie apart."""
    count, low = len(norms), norms.min()
    if low > 0 and norms.max() < 2 * low:
        return f"All {count} layers lie within {factor(float(np.log10(norms.max() / low)))}."
    return f"{effective_depth(norms)} of {count} layers get a tenth of the largest gradient or more."


def factor(decades: float) -> str:
    """How many times so many decades are."""
    times = 10.0**decades
    if times < 1e6:
        return f"{times:.1f} times" if times < 9.95 else f"{float(f'{times:.2g}'):,.0f} times"
    return f"{format_precise(times, 2)} times"


def cures(name: str, experiment: Experiment) -> tuple[Remedy, ...]:
    """What could help where ``name`` was found, the surest first; only what would change something, and only by what is
    not there yet."""
    structure = experiment.structure
    rectifying = structure.activations and all(map(rectifies, structure.activations))
    squashing = any(shut_word(activation) == "saturated" for activation in structure.activations)
    draw = drawing("he" if rectifying else "glorot", experiment)
    he, is_relu = drawing("he", experiment), set(structure.activations) == {"relu"}
    label = "He initialisation" if is_relu else "ReLU and He initialisation" if he.changes else "ReLU"
    relu = Remedy(label, he.changes if is_relu else {"activation": "relu"} | dict(he.changes))
    batch = Remedy("Batch normalisation", batch_normalization_changes(experiment))
    layer = Remedy("Layer normalisation", {"normalization": "layer"})
    around = Remedy("Residual connections", {"residual": True})
    leaky = Remedy("Leaky ReLU", {"activation": "leaky_relu"})
    deep = Remedy("Make it 8 layers deep", {"hidden": layers(experiment, DEFAULT_DEPTH)})
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
        "he": ("He initialisation", "he_normal"),
        "glorot": ("Glorot initialisation", "glorot_uniform"),
    }[family]
    return Remedy(label, {} if experiment.structure.initializer.startswith(family) else {"initializer": name})


def variant_name(experiment: Experiment) -> str:
    """A variant in a few words: how deep, how wide, which activation, and what stands out."""
    structure = experiment.structure
    hidden = structure.hidden
    if not hidden:
        return "no hidden layer"
    equal = len(set(hidden)) == 1
    size = f"{len(hidden)} x {hidden[0]}" if equal else "-".join(map(str, hidden))
    activations = "/".join(ACTIVATIONS[activation].label for activation in dict.fromkeys(structure.activations))
    changes = [] if structure.normalization == "none" else [f"{structure.normalization} norm."]
    return ", ".join([f"{size} {activations}", *changes, *(["residuals"] if structure.residual else [])])


def variant_words(experiment: Experiment) -> str:
    """What a variant consists of, in a line."""
    structure = experiment.structure
    drawn = INITIALIZERS[structure.initializer].label
    normalization = structure.normalization
    phrase = "no normalisation" if normalization == "none" else f"{normalization} normalisation"
    around = ["residual connections"] if structure.residual else []
    size = variant_name(replace(experiment, structure=replace(structure, normalization="none", residual=False)))
    return " · ".join([size, drawn, phrase, *around])


def change_variant(
    variant: Variant, own: Experiment, changes: Mapping[str, Any], table: Table | None = None
) -> Variant:
    """``variant`` with ``changes`` on top, called by what it then is; raises ``PlaygroundError`` when it is not
    possible."""
    changed = Variant("", dict(variant.changes) | dict(changes))
    return replace(changed, name=variant_name(changed.of(own, table)))
