"""Many networks trained side by side, by programs compiled for their structure."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.analysis.seeds.parts import GRID, PIECE_SECONDS, Part, PictureSums, network_experiment
from playground.errors import PlaygroundError
from playground.language import mark
from playground.nn import network as nn
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.programs.cache import ProgramSpec
from playground.programs.compiler import Program, aot_compile, vector_options
from playground.programs.devices import Device
from playground.training.data import Data, Split
from playground.training.ensemble import (
    EnsembleState,
    axis_of,
    group_outputs,
    group_size,
    init_group,
    make_group_advance,
    stack_trees,
)
from playground.training.knobs import knob_dict
from playground.training.objective import Score, score_outputs
from playground.training.sharding import DeviceSharding
from playground.training.trainer import Trainer

PRODUCTS_PER_SECOND = {-1: 2e9, 0: 2e8}
"""Products of weights and samples that a processor makes at least, by the axis of the networks."""
SEARCHED_PRODUCTS_PER_SECOND = 2e6
"""The same where an optimizer searches along a line, and all networks wait for the one that searches longest."""


class GroupedTraining:
    """Groups of networks, each group in one loop, cut over ``devices``."""

    def __init__(self, trainer: Trainer, own_samples: bool, devices: Sequence[Device]) -> None:
        self.trainer = trainer
        self.own_samples = own_samples
        structure, network = trainer.experiment.structure, trainer.network
        self.axis = axis_of(structure, network)
        self.spread = DeviceSharding(devices, group_size(structure, network))
        self.size = self.spread.size
        self.cpu_seconds = 0.0
        self.network_steps = 0
        self._shared = self.spread.replicate(trainer.data)
        self._grid = self.spread.replicate(jax.device_put(trainer.prepared.picture.cells(GRID)))

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How its programs are compiled: the start's, the training's, the scores' and the picture's."""
        key = (*self.trainer.key, self.axis, self.own_samples, self.spread.key, self.size)
        grid = (*self.trainer.key, self.axis, self._grid.shape, self.spread.key, self.size)
        return (
            ProgramSpec(("group init", *key), self._compile_init),
            ProgramSpec(("group advance", *key), self._compile_advance),
            ProgramSpec(("group scores", *key), self._compile_scores),
            ProgramSpec(("group picture", *grid), self._compile_picture),
        )

    def train(self, part: Part) -> Iterator[float]:
        """Fill ``part`` in; places of the group that it leaves empty repeat its last network."""
        init, advance, scores, draw = (recipe.program() for recipe in self.recipes)
        count, knobs = len(part.members), self.trainer.knobs()
        members = np.pad(part.members, (0, self.size - count), mode="edge")
        group = init(self._draw_params(members), knobs)
        data, seed = self._data(members)
        for piece in part.pieces(self._steps_per_piece):
            begun = time.process_time()
            group = advance(group, data, knobs, seed, np.int32(piece.steps))
            jax.block_until_ready(group.bad_step)
            self.cpu_seconds += time.process_time() - begun
            self.network_steps += self.size * piece.steps
            if piece.reached:
                values = np.asarray(scores(group, data, knobs))[:, :count]
                part.record(piece.row, values, np.asarray(group.bad_step)[:count])
            yield piece.share
        if part.drawn:
            alive = (np.arange(self.size) < count) & (np.asarray(group.bad_step) < 0)
            sums = [np.asarray(total) for total in draw(group, self._grid, alive.astype(np.float32))]
            part.picture = PictureSums(float(sums[0]), *sums[1:])
            for member in range(part.fitted):
                only = alive & (np.arange(self.size) == member)
                part.record_fit(np.asarray(draw(group, self._grid, only.astype(np.float32))[1])[:, 0], bool(only.any()))

    @property
    def _steps_per_piece(self) -> int:
        widths = self.trainer.network.widths
        weights = sum(a * b for a, b in pairwise(widths))
        products = self.size * weights * self.trainer.batch_size
        searches = OPTIMIZERS[self.trainer.experiment.structure.optimizer].line_search
        speed = SEARCHED_PRODUCTS_PER_SECOND if searches else PRODUCTS_PER_SECOND[self.axis]
        return max(1, int(PIECE_SECONDS * speed / products))

    def _draw_params(self, members: np.ndarray) -> Any:
        start = self.trainer.experiment.problem.init_seed
        drawn = [nn.draw_params(self.trainer.network, (start + int(k)) % 2**31) for k in members]
        return self.spread.shard(stack_trees(drawn, self.axis), self.axis)

    def _data(self, members: np.ndarray) -> tuple[Data, Any]:
        if not self.own_samples:
            return self._shared, self.spread.replicate(self.trainer.seed)
        experiments = {int(k): network_experiment(self.trainer.experiment, int(k), True) for k in members}
        prepared = {k: Trainer(own).prepared.data for k, own in experiments.items()}
        parts = [prepared[int(k)] for k in members]
        seeds = np.array([experiments[int(k)].problem.seed for k in members], np.uint32)
        if len({int(part.train.n) for part in parts}) > 1 or len({part.train.x.shape for part in parts}) > 1:
            raise PlaygroundError(
                mark("these samples split into train sets of different sizes; vary the starts alone.")
            )
        data = Data(*(Split(*stack_trees(each, self.axis)) for each in zip(*parts, strict=True)))
        return self.spread.shard(data, self.axis), self.spread.shard(seeds, self.axis)

    def _examples(self) -> tuple[Any, ...]:
        members = np.zeros(self.size, int)
        return self._draw_params(members), self.trainer.knobs(), *self._data(members)

    def _group(self, drawn: Any, knobs: np.ndarray) -> EnsembleState:
        return self.recipes[0].program()(drawn, knobs)

    @cached_property
    def _options(self) -> dict[str, Any] | None:
        return vector_options() if self.axis == -1 and self.spread.on_processor else None

    def _compile_init(self) -> Program:
        structure, network = self.trainer.experiment.structure, self.trainer.network
        drawn, knobs, *_ = self._examples()

        def init(params: Any, vector: Array) -> EnsembleState:
            return init_group(structure, network, params, knob_dict(vector))

        lie = self.spread.shards(jax.eval_shape(init, drawn, knobs), self.axis)
        return aot_compile(init, drawn, knobs, lie=lie)

    def _compile_advance(self) -> Program:
        experiment, network = self.trainer.experiment, self.trainer.network
        rows = self.trainer.prepared.data.train.x.shape[0]
        advance = make_group_advance(experiment.structure, network, experiment.task, rows, self.own_samples)
        drawn, knobs, data, seed = self._examples()
        group = self._group(drawn, knobs)
        return aot_compile(
            lambda group, data, vector, seed, steps: advance(
                group, data.train, knob_dict(vector), seed, steps, data.test
            ),
            group,
            data,
            knobs,
            seed,
            np.int32(1),
            lie=self.spread.shards(group, self.axis),
            options=self._options,
        )

    def _compile_scores(self) -> Program:
        experiment, network = self.trainer.experiment, self.trainer.network
        structure, task = experiment.structure, experiment.task
        loss, own = LOSSES[structure.loss], self.axis if self.own_samples else None

        def scores(group: EnsembleState, data: Data, vector: Array) -> Array:
            def of_set(split: Split) -> Score:
                output = group_outputs(structure, network, group, split.x, self.own_samples)
                of_network = lambda out, part: score_outputs(out, part, loss, task, knob_dict(vector))  # noqa: E731
                return jax.vmap(of_network, in_axes=(-1, own))(output, split)

            train, test = of_set(data.train), of_set(data.test)
            return jnp.stack([train.loss, test.loss, train.metric, test.metric])

        drawn, knobs, data, _ = self._examples()
        examples = self._group(drawn, knobs), data, knobs
        return aot_compile(scores, *examples, lie=self.spread.on_each(), options=self._options)

    def _compile_picture(self) -> Program:
        experiment, network = self.trainer.experiment, self.trainer.network
        structure, task, loss = experiment.structure, experiment.task, LOSSES[experiment.structure.loss]

        def picture(group: EnsembleState, grid: Array, alive: Array) -> tuple[Array, ...]:
            output = jnp.moveaxis(group_outputs(structure, network, group, grid, False), -1, 0)
            output = jnp.where(alive[:, None, None] > 0, output, 0.0)
            if task == "regression":
                value, votes = output, jnp.zeros_like(output)
            else:
                value = jax.vmap(jax.vmap(loss.value))(output)
                value = value[..., None] if value.ndim == 2 else value
                k = max(2, value.shape[2])
                votes = jax.nn.one_hot(jax.vmap(jax.vmap(loss.decide))(output), k)
            weight = alive[:, None, None]
            return (
                alive.sum(),
                (value * weight).sum(axis=0),
                (jnp.square(value) * weight).sum(axis=0),
                (votes * weight).sum(axis=0),
            )

        drawn, knobs, *_ = self._examples()
        group, alive = self._group(drawn, knobs), np.ones(self.size, np.float32)
        return aot_compile(picture, group, self._grid, alive, lie=self.spread.on_each(), options=self._options)
