"""Training without a page: an experiment's programs, state by state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from playground.datasets import Table
from playground.experiment import OWN_DATA, Experiment, Knobs
from playground.language import Translatable, mark
from playground.nn import network as nn
from playground.nn.masks import Masks, full_masks
from playground.nn.parameters import check_shapes
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import penalty
from playground.programs.cache import PROGRAMS, ProgramSpec
from playground.programs.compiler import Program, aot_compile
from playground.programs.devices import AUTOMATIC, devices_for, explicit_device
from playground.training.data import Data, Prepared, array_bytes, prepare
from playground.training.early_stopping import has_stopped
from playground.training.general import (
    Bucket,
    PaddedNetwork,
    PaddedState,
    Plan,
    bucket_of,
    example_plan,
    example_split,
    example_state,
    make_train_loop,
)
from playground.training.general.scoring import general_scores
from playground.training.knobs import KNOB_NAMES, knob_dict, knob_vector
from playground.training.objective import score
from playground.training.train_loop import TrainState, init_state, make_advance

PATIENCE = KNOB_NAMES.index("patience")


def network_of(experiment: Experiment) -> nn.Network:
    """The network that an experiment describes."""
    structure = experiment.structure
    return nn.Network(
        widths=(len(experiment.problem.features), *structure.hidden, experiment.outputs),
        activations=(*structure.activations, output_activation(experiment)),
        initializer=structure.initializer,
        normalization=structure.normalization,
        residual=structure.residual,
    )


def output_activation(experiment: Experiment) -> str:
    """What the output layer applies: nothing where the loss takes logits and applies its own."""
    structure = experiment.structure
    return "identity" if LOSSES[structure.loss].logits else structure.output_activation


@dataclass(frozen=True)
class Scores:
    """What is reported of a state: the data's losses and metrics over whole sets, and the regularization's penalty
    apart."""

    step: int
    epoch: float
    train_loss: float
    test_loss: float
    train_metric: float
    test_metric: float
    penalty: float


class Trainer:
    """One experiment's data and compiled programs; states go in and come out, nothing is kept here.

    ``table``: the user's own rows; they count, and are kept, only where the experiment learns them.

    ``device``: the visitor's choice of a device, such as ``cpu:0``. A network that fits a bucket (``padded``) is
    trained by the general program of that bucket, which all share; any other has programs of its own.

    >>> trainer = Trainer(Experiment.of(dataset="xor", hidden=[8], optimizer="adam"))
    >>> state = trainer.advance(trainer.init(), 1000)
    >>> trainer.scores(state).train_loss < 0.1
    True
    """

    def __init__(self, experiment: Experiment, table: Table | None = None, device: str = AUTOMATIC) -> None:
        self.experiment = experiment
        self.network = network_of(experiment)
        self.table = table if experiment.problem.dataset == OWN_DATA else None
        self.chosen = device
        self.device = explicit_device(devices_for("play", device)[0])
        self.seed = np.uint32(experiment.problem.seed)
        _ = self.data  # what cannot be learned is told at once

    @cached_property
    def prepared(self) -> Prepared:
        """Its samples, which other trainers of the same problem share."""
        return prepare(self.experiment, self.table)

    @cached_property
    def data(self) -> Data:
        """The samples as the programs take them, on its device."""
        return self.prepared.on(self.device)

    def memory_by_object(self) -> dict[int, int]:
        """What its samples take, in bytes, by the identity of what holds them; while it rests, the user's own rows
        alone."""
        prepared = self.__dict__.get("prepared")
        bytes_by_object = {id(owner): owner.nbytes for owner in (self.table, prepared) if owner is not None}
        own = array_bytes((self.__dict__.get("padded_data"), self.__dict__.get("_plan", (None, None))[1]))
        return bytes_by_object | own | (prepared.padded_bytes() if prepared is not None else {})

    def reduce_memory(self) -> None:
        """Let go of the samples; who needs them again makes them again."""
        for name in ("prepared", "data", "padded_data", "_plan"):
            self.__dict__.pop(name, None)

    @cached_property
    def padded(self) -> PaddedNetwork | None:
        """The network in the shapes of its bucket; None where it fits none."""
        counts = [int(part.n) for part in self.prepared.data]
        bucket = bucket_of(self.experiment.structure, self.network, *counts)
        return bucket and PaddedNetwork(self.experiment, self.network, bucket, self.batch_size)

    @cached_property
    def padded_data(self) -> Data:
        """The samples as the general program takes them, on its device."""
        padded = self.padded
        assert padded is not None
        return self.prepared.padded_on(self.device, (padded.bucket.rows, padded.bucket.units), padded.split)

    def plan(self, masks: Masks | None = None) -> Plan:
        """What the general program takes of the network, with what ``masks`` switch off."""
        padded = self.padded
        assert padded is not None
        latest: tuple[Masks | None, Plan] | None = self.__dict__.get("_plan")
        if latest is None or latest[0] is not masks:
            latest = self.__dict__["_plan"] = masks, jax.device_put(padded.plan(masks), self.device)
        return latest[1]

    def bucket_recipe(
        self, name: str, build: Callable[[Bucket], Callable[..., Any]], *extra: Any, device: Any = None
    ) -> ProgramSpec:
        """How ``build(bucket)`` is compiled for its bucket: ``function(params, plan, data, knobs, *extra)``; ``extra``:
        examples of further arguments, ``device``: another one than the trainer's."""
        device = device or self.device
        padded = self.padded
        assert padded is not None
        bucket = padded.bucket

        def compile_for_bucket() -> Program:
            split = example_split(bucket)
            vector = np.zeros(len(KNOB_NAMES), np.float32)
            examples = example_state(bucket).params, example_plan(bucket), Data(split, split), vector, *extra
            placed = jax.device_put(examples, device)
            return aot_compile(build(bucket), *placed, options=bucket.compiler_options)

        shapes = tuple(np.shape(leaf) for leaf in jax.tree.leaves(extra))
        return ProgramSpec((name, bucket, shapes, *where_of(device)), compile_for_bucket, shared=True)

    def padded_arguments(self, params: Any, vector: np.ndarray, masks: Masks | None) -> tuple[Any, ...]:
        """What such a program takes: parameters (as they are, or in one vector), the plan, the data and the knobs."""
        padded = self.padded
        assert padded is not None
        return padded.pack_params(params), self.plan(masks), self.padded_data, vector

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """What a program of this trainer depends on: equal keys share programs."""
        shapes = tuple(part.x.shape for part in self.prepared.data)
        return (self.experiment.structure, self.network, self.experiment.task, shapes, *self.where)

    @property
    def evaluation_key(self) -> tuple[Any, ...]:
        """What a program depends on that evaluates this trainer's states: as ``key``, whatever the optimizer."""
        shapes = tuple(part.x.shape for part in self.prepared.data)
        return (self.network, self.experiment.structure.loss, self.experiment.task, shapes, *self.where)

    @property
    def where(self) -> tuple[str, ...]:
        """The device, as a part of programs' keys; nothing where arrays lie on it by themselves."""
        return where_of(self.device)

    def knobs(self, knobs: Knobs | None = None) -> np.ndarray:
        """``knobs``, or the experiment's own, as the programs take them."""
        return knob_vector(knobs or self.experiment.knobs)

    def init(self, params: nn.Params | None = None) -> TrainState:
        """The state before the first step, with weights drawn from ``init_seed``, or with ``params``.

        Raises ``PlaygroundError`` when ``params`` have other shapes than this network's.
        """
        drawn = nn.draw_params(self.network, self.experiment.problem.init_seed)
        state = self.padded.first_state(drawn) if self.padded else self._first_state(drawn)
        if params is None:
            return state
        check_shapes(state.params, params)
        as_arrays = np.asarray if self.padded else jnp.asarray
        return state._replace(params=jax.tree.map(as_arrays, params))

    def _first_state(self, drawn: nn.Params) -> TrainState:
        drawn = jax.device_put(drawn, self.device)
        structure, network = self.experiment.structure, self.network
        key = ("init", network.widths, network.normalization, structure.optimizer, *self.where)
        program = PROGRAMS.get(key, lambda: self._compile_init(drawn))
        return program(drawn, nn.init_stats(self.network), self.knobs())

    def begin_with(self, params: nn.Params, stats: nn.Stats, step: int = 0) -> TrainState:
        """The state after ``step`` steps with these weights, and running statistics where there are any; the optimizer
        remembers nothing.

        Raises ``PlaygroundError`` when they belong to another network.
        """
        fresh = self.init()
        check_shapes(fresh.params, params)
        state = self.init(params)
        state = state._replace(step=jnp.full_like(state.step, step))
        if not any(stats):
            return state
        check_shapes(fresh.stats, stats)
        return state._replace(stats=tuple({n: jnp.asarray(value) for n, value in layer.items()} for layer in stats))

    def advance(
        self, state: TrainState, steps: int, knobs: Knobs | None = None, masks: Masks | None = None
    ) -> TrainState:
        """The state after ``steps`` more optimizer steps under ``knobs``, with what ``masks`` switch off."""
        return self.advance_under(state, steps, self.knobs(knobs), masks)

    def advance_under(self, state: TrainState, steps: int, knobs: np.ndarray, masks: Masks | None = None) -> TrainState:
        """As ``advance``, under a vector of knobs."""
        program = self.recipe(masks is not None).program()
        if self.padded:
            packed = self.padded.pack(state)
            end = program(packed, self.plan(masks), self.padded_data, knobs, self.seed, np.int32(steps))
            return self.padded.unpack(end)
        switched = () if masks is None else (masks,)
        return program(state, self.data, knobs, self.seed, np.int32(steps), *switched)

    def has_stopped(self, state: TrainState, knobs: np.ndarray | None = None) -> bool:
        """Whether early stopping ends the training at ``state``."""
        patience = self.knobs()[PATIENCE] if knobs is None else knobs[PATIENCE]
        return bool(has_stopped(state.best, int(state.step), self.steps_per_epoch, patience))

    def stop_sentence(self, state: TrainState) -> Translatable:
        """What is said of a ``state`` at which early stopping ended the training."""
        best, each = int(state.best.step), self.steps_per_epoch
        return mark(
            "Stopped early: the test loss was best ({loss:.3g}) at epoch {epoch:.0f}, {ago:.0f} epochs ago.",
            loss=float(state.best.loss),
            epoch=best / each,
            ago=(int(state.step) - best) / each,
        )

    def scores(self, state: TrainState, knobs: Knobs | None = None) -> Scores:
        """Losses and metrics of ``state``, in evaluation mode, over the whole sets."""
        vector = self.knobs(knobs)
        if self.padded:
            program = self.bucket_recipe("scores", general_scores).program()
            numbers = program(*self.padded_arguments(state.params, vector, None))
        else:
            key = ("scores", *self.key)
            program = PROGRAMS.get(key, lambda: aot_compile(self._scores, state, self.data, vector))
            numbers = program(state, self.data, vector)
        train_loss, test_loss, train_metric, test_metric, regularization = (
            float(number) for number in np.asarray(numbers)
        )
        step = int(state.step)
        return Scores(
            step, step / self.steps_per_epoch, train_loss, test_loss, train_metric, test_metric, regularization
        )

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch."""
        n = int(self.prepared.data.train.n)
        return -(-n // self.batch_size)

    @property
    def batch_size(self) -> int:
        """Samples in a full batch."""
        n = int(self.prepared.data.train.n)
        structure = self.experiment.structure
        return n if OPTIMIZERS[structure.optimizer].full_batch else min(structure.batch_size, n)

    def recipe(self, masked: bool = False) -> ProgramSpec:
        """How ``advance`` is compiled; ``masked``: with something switched off, which the general program takes as it
        is."""
        if self.padded:
            return train_loop_recipe(self.padded.bucket, self.device)
        name = "advance with masks" if masked else "advance"
        return ProgramSpec((name, *self.key), lambda: self._compile_advance(masked))

    def _compile_init(self, drawn: nn.Params) -> Program:
        structure = self.experiment.structure

        def init(params: nn.Params, stats: nn.Stats, knobs: jax.Array) -> TrainState:
            return init_state(structure, params, stats, knob_dict(knobs))

        return aot_compile(init, drawn, nn.init_stats(self.network), self.knobs())

    def _compile_advance(self, masked: bool) -> Program:
        advance = make_advance(
            self.experiment.structure, self.network, self.experiment.task, self.prepared.data.train.x.shape[0]
        )

        def program(
            state: TrainState, data: Data, knobs: jax.Array, seed: jax.Array, steps: jax.Array, *masks: Masks
        ) -> TrainState:
            return advance(state, data.train, knob_dict(knobs), seed, steps, *(masks or (None,)), test=data.test)

        switched = (full_masks(self.network),) if masked else ()
        return aot_compile(program, self.init(), self.data, self.knobs(), self.seed, np.int32(1), *switched)

    def _scores(self, state: TrainState, data: Data, vector: jax.Array) -> jax.Array:
        loss, knobs = LOSSES[self.experiment.structure.loss], knob_dict(vector)
        train, test = (
            score(self.network, loss, self.experiment.task, state.params, state.stats, part, knobs) for part in data
        )
        return jnp.stack([train.loss, test.loss, train.metric, test.metric, penalty(state.params, knobs)])


def train_loop_recipe(bucket: Bucket, device: Any = None) -> ProgramSpec:
    """How the training loop of ``bucket`` is compiled, for a ``device`` if it is not the one on which arrays lie by
    themselves."""

    def build() -> Program:
        loop = make_train_loop(bucket)

        def advance(
            state: PaddedState, plan: Plan, data: Data, vector: jax.Array, seed: jax.Array, steps: jax.Array
        ) -> PaddedState:
            return loop(state, plan, data.train, knob_dict(vector), seed, steps, data.test)

        vector = np.zeros(len(KNOB_NAMES), np.float32)
        data = Data(example_split(bucket), example_split(bucket))
        examples = example_state(bucket), example_plan(bucket), data, vector, np.uint32(0), np.int32(1)
        return aot_compile(advance, *jax.device_put(examples, device), options=bucket.compiler_options)

    return ProgramSpec(("train loop", bucket, *where_of(device)), build, shared=True)


def where_of(device: Any) -> tuple[str, ...]:
    """A device as a part of programs' keys; nothing for ``None``, where arrays lie on it by themselves."""
    return () if device is None else (str(device),)
