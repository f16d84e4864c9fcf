"""One step spelled out: against numbers worked out by hand, jax.grad, finite differences and the real compiled step."""

from __future__ import annotations

import numpy as np
import pytest

from playground.analysis.step import Explanation, StepExplainer
from playground.experiment import Experiment
from playground.nn.masks import full_masks
from playground.nn.network import draw_params
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.presets import PRESETS
from playground.training.trainer import Trainer


def explained(steps: int = 3, **fields: object) -> Explanation:
    trainer = Trainer(Experiment.of(**{"samples": 50, "batch_size": 7, **fields}))
    return StepExplainer(trainer)(trainer.advance(trainer.init(), steps))


def agree(found: Explanation) -> None:
    """Ours against jax.grad, central differences and the compiled step."""
    scale = np.abs(found.gradient).max() + 1e-6
    np.testing.assert_allclose(found.by_jax, found.gradient, atol=2e-5 * scale)
    np.testing.assert_allclose(found.by_differences, found.gradient[found.checked], atol=1e-6 * scale)
    np.testing.assert_allclose(found.update, found.real, atol=1e-4 * np.abs(found.real).max() + 1e-12)


def test_the_articles_case_symbol_by_symbol() -> None:
    """Section 4.3: 50 samples, cross-entropy, backward as dL/dz x^T, its Adam; all worked out here in NumPy."""
    trainer = Trainer(PRESETS["the_articles_case"].experiment)
    look, state = StepExplainer(trainer), trainer.init()
    m = v = np.zeros(look.size)
    for _ in range(3):
        found = look(state)
        x, y = found.batch.x.astype(float).T, found.batch.y.astype(float).T
        assert x.shape == (2, 50)
        w = [np.asarray(layer["w"], float).T for layer in state.params]
        b = [np.asarray(layer["b"], float)[:, None] for layer in state.params]
        z1 = w[0] @ x + b[0]
        z2 = w[1] @ np.tanh(z1) + b[1]
        z3 = w[2] @ np.tanh(z2) + b[2]
        p = 1 / (1 + np.exp(-z3))
        assert found.loss == pytest.approx(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(), rel=1e-6)
        d3 = (p - y) / 50
        d2 = w[2].T @ d3 * (1 - np.tanh(z2) ** 2)
        d1 = w[1].T @ d2 * (1 - np.tanh(z1) ** 2)
        ours = [(d1, x), (d2, np.tanh(z1)), (d3, np.tanh(z2))]
        for z, one in zip((z1, z2, z3), found.training, strict=True):
            np.testing.assert_allclose(one.z.T, z, atol=1e-9)
        for (d, before), one in zip(ours, found.backward, strict=True):
            np.testing.assert_allclose(one.z.T, d, atol=1e-9)
            np.testing.assert_allclose(one.gradient["w"].T, d @ before.T, atol=1e-9)
            np.testing.assert_allclose(one.gradient["b"], d.sum(axis=1), atol=1e-9)
        g = np.concatenate([np.concatenate([d.sum(axis=1), (d @ h.T).T.ravel()]) for d, h in ours])
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        np.testing.assert_allclose(found.state["m"], m, rtol=1e-4, atol=1e-8)
        np.testing.assert_allclose(found.state["v"], v, rtol=1e-4, atol=1e-10)
        np.testing.assert_allclose(found.update, -0.03 * m / np.sqrt(v + 1e-8), rtol=1e-3, atol=1e-7)
        agree(found)
        state = trainer.advance(state, 1)


def test_bias_correction_is_what_the_articles_adam_lacks() -> None:
    found = explained(0, optimizer="textbook_adam", hidden=[2])
    np.testing.assert_allclose(found.state["m̂"], found.gradient, rtol=1e-5)
    np.testing.assert_allclose(found.state["v̂"], found.gradient**2, rtol=1e-4)
    corrected = explained(0, optimizer="adam", hidden=[2])
    large = np.abs(corrected.gradient) > 1e-3
    longer = np.abs(found.update / corrected.update)[large]
    np.testing.assert_allclose(longer, 0.1 / np.sqrt(0.001), rtol=0.02)


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_every_optimizers_update_is_the_compiled_steps(optimizer: str) -> None:
    agree(explained(optimizer=optimizer, hidden=[3]))


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_normalisation(normalization: str) -> None:
    agree(explained(hidden=[3, 3], normalization=normalization))


def test_batch_normalisation_with_residuals_and_dropout() -> None:
    agree(explained(hidden=[3, 3], normalization="batch", residual=True, dropout=0.4))


def test_penalties_clipping_and_a_schedule_as_the_step_has_them() -> None:
    agree(explained(hidden=[3], l1=0.01, l2=0.02, weight_decay=0.1, clip_norm=0.05, schedule="cosine"))


def test_what_is_switched_off_takes_no_part() -> None:
    trainer = Trainer(Experiment.of(hidden=[3, 2], samples=50))
    masks = full_masks(trainer.network)
    masks.units[1][0] = 0
    masks.links[1][1, 0] = 0
    masks.learning[2] = 0
    found = StepExplainer(trainer)(trainer.init(), masks=masks)
    assert (found.training[0].h[:, 0] == 0).all()
    np.testing.assert_allclose(found.update, found.real, atol=1e-8)
    last = sum(value.size for value in draw_params(trainer.network, 0)[2].values())
    assert (found.update[-last:] == 0).all()


def test_training_and_evaluation_differ_by_normalisation_and_dropout_alone() -> None:
    plain = explained(hidden=[3])
    np.testing.assert_array_equal(plain.training[-1].h, plain.evaluation[-1].h)
    dropped = explained(hidden=[8], dropout=0.5)
    assert set(np.unique(dropped.training[0].mask)) == {0.0, 2.0}
    np.testing.assert_array_equal(dropped.training[0].a * dropped.training[0].mask, dropped.training[0].h)
    np.testing.assert_array_equal(dropped.evaluation[0].a, dropped.evaluation[0].h)
    batch = explained(hidden=[3], normalization="batch")
    np.testing.assert_allclose(batch.training[0].unit.mean(axis=0), 0, atol=1e-9)
    assert np.abs(batch.evaluation[0].unit.mean(axis=0)).max() > 1e-3


@pytest.mark.parametrize("loss", [one.name for one in LOSSES.values() if "binary" in one.output_activations])
def test_every_loss(loss: str) -> None:
    agree(explained(hidden=[3], loss=loss, output_activation=LOSSES[loss].output_activations["binary"][0]))


@pytest.mark.parametrize(
    "fields",
    [
        {"hidden": []},
        {"dataset": "blobs", "classes": 5, "loss": "softmax_cross_entropy", "label_smoothing": 0.1, "samples": 100},
        {"dataset": "plane"},
        {"hidden": [3, 3], "normalization": "layer", "residual": True, "dropout": 0.4},
    ],
    ids=["no hidden layer", "five classes", "regression", "layer normalisation with residuals and dropout"],
)
def test_other_experiments(fields: dict) -> None:
    agree(explained(**fields))
