"""What losses want of outputs and what outputs mean: widths, targets, smoothing, pictures, decisions, and which pairs
fit."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.errors import PlaygroundError
from playground.nn.activations import ACTIVATIONS
from playground.objectives.loss import NetworkTask
from playground.objectives.losses import LOSSES, check_loss, fitting_losses

EVERYWHERE = {"mse", "huber", "log_cosh"}


def loss_value(name: str, output: list[float]) -> np.ndarray:
    return np.asarray(LOSSES[name].value(jnp.asarray(output, jnp.float32)))


@pytest.mark.parametrize(
    ("task", "names"),
    [
        ("binary", set(LOSSES)),
        ("multiclass", set(LOSSES) - {"binary_cross_entropy"}),
        ("regression", EVERYWHERE),
    ],
)
def test_only_losses_that_fit_are_offered(task: NetworkTask, names: set[str]) -> None:
    assert {loss.name for loss in fitting_losses(task)} == names


@pytest.mark.parametrize(
    ("name", "task", "classes", "width"),
    [
        ("mse", "binary", 2, 1),
        ("mse", "multiclass", 5, 5),
        ("mse", "regression", 0, 1),
        ("binary_cross_entropy", "binary", 2, 1),
        ("softmax_cross_entropy", "binary", 2, 2),
        ("softmax_cross_entropy", "multiclass", 3, 3),
        ("focal", "binary", 2, 1),
        ("hinge", "multiclass", 3, 3),
    ],
)
def test_width_of_the_output_layer(name: str, task: NetworkTask, classes: int, width: int) -> None:
    assert LOSSES[name].outputs(task, classes) == width


@pytest.mark.parametrize(
    ("name", "task", "y", "target"),
    [
        ("mse", "binary", [0, 1], [[-1], [1]]),
        ("hinge", "multiclass", [2, 0], [[-1, -1, 1], [1, -1, -1]]),
        ("binary_cross_entropy", "binary", [0, 1], [[0], [1]]),
        ("softmax_cross_entropy", "binary", [0, 1], [[1, 0], [0, 1]]),
        ("focal", "multiclass", [1, 2], [[0, 1, 0], [0, 0, 1]]),
        ("huber", "regression", [0.25, -3.5], [[0.25], [-3.5]]),
    ],
)
def test_targets(name: str, task: NetworkTask, y: list[float], target: list[list[float]]) -> None:
    found = LOSSES[name].target(np.asarray(y), task, 3 if task == "multiclass" else 2)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, target)


@pytest.mark.parametrize(
    ("name", "task", "before", "after"),
    [
        ("binary_cross_entropy", "binary", [[0], [1]], [[0.1], [0.9]]),
        ("softmax_cross_entropy", "binary", [[0, 1]], [[0.1, 0.9]]),
        ("softmax_cross_entropy", "multiclass", [[0, 1, 0, 0]], [[0.05, 0.85, 0.05, 0.05]]),
        ("mse", "binary", [[-1], [1]], [[-0.8], [0.8]]),
        ("mse", "multiclass", [[-1, 1, -1]], [[-0.8, 0.8, -0.8]]),
        ("mse", "regression", [[7.5]], [[7.5]]),
    ],
)
def test_smoothing_by_a_fifth(
    name: str, task: NetworkTask, before: list[list[float]], after: list[list[float]]
) -> None:
    smoothed = LOSSES[name].smooth(jnp.asarray(before, jnp.float32), jnp.float32(0.2), task)
    np.testing.assert_allclose(smoothed, after, rtol=1e-6)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_targets_stand_for_their_own_class(name: str, task: NetworkTask) -> None:
    loss, classes = LOSSES[name], 2 if task == "binary" else 4
    if task not in loss.output_activations:
        return
    y = np.arange(classes)
    target = jnp.asarray(loss.target(y, task, classes))
    for smoothing in (0.0, 0.3):
        smoothed = loss.smooth(target, jnp.float32(smoothing), task)
        np.testing.assert_array_equal(jax.vmap(loss.true_class)(smoothed), y)
    # An output that is the target, as a logit or as it is, is decided for the target's class.
    output = 2 * target - 1 if loss.encoding == "probability" else target
    np.testing.assert_array_equal(jax.vmap(loss.decide)(output), y)


@pytest.mark.parametrize("name", ["mse", "hinge", "squared_hinge", "huber", "log_cosh"])
@pytest.mark.parametrize(("output", "shown"), [(-3.0, -1.0), (-0.25, -0.25), (0.0, 0.0), (0.7, 0.7), (12.0, 1.0)])
def test_picture_of_a_signed_output_is_clipped(name: str, output: float, shown: float) -> None:
    assert loss_value(name, [output]) == pytest.approx(shown)


@pytest.mark.parametrize("name", ["binary_cross_entropy", "focal"])
@pytest.mark.parametrize("logit", [-1e4, -1.5, 0.0, 2.0, 1e4])
def test_picture_of_a_logit_is_the_chance_from_minus_one_to_one(name: str, logit: float) -> None:
    assert loss_value(name, [logit]) == pytest.approx(np.tanh(logit / 2), rel=1e-5)  # 2 sigmoid(z) - 1 = tanh(z / 2)


def test_picture_of_two_softmax_logits_is_that_of_their_difference() -> None:
    assert loss_value("softmax_cross_entropy", [0.3, 1.5]) == pytest.approx(np.tanh(0.6), rel=1e-5)


@pytest.mark.parametrize(
    ("name", "output", "shares"),
    [
        ("mse", [-1, 1, -1], [0, 1, 0]),
        ("mse", [-1, -1, -1], [1 / 3, 1 / 3, 1 / 3]),
        ("hinge", [-5, 1, 0], [0, 2 / 3, 1 / 3]),
        ("softmax_cross_entropy", np.log([0.2, 0.5, 0.3]).tolist(), [0.2, 0.5, 0.3]),
        ("focal", np.log([0.2, 0.5, 0.3]).tolist(), [0.2, 0.5, 0.3]),
    ],
)
def test_picture_of_several_outputs_is_confidences(name: str, output: list[float], shares: list[float]) -> None:
    np.testing.assert_allclose(loss_value(name, output), shares, rtol=1e-5, atol=1e-6)


pictures = {loss.name: jax.jit(loss.value) for loss in fitting_losses("multiclass")}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=4, max_size=4))
def test_confidences_sum_to_one_and_agree_with_the_decision(output: list[float]) -> None:
    o = jnp.asarray(output, jnp.float32)
    for name, picture in pictures.items():
        shares = np.asarray(picture(o))
        assert (shares >= 0).all()
        assert shares.sum() == pytest.approx(1, abs=1e-5)
        assert shares[int(LOSSES[name].decide(o))] == shares.max()


def test_a_single_output_is_decided_by_its_sign() -> None:
    decided = [int(LOSSES["mse"].decide(jnp.array([output]))) for output in (-0.1, 0.0, 0.1)]
    assert decided == [0, 0, 1]


@pytest.mark.parametrize("loss", LOSSES.values(), ids=lambda loss: loss.name)
def test_output_activations_exist_and_all_pass_the_check(loss) -> None:
    for task, names in loss.output_activations.items():
        for activation in names:
            assert activation in ACTIVATIONS
            check_loss(loss.name, task, activation)


def test_defaults_of_output_activations() -> None:
    assert {task: names[0] for task, names in LOSSES["mse"].output_activations.items()} == {
        "binary": "tanh",
        "multiclass": "tanh",
        "regression": "identity",
    }
    assert {loss.output_activations["binary"][0] for loss in LOSSES.values() if loss.logits} == {"identity"}


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("hinge", "regression", "identity"), ("hinge", "regression", "mse", "huber", "log_cosh")),
        (("binary_cross_entropy", "multiclass", "identity"), ("multiclass", "softmax_cross_entropy")),
        (("softmax_cross_entropy", "binary", "tanh"), ("tanh", "softmax_cross_entropy", "identity")),
        (("mse", "regression", "sigmoid"), ("sigmoid", "mse", "identity or tanh")),
        (("mes", "binary", "tanh"), ("'mes'", "did you mean 'mse'?")),
    ],
)
def test_a_pair_that_does_not_fit_is_one_sentence_with_the_cure(
    arguments: tuple[str, NetworkTask, str], named: tuple[str, ...]
) -> None:
    with pytest.raises(PlaygroundError) as caught:
        check_loss(*arguments)
    message = str(caught.value)
    assert "\n" not in message
    assert all(part in message for part in named)
