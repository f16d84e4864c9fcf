"""Links of TensorFlow Playground (Smilkov et al. 2017), understood key by key."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from playground.errors import PlaygroundError
from playground.spec.experiment import Experiment
from playground.spec.lesson import Lesson
from playground.spec.link import RULES
from playground.spec.rules import shown

DATASETS = {"circle": "circle", "xor": "xor", "gauss": "gauss", "spiral": "spiral"}
REGRESSIONS = {"reg-plane": "plane", "reg-gauss": "six_bumps"}
ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "sigmoid": "sigmoid", "linear": "identity"}
FEATURES = {
    "x": "x1",
    "y": "x2",
    "xSquared": "x1_squared",
    "ySquared": "x2_squared",
    "xTimesY": "x1_x2",
    "cosX": "cos_x1",
    "sinX": "sin_x1",
    "cosY": "cos_x2",
    "sinY": "sin_x2",
}
HIDDEN = {
    "showTestData": ("test_points",),
    "discretize": (),
    "playButton": ("play",),
    "stepButton": ("step", "step_one"),
    "resetButton": ("reset",),
    "learningRate": ("learning_rate",),
    "activation": ("activation",),
    "regularization": ("l1", "l2"),
    "regularizationRate": ("l1", "l2"),
    "problem": ("loss", "output_activation"),
    "dataset": ("dataset",),
    "percTrainData": ("train_fraction",),
    "noise": ("noise",),
    "batchSize": ("batch_size",),
    "numHiddenLayers": ("hidden",),
}
"""What stands for each control that a link there can hide."""
NO_COUNTERPART = {
    "collectStats": "it is about that site's statistics",
    "tutorial": "it names a tutorial of that site",
    "hideText": "it hides that site's article, which is not here",
}
SAMPLES = {"classification": 500, "regression": 1200}
VIEWS = ("showTestData", "discretize")


@dataclass(frozen=True)
class Opened:
    """What a link holds: an experiment, the lesson around it, and sentences on what has no counterpart."""

    experiment: Experiment
    lesson: Lesson = field(default_factory=Lesson)
    notes: tuple[str, ...] = ()


class Reader:
    """Values of a link by key: what cannot be understood becomes a note, and its default stands."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.notes: list[str] = []
        self.read: set[str] = set()

    def take(self, key: str, default: Any, convert: Callable[[str], Any]) -> Any:
        """The value of ``key``; ``convert`` returns None, or raises, for what makes no sense."""
        self.read.add(key)
        text = self.values.get(key, "").strip()
        if not text:
            return default
        try:
            value = convert(text)
        except (ValueError, OverflowError, PlaygroundError):
            value = None
        if value is None:
            self.notes.append(f"{key}={text[:40]} in the link makes no sense here; {default} stands in for it.")
            return default
        return value

    def number(self, key: str, rule: str, default: float, per: int = 1) -> float:
        """A number over ``per``, under the rule of our field ``rule``."""
        return self.take(
            key, default, lambda text: RULES[rule].check(key, ordinary(text) if per == 1 else ordinary(text) / per)
        )

    def flag(self, key: str, default: bool) -> bool:
        """True unless it says false, as it is there."""
        return self.take(key, default, lambda text: text != "false")


def ordinary(text: str) -> float:
    """A finite number, a whole one as such; raises ``ValueError``."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return int(number) if number.is_integer() else number


def from_tensorflow_playground(link: str) -> Opened:
    """The experiment of a TensorFlow Playground link: the whole address, or what stands behind its ``#``.

    Every key of its permalink is understood; what has no counterpart here, or makes no sense, is named in ``notes``.
    The weights there are drawn by another generator: a link gives the same experiment, not the same numbers.
    """
    fragment = link.split("#", 1)[1] if "#" in link else link
    pairs = [part.partition("=") for part in fragment.strip().split("&") if part]
    reader = Reader({unquote(name): unquote(value) for name, _, value in pairs})
    given = _experiment(reader)
    lesson = _lesson(reader)
    for key, why in NO_COUNTERPART.items():
        reader.read.add(key)
        if reader.values.get(key, "false") not in ("", "false"):
            reader.notes.append(f"{key} has no counterpart here: {why}.")
    for key in reader.values:
        if key not in reader.read:
            reader.notes.append(f"{key[:40]} in the link is no setting of TensorFlow Playground; it was passed over.")
    return Opened(Experiment.of(**given), lesson, tuple(reader.notes))


def _experiment(reader: Reader) -> dict[str, Any]:
    problem = reader.take("problem", "classification", lambda text: text if text in SAMPLES else None)
    classification = reader.take("dataset", "circle", DATASETS.get)
    regression = reader.take("regDataset", "plane", REGRESSIONS.get)
    if problem == "classification":
        # The other problem's dataset is in every link there: no word about one that is not used.
        reader.notes = [note for note in reader.notes if not note.startswith("regDataset=")]
    else:
        reader.notes = [note for note in reader.notes if not note.startswith("dataset=")]
    kind = reader.take("regularization", "none", lambda text: text if text in ("none", "L1", "L2") else None)
    rate = reader.number("regularizationRate", "l2", 0.0)
    return {
        "dataset": classification if problem == "classification" else regression,
        "samples": SAMPLES[problem],
        "noise": reader.number("noise", "noise", 0.0, 100),
        "train_fraction": reader.number("percTrainData", "train_fraction", 0.5, 100),
        "features": _features(reader),
        "hidden": reader.take("networkShape", [4, 2], _widths)
        if reader.values.get("networkShape") != ""
        else _none(reader),
        "activation": reader.take("activation", "tanh", ACTIVATIONS.get),
        "output_activation": "tanh" if problem == "classification" else "identity",
        "initializer": "zeros" if reader.flag("initZero", False) else "tf_playground",
        "loss": "mse",
        "optimizer": "sgd",
        "batch_size": reader.number("batchSize", "batch_size", 10),
        "learning_rate": reader.number("learningRate", "learning_rate", 0.03),
        "l1": rate if kind == "L1" else 0.0,
        "l2": rate if kind == "L2" else 0.0,
        "seed": reader.take("seed", 0, _seed),
        "init_seed": reader.take("seed", 0, _seed),
    }


def _none(reader: Reader) -> list[int]:
    reader.read.add("networkShape")
    return []


def _seed(text: str) -> int:
    """Texts there, whole numbers here: the same text gives the same number."""
    return zlib.crc32(text.encode()) % 2**31


def _widths(text: str) -> list[int]:
    widths = [ordinary(part) for part in text.split(",")]
    return list(RULES["hidden"].check("networkShape", widths))


def _features(reader: Reader) -> list[str]:
    chosen = [ours for key, ours in FEATURES.items() if reader.flag(key, key in ("x", "y"))]
    if not chosen:
        reader.notes.append("the link switches every feature off; x1 and x2 stand in for them.")
    return chosen or ["x1", "x2"]


def _lesson(reader: Reader) -> Lesson:
    hide: list[str] = []
    for key, value in reader.values.items():
        name = key.removesuffix("_hide")
        if name == key:
            continue
        reader.read.add(key)
        if value != "true":
            continue
        if HIDDEN.get(name):
            hide += HIDDEN[name]
        else:
            reader.notes.append(f"{shown(key[:40])} hides a control that has no counterpart here.")
    show = [ours for key, ours in zip(VIEWS, ("test", "discretize"), strict=True) if reader.flag(key, False)]
    return Lesson(hide=tuple(dict.fromkeys(hide)), show=tuple(show))
