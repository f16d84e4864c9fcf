"""Optimizers on a benchmark function, side by side: a ``Simulation`` whose parameters are two coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array

from playground.analysis.race.benchmark_functions import Surface
from playground.analysis.race.entrants import PLAIN_OPTIMIZERS, RACING, Entrant, base_of, knobs_of, label_of, usual_rate
from playground.experiment import Knobs
from playground.language import NumberText, mark
from playground.live.frames.observer import Block, Frame
from playground.live.protocol.reply import Stop
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.schedules import SCHEDULES
from playground.programs.cache import ProgramSpec
from playground.programs.compiler import Program, aot_compile
from playground.training.knobs import knob_dict, knob_vector

MAX_STEPS = 2000
"""Steps after which a descent is over."""
MAX_DISTANCE = 10
"""Who is this many of the picture's widths away from its middle counts as diverged."""
ALIKE_RATE = 0.01
"""The usual rate of a method whose step is as long as its rate; on a surface that is a hundredth of the picture."""
VELOCITY, SQUARES = ("mu", "m", "trace"), ("nu", "v", "sum_of_squares", "e_g")
"""What Optax's states, and our own, call the running mean of gradients, and that of their squares."""


class Place(NamedTuple):
    """Where one descent stands: coordinates ``x (2,)``, the optimizer's own, the step, and the step at which it broke,
    or -1."""

    x: Array
    own: Any
    step: Array
    bad_step: Array


class DescentState(NamedTuple):
    """Where all stand."""

    places: tuple[Place, ...]
    step: np.ndarray

    @property
    def bad_step(self) -> np.ndarray:
        """Each one's step at which it broke (K,), or -1."""
        return np.array([int(place.bad_step) for place in self.places])


def surface_rate(name: str, surface: Surface) -> float:
    """A learning rate for one of ``RACING`` on ``surface``: steep as it is for plain descent, wide as its picture is
    for the others."""
    if base_of(name) in PLAIN_OPTIMIZERS:
        return surface.rate
    return usual_rate(name) / ALIKE_RATE * surface.span / 100


def surface_entrants(surface: Surface, names: Sequence[str], factor: float = 1.0) -> list[Entrant]:
    """One way an optimizer, each at the learning rate that suits the surface, times ``factor``."""
    return [
        Entrant(
            label_of(name), base_of(name), "constant", knobs_of(name, Knobs(), factor * surface_rate(name, surface))
        )
        for name in names
        if name in RACING
    ]


def surface_rates(surface: Surface, name: str, factors: Sequence[float]) -> list[Entrant]:
    """One way a learning rate of one optimizer: that which suits the surface, times each factor."""
    (base,) = surface_entrants(surface, [name])
    values = [min(float(f"{factor * base.knobs.learning_rate:.2g}"), 10.0) for factor in factors]
    return [
        replace(base, name=NumberText(f"{v:g}"), knobs=replace(base.knobs, learning_rate=v))
        for v in dict.fromkeys(values)
    ]


