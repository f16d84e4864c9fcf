"""A general frame against the one of a program made for the network: the same numbers, the same pictures, nothing of
the padding."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.live.frames.general_frame import frame_sizes, real_places
from playground.live.frames.observer import Frame, Observer
from playground.live.frames.rollout import FrameRollout
from playground.nn.masks import full_masks
from playground.programs.cache import PROGRAMS
from playground.training.general import Bucket

CASES: tuple[dict[str, Any], ...] = (
    {"hidden": [4, 2]},
    {"hidden": [3, 3, 3], "activation": "relu", "residual": True, "optimizer": "adam", "l1": 0.001, "dropout": 0.2},
    {"dataset": "blobs", "classes": 4, "hidden": [5], "label_smoothing": 0.1},
    {"dataset": "saddle", "hidden": [12], "loss": "huber"},
    {"hidden": [], "loss": "softmax_cross_entropy", "output_activation": "identity"},
)


def filmed(options: dict[str, Any], masked: bool = False) -> tuple[Observer, tuple[Frame, ...]]:
    trainer = Trainer(Experiment.of(samples=120, **options))
    observer, masks = Observer(trainer), None
    if masked:
        masks = full_masks(trainer.network)
        masks.units[1][0] = masks.links[0][1, 1] = 0
    state, frames = trainer.init(), []
    for _ in range(2):
        state, made = FrameRollout(observer)(state, 20, 1, trainer.knobs(), masks)
        frames += made
    return observer, tuple(frames)


@pytest.mark.parametrize(("options", "masked"), [*((case, False) for case in CASES), (CASES[1], True)], ids=str)
def test_it_is_the_frame_of_the_network_itself(
    options: dict[str, Any], masked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    general, ours = filmed(options, masked)
    assert general.general
    monkeypatch.setattr("playground.training.trainer.bucket_of", lambda *_: None)
    own, theirs = filmed(options, masked)
    assert not own.general
    assert general.blocks == own.blocks
    for one, other in zip(ours, theirs, strict=True):
        assert (one.step, one.bad_step) == (other.step, other.bad_step)
        for block in own.blocks:
            a, b = (frame.part(own.blocks, block.name).astype(np.float64) for frame in (one, other))
            if block.kind == "u8":  # a shade is rounded from a number that may differ in its last bits
                assert np.abs(a - b).max(initial=0) <= 8, block.name
                assert (a != b).mean() < 0.01, block.name
            else:
                np.testing.assert_allclose(a, b, rtol=2e-3, atol=2e-6, err_msg=block.name)


def test_a_hundred_networks_are_shown_and_nothing_is_compiled() -> None:
    rng = np.random.default_rng(0)
    filmed({"hidden": [2]})
    before = PROGRAMS.compilations
    for _ in range(100):
        hidden = rng.integers(1, 9, rng.integers(0, 7)).tolist()
        activation = str(rng.choice(["tanh", "relu", "sigmoid", "gelu", "sine"]))
        optimizer = str(rng.choice(["sgd", "adam", "lion", "rmsprop"]))
        observer, frames = filmed({"hidden": hidden, "activation": activation, "optimizer": optimizer})
        depth = observer.trainer.network.depth
        assert np.isfinite(frames[-1].layers(depth)).all()
    assert PROGRAMS.compilations == before


def test_every_number_of_a_frame_is_taken_from_a_place_of_its_own() -> None:
    network = Trainer(Experiment.of(hidden=[8] * 8, features=["x1", "x2", "x1_x2"])).network
    for bucket in (Bucket(8, 10, 256), Bucket(16, 10, 256)):
        for places, size in zip(real_places(network, 1, bucket), frame_sizes(bucket), strict=True):
            assert len(set(places.tolist())) == len(places)
            assert 0 <= places.min() <= places.max() < size
