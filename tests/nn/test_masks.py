"""Masks against networks that lack what is masked: a smaller network, or weights that are 0."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.nn.masks import Masks, full_masks, nothing_off
from playground.nn.network import Network, forward, init, init_stats

OPTIMIZERS = ("sgd", "adam", "lamb", "lbfgs")


def trained(trainer: Trainer, masks: Masks | None, steps: int = 30, params: Any = None) -> Any:
    return trainer.advance(trainer.init(params), steps, masks=masks)


def without(masks: Masks, unit: tuple[int, int] | None = None, link: tuple[int, int, int] | None = None) -> Masks:
    if unit:
        masks.units[unit[0]][unit[1]] = 0
    if link:
        masks.links[link[0]][link[1], link[2]] = 0
    return masks


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_everything_on_trains_as_without_masks(optimizer: str) -> None:
    trainer = Trainer(Experiment.of(samples=100, hidden=[3], optimizer=optimizer, l2=0.01, weight_decay=0.01))
    plain, masked = trained(trainer, None), trained(trainer, full_masks(trainer.network))
    assert nothing_off(full_masks(trainer.network))
    for one, other in zip(jax.tree.leaves(plain.params), jax.tree.leaves(masked.params), strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_unit_that_is_off_trains_the_others_as_if_it_were_not_there(optimizer: str) -> None:
    given = {"samples": 100, "optimizer": optimizer, "l2": 0.01, "l1": 0.001}
    wide, narrow = (Trainer(Experiment.of(hidden=[width], **given)) for width in (4, 3))
    start = wide.init().params
    fewer = (
        {"w": start[0]["w"][:, :3], "b": start[0]["b"][:3]},
        {"w": start[1]["w"][:3], "b": start[1]["b"]},
    )
    masked = trained(wide, without(full_masks(wide.network), unit=(1, 3)))
    small = trained(narrow, None, params=fewer)
    np.testing.assert_allclose(masked.params[0]["w"][:, :3], small.params[0]["w"], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(masked.params[1]["w"][:3], small.params[1]["w"], rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(masked.params[0]["w"][:, 3], start[0]["w"][:, 3])  # it rests, its weights too
    np.testing.assert_array_equal(masked.params[1]["w"][3], start[1]["w"][3])


def test_a_feature_that_is_off_is_a_feature_that_is_not_there() -> None:
    trainer = Trainer(Experiment.of(samples=100, hidden=[3], features=["x1", "x2", "x1_x2"]))
    plain = Trainer(Experiment.of(samples=100, hidden=[3]))
    start = trainer.init().params
    masked = trained(trainer, without(full_masks(trainer.network), unit=(0, 2)))
    small = trained(plain, None, params=({"w": start[0]["w"][:2], "b": start[0]["b"]}, start[1]))
    np.testing.assert_allclose(masked.params[0]["w"][:2], small.params[0]["w"], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_link_that_is_off_carries_nothing_and_keeps_its_weight(optimizer: str) -> None:
    trainer = Trainer(Experiment.of(samples=100, hidden=[3], optimizer=optimizer))
    start = trainer.init()
    masks = without(full_masks(trainer.network), link=(0, 1, 2))
    state = trained(trainer, masks)
    assert state.params[0]["w"][1, 2] == start.params[0]["w"][1, 2]
    x = jnp.array([[0.3, 0.7], [0.3, -5.0]])
    cut = [dict(layer) for layer in state.params]
    cut[0]["w"] = jnp.asarray(cut[0]["w"]).at[1, 2].set(0)
    hidden = forward(trainer.network, tuple(cut), state.stats, x)[0].h
    assert hidden[0, 2] == hidden[1, 2], "x2 does not reach the third unit"
    assert bool((state.params[0]["w"][1, :2] != start.params[0]["w"][1, :2]).all()), "the other links learn"


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_layer_that_does_not_learn_keeps_its_numbers(optimizer: str) -> None:
    trainer = Trainer(Experiment.of(samples=100, hidden=[3, 3], optimizer=optimizer, weight_decay=0.1))
    masks, start = full_masks(trainer.network), trainer.init().params
    masks.learning[1] = 0
    after = trained(trainer, masks).params
    for name in ("w", "b"):
        np.testing.assert_array_equal(after[1][name], start[1][name])
        assert (np.asarray(after[0][name]) != np.asarray(start[0][name])).any()


def test_a_unit_of_a_residual_network_passes_nothing_on_even_around_its_layer() -> None:
    network = Network(widths=(2, 3, 3, 1), activations=("sigmoid", "sigmoid", "identity"), residual=True)
    params, stats = init(network, 0), init_stats(network)
    units = without(full_masks(network), unit=(2, 1)).units
    assert not forward(network, params, stats, jnp.ones((4, 2)), units)[1].h[:, 1].any()