class FunctionDescent:
    """Up to eight descents of ``surface`` from one place."""

    def __init__(self, surface: Surface, ways: Sequence[Entrant], start: tuple[float, float] | None = None) -> None:
        self.surface, self.ways = surface, tuple(ways)
        self.start = np.array(start or surface.start, np.float32)
        self.floor = surface.floor
        many = len(self.ways)
        self.blocks = (
            Block("scalars", "f32", (2,)),
            Block("series", "f32", (2 * many,)),
            Block("path", "f32", (2 * many,)),
            Block("inner", "f32", (4 * many,)),
        )

    @property
    def series(self) -> tuple[str, ...]:
        """Names of the frames' numbers: height above the lowest place, and distance from the start, of each."""
        return tuple(f"{what} {entrant.name}" for entrant in self.ways for what in ("height", "distance"))

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How its programs are compiled, one a way of learning."""
        return tuple({spec.key: spec for spec in map(self._recipe, self.ways)}.values())

    def first_state(self) -> DescentState:
        """All at the start."""
        x = jnp.asarray(self.start)
        places = []
        for entrant in self.ways:
            own = transform(entrant, knob_dict(jnp.asarray(knob_vector(entrant.knobs))), jnp.int32(0)).init(x)
            places.append(jax.device_get(Place(x, own, jnp.int32(0), jnp.int32(-1))))
        return DescentState(tuple(places), np.array(0, np.int32))

    def advance(self, state: DescentState, steps: int) -> DescentState:
        """All so many steps further, no further than the descent goes; who broke stays where that was."""
        steps = min(steps, MAX_STEPS - int(state.step))
        if steps <= 0:
            return state
        places = [
            jax.device_get(self._recipe(entrant).program()(place, knob_vector(entrant.knobs), np.int32(steps)))
            for entrant, place in zip(self.ways, state.places, strict=True)
        ]
        return DescentState(tuple(places), state.step + np.int32(steps))

    def frame(self, state: DescentState) -> Frame:
        """What is seen of a state; the numbers of who broke are NaN."""
        x = np.stack([place.x for place in state.places]).astype(float)
        with np.errstate(all="ignore"):
            height = self.surface.height(np, x[:, 0], x[:, 1]) - self.floor
        distance = np.hypot(*(x - self.start).T)
        series = np.stack([height, distance], axis=1)
        series[state.bad_step >= 0] = np.nan
        inner = np.stack(
            [optimizer_memory(entrant, place) for entrant, place in zip(self.ways, state.places, strict=True)]
        )
        parts = ([state.step, state.step], series.ravel(), x.ravel(), inner.ravel())
        return Frame(int(state.step), -1, np.concatenate(parts).astype(np.float32), np.zeros(0, np.uint8))

    def stop_reason(self, state: DescentState) -> Stop | None:
        """Over when all have diverged, or after so many steps."""
        if (state.bad_step >= 0).all():
            return "diverged", mark("All have left the surface for good: take lower learning rates.")
        if state.step >= MAX_STEPS:
            return "stopped", mark("The descent is over after {steps:,} steps.", steps=MAX_STEPS)
        return None

    def _recipe(self, entrant: Entrant) -> ProgramSpec:
        key = (
            "descent",
            self.surface.text,
            self.surface.corner,
            self.surface.span,
            entrant.optimizer,
            entrant.schedule,
        )
        return ProgramSpec(key, lambda: self._compile(entrant))

    def _compile(self, entrant: Entrant) -> Program:
        first = self.first_state().places[self.ways.index(entrant)]
        return aot_compile(make_descend(self.surface, entrant), first, knob_vector(entrant.knobs), np.int32(1))


def transform(entrant: Entrant, knobs: Any, step: Array) -> Any:
    """The optimizer as it is at ``step``."""
    rate = knobs["learning_rate"] * SCHEDULES[entrant.schedule].factor(step, knobs)
    return optax.with_extra_args_support(OPTIMIZERS[entrant.optimizer].transform(rate, knobs))


def make_descend(surface: Surface, entrant: Entrant) -> Any:
    """The function ``descend(place, knobs vector, steps) -> place``, to be compiled."""
    height = surface.height
    slope = jax.grad(lambda x: height(jnp, x[0], x[1]))
    middle, far = np.array(surface.corner, np.float32) + np.float32(surface.span / 2), MAX_DISTANCE * surface.span

    def descend(place: Place, vector: Array, steps: Array) -> Place:
        knobs, end = knob_dict(vector), place.step + steps

        def descend_once(at: Place) -> Place:
            update, own = transform(entrant, knobs, at.step).update(slope(at.x), at.own, at.x)
            x = at.x + update
            fine = jnp.isfinite(x).all() & (jnp.abs(x - middle).max() < far) & jnp.isfinite(height(jnp, x[0], x[1]))
            x, own = jax.tree.map(lambda new, old: jnp.where(fine, new, old), (x, own), (at.x, at.own))
            return Place(x, own, at.step + 1, jnp.where(fine, at.bad_step, at.step))

        moved = jax.lax.while_loop(lambda at: (at.step < end) & (at.bad_step < 0), descend_once, place)
        return moved._replace(step=end)

    return descend


def optimizer_memory(entrant: Entrant, place: Place) -> np.ndarray:
    """What the optimizer remembers (4,): its velocity, pointing the way it moves, and the root of its mean of squares;
    NaN where it has none."""
    velocity, squares = (_find_array(place.own, names) for names in (VELOCITY, SQUARES))
    sign = 1.0 if entrant.optimizer == "rmsprop" else -1.0  # RMSprop's momentum is one of steps, not of gradients
    return np.concatenate([sign * velocity, np.sqrt(np.maximum(squares, 0))])


def _find_array(tree: Any, names: Sequence[str]) -> np.ndarray:
    """The first array (2,) in an optimizer's state that bears one of ``names``."""
    if hasattr(tree, "_fields"):
        for name in tree._fields:
            part = getattr(tree, name)
            if name in names and np.shape(part) == (2,):
                return np.asarray(part, float)
    if isinstance(tree, tuple):
        for part in tree:
            array = _find_array(part, names)
            if np.isfinite(array).all():
                return array
    return np.full(2, np.nan)
