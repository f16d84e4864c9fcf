"""The general program against the same training spelled out for one network, operation by operation, without a compiled
loop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground import Experiment, Trainer
from playground.experiment import replace_field
from playground.nn.activations import ACTIVATIONS
from playground.nn.initializers import INITIALIZERS
from playground.nn.masks import Masks, full_masks
from playground.objectives.loss import NetworkTask
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.schedules import SCHEDULES
from playground.training import TrainState
from playground.training.data import Data
from playground.training.general import Bucket, PaddedNetwork, bucket_of
from playground.training.general.loss_switch import loss_forms, loss_number
from playground.training.general.optimizer_switch import elementwise_optimizers, state_layout
from playground.training.general.reading import reading_number, readings
from playground.training.knobs import knob_dict
from playground.training.train_loop import make_advance
from playground.training.trainer import train_loop_recipe
from tests.sampling import long_param, mark_long_except

SMALL: dict[str, Any] = {"samples": 60, "hidden": [4, 3], "learning_rate": 0.02}
STEPS = 4
"""More than an epoch of 30 samples in batches of ten."""
TASKS: dict[NetworkTask, dict[str, Any]] = {
    "binary": {},
    "multiclass": {"dataset": "blobs", "classes": 4},
    "regression": {"dataset": "saddle"},
}


def spelled_out(trainer: Trainer, steps: int, masks: Masks | None = None) -> TrainState:
    """The state after ``steps``, each operation for itself."""
    structure, split = trainer.experiment.structure, trainer.prepared.data.train
    advance = make_advance(structure, trainer.network, trainer.experiment.task, split.x.shape[0])
    split, first, masks = jax.tree.map(jnp.asarray, (split, trainer.init(), masks))
    knobs = knob_dict(jnp.asarray(trainer.knobs()))
    with jax.disable_jit():
        return advance(first, split, knobs, trainer.seed, jnp.int32(steps), masks)


def apart(one: Any, other: Any) -> float:
    """The largest difference of two states' numbers, as a share of the largest number of its array (or of 1)."""
    differences = [0.0]
    for a, b in zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True):
        a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
        assert a.shape == b.shape
        differences.append(float(np.abs(a - b).max(initial=0.0) / max(1.0, np.abs(b).max(initial=0.0))))
    return max(differences)


def agree(given: dict[str, Any], masks: Masks | None = None, tolerance: float = 2e-6) -> None:
    trainer = Trainer(Experiment.of(**(SMALL | given)))
    assert trainer.padded is not None
    ours = trainer.advance(trainer.init(), STEPS, masks=masks)
    theirs = spelled_out(trainer, STEPS, masks)
    assert int(ours.step) == STEPS
    assert apart(ours, theirs) < tolerance


@pytest.mark.parametrize("name", mark_long_except(ACTIVATIONS, "relu", "gelu", "sine"))
def test_every_activation(name: str) -> None:
    agree({"activation": name})


@pytest.mark.parametrize(
    "name",
    mark_long_except(
        [optimizer.name for optimizer in OPTIMIZERS.values() if optimizer.elementwise], "sgd", "adam", "lion"
    ),
)
def test_every_elementwise_optimizer(name: str) -> None:
    agree({"optimizer": name, "learning_rate": 0.003, "clip_norm": 0.5})


@pytest.mark.parametrize(
    ("name", "task"),
    mark_long_except(
        [(loss.name, task) for loss in LOSSES.values() for task in loss.output_activations],
        ("binary_cross_entropy", "binary"),
        ("softmax_cross_entropy", "multiclass"),
        ("huber", "regression"),
    ),
)
def test_every_loss_in_every_task(name: str, task: NetworkTask) -> None:
    smoothing = {} if task == "regression" else {"label_smoothing": 0.1}
    agree(TASKS[task] | smoothing | {"loss": name, "output_activation": LOSSES[name].output_activations[task][0]})


@pytest.mark.parametrize("name", mark_long_except(SCHEDULES, "constant", "warmup_cosine"))
def test_every_schedule(name: str) -> None:
    agree({"schedule": name, "schedule_steps": 5} | ({"warmup_steps": 2} if name == "warmup_cosine" else {}))


@pytest.mark.parametrize("name", mark_long_except(INITIALIZERS, "he_normal", "zeros"))
def test_every_initializer(name: str) -> None:
    agree({"initializer": name})


