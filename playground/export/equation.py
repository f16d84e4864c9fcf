"""A small network written out as an equation in TeX, with its numbers: a function of the data's own coordinates."""

from __future__ import annotations

import math
from string import Formatter
from typing import Any

import numpy as np

from playground.datasets.labels import class_label
from playground.errors import PlaygroundError
from playground.export.source import Subject
from playground.language import mark, t, translate_tree
from playground.nn.activations import ACTIVATIONS
from playground.nn.normalization import EPSILON
from playground.training.data import feature_tex

MAX_UNITS = 200
"""Weights and biases that can still be read as an equation."""
DIGITS = 3
FORBIDDEN = "\\{}$&#^_~%"
KNOWN = {
    "identity": "{}",
    "tanh": r"\tanh\left({}\right)",
    "relu": r"\max\left(0, {}\right)",
    "sigmoid": r"\sigma\left({}\right)",
    "sine": r"\sin\left({}\right)",
}


def to_tex(subject: Subject) -> str:
    """One line a unit, the inputs first; raises ``PlaygroundError`` for a network that is too large to read, or
    normalised."""
    network = subject.trainer.network
    many = sum(np.size(value) for layer in subject.state.params for value in layer.values())
    if many > MAX_UNITS:
        raise PlaygroundError(
            mark(
                "the network has {count} weights, too many to read as an equation; take one with at most {most}.",
                count=many,
                most=MAX_UNITS,
            )
        )
    lines = _inputs(subject)
    before = [f"f_{{{i + 1}}}" for i in range(network.widths[0])]
    for i, layer in enumerate(subject.state.params):
        last = i == network.depth - 1
        names = _names(i, network.widths[i + 1], last)
        for unit, name in enumerate(names):
            total = _sum(np.asarray(layer["w"])[:, unit], np.asarray(layer["b"])[unit], before)
            if "scale" in layer:
                total = _normalize(subject, i, unit, total, network.normalization)
            value = _apply_activation(network.activations[i], total)
            skip = f"{before[unit]} + " if network.skips(i) else ""
            lines.append(f"{name} &= {skip}{value}")
        before = names
    lines += _output(subject, before)
    body = " \\\\\n".join(lines)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n"


def words(text: str) -> str:
    """``text`` as words in TeX, in the current language where it is marked: signs that TeX would obey are left out."""
    text = translate_tree(text)
    return rf"\text{{{''.join(character for character in text if character not in FORBIDDEN)}}}"


def phrase(text: str, **parts: str) -> str:
    """The marked ``text`` as words in TeX in the current language, with TeX in its ``{name}`` places."""
    pieces = Formatter().parse(t(text))
    return "".join((words(before) if before else "") + (parts[name] if name else "") for before, name, _, _ in pieces)


def number(value: Any, beside: float = 0.0) -> str:
    """``value`` with three significant digits, or to a thousandth of what stands ``beside`` it as its unit; powers of
    ten written out."""
    extra_digits = math.log10(abs(value) / abs(beside)) if beside and value else 0.0
    text = f"{float(value):.{min(15, DIGITS + max(0, math.ceil(extra_digits)))}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return text


def _inputs(subject: Subject) -> list[str]:
    """Each input as a function of the coordinates, or of a column."""
    problem, plane = subject.experiment.problem, subject.trainer.prepared.plane
    lines = []
    for i, name in enumerate(problem.features):
        raw = words(name.replace("_", " ")) if problem.tabular else feature_tex(name)
        mean, deviation = plane.mean[i], plane.deviation[i]
        if mean == 0 and deviation == 1:
            lines.append(f"f_{{{i + 1}}} &= {raw}")
        else:
            sign = "-" if mean >= 0 else "+"
            lines.append(
                rf"f_{{{i + 1}}} &= \frac{{{raw} {sign} {number(abs(mean), deviation)}}}{{{number(deviation)}}}"
            )
    return lines


def _names(layer: int, width: int, last: bool) -> list[str]:
    if last:
        return ["y"] if width == 1 else [f"y_{{{unit + 1}}}" for unit in range(width)]
    return [f"h^{{({layer + 1})}}_{{{unit + 1}}}" for unit in range(width)]


def _sum(weights: np.ndarray, bias: Any, names: list[str]) -> str:
    terms = [(float(weight), f" {name}") for weight, name in zip(weights, names, strict=True)] + [(float(bias), "")]
    text = ""
    for value, name in terms:
        sign = "-" if value < 0 else "+" if text else ""
        text += f" {sign} {number(abs(value))}{name}" if text else f"{sign}{number(abs(value))}{name}"
    return text


def _normalize(subject: Subject, layer: int, unit: int, total: str, kind: str) -> str:
    if kind != "batch":
        raise PlaygroundError(
            mark("layer normalisation mixes all units of a layer; choose none, or batch, to get an equation.")
        )
    part, stats = subject.state.params[layer], subject.state.stats[layer]
    factor = float(part["scale"][unit] / np.sqrt(stats["variance"][unit] + EPSILON))
    shift = float(part["offset"][unit]) - factor * float(stats["mean"][unit])
    sign = "-" if shift < 0 else "+"
    return rf"{number(factor)} \left({total}\right) {sign} {number(abs(shift))}"


def _apply_activation(activation: str, total: str) -> str:
    if activation in KNOWN:
        return KNOWN[activation].format(total)
    return rf"\operatorname{{{ACTIVATIONS[activation].label.replace(' ', '~')}}}\left({total}\right)"


def _output(subject: Subject, outputs: list[str]) -> list[str]:
    """What the outputs stand for, by name: the target in its units, or classes."""
    prepared = subject.trainer.prepared
    if subject.experiment.task == "regression":
        name, mean, deviation = prepared.target
        scaled = f"{number(mean, deviation)} + {number(deviation)} y" if (mean, deviation) != (0, 1) else "y"
        return [f"{words(name)} &= {scaled}"]
    names = [class_label(name) for name in prepared.class_names]
    if subject.loss.logits and len(outputs) == 1:
        return [f"P({words(names[1])})" + r" &= \sigma\left(y\right)"]
    if subject.loss.logits:
        shares = zip(names, outputs, strict=True)
        return [f"P({words(name)})" + rf" &= \frac{{e^{{{output}}}}}{{\sum_j e^{{y_j}}}}" for name, output in shares]
    if len(outputs) == 1:
        choice = mark("{first} if {condition}, else {second}")
        decided = phrase(choice, first=words(names[1]), condition=" y > 0", second=words(names[0]))
        return [f"{words(mark('class'))} &= {decided}"]
    listed = ", ".join(f"{output} = {words(name)}" for name, output in zip(names, outputs, strict=True))
    return [f"{words(mark('class'))} &= {phrase(mark('the largest of {outputs}'), outputs=' ' + listed)}"]
