"""What a frame shows of a state, in one compiled program apart from the training's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import prod
from typing import Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.experiment import Structure
from playground.live.frames.boundary import boundary
from playground.live.frames.diagram import SMALL, UNIT_SCALARS, Diagram
from playground.live.frames.general_frame import GRID
from playground.live.frames.general_rollout import GeneralRollout
from playground.live.frames.layer_statistics import BINS, LAYER_SCALARS, layer_statistics, unit_statistics
from playground.nn.masks import Masks, apply_masks, full_masks
from playground.nn.network import LayerSignal, Network, Params, Stats, forward
from playground.objectives.loss import NetworkTask
from playground.objectives.losses import LOSSES
from playground.objectives.regularizers import penalty
from playground.objectives.schedules import SCHEDULES
from playground.programs.cache import ProgramSpec
from playground.programs.compiler import Program, aot_compile
from playground.training.data import ARRAY_BYTES, Data
from playground.training.knobs import knob_dict
from playground.training.objective import Batch, score_outputs, training_loss, weights_of
from playground.training.train_loop import TrainState
from playground.training.trainer import Trainer

SCALARS = ("step", "epoch", "train_loss", "test_loss", "train_metric", "test_metric", "penalty", "learning_rate")


LAZY = ("_grid", "_small", "_full_masks")
"""What an observer makes when it first needs it, and can make again."""


BlockKind = Literal["f32", "d32", "u8"]
"""How a block's numbers travel: ``d32`` are float32 that change little from frame to frame."""


@dataclass(frozen=True)
class Block:
    """A named part of a frame: numbers of a shape, ``f32``, ``u8``, or ``d32``: float32 that change little from frame
    to frame."""

    name: str
    kind: BlockKind
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many numbers a frame has of it."""
        return prod(self.shape)


@dataclass(frozen=True)
class Frame:
    """What the eye sees at one step: host arrays only, ``floats`` and ``bytes`` in the order of the blocks."""

    step: int
    bad_step: int
    floats: np.ndarray
    bytes: np.ndarray

    def scalar(self, name: str) -> float:
        """One of ``SCALARS``."""
        return float(self.floats[SCALARS.index(name)])

    def part(self, blocks: tuple[Block, ...], name: str) -> np.ndarray:
        """The block ``name`` of this frame, in its shape."""
        at = {True: 0, False: 0}
        for block in blocks:
            shades = block.kind == "u8"
            if block.name == name:
                source = self.bytes if shades else self.floats
                return source[at[shades] : at[shades] + block.size].reshape(block.shape)
            at[shades] += block.size
        raise KeyError(name)

    def layers(self, depth: int) -> np.ndarray:
        """The layers' numbers ``(depth, 7)``, in the order of ``LAYER_SCALARS``."""
        start = len(SCALARS)
        return self.floats[start : start + depth * len(LAYER_SCALARS)].reshape(depth, -1)