@pytest.mark.parametrize("depth", mark_long_except(range(9), 0, 3, 8))
def test_every_depth_with_all_that_regularizes(depth: int) -> None:
    agree({"hidden": [3] * depth, "residual": True, "l1": 0.01, "l2": 0.02, "weight_decay": 0.1, "dropout": 0.25})


@pytest.mark.parametrize(
    "given",
    [
        {"batch_size": 7},
        *map(long_param, ({"batch_size": 1}, {"batch_size": 25}, {"batch_size": 60}, {"hidden": [30]})),
        {"shuffle": False},
        {"activation": ["relu", "gaussian"]},
        {"features": ["x2", "sin_x1", "x1_x2"]},
        {"hidden": [11, 5]},
    ],
    ids=str,
)
def test_every_batch_order_and_width(given: dict[str, Any]) -> None:
    agree(given)


def test_what_is_switched_off_is_off() -> None:
    trainer = Trainer(Experiment.of(**SMALL))
    masks = full_masks(trainer.network)
    masks.units[0][1] = masks.units[1][2] = masks.links[1][0, 1] = 0
    frozen = masks._replace(learning=np.array([1, 0, 1], np.float32))
    for case in (masks, frozen):
        agree({"l2": 0.1, "weight_decay": 0.1, "optimizer": "adam"}, case)


def test_a_step_that_breaks_is_found_and_the_state_stays_before_it() -> None:
    trainer = Trainer(Experiment.of(dataset="plane", learning_rate=10.0, hidden=[4], activation="relu", samples=60))
    ours = trainer.advance(trainer.init(), 40)
    theirs = spelled_out(trainer, 40)
    assert int(ours.bad_step) == int(theirs.bad_step) == int(ours.step) >= 0
    assert apart(ours.params, theirs.params) < 1e-3
    assert trainer.advance(ours, 5).step == ours.step


networks = st.fixed_dictionaries(
    {
        "hidden": st.lists(st.integers(1, 8), max_size=8),
        "activation": st.sampled_from(list(ACTIVATIONS)),
        "optimizer": st.sampled_from([optimizer.name for optimizer in elementwise_optimizers()]),
        "features": st.lists(st.sampled_from(["x1", "x2", "x1_x2", "sin_x1"]), min_size=1, unique=True),
        "batch_size": st.integers(1, 10),
        "residual": st.booleans(),
        "dropout": st.sampled_from([0.0, 0.3]),
        "learning_rate": st.just(0.001),
    }
)


@settings(max_examples=25, deadline=None)
@given(networks)
def test_padding_never_changes_a_number(given: dict[str, Any]) -> None:
    trainer = Trainer(Experiment.of(samples=60, **given))
    small = trainer.advance(trainer.init(), STEPS)
    large = PaddedNetwork(trainer.experiment, trainer.network, Bucket(16, 32, 1024), trainer.batch_size)
    program = train_loop_recipe(large.bucket).program()
    data = Data(*map(large.split, trainer.prepared.data))
    packed = large.pack(trainer.init())
    rest = data, trainer.knobs(), trainer.seed, np.int32(STEPS)
    end = large.unpack(program(packed, large.plan(), *rest))
    assert apart(small, end) < 2e-5
    for name, vector in zip(("weights", "gradient"), (packed.params, packed.update), strict=True):
        beyond = np.delete(vector, large.places)
        assert not beyond.any(), name


@settings(max_examples=15, deadline=None)
@given(networks, st.lists(st.integers(1, 12), min_size=2, max_size=5))
def test_any_cut_of_the_same_steps_is_bitwise_the_same_run(given: dict[str, Any], cuts: list[int]) -> None:
    trainer = Trainer(Experiment.of(samples=60, **given))
    whole = trainer.advance(trainer.init(), sum(cuts))
    state = trainer.init()
    for steps in cuts:
        state = trainer.advance(state, steps)
    assert apart(state, whole) == 0


@settings(max_examples=20, deadline=None)
@given(networks)
def test_a_state_is_packed_and_unpacked_without_loss(given: dict[str, Any]) -> None:
    trainer = Trainer(Experiment.of(samples=60, **given))
    assert trainer.padded is not None
    state = trainer.advance(trainer.init(), 3)
    again = trainer.padded.unpack(trainer.padded.pack(state))
    assert jax.tree.structure(again) == jax.tree.structure(state)
    assert apart(again, state) == 0


