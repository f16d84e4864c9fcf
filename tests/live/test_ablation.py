"""The importance of units against one ablation after another, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.live.inspection.ablation import Ablation
from playground.live.inspection.sample_losses import SampleLosses
from playground.nn.masks import full_masks
from playground.nn.network import Params

FORWARD = {"tanh": np.tanh, "identity": lambda z: z}


def loss_without(trainer: Trainer, params: Params, layer: int, unit: int, off: tuple[int, int] | None = None) -> float:
    """Half squared error over the train set with one unit at 0, in float64 NumPy."""
    split = trainer.prepared.data.train
    h = split.x[: int(split.n)].astype(float)
    for i, (one, activation) in enumerate(zip(params, trainer.network.activations, strict=True)):
        for gone in ((layer, unit), off):
            if gone and gone[0] == i:
                h[:, gone[1]] = 0
        h = FORWARD[activation](h @ np.asarray(one["w"], float) + np.asarray(one["b"], float))
    return float((0.5 * np.square(h - split.y[: int(split.n)])).mean())


@pytest.mark.parametrize("off", [None, (1, 1)])
def test_importance_is_the_rise_of_the_loss_without_the_unit(off: tuple[int, int] | None) -> None:
    trainer = Trainer(Experiment.of(samples=120, hidden=[3, 2], noise=0.1))
    state = trainer.advance(trainer.init(), 300)
    masks = full_masks(trainer.network)
    if off:
        masks.units[off[0]][off[1]] = 0
    found = Ablation(trainer)(state, masks=masks)
    assert [len(layer) for layer in found] == [2, 3, 2]
    whole = loss_without(trainer, state.params, -1, 0, off)
    for layer, rises in enumerate(found):
        for unit, rise in enumerate(rises):
            assert rise == pytest.approx(loss_without(trainer, state.params, layer, unit, off) - whole, abs=2e-6)


@pytest.mark.parametrize("dataset", ["circle", "blobs", "plane"])
def test_samples_are_judged_in_the_pictures_order(dataset: str) -> None:
    trainer = Trainer(Experiment.of(dataset=dataset, samples=90, noise=0.2, train_fraction=0.6))
    state = trainer.advance(trainer.init(), 100)
    judged, scores, picture = SampleLosses(trainer)(state), trainer.scores(state), trainer.prepared.picture
    assert judged.value.shape[0] == len(judged.loss) == len(picture.x)
    assert judged.loss[picture.train].mean() == pytest.approx(scores.train_loss, rel=1e-4)
    assert judged.loss[~picture.train].mean() == pytest.approx(scores.test_loss, rel=1e-4)
    if dataset == "blobs":
        right = judged.value.argmax(axis=1) == picture.value
        assert right[picture.train].mean() == pytest.approx(scores.train_metric)
