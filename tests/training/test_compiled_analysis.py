"""The base of analyses that are one compiled program: a bucket's, or the network's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from jax import Array

from playground import Experiment, Trainer
from playground.nn.masks import Masks, apply_masks, full_masks
from playground.nn.network import forward
from playground.programs.cache import PROGRAMS
from playground.training.compiled_analysis import CompiledAnalysis
from playground.training.data import Data
from playground.training.general import Bucket, Plan, outputs_of
from playground.training.knobs import KNOB_NAMES
from playground.training.train_loop import TrainState

EXPERIMENT = Experiment.of(hidden=[3], samples=60)
RATE = KNOB_NAMES.index("learning_rate")


class TrainOutputs(CompiledAnalysis):
    """The outputs for the train set times the learning rate, with a number added."""

    def __init__(self, trainer: Trainer) -> None:
        super().__init__(trainer, "outputs of a test", general_outputs)

    def __call__(
        self, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None, added: float = 0.0
    ) -> np.ndarray:
        """Of real rows and outputs: ``(rows, 1)``."""
        outputs = self.run_program(state.params, state.stats, knobs, masks, np.float32(added))
        return np.asarray(outputs)[: int(self.trainer.prepared.data.train.n), :1]

    def extra_arguments(self) -> tuple[Any, ...]:
        """The number that is added."""
        return (np.float32(0),)

    def make_function(self) -> Callable[..., Array]:
        """As ``general_outputs``."""
        network = self.trainer.network

        def outputs(params: Any, stats: Any, data: Data, vector: Array, masks: Masks, added: Array) -> Array:
            passed = forward(network, apply_masks(params, masks), stats, data.train.x, masks.units)
            return passed[-1].h * vector[RATE] + added

        return outputs


def general_outputs(bucket: Bucket) -> Callable[..., Array]:
    """The function ``outputs(params, plan, data, knobs, added)`` of a bucket."""

    def outputs(params: Array, plan: Plan, data: Data, vector: Array, added: Array) -> Array:
        return outputs_of(bucket, plan, params, data.train.x) * vector[RATE] + added

    return outputs


def trainer_without_bucket(experiment: Experiment = EXPERIMENT) -> Trainer:
    """A trainer whose network has programs of its own, though it would fit a bucket."""
    trainer = Trainer(experiment)
    trainer.__dict__["padded"] = None
    return trainer


@pytest.mark.parametrize("off", [False, True])
def test_a_network_says_the_same_with_and_without_a_bucket(off: bool) -> None:
    general, own = Trainer(EXPERIMENT), trainer_without_bucket()
    assert general.padded
    state, masks = general.init(), full_masks(general.network)
    masks.units[1][1] = masks.links[0][0, 2] = 0
    knobs = general.knobs() * np.float32(2)
    padded, alone = (TrainOutputs(trainer)(state, knobs, masks if off else None, 5.0) for trainer in (general, own))
    np.testing.assert_allclose(padded, alone, atol=1e-5)
    on = TrainOutputs(own)(state, knobs, full_masks(own.network), 5.0)
    assert np.array_equal(on, alone) is not off
    np.testing.assert_allclose(2 * TrainOutputs(own)(state) + 5, on, rtol=1e-5)


@pytest.mark.parametrize("make_trainer", [Trainer, trainer_without_bucket])
def test_a_program_is_compiled_once_for_all_that_it_serves(make_trainer: Callable[[Experiment], Trainer]) -> None:
    first = TrainOutputs(make_trainer(EXPERIMENT))
    state = first.trainer.init()
    first(state)
    compilations = PROGRAMS.compilations
    other = TrainOutputs(make_trainer(Experiment.of(hidden=[3], samples=60, init_seed=5, learning_rate=0.2, seed=3)))
    assert other.recipe.key == first.recipe.key
    first(state, added=2.0)
    other(other.trainer.init())
    assert PROGRAMS.compilations == compilations
    deeper = TrainOutputs(make_trainer(Experiment.of(hidden=[3, 2], samples=60)))
    assert (deeper.recipe.key == first.recipe.key) is (deeper.trainer.padded is not None)
