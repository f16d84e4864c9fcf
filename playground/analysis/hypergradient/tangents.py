"""Training differentiated in forward mode: tangents of the state, one a knob, and one of a perturbation.

Franceschi, Donini, Frasconi & Pontil 2017.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, get_args

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.nn.masks import Masks, apply_masks, full_masks
from playground.nn.parameters import flatten_params, unflatten_params
from playground.objectives.losses import LOSSES
from playground.programs.cache import ProgramSpec
from playground.programs.compiler import LIGHT, Program, aot_compile
from playground.training.data import Data
from playground.training.general import (
    Bucket,
    Plan,
    example_plan,
    example_split,
    example_state,
    make_train_loop,
    objective,
    objective_gradient,
)
from playground.training.knobs import KNOB_NAMES, knob_dict
from playground.training.objective import score
from playground.training.train_loop import make_advance
from playground.training.trainer import Trainer, where_of

Step = Callable[[Any, Array], Any]
"""From a state and a vector of knobs to the state after one step."""


class TangentState(NamedTuple):
    """A ``state`` of a training, as its programs take it, and the derivatives ``dots`` of its real numbers: leaf by
    leaf ``(rows, *shape)``, a row a knob, and the last one a nudge's."""

    state: Any
    dots: Any


LossKind = Literal["train", "test"]
"""The set whose loss it is."""


class Measure(NamedTuple):
    """The loss of a set ``()``, its ``slopes (rows,)`` along the derivatives, and how long the nudge has become."""

    loss: Array
    slopes: Array
    growth: Array