class Observer:
    """Frames of one trainer's states."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        depth = trainer.network.depth
        self.diagram = Diagram(trainer.network)
        self.planes = 2 if trainer.experiment.task == "multiclass" else 1
        self.blocks = (
            Block("scalars", "f32", (len(SCALARS),)),
            Block("layers", "f32", (depth, len(LAYER_SCALARS))),
            Block("units", "d32", (self.diagram.units, len(UNIT_SCALARS))),
            Block("weights", "d32", (self.diagram.numbers,)),
            Block("slopes", "d32", (self.diagram.numbers,)),
            Block("map", "u8", (self.planes, GRID, GRID)),
            Block("bins", "u8", (depth, BINS)),
            Block("maps", "u8", (self.diagram.maps, SMALL, SMALL)),
        )
        self.general = GeneralRollout(trainer, self.planes) if trainer.padded else None
        self._scale = np.float32(trainer.prepared.scale)
        self._per_epoch = np.float32(trainer.steps_per_epoch)

    def __call__(self, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None) -> Frame:
        """The frame of ``state`` under a vector of knobs (the experiment's own by default), with what ``masks`` switch
        off."""
        vector = self.trainer.knobs() if knobs is None else knobs
        if self.general:
            _, (frame,) = self.general(state, 0, 1, vector, masks)
            return Frame(*frame)
        floats, shades = self.program()(*self.observe_arguments(state, vector, masks))
        return Frame(int(state.step), int(state.bad_step), np.array(floats), np.array(shades))

    @property
    def recipe(self) -> ProgramSpec:
        """How ``observe`` is compiled; the optimizer is no part of it."""
        return self.general.recipe if self.general else ProgramSpec(self._key, self._compile)

    def memory_by_object(self) -> dict[int, int]:
        """What it holds beside programs, in bytes: by the identity of each part, since several observers may hold the
        same."""
        arrays = [array for name in LAZY for array in jax.tree.leaves(self.__dict__.get(name))]
        general = self.general.nbytes if self.general else 0
        return {
            id(self): general + sum(array.nbytes + ARRAY_BYTES for array in arrays)
        } | self.trainer.memory_by_object()

    def reduce_memory(self) -> None:
        """Let go of what can be made again when it is needed: the picture's grids, and the trainer's samples."""
        for name in LAZY:
            self.__dict__.pop(name, None)
        if self.general:
            self.general.reduce_memory()
        self.trainer.reduce_memory()

    @cached_property
    def _full_masks(self) -> Masks:
        return jax.device_put(full_masks(self.trainer.network))

    @cached_property
    def _grid(self) -> Array:
        return jax.device_put(self.trainer.prepared.picture.cells(GRID))

    @cached_property
    def _small(self) -> Array:
        return jax.device_put(self.trainer.prepared.picture.grid(SMALL))

    def program(self) -> Program:
        """The compiled ``observe``, compiling it now if need be."""
        return self.recipe.program()

    @cached_property
    def _key(self) -> tuple[Any, ...]:
        return ("observe", self.trainer.experiment.structure.schedule, *self.trainer.evaluation_key)

    def _compile(self) -> Program:
        trainer = self.trainer
        function = make_observe(trainer.network, trainer.experiment.structure, trainer.experiment.task)
        return aot_compile(function, *self.observe_arguments(trainer.init(), trainer.knobs(), None))

    def observe_arguments(self, state: TrainState, vector: np.ndarray, masks: Masks | None) -> tuple[Any, ...]:
        """What ``observe`` takes: of ``state`` what is seen, then the data, and all else."""
        on = masks or self._full_masks
        return (
            observed_state(state),
            self.trainer.data,
            self._grid,
            self._small,
            vector,
            self._scale,
            self._per_epoch,
            on,
        )


class ObservedState(NamedTuple):
    """What a frame needs of a state: all but the optimizer's own."""

    params: Params
    stats: Stats
    update: Params
    step: Array


def observed_state(state: TrainState) -> ObservedState:
    """What a frame needs of ``state``."""
    return ObservedState(state.params, state.stats, state.update, state.step)


def make_observe(network: Network, structure: Structure, task: NetworkTask) -> Callable[..., Any]:
    """The function ``observe(seen, data, grid, small, knobs, scale, per_epoch, masks) -> (floats, bytes)``, to be
    compiled.

    ``masks`` None: nothing is off, and nothing is compiled for the possibility.
    """
    loss, schedule, diagram = LOSSES[structure.loss], SCHEDULES[structure.schedule], Diagram(network)

    def observe(
        state: ObservedState,
        data: Data,
        grid: Array,
        small: Array,
        vector: Array,
        scale: Array,
        per_epoch: Array,
        masks: Masks | None,
    ) -> tuple[Array, Array]:
        knobs, units = knob_dict(vector), None if masks is None else masks.units
        params, stats = state.params if masks is None else apply_masks(state.params, masks), state.stats
        # One pass over all that is looked at in evaluation: each would be compiled for itself.
        looked = (data.train.x, data.test.x, grid, small)
        *ends, _ = accumulate(rows.shape[0] for rows in looked)
        passed = forward(network, params, stats, jnp.concatenate(looked), units)
        on_train, on_test, picture, _ = jnp.split(passed[-1].h, ends)
        train, test = (
            score_outputs(out, part, loss, task, knobs) for out, part in zip((on_train, on_test), data, strict=True)
        )
        weight = weights_of(data.train)

        def objective(p: Any) -> Any:
            batch = Batch(data.train.x, data.train.y, weight / weight.sum())
            value, aux = training_loss(network, loss, task, p, stats, batch, knobs, masks)
            return value + penalty(p if masks is None else apply_masks(p, masks), knobs), aux

        gradients, (_, layers) = jax.grad(objective, has_aux=True)(params)
        mean, shut = unit_statistics(layers, network.activations, weight)
        numbers, bins = layer_statistics(gradients, params, state.update, mean, shut, network.activations)
        scalars = jnp.stack(
            [
                state.step.astype(jnp.float32),
                state.step / per_epoch,
                train.loss,
                test.loss,
                train.metric,
                test.metric,
                penalty(params, knobs),
                knobs["learning_rate"] * schedule.factor(state.step, knobs),
            ]
        )
        shades = boundary(picture, loss, task, scale)
        places = [LayerSignal(signal.z[ends[-1] :], signal.h[ends[-1] :]) for signal in passed]
        floats = jnp.concatenate(
            [
                scalars,
                numbers.ravel(),
                diagram.unit_numbers(layers, places, weight, mean, shut).ravel(),
                diagram.parameters(state.params),
                diagram.parameters(gradients),
            ]
        )
        maps = diagram.unit_maps(places).ravel()
        return floats, jnp.concatenate([shades.ravel(), bins.ravel(), maps])

    return observe
