"""Networks side by side on the last axis against the ordinary training of each: every activation, optimizer, loss and
schedule, under all that regularizes."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.nn import network as nn
from playground.nn.activations import ACTIVATIONS
from playground.objectives.loss import Loss, NetworkTask
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.schedules import SCHEDULES
from playground.training.ensemble import group_outputs, init_group, is_interleaved, make_group_advance, stack_trees
from playground.training.interleaved import ROWS_PER_CHUNK, ROWS_PER_FOLD, sum_rows, weight_rows
from playground.training.knobs import knob_dict

NETWORKS, STEPS = 3, 7
"""Two epochs of 30 samples in batches of ten, and a step."""
TOLERANCE = 1e-6
"""The largest difference of a parameter after ``STEPS``, as a share of its array's largest number (or of 1)."""
TASKS: dict[NetworkTask, dict[str, Any]] = {
    "binary": {},
    "multiclass": {"dataset": "blobs", "classes": 3},
    "regression": {"dataset": "saddle"},
}
REGULARIZED = {"l1": 0.01, "l2": 0.02, "weight_decay": 0.1, "dropout": 0.25, "clip_norm": 0.3}


def table() -> list[dict[str, Any]]:
    """Experiments in which each activation, elementwise optimizer, loss in each of its tasks, and schedule occurs, half
    of them with all that regularizes."""
    names = list(ACTIVATIONS)
    trios = [[names[(3 * i + j) % len(names)] for j in range(3)] for i in range(-(-len(names) // 3))]
    losses: list[tuple[Loss, NetworkTask]] = [
        (loss, task) for loss in LOSSES.values() for task in loss.output_activations
    ]
    optimizers = [optimizer.name for optimizer in OPTIMIZERS.values() if optimizer.elementwise]
    count = max(len(trios), len(losses), len(optimizers), len(SCHEDULES))
    rows = zip(range(count), cycle(trios), cycle(losses), cycle(optimizers), cycle(SCHEDULES), strict=False)
    cases = []
    for i, trio, (loss, task), optimizer, schedule in rows:
        smoothing = {} if task == "regression" else {"label_smoothing": 0.1}
        case = TASKS[task] | {
            "hidden": [4, 4, 3],
            "activation": trio,
            "loss": loss.name,
            "output_activation": loss.output_activations[task][0],
            "optimizer": optimizer,
            "learning_rate": 0.01,
            "schedule": schedule,
            "schedule_steps": 5,
            "residual": i % 3 > 0,
        }
        cases.append(case | (REGULARIZED | smoothing if i % 2 else {}))
    return cases


SHAPES: list[dict[str, Any]] = [
    {"hidden": []},
    {"hidden": [2], "batch_size": 1},
    {"hidden": [3], "batch_size": 7, "shuffle": False},
    {"hidden": [3], "samples": 512, "batch_size": 85, "dropout": 0.2},  # of 256 rows: the last chunk ends beyond them
    {"hidden": [3], "samples": 200, "batch_size": 80},
    {"hidden": [20, 20], "optimizer": "adam"},
]


def train_side_by_side(experiment: Experiment, own: bool) -> tuple[Any, list[Trainer]]:
    """A group of ``NETWORKS`` after ``STEPS``, and each network's own trainer."""
    problem = experiment.problem
    trainers = []
    for k in range(NETWORKS):
        changed = replace(problem, init_seed=problem.init_seed + k, seed=problem.seed + (k if own else 0))
        trainers.append(Trainer(replace(experiment, problem=changed)))
    first = trainers[0]
    structure, network = experiment.structure, first.network
    assert is_interleaved(structure, network)
    knobs = knob_dict(jnp.asarray(first.knobs()))
    drawn = stack_trees([nn.draw_params(network, one.experiment.problem.init_seed) for one in trainers], -1)
    data, seed = first.prepared.data.train, first.seed
    if own:
        data = stack_trees([one.prepared.data.train for one in trainers], -1)
        seed = jnp.array([one.seed for one in trainers])
    rows = first.prepared.data.train.x.shape[0]
    advance = jax.jit(make_group_advance(structure, network, experiment.task, rows, own))
    group = init_group(structure, network, jax.tree.map(jnp.asarray, drawn), knobs)
    arguments = jax.tree.map(jnp.asarray, data), knobs, seed
    for steps in (3, STEPS - 3):  # a cut within an epoch
        group = advance(group, *arguments, jnp.int32(steps))
    return group, trainers


def check_agreement(given: dict[str, Any], own: bool = False) -> None:
    experiment = Experiment.of(**({"samples": 60} | given))
    group, trainers = train_side_by_side(experiment, own)
    for k, trainer in enumerate(trainers):
        alone = trainer.advance(trainer.init(), STEPS)
        assert int(group.bad_step[k]) == int(alone.bad_step) == -1
        assert int(group.step) == STEPS
        for ours, theirs in zip(jax.tree.leaves(group.params), jax.tree.leaves(alone.params), strict=True):
            theirs = np.asarray(theirs)
            apart = np.abs(np.asarray(ours)[..., k] - theirs).max(initial=0.0)
            assert apart < TOLERANCE * max(1.0, np.abs(theirs).max(initial=0.0))


@pytest.mark.parametrize("case", table(), ids=lambda case: f"{case['optimizer']}-{case['loss']}-{case['schedule']}")
def test_each_network_learns_what_it_learns_alone(case: dict[str, Any]) -> None:
    check_agreement(case)


@pytest.mark.parametrize("case", SHAPES, ids=str)
def test_every_shape_and_batch(case: dict[str, Any]) -> None:
    check_agreement(case)


@pytest.mark.parametrize(
    "given", [{}, REGULARIZED | {"optimizer": "adam"}, {"batch_size": 40, "samples": 120, "dropout": 0.3}]
)
def test_networks_of_samples_of_their_own(given: dict[str, Any]) -> None:
    check_agreement({"hidden": [4, 2], "learning_rate": 0.01} | given, own=True)


def test_the_table_has_every_entry() -> None:
    cases = table()
    assert {name for case in cases for name in case["activation"]} == set(ACTIVATIONS)
    assert {case["schedule"] for case in cases} == set(SCHEDULES)
    assert {case["loss"] for case in cases} == set(LOSSES)
    assert {case["optimizer"] for case in cases} == {one.name for one in OPTIMIZERS.values() if one.elementwise}
    assert SHAPES[3]["batch_size"] > ROWS_PER_CHUNK


def test_outputs_are_those_in_evaluation() -> None:
    experiment = Experiment.of(hidden=[4, 4], residual=True, dropout=0.4, samples=60)
    group, trainers = train_side_by_side(experiment, False)
    x = jnp.asarray(trainers[0].prepared.data.test.x)
    ours = group_outputs(experiment.structure, trainers[0].network, group, x, False)
    for k in range(NETWORKS):
        params = jax.tree.map(lambda leaf, k=k: leaf[..., k], group.params)
        theirs = nn.forward(trainers[0].network, params, ({}, {}), x)[-1].h
        np.testing.assert_allclose(ours[..., k], theirs, atol=1e-6)


@pytest.mark.parametrize("rows", [1, ROWS_PER_FOLD - 1, ROWS_PER_FOLD, ROWS_PER_FOLD + 1, 5 * ROWS_PER_FOLD + 3])
def test_the_sum_of_rows_is_their_sum(rows: int) -> None:
    values = np.random.default_rng(rows).normal(size=(rows, 4)).astype(np.float32)
    np.testing.assert_allclose(sum_rows(jnp.asarray(values)), values.sum(axis=0), rtol=1e-4, atol=1e-6)


def test_penalties_leave_biases_alone() -> None:
    network = Trainer(Experiment.of(hidden=[3], samples=60)).network
    assert weight_rows(network).ravel().tolist() == [0] * 3 + [1] * 6 + [0] + [1] * 3


def test_what_cannot_lie_side_by_side_is_mapped() -> None:
    for misfit in ({"normalization": "batch"}, {"optimizer": "lbfgs"}, {"optimizer": "lamb"}, {"hidden": [64] * 4}):
        trainer = Trainer(Experiment.of(**({"samples": 60} | misfit)))
        assert not is_interleaved(trainer.experiment.structure, trainer.network)