@pytest.mark.parametrize("optimizer", [optimizer.name for optimizer in elementwise_optimizers()])
def test_the_first_state_is_optaxs(optimizer: str) -> None:
    trainer = Trainer(Experiment.of(**SMALL, optimizer=optimizer))
    knobs = knob_dict(jnp.asarray(trainer.knobs()))
    size = sum(leaf.size for leaf in jax.tree.leaves(trainer.init().params))
    theirs = OPTIMIZERS[optimizer].transform(knobs["learning_rate"], knobs).init(jnp.ones(size))
    ours = trainer.init().opt_state
    assert jax.tree.structure(ours) == jax.tree.structure(theirs) == state_layout(optimizer).tree
    for a, b in zip(jax.tree.leaves(ours), jax.tree.leaves(theirs), strict=True):
        assert (a.shape, a.dtype) == (b.shape, b.dtype)
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("outputs", [1, 2, 3, 5])
@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_padding_adds_nothing_to_a_loss_and_to_its_gradient(loss: Any, outputs: int) -> None:
    tasks = [task for task in loss.output_activations if task == "multiclass" or loss.outputs(task, 2) == outputs]
    if not tasks or (outputs < 3 and "multiclass" in tasks and len(tasks) == 1):
        return
    rng = np.random.default_rng(0)
    knobs = knob_dict(jnp.asarray(Trainer(Experiment.of(samples=60)).knobs()))
    output = jnp.asarray(rng.normal(size=(6, outputs)), jnp.float32)
    hot = np.eye(max(outputs, 2))[rng.integers(0, max(outputs, 2), 6)][:, :outputs]
    target = jnp.asarray(hot if loss.encoding == "probability" else 2 * hot - 1, jnp.float32)
    real = jnp.asarray(np.arange(8) < outputs, jnp.float32)
    form = loss_forms()[loss_number(loss.name, outputs)]
    wide_output, wide_target = (jnp.pad(part, ((0, 0), (0, 8 - outputs))) for part in (output, target))

    def plain(values: Any) -> Any:
        return jax.vmap(lambda o, t: loss.fn(o, t, knobs))(values, target)

    np.testing.assert_allclose(form.of_rows(wide_output, wide_target, real, knobs), plain(output), rtol=1e-6, atol=1e-7)
    slope = jax.grad(lambda o: form.of_rows(o, wide_target, real, knobs).sum())(wide_output)
    np.testing.assert_allclose(slope[:, :outputs], jax.grad(lambda o: plain(o).sum())(output), rtol=1e-5, atol=1e-6)
    assert not np.asarray(slope[:, outputs:]).any()


def test_losses_that_are_read_alike_read_alike() -> None:
    """A picture and a metric are made by the first loss of each kind."""
    for loss in LOSSES.values():
        for task in loss.output_activations:
            if task == "regression":
                continue
            outputs = jnp.asarray(np.random.default_rng(1).normal(size=(9, loss.outputs(task, 4))), jnp.float32)
            reading = readings()[reading_number(loss.name, task)]
            assert reading.task == task
            for name in ("value", "decide", "true_class"):
                ours, theirs = (jax.vmap(getattr(one, name))(outputs) for one in (reading.loss, loss))
                np.testing.assert_array_equal(ours, theirs)


def test_what_fits_no_bucket_has_programs_of_its_own() -> None:
    trainer = Trainer(Experiment.of(**SMALL))

    def bucket(**given: Any) -> Bucket | None:
        own = Trainer(Experiment.of(**(SMALL | given)))
        return bucket_of(own.experiment.structure, own.network, 30, 30)

    assert bucket() == Bucket(8, 10, 256)
    assert bucket(hidden=[9]) == Bucket(16, 10, 256)
    assert bucket(batch_size=11) == Bucket(8, 32, 256)
    for misfit in ({"normalization": "batch"}, {"normalization": "layer"}, {"optimizer": "lbfgs"}, {"hidden": [64]}):
        assert bucket(**misfit) is None
    assert bucket_of(trainer.experiment.structure, trainer.network, 257, 10) == Bucket(8, 10, 1024)
    assert bucket_of(trainer.experiment.structure, trainer.network, 10, 5000) is None


def test_another_seed_and_another_batch_are_other_runs() -> None:
    trainer = Trainer(Experiment.of(**SMALL))
    other = Trainer(replace_field(trainer.experiment, "batch_size", 9))
    seeded = Trainer(replace(trainer.experiment, problem=replace(trainer.experiment.problem, seed=5)))
    ends = [one.advance(one.init(), STEPS) for one in (trainer, other, seeded)]
    assert apart(ends[0].params, ends[1].params) > 1e-4
    assert apart(ends[0].params, ends[2].params) > 1e-4
