"""Links of TensorFlow Playground (Smilkov et al. 2017), understood key by key."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import unquote

from playground.errors import PlaygroundError
from playground.experiment.experiment import Experiment
from playground.experiment.fields import Choice, Integer, Number, Rule, format_value
from playground.experiment.handout import Handout
from playground.experiment.links.query import MAX_NAMES, MAX_UNKNOWN, RULES, too_many_names_sentence
from playground.experiment.links.values import WORDS, Hundredths, omission_sentence, read_value
from playground.language import mark

T = TypeVar("T")

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
    "collectStats": mark("it is about that site's statistics"),
    "tutorial": mark("it names a tutorial of that site"),
    "hideText": mark("it hides that site's article, which is not here"),
}
SAMPLES = {"classification": 500, "regression": 1200}
VIEWS = ("showTestData", "discretize")
HIDES = "_hide"
"""What the name of a control ends with in a key that hides it."""
KEYS = (
    *("activation", "batchSize", "dataset", "regDataset", "learningRate", "regularization", "regularizationRate"),
    *("noise", "networkShape", "seed", "percTrainData", "problem", "initZero"),
    *FEATURES,
    *VIEWS,
    *NO_COUNTERPART,
)
"""All keys of a permalink, but for those that hide a control."""


SEED = re.compile(r"(\d*\.?\d+(?:e-?\d+)?)\W*", re.ASCII)
"""A seed as that site writes it, and what a sentence around the link may have left behind it."""


@dataclass(frozen=True)
class Opened:
    """What a link holds: an experiment, the handout around it, and sentences on what has no counterpart, was put right
    or is left out. ``understood`` and ``left_out`` count settings; ``past``: what was done on the way to a step, as
    text."""

    experiment: Experiment
    handout: Handout = field(default_factory=Handout)
    notes: tuple[str, ...] = ()
    understood: int = 0
    left_out: int = 0
    past: str = ""


class Reader:
    """Values of a link by key: what cannot be understood becomes a note, and its default stands."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.notes: dict[str, list[str]] = {}
        self.read: set[str] = set()
        self.damaged: set[str] = set()

    def take(self, key: str, default: T, convert: Callable[[str], T | None]) -> T:
        """The value of ``key``; ``convert`` returns None, or raises, for what makes no sense."""
        self.read.add(key)
        text = self.values.get(key, "").strip()
        if not text:
            return default
        why = mark("{value} makes no sense here.", value=format_value(text))
        try:
            value = convert(text)
        except PlaygroundError as error:
            value, why = None, error.sentence
        if value is None:
            self.damaged.add(key)
            self.notes[key] = [omission_sentence(key, why)]
            return default
        return value

    def choice(self, key: str, default: str, choices: Mapping[str, str]) -> str:
        """The counterpart of one of ``choices``, however its letters are written."""
        names = Choice(choices=choices, label="", help="")
        return self.take(key, default, lambda text: choices[self._read(key, names, text)])

    def number(self, key: str, rule: Number | Integer, default: float, per: int = 1) -> float:
        """A number over ``per``, under a rule of ours."""
        scaled = (
            Hundredths(low=round(rule.low * per, 9), high=round(rule.high * per, 9), label=rule.label, help=rule.help)
            if isinstance(rule, Number) and per == 100
            else rule
        )
        value = self.take(key, default * per, lambda text: self._read(key, scaled, text.removesuffix("%")))
        return value if per == 1 else value / per

    def _read(self, key: str, rule: Rule[Any], text: str) -> Any:
        value, repairs = read_value(key, rule, text)
        self.notes[key] = repairs
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Whether it says true."""
        return self.take(key, default, lambda text: WORDS.get(text.lower()))

    def pass_over(self, key: str) -> None:
        """Say nothing of ``key``, which does not count."""
        self.notes.pop(key, None)
        self.damaged.discard(key)

    def widths(self, key: str, default: list[int]) -> list[int]:
        """Units of each hidden layer; an empty text is no layer."""
        self.read.add(key)
        if self.values.get(key) == "":
            return []
        return self.take(key, default, lambda text: list(self._read(key, RULES["hidden"], text)))


def from_tensorflow_playground(link: str) -> Opened:
    """The experiment of a TensorFlow Playground link: the whole address, or what stands behind its ``#``.

    Every key of its permalink is understood; what has no counterpart here, or makes no sense, is named in ``notes``.
    The weights there are drawn by another generator: a link gives the same experiment, not the same numbers.
    """
    fragment = link.split("#", 1)[1] if "#" in link else link
    pairs = [part.partition("=") for part in fragment.strip().split("&") if part]
    return from_values({unquote(name): unquote(value) for name, _, value in pairs})


def from_values(values: Mapping[str, str]) -> Opened:
    """The experiment of a TensorFlow Playground link's keys and texts."""
    names = {key.lower(): key for key in (*KEYS, *(key + HIDES for key in HIDDEN))}
    spelled = {key: names.get(key.lower().strip(), key) for key in islice(values, MAX_NAMES)}
    reader = Reader({spelled[key]: values[key] for key in spelled})
    experiment = _experiment(reader)
    handout = _handout(reader)
    notes = [note for sentences in reader.notes.values() for note in sentences]
    for key, why in NO_COUNTERPART.items():
        reader.read.add(key)
        if reader.values.get(key, "false") not in ("", "false"):
            notes.append(mark("{key} has no counterpart here: {why}.", key=key, why=why))
    unknown = [key for key in reader.values if key not in reader.read]
    for key in unknown[:MAX_UNKNOWN]:
        notes.append(
            mark("{key} in the link is no setting of TensorFlow Playground; it was passed over.", key=key[:40])
        )
    if len(unknown) > MAX_UNKNOWN:
        notes.append(
            mark("{count:,} more names in the link are none of its settings.", count=len(unknown) - MAX_UNKNOWN)
        )
    if len(values) > MAX_NAMES:
        notes.append(too_many_names_sentence(len(values)))
    understood = len(reader.values.keys() & reader.read) - len(reader.damaged)
    return Opened(experiment, handout, tuple(dict.fromkeys(notes)), understood, len(reader.damaged) + len(unknown))


