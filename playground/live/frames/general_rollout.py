"""Steps and frames of any network of a bucket in one compiled program."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.live.frames.diagram import SMALL
from playground.live.frames.general_frame import GRID, frame_sizes, make_general_observe, real_places
from playground.nn.masks import Masks
from playground.programs.cache import ProgramSpec
from playground.programs.compiler import Program, aot_compile
from playground.training.data import ARRAY_BYTES, Data
from playground.training.general import Bucket, Plan, example_plan, example_split, example_state, make_train_loop
from playground.training.knobs import KNOB_NAMES, knob_dict
from playground.training.train_loop import TrainState
from playground.training.trainer import Trainer, where_of

MAX_FRAMES_PER_CALL = 24


def rollout_recipe(bucket: Bucket, device: Any = None) -> ProgramSpec:
    """How the program of ``bucket`` is compiled, for a ``device`` if it is not the one on which arrays lie by
    themselves."""
    return ProgramSpec(("rollout", bucket, *where_of(device)), lambda: compile_rollout(bucket, device), shared=True)


def compile_rollout(bucket: Bucket, device: Any) -> Program:
    """The program ``rollout(state, plan, data, grid, small, knobs, scale, per_epoch, seed, steps, count)``,
    compiled."""
    advance, observe = make_train_loop(bucket), make_general_observe(bucket)
    numbers, cells = frame_sizes(bucket)

    def rollout(
        state: Any, plan: Plan, data: Data, grid: Array, small: Array, vector: Array, scale: Array, per_epoch: Array,
        seed: Array, steps: Array, count: Array,
    ) -> Any:  # fmt: skip
        first = state.step

        def going(taken: Any) -> Array:
            state, steps_made, *_ = taken
            whole = state.step - first == steps_made * steps
            return (steps_made < count) & ((steps_made == 0) | (whole & (state.bad_step < 0)))

        def frame(taken: Any) -> Any:
            state, steps_made, marks, floats, shades = taken
            # A fence on both sides: the two halves are compiled as they are apart.
            now = advance(state, plan, data.train, knob_dict(vector), seed, steps, data.test)
            state = jax.lax.optimization_barrier(now)
            seen = jax.lax.optimization_barrier(observe(state, plan, data, grid, small, vector, scale, per_epoch))
            return (
                state,
                steps_made + 1,
                marks.at[steps_made].set(jnp.stack([state.step, state.bad_step])),
                floats.at[steps_made].set(seen[0]),
                shades.at[steps_made].set(seen[1]),
            )

        room = (
            jnp.zeros((MAX_FRAMES_PER_CALL, 2), jnp.int32),
            jnp.zeros((MAX_FRAMES_PER_CALL, numbers), jnp.float32),
            jnp.zeros((MAX_FRAMES_PER_CALL, cells), jnp.uint8),
        )
        return jax.lax.while_loop(going, frame, (state, jnp.int32(0), *room))

    split = example_split(bucket)
    grids = [np.zeros((side * side, bucket.units), np.float32) for side in (GRID, SMALL)]
    vector, one_step = np.zeros(len(KNOB_NAMES), np.float32), np.float32(1)
    examples = (example_state(bucket), example_plan(bucket), Data(split, split), *grids, vector, one_step, one_step)
    placed = jax.device_put((*examples, np.uint32(0), np.int32(1), np.int32(1)), device)
    return aot_compile(rollout, *placed, options=bucket.compiler_options)


class GeneralRollout:
    """Frames of one trainer's network, which fits a bucket, with ``planes`` in its picture."""

    def __init__(self, trainer: Trainer, planes: int) -> None:
        assert trainer.padded is not None
        self.trainer = trainer
        self._padded = trainer.padded
        self._places = real_places(trainer.network, planes, trainer.padded.bucket)
        self._scale, self._per_epoch = np.float32(trainer.prepared.scale), np.float32(trainer.steps_per_epoch)

    @property
    def recipe(self) -> ProgramSpec:
        """How its program is compiled."""
        return rollout_recipe(self._padded.bucket, self.trainer.device)

    def __call__(
        self, state: TrainState, steps: int, count: int, knobs: np.ndarray, masks: Masks | None
    ) -> tuple[TrainState, list[tuple[int, int, np.ndarray, np.ndarray]]]:
        """The state ``count * steps`` steps on; and every ``steps`` the step, the bad step, and a frame's numbers and
        shades."""
        trainer = self.trainer
        shown = trainer.padded_data, *self._grids, knobs, self._scale, self._per_epoch
        end, steps_made, marks, floats, shades = self.recipe.program()(
            self._padded.pack(state), trainer.plan(masks), *shown, trainer.seed, np.int32(steps), np.int32(count)
        )
        steps_made = int(steps_made)
        of_floats, of_shades = self._places
        # Each frame has its numbers to itself: one that leaves shall free them.
        rows = [
            (step, bad, numbers[of_floats], colours[of_shades])
            for (step, bad), numbers, colours in zip(
                np.asarray(marks)[:steps_made].tolist(),
                np.asarray(floats)[:steps_made],
                np.asarray(shades)[:steps_made],
                strict=True,
            )
        ]
        return self._padded.unpack(end), rows

    @cached_property
    def _grids(self) -> tuple[Any, Any]:
        picture = self.trainer.prepared.picture
        grids = [self._padded.inputs(places) for places in (picture.cells(GRID), picture.grid(SMALL))]
        return tuple(jax.device_put(grids, self.trainer.device))

    @property
    def nbytes(self) -> int:
        """Bytes of what can be made again: the picture's grids."""
        return sum(grid.nbytes + ARRAY_BYTES for grid in self.__dict__.get("_grids", ()))

    def reduce_memory(self) -> None:
        """Let go of what can be made again."""
        self.__dict__.pop("_grids", None)
