"""What single samples pull at, against ``jax.grad`` one at a time, NumPy's cosines, and the gradient of the whole
set."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.live.frames.diagram import Diagram
from playground.live.inspection.per_example_gradients import PerExampleGradients
from playground.nn.masks import full_masks
from playground.nn.network import apply
from playground.objectives.losses import LOSSES
from playground.training.knobs import knob_dict
from playground.training.objective import score

CASES: dict[str, dict[str, Any]] = {
    "binary": {},
    "five classes, smoothed, batch normalisation, residual": {
        "dataset": "blobs",
        "classes": 5,
        "label_smoothing": 0.1,
        "normalization": "batch",
        "hidden": [3, 3],
        "residual": True,
    },
    "a regression of columns, no hidden layer": {"dataset": "diabetes", "hidden": []},
}


def gradients(trainer: Trainer, state: Any) -> np.ndarray:
    """Each sample's gradient (n, parameters) in the picture's order, by ``jax.grad`` for one after another."""
    loss, task = LOSSES[trainer.experiment.structure.loss], trainer.experiment.task
    knobs = knob_dict(jnp.asarray(trainer.knobs()))

    @jax.jit
    def one(x: Any, y: Any) -> Any:
        def value(params: Any) -> Any:
            target = loss.smooth(y[None], knobs["label_smoothing"], task)[0]
            return loss.fn(apply(trainer.network, params, state.stats, x), target, knobs)

        return jax.grad(value)(state.params)

    # A table brings all its rows: those of the picture are enough here.
    found: Any = [None] * len(trainer.prepared.picture.train)
    for order, split in zip(trainer.prepared.order, trainer.prepared.data, strict=True):
        for row, place in enumerate(order):
            found[place] = np.concatenate([np.ravel(leaf) for leaf in jax.tree.leaves(one(split.x[row], split.y[row]))])
    return np.stack(found).astype(float)


def small(**fields: Any) -> Trainer:
    return Trainer(Experiment.of(**{"samples": 60, "hidden": [4, 2], "noise": 0.2} | fields))


@pytest.mark.parametrize("case", CASES)
def test_pull_and_cosines_are_those_of_gradients_one_at_a_time(case: str) -> None:
    trainer = small(**CASES[case])
    state = trainer.advance(trainer.init(), 50)
    known = gradients(trainer, state)
    train = trainer.prepared.picture.train
    for point in (int(np.flatnonzero(train)[3]), int(np.flatnonzero(~train)[2])):
        found = PerExampleGradients(trainer)(state, point=point)
        expected = known @ known[point] / (np.linalg.norm(known, axis=1) * np.linalg.norm(known[point]))
        np.testing.assert_allclose(found.cosine, expected, atol=2e-5)
        assert found.cosine[point] == pytest.approx(1, abs=1e-5)
        leaves = jax.tree.leaves(state.params)
        parts = np.split(known[point], np.cumsum([leaf.size for leaf in leaves])[:-1])
        layers = jax.tree.unflatten(
            jax.tree.structure(state.params), [p.reshape(leaf.shape) for p, leaf in zip(parts, leaves, strict=True)]
        )
        drawn = Diagram(trainer.network).parameters(jax.tree.map(jnp.asarray, layers))
        np.testing.assert_allclose(found.pull, -np.asarray(drawn), atol=1e-5)


def test_the_mean_of_all_pulls_is_the_pull_of_the_train_set() -> None:
    trainer = small()
    state = trainer.advance(trainer.init(), 50)
    loss, knobs = LOSSES[trainer.experiment.structure.loss], knob_dict(jnp.asarray(trainer.knobs()))

    def whole(params: Any) -> Any:
        return score(trainer.network, loss, "binary", params, state.stats, trainer.data.train, knobs).loss

    batch = -np.asarray(Diagram(trainer.network).parameters(jax.grad(whole)(state.params)))
    train = np.flatnonzero(trainer.prepared.picture.train)
    pulls = PerExampleGradients(trainer)
    mean = np.mean([pulls(state, point=int(point)).pull for point in train], axis=0)
    np.testing.assert_allclose(mean, batch, atol=1e-6)


def test_what_is_off_or_frozen_is_not_pulled_at() -> None:
    trainer = small()
    masks = full_masks(trainer.network)
    masks.units[1][0] = masks.links[1][1, 1] = masks.learning[2] = 0
    state = trainer.init()
    found = PerExampleGradients(trainer)(state, masks=masks, point=0)
    shown = Diagram(trainer.network)
    still = shown.parameters(
        jax.tree.map(
            lambda part: jnp.asarray(part == 0, jnp.float32),
            (
                {"w": np.outer(np.ones(2), masks.units[1]), "b": masks.units[1]},
                {"w": masks.links[1] * masks.units[1][:, None], "b": np.ones(2)},
                {"w": np.zeros((2, 1)), "b": np.zeros(1)},
            ),
        )
    )
    np.testing.assert_array_equal(found.pull[np.asarray(still) == 1], 0)
    assert (found.pull[np.asarray(still) == 0] != 0).any()
    assert found.cosine[0] == pytest.approx(1, abs=1e-5)


def test_a_sample_that_pulls_at_nothing_has_no_angle() -> None:
    trainer = small(hidden=[2], activation="relu", loss="hinge")
    state = trainer.init()
    dead = dict(state.params[0]), dict(state.params[1])
    dead[0]["b"], dead[1]["w"] = dead[0]["b"] - 100, dead[1]["w"] * 0
    dead[1]["b"] = dead[1]["b"] * 0 + 5  # sure of one class: samples of it lose nothing
    found = PerExampleGradients(trainer)(state._replace(params=dead), point=0)
    assert np.isnan(found.cosine).any()


@pytest.mark.parametrize("point", [-1, 60, 10**9])
def test_no_such_point(point: int) -> None:
    trainer = small()
    found = PerExampleGradients(trainer)(trainer.init(), point=point)
    assert (found.point, len(found.pull), len(found.cosine)) == (-1, 0, 0)
