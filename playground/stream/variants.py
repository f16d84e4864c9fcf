"""Variants of one experiment that differ in what decides whether gradients get through: what to compare, what is found, what cures it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from playground.analysis.layer_health import kind, rectifies, shut_word
from playground.analysis.slope import effective_depth, slope
from playground.datasets import Table
from playground.nn.activations import ACTIVATIONS
from playground.nn.initializers import INITIALIZERS
from playground.spec import Experiment, changed
from playground.stream.notices import Remedy

DEEP = 8
WIDTH = 8
MOST = 4
FIELDS = ("batch_size", "hidden", "activation", "initializer", "normalization", "residual")
"""What a variant may differ in, in the order in which it is set: batch normalisation refuses a batch of one."""


@dataclass(frozen=True)
class Variant:
    """A ``name``, and the ``FIELDS`` in which it differs from the visitor's own experiment."""

    name: str
    changes: Mapping[str, Any] = field(default_factory=dict)

    def of(self, own: Experiment, table: Table | None = None) -> Experiment:
        """The experiment that it makes of ``own``; raises ``PlaygroundError`` when it is not possible."""
        made = own
        for name in FIELDS:
            if name in self.changes:
                made = changed(made, name, self.changes[name], table)
        return made


def layers(own: Experiment, depth: int, width: int = 0) -> list[int]:
    """So many equal hidden layers, as wide as the widest of ``own`` but at least ``WIDTH``, or of ``width`` units."""
    return [width or max(WIDTH, *own.structure.hidden, 0)] * depth


def batch_large_enough(own: Experiment) -> dict[str, Any]:
    """What batch normalisation needs beside itself."""
    return {"normalization": "batch"} | ({"batch_size": 10} if own.structure.batch_size < 2 else {})


