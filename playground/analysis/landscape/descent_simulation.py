"""A training on a plane of the loss: coordinates, loss and sharpness of every frame, and the sharpness that the
learning rate allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from playground.analysis.landscape.curvature import Sharpness, max_stable_sharpness
from playground.analysis.landscape.loss_surface import LossSurface
from playground.analysis.landscape.plane import Plane, flat
from playground.experiment import Experiment
from playground.language import mark
from playground.live.frames.observer import Block, Frame, Observer
from playground.live.protocol.reply import Stop
from playground.nn.masks import Masks
from playground.programs.cache import ProgramSpec
from playground.training.train_loop import TrainState

MAX_STEPS = 20_000
"""Steps after which it is over."""
LIVE_SIDE = 31
DECADES, MOVING_DECADES = 3.0, 2.0
SERIES = ("train loss", "test loss", "sharpness", "allowed sharpness")


def shades_of(heights: np.ndarray, low: float, high: float) -> np.ndarray:
    """Losses as uint8 shades, top row first: 0 at ``low`` (a logarithm to 10) and below, 255 at ``high`` and above."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (np.log10(heights) - low) / max(high - low, 1e-9)
    share = np.nan_to_num(share, nan=1.0, posinf=1.0, neginf=0.0)
    return (np.clip(share, 0, 1) * 255).astype(np.uint8)[::-1]


def log_range(heights: np.ndarray) -> tuple[float, float]:
    """Logarithms to 10 of the lowest loss and of one that only a twentieth is above; at most ``DECADES`` apart."""
    good = heights[np.isfinite(heights) & (heights > 0)]
    if not good.size:
        return -1.0, 0.0
    high = float(np.log10(np.quantile(good, 0.95)))
    return max(float(np.log10(good.min())), high - DECADES), high


@dataclass(frozen=True, eq=False)
class DescentSimulation:
    """A course (see ``live/comparison.py``) of one training from ``start`` under an ``experiment``'s knobs and
    ``masks``.

    On a plane that stays (its picture is the stage's backdrop) a point moves; with ``moving`` the plane goes along, and
    the point stays in the middle of it.
    """

    observer: Observer
    experiment: Experiment
    masks: Masks | None
    start: TrainState
    plane: Plane
    moving: bool = False

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What a frame consists of."""
        shown = (Block("map", "u8", (1, LIVE_SIDE * LIVE_SIDE)),) if self.moving else ()
        return (
            Block("scalars", "f32", (2,)),
            Block("series", "f32", (len(SERIES),)),
            Block("path", "f32", (2,)),
            *shown,
        )

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """The programs that it needs: the training's, the frame's, the sharpness's, and the moving plane's."""
        seen = (self.landscape.recipe,) if self.moving else ()
        trainer = self.observer.trainer
        return (trainer.recipe(self.masks is not None), self.observer.recipe, self.sharpness.recipe, *seen)

    @cached_property
    def sharpness(self) -> Sharpness:
        """The curvature of the loss."""
        return Sharpness(self.observer.trainer)

    @cached_property
    def landscape(self) -> LossSurface:
        """The loss on the moving plane."""
        return LossSurface(self.observer.trainer, LIVE_SIDE)

    @cached_property
    def knobs(self) -> np.ndarray:
        """The knobs as the programs take them."""
        return self.observer.trainer.knobs(self.experiment.knobs)

    def with_learning_rate(self, learning_rate: float) -> DescentSimulation:
        """The same under another learning rate."""
        knobs = replace(self.experiment.knobs, learning_rate=learning_rate)
        return replace(self, experiment=replace(self.experiment, knobs=knobs))

    def first_state(self) -> TrainState:
        """Where it starts."""
        return self.start

    def advance(self, state: TrainState, steps: int) -> TrainState:
        """So many steps further, no further than it goes."""
        steps = min(steps, int(self.start.step) + MAX_STEPS - int(state.step))
        if steps <= 0:
            return state
        return self.observer.trainer.advance(state, steps, self.experiment.knobs, self.masks)

    def frame(self, state: TrainState) -> Frame:
        """Losses, sharpness and place of a state, and the plane around it when that moves."""
        seen = self.observer(state, self.knobs, self.masks)
        step = int(state.step)
        sharp = float(self.sharpness(state, self.knobs, self.masks).values[0])
        losses = [seen.scalar("train_loss"), seen.scalar("test_loss")]
        most = max_stable_sharpness(self.experiment, step)
        series = [*losses, sharp if sharp > 0 else np.nan, most if np.isfinite(most) else np.nan]
        at = np.zeros(2) if self.moving else self.plane.coordinates(flat(state)[None])[0][0]
        floats = np.array([step, seen.scalar("epoch"), *series, *at], np.float32)
        shades = np.zeros(0, np.uint8)
        if self.moving:
            shades = shades_of(self._around(state), *self._range).ravel()
        return Frame(step, int(state.bad_step), floats, shades)

    def stop_reason(self, state: TrainState) -> Stop | None:
        """Over when it has diverged, or after so many steps."""
        if int(state.bad_step) >= 0:
            return (
                "diverged",
                mark(
                    "It diverged at step {step:,}: above the allowed sharpness steps grow from wall to wall. Turn the "
                    "learning rate down.",
                    step=int(state.bad_step),
                ),
            )
        if self.observer.trainer.has_stopped(state, self.knobs):
            return "stopped", self.observer.trainer.stop_sentence(state)
        if int(state.step) >= int(self.start.step) + MAX_STEPS:
            return "stopped", mark("It is over after {steps:,} steps.", steps=MAX_STEPS)
        return None

    def distance_from_plane(self, state: TrainState) -> float:
        """How much of the way from the start to ``state`` lies off the plane: 0 to 1, as a share of the squared
        distance."""
        return replace(self.plane, centre=flat(self.start)).off(flat(state)[None])

    def _around(self, state: TrainState) -> np.ndarray:
        return self.landscape.loss_on_plane(replace(self.plane, centre=flat(state)), state, self.knobs, self.masks)

    @cached_property
    def _range(self) -> tuple[float, float]:
        _, high = log_range(self._around(self.start))
        return high - MOVING_DECADES, high
