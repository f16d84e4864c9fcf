"""Many frames in one compiled call: what lies between two frames costs a server with many visitors more than the frames
do."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.live.frames.general_rollout import MAX_FRAMES_PER_CALL
from playground.live.frames.observer import Frame, Observer, make_observe, observed_state
from playground.nn.masks import Masks
from playground.programs.cache import ProgramSpec
from playground.programs.compiler import aot_compile
from playground.training.data import Data
from playground.training.knobs import knob_dict
from playground.training.train_loop import TrainState, make_advance


class FrameRollout:
    """Steps and frames of one observer in turn: bit for bit what ``Trainer.advance`` and the observer make one by one.

    It takes the interpreter's lock once a call instead of a dozen times a frame.
    """

    def __init__(self, observer: Observer) -> None:
        self._observer = observer

    @property
    def recipe(self) -> ProgramSpec:
        """How it is compiled."""
        general = self._observer.general
        return general.recipe if general else ProgramSpec(("film", *self._observer.trainer.key), self._compile)

    def __call__(
        self, state: TrainState, steps: int, many: int, knobs: np.ndarray, masks: Masks | None = None
    ) -> tuple[TrainState, tuple[Frame, ...]]:
        """The state ``many * steps`` steps on, and a frame every ``steps`` (``many`` up to ``MAX_FRAMES_PER_CALL``);
        ends where the numbers break.

        With ``masks``, a network that fits no bucket gets only the first of them.
        """
        if self._observer.general:
            state, frames = self._observer.general(state, steps, many, knobs, masks)
            return state, tuple(Frame(*frame) for frame in frames)
        if masks is not None:
            state = self._observer.trainer.advance_under(state, steps, knobs, masks) if steps else state
            return state, (self._observer(state, knobs, masks),)
        state, count, marks, floats, shades = self.recipe.program()(*self._arguments(state, steps, many, knobs))
        marks, floats, shades = (np.asarray(part)[: int(count)] for part in (marks, floats, shades))
        frames = zip(marks.tolist(), floats, shades, strict=True)
        # Each frame has its numbers to itself: one that leaves shall free them.
        return state, tuple(Frame(step, bad, numbers.copy(), shade.copy()) for (step, bad), numbers, shade in frames)

    def _arguments(self, state: TrainState, steps: int, many: int, knobs: np.ndarray) -> tuple[Any, ...]:
        # Without what is seen of a state, which comes whole, and without masks.
        _, *looked, _ = self._observer.observe_arguments(state, knobs, None)
        return (state, self._observer.trainer.seed, np.int32(steps), np.int32(many), *looked)

    def _compile(self) -> Any:
        trainer = self._observer.trainer
        structure, network, task = trainer.experiment.structure, trainer.network, trainer.experiment.task
        advance = make_advance(structure, network, task, trainer.prepared.data.train.x.shape[0])
        observe = make_observe(network, structure, task)
        cells = sum(block.size for block in self._observer.blocks if block.kind == "u8")
        numbers = sum(block.size for block in self._observer.blocks) - cells

        def film(state: TrainState, seed: Array, steps: Array, many: Array, data: Data, *rest: Any) -> Any:
            vector, first = rest[2], state.step
            floats, shades = (
                jnp.zeros((MAX_FRAMES_PER_CALL, numbers), jnp.float32),
                jnp.zeros((MAX_FRAMES_PER_CALL, cells), jnp.uint8),
            )

            def going(taken: Any) -> Array:
                state, count, *_ = taken
                whole = state.step - first == count * steps
                return (count < many) & ((count == 0) | (whole & (state.bad_step < 0)))

            def frame(taken: Any) -> Any:
                state, count, marks, floats, shades = taken
                # A fence on both sides: the two halves are compiled as they are apart.
                state = jax.lax.optimization_barrier(
                    advance(state, data.train, knob_dict(vector), seed, steps, test=data.test)
                )
                seen_now = jax.lax.optimization_barrier(observe(observed_state(state), data, *rest, None))
                mark = jnp.stack([state.step, state.bad_step])
                return (
                    state,
                    count + 1,
                    marks.at[count].set(mark),
                    floats.at[count].set(seen_now[0]),
                    shades.at[count].set(seen_now[1]),
                )

            return jax.lax.while_loop(
                going, frame, (state, jnp.int32(0), jnp.zeros((MAX_FRAMES_PER_CALL, 2), jnp.int32), floats, shades)
            )

        return aot_compile(film, *self._arguments(trainer.init(), 1, 1, trainer.knobs()))