class Tangents:
    """One trainer's differentiated training with respect to the knobs ``names``; its loss is of the ``kind`` of set,
    train or test. ``masked``: with something switched off."""

    def __init__(self, trainer: Trainer, names: Sequence[str], kind: LossKind, masked: bool) -> None:
        self.trainer = trainer
        self.names = tuple(names)
        self.kind = kind
        assert len(self.names) < MAX_ROWS
        self.masked = masked

    @property
    def recipes(self) -> tuple[ProgramSpec, ProgramSpec]:
        """How its programs are compiled: the steps, the loss."""
        trainer, padded = self.trainer, self.trainer.padded
        if padded:
            dots = np.zeros((MAX_ROWS, padded.bucket.parameters), np.float32)
            loss = trainer.bucket_recipe(f"tangents of {self.kind} loss", MEASURES[self.kind], dots)
            return tangent_recipe(padded.bucket, trainer.device), loss
        key = (self.names, self.kind, self.masked, *trainer.key)
        return ProgramSpec(("tangents", *key), self._compile_steps), ProgramSpec(
            ("tangents of loss", *key), self._compile_loss
        )

    def first(self, state: Any) -> TangentState:
        """Before the first step: derivatives of 0 for every knob, and a nudge of the weights of length 1."""
        padded = self.trainer.padded
        nudge = np.random.default_rng(0).normal(size=flatten_params(state.params).size).astype(np.float32)
        nudge /= np.linalg.norm(nudge)
        inside = padded.pack(state) if padded else state
        moved = padded.pack_params(nudge) if padded else unflatten_params(nudge, state.params)
        dots = [np.zeros((self._rows, *np.shape(leaf)), np.float32) for leaf in split_floats(inside)[0]]
        for dot, part in zip(dots, jax.tree.leaves(moved), strict=False):
            dot[-1] = part
        return TangentState(inside, dots)

    def advance(self, moving: TangentState, knobs: np.ndarray, steps: int, masks: Masks | None) -> TangentState:
        """So many steps further under ``knobs``, with their derivatives."""
        trainer, program = self.trainer, self.recipes[0].program()
        if trainer.padded:
            data = trainer.padded_data.train
            return TangentState(
                *program(*moving, trainer.plan(masks), data, knobs, self._directions, trainer.seed, np.int32(steps))
            )
        return TangentState(
            *program(*moving, trainer.data.train, knobs, trainer.seed, np.int32(steps), *self._mask_arguments(masks))
        )

    def measure(self, moving: TangentState, knobs: np.ndarray, masks: Masks | None) -> Measure:
        """The loss there, and its slopes."""
        trainer, program = self.trainer, self.recipes[1].program()
        if trainer.padded:
            arguments = moving.state.params, trainer.plan(masks), trainer.padded_data, knobs, moving.dots[0]
            return Measure(*program(*arguments))
        return Measure(*program(*moving, trainer.data, knobs, *self._mask_arguments(masks)))

    @property
    def _rows(self) -> int:
        return MAX_ROWS if self.trainer.padded else len(self.names) + 1

    @property
    def _directions(self) -> np.ndarray:
        """In which direction each row turns the knobs: ``(rows, knobs)``."""
        directions = np.zeros((self._rows, len(KNOB_NAMES)), np.float32)
        for row, name in enumerate(self.names):
            directions[row, KNOB_NAMES.index(name)] = 1
        return directions

    def _mask_arguments(self, masks: Masks | None) -> tuple[Masks, ...]:
        return (masks or full_masks(self.trainer.network),) if self.masked else ()

    def _compile_steps(self) -> Program:
        trainer, directions = self.trainer, jnp.asarray(self._directions)
        rows = trainer.prepared.data.train.x.shape[0]
        advance = make_advance(trainer.experiment.structure, trainer.network, trainer.experiment.task, rows)

        def forward(
            state: Any, dots: Any, split: Any, knobs: Array, seed: Array, steps: Array, *masks: Masks
        ) -> tuple[Any, Any]:
            def step(state: Any, vector: Array) -> Any:
                return advance(state, split, knob_dict(vector), seed, jnp.int32(1), *masks)

            return advance_with_dots(step, state, dots, knobs, directions, steps)

        start = self.first(trainer.init())
        data = trainer.data.train
        return aot_compile(
            forward, *start, data, trainer.knobs(), trainer.seed, np.int32(1), *self._mask_arguments(None)
        )

    def _compile_loss(self) -> Program:
        trainer, is_test = self.trainer, self.kind == "test"
        network, loss, task = trainer.network, LOSSES[trainer.experiment.structure.loss], trainer.experiment.task

        def measure(state: Any, dots: Any, data: Data, vector: Array, *masks: Masks) -> Measure:
            floats, joined = split_floats(state)

            def value(floats: list[Array]) -> Array:
                at, split = joined(floats), data.test if is_test else data.train
                params, units = (apply_masks(at.params, masks[0]), masks[0].units) if masks else (at.params, None)
                return score(network, loss, task, params, at.stats, split, knob_dict(vector), units).loss

            slopes = jax.vmap(lambda dot: jax.jvp(value, (floats,), (dot,))[1])(dots)
            weights = len(jax.tree.leaves(state.params))
            return Measure(value(floats), slopes, length_of([dot[-1] for dot in dots[:weights]]))

        start = self.first(trainer.init())
        return aot_compile(measure, *start, trainer.data, trainer.knobs(), *self._mask_arguments(None))


MAX_ROWS = 10
"""Rows of derivatives in a general program: nine knobs that may have a slope, and the nudge."""


def tangent_recipe(bucket: Bucket, device: Any = None) -> ProgramSpec:
    """How the differentiated steps of ``bucket`` are compiled."""

    def build() -> Program:
        loop = make_train_loop(bucket)

        def forward(
            state: Any, dots: Any, plan: Plan, split: Any, knobs: Array, directions: Array, seed: Array, steps: Array
        ) -> tuple[Any, Any]:
            def step(state: Any, vector: Array) -> Any:
                return loop(state, plan, split, knob_dict(vector), seed, jnp.int32(1))

            return advance_with_dots(step, state, dots, knobs, directions, steps)

        state = example_state(bucket)
        dots = [np.zeros((MAX_ROWS, *np.shape(leaf)), np.float32) for leaf in split_floats(state)[0]]
        directions = np.zeros((MAX_ROWS, len(KNOB_NAMES)), np.float32)
        examples = state, dots, example_plan(bucket), example_split(bucket), directions[0], directions
        placed = jax.device_put((*examples, np.uint32(0), np.int32(1)), device)
        return aot_compile(forward, *placed, options=LIGHT)

    return ProgramSpec(("tangents", bucket, *where_of(device)), build, shared=True)


