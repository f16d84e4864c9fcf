"""The numbers of one training step as the browser shows them: large arrays cut, everything in one message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from playground.analysis.step import Explanation
from playground.datasets.labels import class_label
from playground.experiment import Experiment
from playground.language import join_items, mark
from playground.live.protocol.encoding import round_floats
from playground.nn.activations import ACTIVATIONS
from playground.number_format import MINUS, format_precise
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.stage.diagram import label_of
from playground.training.knobs import KNOB_NAMES
from playground.training.trainer import Trainer


class Extent(NamedTuple):
    """How much of a step is sent: ``side`` rows and columns of a matrix, about ``numbers`` of samples (small networks
    show every sample of a batch, large ones some), and ``listed`` parameters of tables, at most."""

    side: int
    numbers: int
    listed: int


BRIEF_EXTENT = Extent(6, 14_000, 24)
OPENED_EXTENT = Extent(64, 40_000, 512)
"""Once rows that were left out are asked for: every unit of the widest layer."""
DIGITS = 6
FORWARD = ("x", "sums", "unit", "deviation", "z", "slope", "a", "mask", "h")
EVALUATION = ("sums", "unit", "deviation", "z", "a", "h")
BACKWARD = ("h", "a", "z", "sums")


def step_payload(
    explanation: Explanation, trainer: Trainer, knobs: np.ndarray, extent: Extent = BRIEF_EXTENT
) -> dict[str, Any]:
    """``explanation`` as plain JSON values, no more than ``extent`` of it; ``knobs`` those that it was made under."""
    side = extent.side
    experiment, network = trainer.experiment, trainer.network
    structure = experiment.structure
    per_row = sum((len(FORWARD) + len(EVALUATION) + len(BACKWARD)) * min(side, width) for width in network.widths[1:])
    rows = max(BRIEF_EXTENT.side, min(len(explanation.each), extent.numbers // per_row))
    loss, optimizer = LOSSES[structure.loss], OPTIMIZERS[structure.optimizer]
    tabular = experiment.problem.tabular
    listed = parameters(explanation)
    return {
        "step": explanation.step,
        "samples": len(explanation.each),
        "shown": side,
        "brief": BRIEF_EXTENT.side,
        "opened": extent is not BRIEF_EXTENT,
        "widths": list(network.widths),
        "features": [name.replace("_", " ") if tabular else label_of(name) for name in experiment.problem.features],
        "feature_words": feature_words(experiment),
        "classes": [class_label(name) for name in trainer.prepared.class_names],
        "target": target_words(trainer),
        "task": experiment.task,
        "loss": {
            "name": loss.name,
            "label": loss.label,
            "logits": loss.logits,
            "value": round_floats(explanation.loss, DIGITS),
        },
        "optimizer": {"name": optimizer.name, "label": optimizer.label, "words": optimizer.explanation},
        "normalization": structure.normalization,
        "knobs": {name: round_floats(value, DIGITS) for name, value in zip(KNOB_NAMES, knobs.tolist(), strict=True)},
        "rate": round_floats(explanation.rate, DIGITS),
        "norm": round_floats(explanation.norm, DIGITS),
        "x": crop(explanation.batch.x, rows, side),
        "y": crop(explanation.batch.y, rows, side),
        "share": round_floats(explanation.batch.share[:rows], DIGITS),
        "each": round_floats(explanation.each[:rows], DIGITS),
        "output": crop(explanation.output, rows, side),
        "layers": [layer(explanation, trainer, i, rows, side) for i in range(network.depth)],
        "checks": [checks(explanation, listed, i, extent) for i in range(network.depth)],
        "parameters": optimizer_columns(explanation, listed, network.depth, extent),
        "agree": agreement(explanation.update, explanation.real),
    }


def feature_words(experiment: Experiment) -> list[str]:
    """The features' names in full: of the plane's coordinates with their directions."""
    if experiment.problem.tabular:
        return [name.replace("_", " ") for name in experiment.problem.features]
    directions = {
        "x1": mark("{feature} (horizontal)", feature=label_of("x1")),
        "x2": mark("{feature} (vertical)", feature=label_of("x2")),
    }
    return [directions.get(name, label_of(name)) for name in experiment.problem.features]


def target_words(trainer: Trainer) -> str:
    """What the numbers that the loss compares stand for, in a sentence."""
    prepared, loss = trainer.prepared, LOSSES[trainer.experiment.structure.loss]
    names = [class_label(name) for name in prepared.class_names]
    if not names:
        name, (_, mean, deviation) = prepared.target.label, prepared.target
        if deviation == 1:
            return mark("Target: {name}.", name=name)
        return mark(
            "Target: {name}, less its mean {mean}, over its deviation {deviation}.",
            name=name,
            mean=format_precise(mean),
            deviation=format_precise(deviation),
        )
    low = "0" if loss.encoding == "probability" else f"{MINUS}1"
    if trainer.network.widths[-1] == 1:
        return mark("Target: {low} for {first}, 1 for {second}.", low=low, first=names[0], second=names[1])
    return mark(
        "Targets, from the top: 1 for the sample's own class, {low} for the others, of {classes}.",
        low=low,
        classes=join_items(names),
    )


def layer(explanation: Explanation, trainer: Trainer, i: int, rows: int, side: int) -> dict[str, Any]:
    """What layer ``i`` did and what came back to it; weights as (units, inputs), the way W x is written."""
    network = trainer.network
    training, evaluation, back = explanation.training[i], explanation.evaluation[i], explanation.backward[i]
    shapes = back.gradient
    values = dict(
        zip(shapes, (explanation.parameters[place] for place in places(explanation)[i].values()), strict=True)
    )
    activation = ACTIVATIONS[network.activations[i]]
    return {
        "activation": activation.name.replace("_", " "),
        "skips": network.skips(i),
        "own": matrices(values, side),
        "training": {name: crop(getattr(training, name), rows, side) for name in FORWARD},
        "evaluation": {name: crop(getattr(evaluation, name), rows, side) for name in EVALUATION},
        "back": {name: crop(getattr(back, name), rows, side) for name in BACKWARD},
        "gradient": matrices({name: np.asarray(shapes[name]) for name in shapes}, side),
        "mean": round_floats(training.h.mean(axis=0)[:side], DIGITS),
        "total": round_floats(back.z.sum(axis=0)[:side], DIGITS),
        "differs": bool(not np.allclose(training.h, evaluation.h, rtol=1e-9, atol=1e-12, equal_nan=True)),
    }


def matrices(parts: Mapping[str, np.ndarray], side: int) -> dict[str, Any]:
    """A layer's parameters, or their derivatives: weights transposed and cut, vectors cut."""
    return {
        name: crop(part.T, side, side) if part.ndim == 2 else round_floats(part[:side], DIGITS)
        for name, part in parts.items()
    }