def _experiment(reader: Reader) -> Experiment:
    problem = reader.choice("problem", "classification", dict(zip(SAMPLES, SAMPLES, strict=True)))
    classification = reader.choice("dataset", "circle", DATASETS)
    regression = reader.choice("regDataset", "plane", REGRESSIONS)
    # The other problem's dataset is in every link there: no word about one that is not used.
    reader.pass_over("regDataset" if problem == "classification" else "dataset")
    kind = reader.choice("regularization", "none", {name: name for name in ("none", "L1", "L2")})
    rate = reader.number("regularizationRate", _number("l2"), 0.0)
    seed = reader.take("seed", 0, _seed)
    return Experiment.of(
        dataset=classification if problem == "classification" else regression,
        samples=SAMPLES[problem],
        noise=reader.number("noise", _number("noise"), 0.0, 100),
        train_fraction=reader.number("percTrainData", _number("train_fraction"), 0.5, 100),
        features=_features(reader),
        hidden=reader.widths("networkShape", [4, 2]),
        activation=reader.choice("activation", "tanh", ACTIVATIONS),
        output_activation="tanh" if problem == "classification" else "identity",
        initializer="zeros" if reader.flag("initZero", False) else "tf_playground",
        loss="mse",
        optimizer="sgd",
        batch_size=reader.number("batchSize", _number("batch_size"), 10),
        learning_rate=reader.number("learningRate", _number("learning_rate"), 0.03),
        l1=rate if kind == "L1" else 0.0,
        l2=rate if kind == "L2" else 0.0,
        seed=seed,
        init_seed=seed,
    )


def _number(name: str) -> Number | Integer:
    rule = RULES[name]
    assert isinstance(rule, Number | Integer)
    return rule


def _seed(text: str) -> int:
    """Texts there, whole numbers here: the same text gives the same number."""
    number = SEED.fullmatch(text)
    return zlib.crc32((number[1] if number else text).encode()) % 2**31


def _features(reader: Reader) -> list[str]:
    chosen = [ours for key, ours in FEATURES.items() if reader.flag(key, key in ("x", "y"))]
    if not chosen:
        reader.notes["features"] = [mark("the link switches every feature off; x1 and x2 stand in for them.")]
    return chosen or ["x1", "x2"]


def _handout(reader: Reader) -> Handout:
    hide: list[str] = []
    for key in tuple(reader.values):
        name = key.removesuffix(HIDES)
        if name == key:
            continue
        if not reader.flag(key, False):
            continue
        if HIDDEN.get(name):
            hide += HIDDEN[name]
        else:
            reader.notes[key] = [
                mark("{key} hides a control that has no counterpart here.", key=format_value(key[:40]))
            ]
    show = [ours for key, ours in zip(VIEWS, ("test", "discretize"), strict=True) if reader.flag(key, False)]
    return Handout(hide=tuple(dict.fromkeys(hide)), show=tuple(show))
