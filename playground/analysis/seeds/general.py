"""Many networks trained one after another by the general program of their bucket: nothing is compiled."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.analysis.seeds.parts import GRID, PIECE_SECONDS, SCORES, Part, PictureSums, network_experiment
from playground.errors import PlaygroundError
from playground.language import mark
from playground.nn import network as nn
from playground.programs.cache import ProgramSpec
from playground.training.data import Data
from playground.training.general import Bucket, PaddedNetwork, PaddedState, Plan, outputs_of
from playground.training.general.reading import Reading, readings
from playground.training.general.scoring import scores_of
from playground.training.general.train_loop import output_gate
from playground.training.knobs import knob_dict
from playground.training.trainer import Trainer

STATES_PER_CALL = 16
"""States of a network that are read in one call."""
STEP_MICROSECONDS, PRODUCT_MICROSECONDS, MARK_MICROSECONDS = 1.0, 0.0006, 300.0
"""What a step costs, each product of a weight and a sample in it, padding included, and a look at a network."""


def general_seconds(padded: PaddedNetwork, networks: int, steps: int, marks: int) -> float:
    """About how many CPU seconds so many networks take by the general program: of the question alone, whatever this
    machine is and does."""
    bucket = padded.bucket
    products = padded.network.depth * bucket.batch * bucket.units**2
    step = STEP_MICROSECONDS + PRODUCT_MICROSECONDS * products
    return networks * (steps * step + marks * MARK_MICROSECONDS) / 1e6


class GeneralTraining:
    """One network at a time."""

    size = 1

    def __init__(self, trainer: Trainer, own_samples: bool) -> None:
        padded = trainer.padded
        assert padded is not None
        self.trainer = trainer
        self.own_samples = own_samples
        self.cpu_seconds = 0.0
        self.network_steps = 0
        self._padded = padded
        self._grid = jax.device_put(padded.inputs(trainer.prepared.picture.cells(GRID)), trainer.device)

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How its programs are compiled: the training's, which all pages share, and the reading's."""
        padded = self._padded
        room = np.zeros((STATES_PER_CALL, padded.bucket.parameters), np.float32)
        reading = self.trainer.bucket_recipe(
            "many reading", general_reading, room, np.int32(1), np.bool_(True), self._grid
        )
        return self.trainer.recipe(), reading

    def train(self, part: Part) -> Iterator[float]:
        """Fill ``part``, of a single network, in."""
        program, read = (recipe.program() for recipe in self.recipes)
        trainer, (member,) = self._trainer_of(int(part.members[0])), part.members
        start = self.trainer.experiment.problem.init_seed
        state = self._padded.pack(
            self._padded.first_state(nn.draw_params(trainer.network, (start + int(member)) % 2**31))
        )
        plan, data, knobs = trainer.plan(), trainer.padded_data, trainer.knobs()
        reached: list[PaddedState] = []
        for piece in part.pieces(self._steps_per_piece):
            begun = time.process_time()
            state = program(state, plan, data, knobs, trainer.seed, np.int32(piece.steps))
            jax.block_until_ready(state.bad_step)
            self.cpu_seconds += time.process_time() - begun
            self.network_steps += piece.steps
            if piece.reached:
                reached.append(state)
            yield piece.share
        for first in range(0, len(reached), STATES_PER_CALL):
            states = reached[first : first + STATES_PER_CALL]
            params = np.zeros((STATES_PER_CALL, self._padded.bucket.parameters), np.float32)
            params[: len(states)] = [state.params for state in states]
            last, count, drawn = states[-1], np.int32(len(states)), np.bool_(part.drawn)
            scores, value, votes = read(last.params, plan, data, knobs, params, count, drawn, self._grid)
            for i, (at_mark, numbers) in enumerate(zip(states, np.asarray(scores)[: len(states)], strict=True)):
                part.record(first + i, numbers[:, None], np.asarray(at_mark.bad_step)[None])
            if part.drawn:
                alive = int(last.bad_step) < 0
                part.picture = self._sums(np.asarray(value), np.asarray(votes), alive)
                if part.fitted:
                    part.record_fit(part.picture.value[:, 0], alive)

    @property
    def _steps_per_piece(self) -> int:
        return max(1, int(PIECE_SECONDS / general_seconds(self._padded, 1, 1, 0)))

    def _trainer_of(self, member: int) -> Trainer:
        if not self.own_samples:
            return self.trainer
        trainer = Trainer(network_experiment(self.trainer.experiment, member, True))
        if trainer.padded is None or trainer.padded.bucket != self._padded.bucket:
            raise PlaygroundError(
                mark("these samples split into train sets of different sizes; vary the starts alone.")
            )
        return trainer

    def _sums(self, value: np.ndarray, votes: np.ndarray, alive: bool) -> PictureSums:
        task, outputs = self.trainer.experiment.task, self.trainer.network.widths[-1]
        columns, classes = (outputs, outputs) if task == "multiclass" else (1, 1 if task == "regression" else 2)
        value, votes = value[:, :columns], votes[:, :classes]
        if not alive:
            value, votes = np.zeros_like(value), np.zeros_like(votes)
        return PictureSums(float(alive), value, np.square(value), votes)


def general_reading(bucket: Bucket) -> Callable[..., tuple[Array, Array, Array]]:
    """The function ``read(params, plan, data, knobs, states, count, drawn, grid)`` of a bucket.

    It gives the ``SCORES`` of the first ``count`` of ``states (STATES_PER_CALL, n)``, (STATES_PER_CALL, 4), and of
    ``params (n,)`` the picture's values and votes, (cells, units) each, on ``grid (cells, units)``, padding included;
    zeros unless they are to be ``drawn ()``.
    """

    def read(
        params: Array, plan: Plan, data: Data, vector: Array, states: Array, count: Array, drawn: Array, grid: Array
    ) -> tuple[Array, Array, Array]:
        knobs, real = knob_dict(vector), output_gate(plan)

        def add_scores(i: Array, scores: Array) -> Array:
            return scores.at[i].set(scores_of(bucket, plan, states[i], data, knobs))

        scores = jax.lax.fori_loop(0, count, add_scores, jnp.zeros((STATES_PER_CALL, len(SCORES))))

        def picture_of(reading: Reading) -> Callable[[Array], tuple[Array, Array]]:
            def draw(output: Array) -> tuple[Array, Array]:
                read = reading.outputs(output, real)
                if reading.task == "regression":
                    value, votes = read, jnp.zeros((len(output), bucket.units))
                else:
                    value = jax.vmap(reading.loss.value)(read).reshape(len(output), -1)
                    votes = jax.nn.one_hot(jax.vmap(reading.loss.decide)(read), bucket.units)
                if reading.task == "multiclass":
                    # Where a loss finds no class at all it shares alike, among the padding too.
                    value = value * real[None]
                    value = value / value.sum(axis=1, keepdims=True)
                return jnp.pad(value, ((0, 0), (0, bucket.units - value.shape[1]))), votes

            return draw

        def draw_picture() -> tuple[Array, Array]:
            output = outputs_of(bucket, plan, params, grid)
            value, votes = jax.lax.switch(plan.reading, [picture_of(reading) for reading in readings()], output)
            return value, votes

        empty = jnp.zeros((len(grid), bucket.units))
        return scores, *jax.lax.cond(drawn, draw_picture, lambda: (empty, empty))

    return read