def crop(values: Any, rows: int, columns: int) -> Any:
    """The first ``rows`` rows and ``columns`` columns of ``values``, as lists."""
    return round_floats(np.asarray(values)[:rows, :columns].tolist(), DIGITS)


def places(explanation: Explanation) -> list[dict[str, np.ndarray]]:
    """Where each layer's parameters are in the vectors over all of them."""
    slices, at = [], 0
    for layer in explanation.backward:
        here = {}
        for name in sorted(layer.gradient):
            shape = np.shape(layer.gradient[name])
            size = int(np.prod(shape))
            here[name] = np.arange(at, at + size).reshape(shape)
            at += size
        slices.append({name: here[name] for name in layer.gradient})
    return slices


def parameters(explanation: Explanation) -> list[dict[int, list[Any]]]:
    """By layer: each parameter's place, and what it is: [name, unit, source or None], the weights first."""
    layers = []
    for here in places(explanation):
        rows: dict[int, list[Any]] = {}
        for name in ("w", "b", "scale", "offset"):
            for at in np.ndindex(here[name].shape) if name in here else ():
                source, unit = at if len(at) == 2 else (None, at[0])
                rows[int(here[name][at])] = [name, unit, source]
        layers.append(rows)
    return layers


def checks(explanation: Explanation, listed: list[dict[int, list[Any]]], i: int, extent: Extent) -> dict[str, Any]:
    """Layer ``i``'s derivatives by us, by ``jax.grad`` and by finite differences, and how far they are apart at
    most."""
    every = np.array(list(listed[i]))
    differences = dict(zip(explanation.checked.tolist(), explanation.by_differences.tolist(), strict=True))
    compared = [place for place in listed[i] if place in differences]
    rest = [place for place in listed[i] if place not in differences]
    chosen = (compared + (rest[:3] if extent is BRIEF_EXTENT else rest))[: extent.listed // 2]
    scale = float(np.abs(explanation.gradient).max()) or 1.0
    nearest = [abs(differences[place] - explanation.gradient[place]) / scale for place in compared]
    return {
        "rows": [
            [
                listed[i][place],
                *round_floats(
                    [explanation.gradient[place], explanation.by_jax[place], differences.get(place, np.nan)], DIGITS
                ),
            ]
            for place in chosen
        ],
        "all": len(every),
        "compared": len(compared),
        "jax": round_floats(float(np.abs(explanation.by_jax - explanation.gradient)[every].max() / scale), 2),
        "differences": round_floats(float(max(nearest, default=np.nan)), 2),
    }


def optimizer_columns(
    explanation: Explanation, listed: list[dict[int, list[Any]]], depth: int, extent: Extent
) -> dict[str, Any]:
    """Some parameters' way through the optimizer: columns by symbol."""
    each = max(2, extent.listed // depth)
    chosen = [(i, place) for i in range(depth) for place in list(listed[i])[:each]]
    at = np.array([place for _, place in chosen])
    size = explanation.parameters.size
    vectors = {name: value for name, value in explanation.state.items() if np.shape(value) == (size,)}
    return {
        "names": [[i, *listed[i][place]] for i, place in chosen],
        "all": size,
        "theta": round_floats(explanation.parameters[at], DIGITS),
        "g": round_floats(explanation.gradient[at], DIGITS),
        "used": round_floats(explanation.used[at], DIGITS),
        "state": {name: round_floats(value[at], DIGITS) for name, value in vectors.items()},
        "update": round_floats(explanation.update[at], DIGITS),
        "real": round_floats(explanation.real[at], DIGITS),
    }


def agreement(ours: np.ndarray, theirs: np.ndarray) -> Any:
    """The largest difference, as a share of the largest number."""
    return round_floats(float(np.abs(ours - theirs).max() / (np.abs(theirs).max() or 1.0)), 2)
