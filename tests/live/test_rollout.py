"""Many frames in one call against the same frames one by one: the same bits, whatever the network."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.live.frames.general_rollout import MAX_FRAMES_PER_CALL
from playground.live.frames.observer import Frame, Observer
from playground.live.frames.rollout import FrameRollout

NETWORKS: tuple[dict[str, Any], ...] = (
    {},
    {"hidden": [8] * 6, "activation": "relu", "optimizer": "adam"},
    {"hidden": [5, 3], "normalization": "batch", "optimizer": "nesterov", "dropout": 0.2},
    {"hidden": [6, 6, 6], "normalization": "layer", "residual": True, "optimizer": "rmsprop", "l1": 1e-3},
    {"dataset": "blobs", "classes": 3, "hidden": [7], "optimizer": "adamw", "schedule": "cosine"},
    {"hidden": [], "dataset": "plane"},
)


def both(options: dict[str, Any], steps: int, many: int) -> tuple[tuple[Any, Any], tuple[list[Frame], list[Frame]]]:
    """The last states and the frames: one by one, and filmed."""
    trainer = Trainer(Experiment.of(**options))
    observer, first, knobs = Observer(trainer), trainer.init(), trainer.knobs()
    state, single = first, []
    for _ in range(many):
        state = trainer.advance(state, steps)
        single.append(observer(state, knobs))
    end, filmed = FrameRollout(observer)(first, steps, many, knobs)
    return (state, end), (single, list(filmed))


def same(a: Any, b: Any) -> bool:
    """Whether two states are bitwise the same."""
    return all(
        np.array_equal(p, q, equal_nan=True) for p, q in zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True)
    )


@pytest.mark.parametrize("options", NETWORKS, ids=str)
def test_a_film_is_bitwise_what_is_made_frame_by_frame(options: dict[str, Any]) -> None:
    (state, end), (single, filmed) = both(options, 7, 5)
    assert same(state, end)
    assert [frame.step for frame in filmed] == [7, 14, 21, 28, 35]
    for one, other in zip(single, filmed, strict=True):
        assert one.step == other.step
        np.testing.assert_allclose(one.floats, other.floats, rtol=1e-5, atol=1e-6)
        # A shade is rounded from a number that may differ in its last bit.
        assert np.abs(one.bytes.astype(int) - other.bytes).max() <= 8
        assert (one.bytes != other.bytes).mean() < 0.01


def test_a_film_is_the_same_however_it_is_cut_where_the_steps_alone_are_compiled_otherwise() -> None:
    """XLA may order the sums of L-BFGS's line search in another way where frames are made as well."""
    trainer = Trainer(Experiment.of(hidden=[4], optimizer="lbfgs"))
    film, first, knobs = FrameRollout(Observer(trainer)), trainer.init(), trainer.knobs()
    whole, _ = film(first, 2, 6, knobs)
    state = first
    for many in (1, 3, 2):
        state, _ = film(state, 2, many, knobs)
    assert same(state, whole)


def test_a_film_ends_where_the_numbers_break() -> None:
    (state, end), (single, filmed) = both(
        {"dataset": "plane", "learning_rate": 10.0, "hidden": [4], "activation": "relu"}, 3, MAX_FRAMES_PER_CALL
    )
    assert int(end.bad_step) == int(state.bad_step) >= 0
    assert same(state, end)
    assert len(filmed) == next(i for i, frame in enumerate(single) if frame.bad_step >= 0) + 1
    assert filmed[-1].step == int(end.step)
