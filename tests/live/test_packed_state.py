"""Kept states: on the host, bit for bit, in little more room than their numbers, and free again when they leave."""

from __future__ import annotations

import gc
import tracemalloc
from typing import Any

import jax
import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.live.history.checkpoints import MAX_STATES, STATE_BYTES, Checkpoints
from playground.live.history.packed_state import pack_state

STATES: tuple[dict[str, Any], ...] = (
    {},
    {"hidden": [8] * 6, "optimizer": "adam"},
    {"hidden": [5, 3], "normalization": "batch"},
    {"hidden": [4], "optimizer": "lbfgs"},
    {"hidden": [], "dataset": "plane"},
)


def bits(tree: Any) -> list[tuple[Any, Any, bytes]]:
    """Shape, type and bytes of each array of a state."""
    arrays = [np.asarray(leaf) for leaf in jax.tree.leaves(tree)]
    return [(one.shape, one.dtype, one.tobytes()) for one in arrays]


@pytest.mark.parametrize("options", STATES, ids=str)
def test_a_kept_state_is_the_same_bits_and_training_goes_on_from_it(options: dict[str, Any]) -> None:
    trainer = Trainer(Experiment.of(samples=60, **options))
    state = trainer.advance(trainer.init(), 5)
    again = pack_state(state).state
    assert bits(again) == bits(state)
    assert jax.tree.structure(again) == jax.tree.structure(state)
    assert all(isinstance(leaf, np.ndarray) and leaf.flags.aligned for leaf in jax.tree.leaves(again))
    assert bits(trainer.advance(again, 7)) == bits(trainer.advance(state, 7))


def test_numbers_of_several_widths_come_back() -> None:
    state = {
        "on": np.array([True, False, True]),
        "x": np.array([1, np.nan, -0.0], np.float32),
        "n": np.array(3),
        "none": None,
    }
    again = pack_state(state).state
    assert bits(again) == bits(state)
    assert all(leaf.flags.aligned for leaf in jax.tree.leaves(again))
    assert again["none"] is None
    with pytest.raises(ValueError, match="read-only"):
        again["x"][0] = 2


def test_what_a_kept_state_takes_is_what_it_says() -> None:
    trainer = Trainer(Experiment.of(hidden=[8] * 6, optimizer="adam"))
    states = Checkpoints()
    state = trainer.init()
    states.add(0, state)
    gc.collect()
    tracemalloc.start()
    for index in range(1, 101):
        states.add(index, state)
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0] / 100
    for index in range(1, 101):
        states.forget_after(100 - index)
    gc.collect()
    left = tracemalloc.get_traced_memory()[0] / 100
    tracemalloc.stop()
    said = states._states[0].nbytes  # pyright: ignore[reportPrivateUsage]
    assert abs(taken - said) < 0.2 * said
    assert left < 0.1 * said


def test_small_states_are_many_and_large_ones_few() -> None:
    small, large = Checkpoints(), Checkpoints()
    for index in range(3000):
        small.add(index, {"w": np.zeros(100, np.float32)})
        if index < 100:
            large.add(index, {"w": np.zeros(STATE_BYTES // 40, np.float32)})
    assert MAX_STATES // 2 < len(small) <= MAX_STATES
    assert 5 <= len(large) <= 10
    for states, newest in ((small, 2999), (large, 99)):
        assert [states.state_before(0)[0], states.state_before(newest)[0]] == [0, newest]


def test_the_newest_is_given_as_it_came_and_every_other_from_the_host() -> None:
    trainer = Trainer(Experiment.of(hidden=[2], samples=60))
    first, second = trainer.init(), trainer.advance(trainer.init(), 1)
    states = Checkpoints()
    states.add(0, first)
    states.add(1, second)
    assert states.state_before(1)[1] is second
    assert bits(states.state_before(0)[1]) == bits(first)
    states.forget_after(0)
    assert bits(states.state_before(1)[1]) == bits(first)
    states.add(1, second)
    states.reduce_memory()
    assert isinstance(states.state_before(1)[1].step, np.ndarray)
