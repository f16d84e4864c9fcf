"""The layers of a state against what a frame shows of it, and against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.analysis.gradient_flow.layer_flow import HISTOGRAM_DECADES, LEVELS, LayerFlowAnalysis
from playground.live.frames.observer import Observer


def test_layers_are_those_of_a_frame() -> None:
    trainer = Trainer(Experiment.of(hidden=[3], samples=100, noise=0.1, l2=0.1))
    state = trainer.advance(trainer.init(), 7)
    found, observer = LayerFlowAnalysis(trainer)(state), Observer(trainer)
    frame = observer(state)
    np.testing.assert_allclose(found.numbers, frame.layers(2), rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(found.gradients, frame.part(observer.blocks, "bins"), atol=6)


def test_the_loss_is_that_of_the_whole_train_set() -> None:
    trainer = Trainer(Experiment.of(hidden=[3], samples=100, noise=0.1, l2=0.1))
    found = LayerFlowAnalysis(trainer)(trainer.init())
    assert found.loss == pytest.approx(trainer.scores(trainer.init()).train_loss, rel=1e-5)


def test_the_update_ratio_is_an_actual_step_over_the_size() -> None:
    trainer = Trainer(Experiment.of(hidden=[3], samples=100, noise=0.1))
    before = trainer.init()
    after = trainer.advance(before, 1)
    ratios = LayerFlowAnalysis(trainer)(after).of("update_ratio")
    for i, ratio in enumerate(ratios):
        old, new = (np.concatenate([np.ravel(s.params[i][name]) for name in ("b", "w")]) for s in (before, after))
        assert ratio == pytest.approx(np.linalg.norm(new - old) / np.linalg.norm(new), rel=1e-2)


def test_activations_and_signals_are_numpys_over_real_rows_alone() -> None:
    trainer = Trainer(Experiment.of(hidden=[5], activation="relu", samples=50))
    state = trainer.init()
    found = LayerFlowAnalysis(trainer)(state)
    split = trainer.prepared.data.train
    x = split.x[: int(split.n)]
    assert len(x) < len(split.x)
    z = x @ np.asarray(state.params[0]["w"]) + np.asarray(state.params[0]["b"])
    h = np.clip(np.maximum(z, 0), -HISTOGRAM_DECADES, HISTOGRAM_DECADES - 1e-6)
    counts, _ = np.histogram(h, LEVELS, (-HISTOGRAM_DECADES, HISTOGRAM_DECADES))
    np.testing.assert_allclose(found.outputs[0], np.ceil(counts / h.size * 255), atol=1)
    assert found.signal[0] == pytest.approx(np.sqrt(np.square(z).mean()), rel=1e-4)
