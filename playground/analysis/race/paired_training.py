"""Trainings that differ in optimizer, rate or schedule alone, from the same weights on the same batches.

They share the general program of their bucket, if they fit one. A contestant is bitwise what ``Trainer.advance`` makes
of it alone; in one ``jax.vmap`` it would not be, since that changes the order of sums.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import jax
import numpy as np
from jax import Array

from playground.datasets import Table
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.language import mark
from playground.nn.network import Params, Stats
from playground.objectives.optimizers import OPTIMIZERS
from playground.programs.cache import ProgramSpec
from playground.training.train_loop import TrainState
from playground.training.trainer import Trainer

MAX_CONTESTANTS = 8
Vectors = dict[str, Any]
"""The numbers of a tree by their type: few large arrays cost less than many small ones, to keep and to pass."""


class PairedState(NamedTuple):
    """Where a contest stands: each contestant's ``TrainState`` as vectors, the ``step``, and each one's ``bad_step
    (K,)``, -1 where all is well."""

    rows: tuple[Vectors, ...]
    step: np.ndarray
    bad_step: np.ndarray


def pack_tree(tree: Any, xp: Any = np) -> Vectors:
    """All numbers of a tree as one vector a type; ``xp``: NumPy, or JAX's module inside a program."""
    by_type: dict[str, list[Any]] = {}
    for leaf in jax.tree.leaves(tree):
        part = xp.asarray(leaf)
        by_type.setdefault(str(part.dtype), []).append(part.ravel())
    return {name: xp.concatenate(parts) for name, parts in by_type.items()}


def unpack_tree(like: Any, vectors: Vectors) -> Any:
    """The tree of the shapes ``like`` whose numbers ``pack_tree`` gave; of a part, the first leaves."""
    leaves, tree = jax.tree.flatten(like)
    at = dict.fromkeys(vectors, 0)
    parts = []
    for leaf in leaves:
        name = str(leaf.dtype)
        parts.append(vectors[name][at[name] : at[name] + leaf.size].reshape(leaf.shape))
        at[name] += leaf.size
    return jax.tree.unflatten(tree, parts)


class PairedTraining:
    """Up to eight experiments that are alike in problem, layers, loss and batches.

    Raises ``PlaygroundError`` when there are none or too many, when they differ in more than optimizer, schedule and
    knobs, or when one of them does not go by batches.
    """

    def __init__(self, experiments: Sequence[Experiment], table: Table | None = None) -> None:
        if not 1 <= len(experiments) <= MAX_CONTESTANTS:
            raise PlaygroundError(
                mark("a race needs 1 to {most} contestants, not {count}.", most=MAX_CONTESTANTS, count=len(experiments))
            )
        if len({simulation_of(experiment) for experiment in experiments}) > 1:
            raise PlaygroundError(mark("contestants must have the same data, layers, loss and batches to be compared."))
        if (
            any(OPTIMIZERS[experiment.structure.optimizer].full_batch for experiment in experiments)
            and len(experiments) > 1
        ):
            raise PlaygroundError(mark("an optimizer that sees all samples at once cannot race on the same batches."))
        first = Trainer(experiments[0], table)
        self.trainers = tuple(with_learning_of(first, experiment) for experiment in experiments)
        self.knobs = [trainer.knobs() for trainer in self.trainers]
        self._likes = [shapes_of(trainer.init()) for trainer in self.trainers]

    @property
    def trainer(self) -> Trainer:
        """The first contestant's, for what all have in common: data, network, task."""
        return self.trainers[0]

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How the programs are compiled, one a way of learning."""
        return tuple({recipe.key: recipe for recipe in (trainer.recipe() for trainer in self.trainers)}.values())

    def first_state(self, init_seed: int | None = None) -> PairedState:
        """All at the same start, drawn from the experiments' own ``init_seed`` or from another."""
        rows = []
        for trainer in self.trainers:
            experiment = trainer.experiment
            if init_seed is not None:
                problem = replace(experiment.problem, init_seed=init_seed)
                trainer = with_learning_of(trainer, replace(experiment, problem=problem))
            rows.append(pack_tree(trainer.init()))
        return PairedState(tuple(rows), np.array(0, np.int32), np.full(len(rows), -1, np.int32))

    def advance(self, state: PairedState, steps: int) -> PairedState:
        """All so many steps further; who diverged, or was stopped early, stays where that was."""
        rows, bad = [], []
        for k, trainer in enumerate(self.trainers):
            now = trainer.advance_under(self.state(state, k), steps, self.knobs[k])
            rows.append(pack_tree(now))
            bad.append(int(now.bad_step))
        return PairedState(tuple(rows), state.step + np.int32(steps), np.array(bad, np.int32))

    def ended_mask(self, state: PairedState) -> np.ndarray:
        """Who diverged or was stopped early: (K,)."""
        stopped = [trainer.has_stopped(self.state(state, k), self.knobs[k]) for k, trainer in enumerate(self.trainers)]
        return (state.bad_step >= 0) | np.array(stopped)

    def state(self, state: PairedState, k: int) -> TrainState:
        """Contestant ``k``'s own state."""
        return unpack_tree(self._likes[k], state.rows[k])

    def weights(self, state: PairedState, k: int) -> np.ndarray:
        """Contestant ``k``'s parameters and running statistics as one vector, which any way of learning has first."""
        like = self._likes[k]
        size = sum(leaf.size for leaf in jax.tree.leaves((like.params, like.stats)))
        return np.asarray(state.rows[k]["float32"])[:size]

    def with_weights(self, vector: Array) -> tuple[Params, Stats]:
        """Parameters and running statistics of such a vector, inside a program."""
        like = self._likes[0]
        return unpack_tree((like.params, like.stats), {"float32": vector})


def with_learning_of(trainer: Trainer, experiment: Experiment) -> Trainer:
    """The trainer of ``experiment``, which has the same data as that of ``trainer``: they are not made again."""
    sharing = copy.copy(trainer)
    for name in ("key", "padded", "_plan"):
        sharing.__dict__.pop(name, None)
    sharing.experiment = experiment
    return sharing


def shapes_of(tree: Any) -> Any:
    """The shapes and types of a tree's arrays."""
    return jax.tree.map(lambda leaf: jax.ShapeDtypeStruct(leaf.shape, leaf.dtype), tree)


def simulation_of(experiment: Experiment) -> tuple[Any, ...]:
    """What must be alike for a race to be fair: all but optimizer, schedule and the knobs that are theirs."""
    structure = [item for item in vars(experiment.structure).items() if item[0] not in ("optimizer", "schedule")]
    knobs = experiment.knobs
    shared = (knobs.dropout, knobs.l1, knobs.l2, knobs.label_smoothing, knobs.focal_gamma, knobs.huber_delta)
    return (experiment.problem, *structure, *shared)
