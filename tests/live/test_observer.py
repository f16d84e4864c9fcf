"""What a frame shows, against NumPy: the map, and each layer's gradients, moves and silent units."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from playground import Experiment, Trainer, TrainState
from playground.live.frames.boundary import boundary, signed_bytes
from playground.live.frames.layer_statistics import BINS, HIGH, LAYER_SCALARS, LOW, histograms
from playground.live.frames.observer import GRID, Frame, Observer
from playground.objectives.losses import LOSSES
from playground.training.objective import Batch, training_loss


def observed(**given: object) -> tuple[Trainer, TrainState, Frame]:
    trainer = Trainer(Experiment.of(**({"samples": 100, "noise": 0.1, "hidden": [3]} | given)))
    state = trainer.advance(trainer.init(), 5)
    return trainer, state, Observer(trainer)(state)


def forward(state: TrainState, x: np.ndarray) -> list[np.ndarray]:
    """Every layer's tanh outputs in float64."""
    h = [x.astype(float)]
    for layer in state.params:
        h.append(np.tanh(h[-1] @ np.asarray(layer["w"], float) + np.asarray(layer["b"], float)))
    return h


def test_scalars_are_those_of_the_trainer() -> None:
    trainer, state, frame = observed(l2=0.1)
    scores = trainer.scores(state)
    assert (frame.step, frame.scalar("epoch")) == (5, 1)
    for name in ("train_loss", "test_loss", "train_metric", "test_metric", "penalty"):
        assert frame.scalar(name) == pytest.approx(getattr(scores, name), rel=1e-5)


def test_gradients_are_those_of_backpropagation_by_hand() -> None:
    trainer, state, frame = observed(l2=0.1)
    split = trainer.prepared.data.train
    n = int(split.n)
    h = forward(state, split.x[:n])
    delta = (h[2] - split.y[:n]) * (1 - h[2] ** 2) / n
    by_layer = []
    for i in (1, 0):
        w = np.asarray(state.params[i]["w"], float)
        by_layer.insert(0, np.concatenate([delta.sum(0), (h[i].T @ delta + 0.1 * w).ravel()]))
        delta = (delta @ w.T) * (1 - h[i] ** 2)
    found = frame.layers(2)
    for gradient, numbers in zip(by_layer, found, strict=True):
        expected = [np.linalg.norm(gradient), gradient.mean(), gradient.std()]
        np.testing.assert_allclose(numbers[:3], expected, rtol=2e-3, atol=1e-6)


def test_update_ratio_is_the_last_move_over_the_size() -> None:
    trainer, state, frame = observed()
    before = trainer.advance(trainer.init(), 4)
    for i, numbers in enumerate(frame.layers(2)):
        old, new = (np.concatenate([np.ravel(s.params[i][name]) for name in ("b", "w")]) for s in (before, state))
        expected = np.linalg.norm(new - old) / np.linalg.norm(new)
        assert numbers[LAYER_SCALARS.index("update_ratio")] == pytest.approx(expected, rel=1e-2)


def test_dead_and_saturated_units_are_counted() -> None:
    trainer, state, _ = observed(activation="relu", hidden=[4])
    first = {"w": jnp.zeros((2, 4)), "b": jnp.asarray([-1.0, -1.0, 1.0, 1.0])}
    frame = Observer(trainer)(state._replace(params=(first, state.params[1])))
    numbers = dict(zip(LAYER_SCALARS, frame.layers(2)[0], strict=True))
    assert (numbers["dead"], numbers["saturated"], numbers["activation_mean"]) == (0.5, 0.0, 0.5)


def test_the_map_is_the_output_with_x2_upwards() -> None:
    _, state, frame = observed()
    shades = frame.bytes[: GRID * GRID].reshape(GRID, GRID).astype(int)
    centre = lambda cell: -6 + (cell + 0.5) / GRID * 12  # noqa: E731
    for row, column in ((0, 0), (0, GRID - 1), (GRID - 1, 3), (20, 40)):
        x = np.array([[centre(column), -centre(row)]])
        expected = np.round(np.clip(forward(state, x)[-1][0, 0], -1, 1) * 127 + 128)
        assert abs(shades[row, column] - expected) <= 1


def test_bytes_of_a_map() -> None:
    values = jnp.asarray([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0])
    assert list(signed_bytes(values)) == [1, 1, 128, 192, 255, 255]
    logits = jnp.asarray([[9.0, 0, 0], [0, 0, 0], [0, 0, 50.0]])
    planes = np.asarray(boundary(logits, LOSSES["softmax_cross_entropy"], "multiclass", jnp.float32(1)))
    assert list(planes[0]) == [0, 0, 2]
    assert (planes[1, 0] > 250, planes[1, 1], planes[1, 2]) == (True, 0, 255)
    regression = boundary(jnp.asarray([[-4.0], [2.0]]), LOSSES["mse"], "regression", jnp.float32(4))
    assert regression.tolist() == [[1, 192]]


def test_the_histograms_are_numpys_and_keep_what_is_out_of_range_at_their_ends() -> None:
    values = 10 ** np.random.default_rng(0).uniform(LOW + 0.01, HIGH - 0.01, 200)
    rows = np.zeros((2, 300), np.float32)
    rows[0, :200], rows[1, :4] = values, [0.0, -1e-30, 1e9, np.inf]
    found = np.asarray(histograms(jnp.asarray(rows), np.arange(300)[None] < np.array([[200], [4]])))
    counts, _ = np.histogram(np.log10(values), BINS, (LOW, HIGH))
    np.testing.assert_array_equal(found[0], np.ceil(counts / 200 * 255))
    assert (found[1, 0], found[1, -1], found[1, 1:-1].any()) == (128, 128, False)


@pytest.mark.parametrize("hidden", [[], [3], [5, 2, 7]], ids=str)
def test_each_layers_numbers_are_its_own(hidden: list[int]) -> None:
    """All layers are measured at once, padded to the largest: against NumPy, a layer at a time."""
    trainer, state, frame = observed(hidden=hidden, activation="relu")
    split = trainer.prepared.data.train
    weight = (np.arange(split.x.shape[0]) < int(split.n)).astype(np.float32)
    batch = Batch(split.x, split.y, jnp.asarray(weight / weight.sum()))
    loss, task = LOSSES[trainer.experiment.structure.loss], trainer.experiment.task
    knobs = {name: jnp.float32(value) for name, value in vars(trainer.experiment.knobs).items()}

    def objective(params: object) -> object:
        return training_loss(trainer.network, loss, task, params, state.stats, batch, knobs)  # pyright: ignore[reportArgumentType]

    gradients, (_, layers) = jax.grad(objective, has_aux=True)(state.params)  # pyright: ignore[reportArgumentType]
    rows = weight > 0
    for i, numbers in enumerate(frame.layers(trainer.network.depth)):
        gradient = np.concatenate([np.ravel(value) for value in gradients[i].values()]).astype(float)
        np.testing.assert_allclose(
            numbers[:3], [np.linalg.norm(gradient), gradient.mean(), gradient.std()], rtol=1e-4, atol=1e-7
        )
        h = np.asarray(layers[i].h, float)[rows]
        assert numbers[4] == pytest.approx(h.mean(), rel=1e-4, abs=1e-6)
        if trainer.network.activations[i] == "relu":
            silent = np.asarray(layers[i].z)[rows] <= 0
            assert numbers[5] == pytest.approx(silent.all(axis=0).mean())
            assert numbers[6] == 0  # a silent ReLU is not saturated