def presets(own: Experiment) -> dict[str, tuple[Variant, ...]]:
    """Comparisons worth a minute, by name."""
    plain: dict[str, Any] = {"normalization": "none", "residual": False}
    sigmoid = plain | {"hidden": layers(own, DEEP), "activation": "sigmoid", "initializer": "glorot_uniform"}
    relu = {"activation": "relu", "initializer": "he_normal"}
    tanh = sigmoid | {"activation": "tanh"}
    wide = plain | {"hidden": [64] * DEEP, "activation": "relu", "initializer": "tf_playground"}
    return {
        "Yours, deep, cured": (
            Variant("Yours"),
            Variant("Eight sigmoid layers", sigmoid),
            Variant("ReLU and He", sigmoid | relu),
        ),
        "Three cures": (
            Variant("Eight sigmoid layers", sigmoid),
            Variant("ReLU and He", sigmoid | relu),
            Variant("Batch normalisation", sigmoid | batch_large_enough(own)),
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
    """What is found of a variant: its ``kind`` (of ``KINDS``), a ``title`` of a few words, a ``sentence``; ``slope`` in decades a layer on the way back."""

    kind: str
    title: str
    sentence: str
    slope: float


TITLES = {
    "shallow": "No depth to look at",
    "broken": "Diverged",
    "blocked": "No gradient",
    "vanishing": "Vanishing gradients",
    "exploding": "Exploding gradients",
    "fading": "Fading signal",
    "growing": "Exploding signal",
    "healthy": "Healthy",
}


def verdict(norms: np.ndarray, signal: np.ndarray) -> Verdict:
    """What the layers' gradient norms and signals' sizes ``(layers,)``, first layer first, mean in words."""
    name = kind(norms, signal)
    steep = slope(norms)
    return Verdict(name, TITLES[name], sentence(name, norms, signal), steep)


def sentence(name: str, norms: np.ndarray, signal: np.ndarray) -> str:
    """One sentence, with the measured numbers."""
    steep, many = slope(norms), len(norms)
    learning = f"{effective_depth(norms)} of {many} layers learn"
    match name:
        case "shallow":
            hidden = {1: "no hidden layer", 2: "one hidden layer"}[many]
            return f"With {hidden} a gradient has no way to go on which it could fade or grow."
        case "broken":
            return "Its numbers are not finite any more: steps too large carried it off."
        case "blocked":
            return f"{int((norms <= 0).sum())} of {many} layers get no gradient at all, and so never learn."
        case "vanishing":
            if not norms[0] > 0:
                return f"The gradient shrinks by {factor(-steep)} a layer ({steep:+.2f} decades) until nothing is left; {learning}."
            return (
                f"The gradient shrinks by {factor(-steep)} a layer on its way back ({steep:+.2f} decades); {learning}."
            )
        case "exploding":
            return f"The gradient grows by {factor(steep)} a layer on its way back ({steep:+.2f} decades)."
        case "fading" | "growing":
            ahead = -slope(signal)
            word = "grows" if ahead > 0 else "shrinks"
            rest = "and every gradient with it" if ahead > 0 else "and the output hardly depends on the input"
            return (
                f"The signal {word} by {factor(abs(ahead))} a layer on its way forward ({ahead:+.2f} decades), {rest}."
            )
        case _ if abs(steep) * (many - 1) >= 1:
            word = "loses" if steep < 0 else "gains"
            return f"The gradient {word} {abs(steep):.2f} decades a layer on its way back: not far enough over {many} layers to stop any."
        case _:
            return f"The gradient keeps its size on its way back ({steep:+.2f} decades a layer); {learning}."


def factor(decades: float) -> str:
    """How many times so many decades are."""
    times = 10.0**decades
    return f"{times:.1f} times" if times < 9.95 else f"{times:.0f} times" if times < 1e4 else f"{times:.0e} times"


def cures(name: str, experiment: Experiment) -> tuple[Remedy, ...]:
    """What could help where ``name`` was found, the surest first; only what would change something."""
    structure = experiment.structure
    rectifying = structure.activations and all(map(rectifies, structure.activations))
    squashing = any(shut_word(one) == "saturated" for one in structure.activations)
    suiting = "he_normal" if rectifying else "glorot_uniform"
    label = "He initialisation" if rectifying else "Glorot initialisation"
    draw = Remedy(label, {"initializer": suiting})
    relu = Remedy("ReLU and He initialisation", {"activation": "relu", "initializer": "he_normal"})
    batch = Remedy("Batch normalisation", batch_large_enough(experiment))
    layer = Remedy("Layer normalisation", {"normalization": "layer"})
    around = Remedy("Residual connections", {"residual": True})
    deep = Remedy("Make it 8 layers deep", {"hidden": layers(experiment, DEEP)})
    equal = len(set(structure.hidden)) < len(structure.hidden)
    offered: dict[str, list[Remedy]] = {
        "shallow": [deep],
        "blocked": [draw, relu, batch],
        "vanishing": [relu if squashing else draw, batch, *([around] if equal else [])],
        "exploding": [draw, layer, batch],
        "fading": [draw, batch],
        "growing": [draw, layer, batch],
        "broken": [draw, layer, batch],
    }
    return tuple(one for one in offered.get(name, []) if differs(one.changes, experiment))


def differs(changes: Mapping[str, Any], experiment: Experiment) -> bool:
    """Whether ``changes`` would change anything."""
    structure = vars(experiment.structure)
    return any(
        structure[name] != (tuple(value) if isinstance(value, list) else value) for name, value in changes.items()
    )


def named(experiment: Experiment) -> str:
    """A variant in a few words: how deep, how wide, which activation, and what stands out."""
    structure = experiment.structure
    hidden = structure.hidden
    if not hidden:
        return "no hidden layer"
    equal = len(set(hidden)) == 1
    size = f"{len(hidden)} x {hidden[0]}" if equal else "-".join(map(str, hidden))
    activations = "/".join(ACTIVATIONS[one].label for one in dict.fromkeys(structure.activations))
    more = [] if structure.normalization == "none" else [f"{structure.normalization} norm."]
    return ", ".join([f"{size} {activations}", *more, *(["residuals"] if structure.residual else [])])


def words(experiment: Experiment) -> str:
    """What a variant consists of, in a line."""
    structure = experiment.structure
    drawn = INITIALIZERS[structure.initializer].label
    normalization = structure.normalization
    more = "no normalisation" if normalization == "none" else f"{normalization} normalisation"
    around = ["residual connections"] if structure.residual else []
    size = named(replace(experiment, structure=replace(structure, normalization="none", residual=False)))
    return " · ".join([size, drawn, more, *around])


def turned(variant: Variant, own: Experiment, changes: Mapping[str, Any], table: Table | None = None) -> Variant:
    """``variant`` with ``changes`` on top, called by what it then is; raises ``PlaygroundError`` when it is not possible."""
    made = Variant("", dict(variant.changes) | dict(changes))
    return replace(made, name=named(made.of(own, table)))
