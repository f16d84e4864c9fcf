"""Hypergradients: the derivative of the loss after a short window of training with respect to each knob.

Every step of the real training is differentiated in forward mode: beside the state run its derivatives, one for each
knob (Franceschi et al. 2017; in reverse mode Maclaurin, Duvenaud & Adams 2015). What a slope promises is then tried:
the same window is trained with the knob turned both ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import numpy as np

from playground.analysis.hypergradient.tangents import LossKind, Tangents
from playground.experiment import Experiment
from playground.experiment.fields import Number
from playground.experiment.links.query import RULES
from playground.language import mark
from playground.live.frames.observer import Observer
from playground.live.frames.rollout import FrameRollout
from playground.nn.masks import Masks
from playground.objectives.optimizers import OPTIMIZERS
from playground.programs.cache import ProgramSpec
from playground.training.knobs import KNOB_NAMES
from playground.training.train_loop import TrainState
from playground.training.trainer import Trainer

LONGEST, SHORTEST, SLICE = 100, 10, 10
"""Steps of a window at most, at least, and between two pauses."""
PRODUCTS = 3e8
"""Multiplications that a window may cost, forward passes alone; larger networks look less far."""
DIFFERENTIABLE_KNOBS = (
    "learning_rate",
    "momentum",
    "beta1",
    "beta2",
    "decay",
    "weight_decay",
    "l1",
    "l2",
    "label_smoothing",
)
SIGN_OPTIMIZERS = ("lion",)
"""Optimizers that go by the sign of a mean of gradients: its slope is 0 wherever it has one, and says nothing of its
jumps."""
MAX_GROWTH = 1000.0
"""By how much a nudge of the weights may grow in a window before no slope through it is believed."""
AGREE, SMALL = 0.35, 0.001
"""How far the trial may be from the slope, as a share of the larger; changes below this share of the loss hardly
matter."""


SlopeVerdict = Literal["up", "down", "flat", "best", "chaotic", "undefined"]


@dataclass(frozen=True)
class Slope:
    """Of one knob: ``slope`` of the loss at the window's end; ``amount`` by which to turn the knob, as a share of it
    ``relative`` (NaN: it is 0).

    Relative changes of the loss: ``derivative`` by the slope for turning it up by that; ``tried`` the same from whole
    trainings; ``up`` and ``down`` one way alone (NaN where the knob ends). ``verdict``: up or down (that way the loss
    falls), flat, best (either way it rises), chaotic, or undefined with ``why``.
    """

    verdict: SlopeVerdict
    slope: float = np.nan
    amount: float = np.nan
    relative: float = np.nan
    derivative: float = np.nan
    tried: float = np.nan
    up: float = np.nan
    down: float = np.nan
    why: str = ""


@dataclass
class HypergradientReport:
    """What is found: after ``window`` steps from ``step`` the loss ``kind`` (test, or train where there is no test set)
    is ``loss``.

    ``growth``: how many times longer a nudge of the weights became. ``slopes`` by knob; ``text``: why there are none.
    """

    step: int = 0
    window: int = 0
    kind: LossKind = "test"
    loss: float = np.nan
    growth: float = np.nan
    slopes: dict[str, Slope] = field(default_factory=dict)
    text: str = ""


def window_of(trainer: Trainer) -> int:
    """How many steps to look ahead: fewer where a step costs more."""
    widths = trainer.network.widths
    products = trainer.batch_size * sum(a * b for a, b in pairwise(widths))
    return int(np.clip(PRODUCTS / (40 * products) // SLICE * SLICE, SHORTEST, LONGEST))


def knobs_with_slope(experiment: Experiment) -> tuple[str, ...]:
    """The knobs of this experiment that have an effect and could have a slope, and dropout."""
    own = OPTIMIZERS[experiment.structure.optimizer].knobs
    general = ["l1", "l2", "weight_decay"]
    if not OPTIMIZERS[experiment.structure.optimizer].line_search:
        general.append("learning_rate")
    if experiment.task != "regression":
        general.append("label_smoothing")
    return (*(name for name in DIFFERENTIABLE_KNOBS if name in own or name in general), "dropout")


def reason_without_slope(experiment: Experiment, name: str) -> str:
    """Why the knob ``name`` has no slope here; empty when it has one."""
    optimizer = OPTIMIZERS[experiment.structure.optimizer]
    if optimizer.line_search:
        return mark("{optimizer} searches for each step's length, and what it finds jumps.", optimizer=optimizer.label)
    if name == "dropout" and experiment.structure.hidden:
        return mark(
            "Dropout switches whole units at random: the loss jumps where a unit falls out, and has no slope between."
        )
    if optimizer.name in SIGN_OPTIMIZERS and name not in ("learning_rate", "weight_decay"):
        return mark(
            "{optimizer} goes by the sign of its gradients alone: this knob does nothing until a sign jumps.",
            optimizer=optimizer.label,
        )
    return ""


def amount_of(name: str, value: float) -> tuple[float, float]:
    """By how much to turn the knob, and as which share of it (NaN: not as a share): a tenth of a size, a hundredth of a
    share."""
    rule = RULES[name]
    assert isinstance(rule, Number)
    if rule.log:
        return (0.1 * value, 0.1) if value > 0 else (0.001, np.nan)
    room = rule.high - value
    return (min(0.01, 0.2 * room) if room > 0 else 0.01), np.nan


def verdict(derivative: float, tried: float, up: float, down: float, growth: float) -> SlopeVerdict:
    """What a slope is worth, from relative changes of the loss: what the ``derivative`` says, what was ``tried`` both
    ways, ``up`` and ``down`` each."""
    if not (np.isfinite(derivative) and np.isfinite(tried) and growth <= MAX_GROWTH):
        return "chaotic"
    most = max(abs(derivative), abs(tried))
    if most > SMALL and abs(derivative - tried) > AGREE * most:
        return "chaotic"
    if up > SMALL and down > SMALL:
        return "best"
    if most <= SMALL:
        return "flat"
    return "down" if derivative > 0 else "up"


class Hypergradient:
    """The slopes of one trainer's windows."""

    def __init__(self, trainer: Trainer, masked: bool = False) -> None:
        self.trainer = trainer
        self.names = tuple(
            name for name in knobs_with_slope(trainer.experiment) if not reason_without_slope(trainer.experiment, name)
        )
        self.report = HypergradientReport(kind="test" if int(trainer.prepared.data.test.n) else "train")
        self._tangents = Tangents(trainer, self.names, self.report.kind, masked)
        # Its steps are the trainer's, and where a run plays, its program is there already.
        self._film = FrameRollout(Observer(trainer)) if trainer.padded else None

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How its programs are compiled: the differentiated steps, the loss with its slopes, the plain steps."""
        plain = self._film.recipe if self._film else self.trainer.recipe(self._tangents.masked)
        return (*self._tangents.recipes, plain)

    def work(
        self, state: TrainState, knobs: np.ndarray, masks: Masks | None = None, window: int | None = None
    ) -> Iterator[float]:
        """Look ``window`` steps ahead of ``state`` under ``knobs``, filling ``report``; yields the share that is
        done."""
        report, window = self.report, window or window_of(self.trainer)
        report.step = int(state.step)
        if int(state.bad_step) >= 0:
            report.text = mark(
                "This run has diverged: there is no way on from here. Turn the learning rate down and go "
                "back in time, or reset."
            )
            return
        if not self.names:
            report.text = reason_without_slope(self.trainer.experiment, "l2")
            return
        moving, tries = self._tangents.first(state), len(self.names) * 2
        for done in range(0, window, SLICE):
            steps = min(SLICE, window - done)
            moving = self._tangents.advance(moving, knobs, steps, masks)
            yield 0.8 * (done + steps) / window
            bad_step = int(moving.state.bad_step)
            if bad_step >= 0:
                report.text = mark(
                    "Training diverges at step {step:,}, before this window ends. Turn the learning rate down.",
                    step=bad_step,
                )
                return
        value, slopes, growth = map(np.asarray, self._tangents.measure(moving, knobs, masks))
        report.window, report.loss, report.growth = window, float(value), float(growth)
        for i, name in enumerate(self.names):
            report.slopes[name] = self._judge(name, float(slopes[i]), state, knobs, masks)
            yield 0.8 + 0.2 * 2 * (i + 1) / tries
        for name in knobs_with_slope(self.trainer.experiment):
            if name not in self.names:
                report.slopes[name] = Slope("undefined", why=reason_without_slope(self.trainer.experiment, name))

    def loss_after(
        self, state: TrainState, knobs: np.ndarray, masks: Masks | None, window: int, **turned_to: float
    ) -> float:
        """The loss after ``window`` plain steps with some knobs set to other values; infinite where it diverges."""
        other = knobs.copy()
        other[KNOB_NAMES.index("patience")] = 0  # the window is looked at as a whole
        for name, value in turned_to.items():
            other[KNOB_NAMES.index(name)] = value
        if self._film:
            end, _ = self._film(state, window, 1, other, masks)
        else:
            end = self.trainer.advance_under(state, window, other, masks)
        if int(end.bad_step) >= 0:
            return np.inf
        # The loss's own knobs, smoothing apart, are never turned: it measures with the same yardstick.
        return float(self._tangents.measure(self._tangents.first(end), knobs, masks).loss)

    def _judge(self, name: str, slope: float, state: TrainState, knobs: np.ndarray, masks: Masks | None) -> Slope:
        report, value = self.report, float(knobs[KNOB_NAMES.index(name)])
        amount, relative = amount_of(name, value)
        rule, scale = RULES[name], max(abs(report.loss), 1e-12)
        assert isinstance(rule, Number)

        def change(by: float) -> float:
            return (self.loss_after(state, knobs, masks, report.window, **{name: value + by}) - report.loss) / scale

        up = change(amount) if value + amount <= rule.high else np.nan
        down = change(-amount) if value - amount >= rule.low else np.nan
        # At an end of its range the knob can be turned one way only: three values on one side then give the slope.
        if np.isnan(down):
            tried = 2 * up - change(2 * amount) / 2
        elif np.isnan(up):
            tried = change(-2 * amount) / 2 - 2 * down
        else:
            tried = (up - down) / 2
        predicted_rise = slope * amount / scale
        return Slope(
            verdict(predicted_rise, tried, up, down, report.growth),
            slope,
            amount,
            relative,
            predicted_rise,
            tried,
            up,
            down,
        )