def general_measure(kind: LossKind) -> Callable[[Bucket], Callable[..., Measure]]:
    """What makes the function ``measure(params, plan, data, knobs, dots)`` of a bucket."""

    def build(bucket: Bucket) -> Callable[..., Measure]:
        def measure(params: Array, plan: Plan, data: Data, vector: Array, dots: Array) -> Measure:
            split = data.test if kind == "test" else data.train
            knobs = knob_dict(vector) | dict.fromkeys(("l1", "l2", "label_smoothing"), jnp.zeros(()))
            gradient = objective_gradient(bucket, plan, params, split, knobs)
            return Measure(objective(bucket, plan, params, split, knobs), dots @ gradient, length_of([dots[-1]]))

        return measure

    return build


KINDS: tuple[LossKind, ...] = get_args(LossKind)
MEASURES = {kind: general_measure(kind) for kind in KINDS}


def advance_with_dots(
    step: Step, state: Any, dots: list[Array], knobs: Array, directions: Array, steps: Array
) -> tuple[Any, list[Array]]:
    """``steps`` steps of ``state`` with its derivatives ``dots``, whose rows turn the knobs in ``directions (rows,
    knobs)``; fewer where it breaks."""

    def advance(carried: tuple[Any, list[Array]]) -> tuple[Any, list[Array]]:
        state, dots = carried
        floats, joined = split_floats(state)

        def floats_after(floats: list[Array], knobs: Array) -> tuple[list[Array], Any]:
            new = step(joined(floats), knobs)
            return split_floats(new)[0], new

        def along(dot: list[Array], direction: Array) -> tuple[Any, list[Array]]:
            _, new_dot, new = jax.jvp(floats_after, (floats, knobs), (dot, direction), has_aux=True)
            return new, new_dot

        new, new_dots = jax.vmap(along, out_axes=(None, 0))(dots, directions)
        return new, keep_unmoved(new, dots, new_dots)

    end = state.step + steps
    return jax.lax.while_loop(lambda c: (c[0].step < end) & (c[0].bad_step < 0), advance, (state, dots))


def split_floats(state: Any) -> tuple[list[Any], Callable[[list[Any]], Any]]:
    """The leaves of ``state`` that are real numbers, the parameters first, and what puts others in their place;
    counters have no derivatives."""
    leaves, tree = jax.tree.flatten(state)
    real = [jnp.issubdtype(jnp.result_type(leaf), jnp.floating) for leaf in leaves]

    def join_floats(floats: list[Any]) -> Any:
        others = iter(floats)
        return jax.tree.unflatten(tree, [next(others) if of else leaf for leaf, of in zip(leaves, real, strict=True)])

    return [leaf for leaf, of in zip(leaves, real, strict=True) if of], join_floats


def keep_unmoved(new: Any, before: list[Array], after: list[Array]) -> list[Array]:
    """The derivatives ``after`` a step, with those of parameters that nothing moves as ``before`` it.

    A root of 0 (a mean square of a gradient that was always 0: a dead unit, a link that is off, padding) has no
    derivative, though what stands still has.
    """
    weights = len(jax.tree.leaves(new.params))
    unmoved = [
        jnp.where(jnp.isnan(dot) & (update == 0)[None], old, dot)
        for old, dot, update in zip(before[:weights], after[:weights], jax.tree.leaves(new.update), strict=True)
    ]
    rest = jax.tree.map(lambda dot: jnp.where(jnp.isnan(dot), 0.0, dot), after[-weights:])
    return [*unmoved, *after[weights:-weights], *rest]


def length_of(parts: list[Array]) -> Array:
    """The length of a vector in parts."""
    return jnp.sqrt(sum((jnp.square(part).sum() for part in parts), jnp.zeros(())))
