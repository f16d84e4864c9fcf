"""L1 makes weights exactly 0: TensorFlow Playground's rule, for every optimizer and in every program."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.analysis.seeds.seed_ensemble import SeedEnsemble
from playground.analysis.step.explanation import StepExplainer
from playground.experiment import replace_field
from playground.export import export
from playground.objectives.optimizers import OPTIMIZERS
from playground.training.knobs import knob_dict
from playground.training.train_loop import make_advance

SEVEN = ["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2"]
BASE: dict[str, Any] = {"dataset": "gauss", "samples": 100, "noise": 0.2, "features": SEVEN, "hidden": [4]}
SMALL = BASE | {"batch_size": 80, "shuffle": False, "learning_rate": 0.1, "l1": 0.05}
STEPS = 60
RATES = {"sgd": 0.03, "nesterov": 0.03, "adadelta": 1.0, "adagrad": 0.05, "adafactor": 0.03, "lion": 0.001}
SEARCHING = [optimizer.name for optimizer in OPTIMIZERS.values() if optimizer.line_search]
STEPPING = [optimizer.name for optimizer in OPTIMIZERS.values() if not optimizer.line_search]


def weights(params: Any) -> np.ndarray:
    return np.concatenate([np.asarray(layer["w"]).ravel() for layer in params])


def playground_rule(experiment: Experiment, steps: int) -> list[dict[str, np.ndarray]]:
    """What TensorFlow Playground's ``updateWeights`` makes, weight by weight, of gradients by finite formulas."""
    trainer = Trainer(experiment)
    split, n = trainer.prepared.data.train, int(trainer.prepared.data.train.n)
    x, y = np.asarray(split.x[:n], float), np.asarray(split.y[:n], float)
    layers = [
        {name: np.asarray(value, float).copy() for name, value in layer.items()} for layer in trainer.init().params
    ]
    dead = [np.zeros(layer["w"].shape, bool) for layer in layers]
    rate, strength = experiment.knobs.learning_rate, experiment.knobs.l1
    for _ in range(steps):
        h = [x]
        for layer in layers:
            h.append(np.tanh(h[-1] @ layer["w"] + layer["b"]))
        delta = (h[-1] - y) * (1 - h[-1] ** 2) / n
        for i in reversed(range(len(layers))):
            by_weights, by_biases = h[i].T @ delta, delta.sum(0)
            delta = (delta @ layers[i]["w"].T) * (1 - h[i] ** 2)
            w = layers[i]["w"]
            for place in np.ndindex(w.shape):
                if dead[i][place]:
                    continue
                slope = np.sign(w[place])
                w[place] -= rate * by_weights[place]
                new = w[place] - rate * strength * slope
                dead[i][place] = w[place] * new < 0
                w[place] = 0 if dead[i][place] else new
            layers[i]["b"] -= rate * by_biases
    return layers


def test_gradient_descent_does_what_tensorflow_playground_does() -> None:
    experiment = Experiment.of(**SMALL)
    trainer = Trainer(experiment)
    ours, theirs = weights(trainer.advance(trainer.init(), STEPS).params), weights(playground_rule(experiment, STEPS))
    assert 0.2 < (theirs == 0).mean() < 1
    np.testing.assert_array_equal(ours == 0, theirs == 0)
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


@pytest.mark.parametrize("optimizer", STEPPING)
def test_many_weights_are_exactly_0_and_stay_there(optimizer: str) -> None:
    given = BASE | {"optimizer": optimizer, "learning_rate": RATES.get(optimizer, 0.01), "l1": 0.01}
    for seed in range(3):
        trainer = Trainer(Experiment.of(**given, seed=seed, init_seed=seed))
        state = trainer.advance(trainer.init(), 3000)
        before = weights(state.params) == 0
        assert before.mean() > 0.5, seed
        assert trainer.scores(state).train_metric > 0.9
        state = trainer.advance(state, 300)
        assert (weights(state.params) == 0)[before].all()
        free = trainer.advance_under(state, 300, trainer.knobs(replace_field(trainer.experiment, "l1", 0.0).knobs))
        assert weights(free.params).all()


def test_a_line_search_keeps_its_own_way() -> None:
    trainer = Trainer(Experiment.of(**BASE | {"optimizer": SEARCHING[0], "l1": 0.01}))
    state = trainer.advance(trainer.init(), 10)
    assert int(state.step) == 10
    assert weights(state.params).all()


def test_without_l1_nothing_becomes_0() -> None:
    trainer = Trainer(Experiment.of(**BASE | {"l2": 0.01}))
    assert weights(trainer.advance(trainer.init(), 1000).params).all()


def test_weights_that_begin_at_0_learn() -> None:
    trainer = Trainer(Experiment.of(**BASE | {"hidden": [], "initializer": "zeros", "l1": 0.001}))
    state = trainer.advance(trainer.init(), 1000)
    assert trainer.scores(state).train_metric > 0.9


@pytest.mark.parametrize("optimizer", ["sgd", "nesterov", "adam", "rmsprop", "lion"])
def test_every_program_makes_the_same_weights_0(optimizer: str) -> None:
    """The general one, one made for the network, groups on the last axis, and the exported script."""
    rate = {"adam": 0.03, "rmsprop": 0.01, "lion": 0.005}.get(optimizer, 0.05)
    more = {"optimizer": optimizer, "learning_rate": rate, "weight_decay": 0.01, "clip_norm": 0.5, "l2": 0.01}
    experiment = Experiment.of(**SMALL | more)
    trainer = Trainer(experiment)
    state = trainer.advance(trainer.init(), STEPS)
    ours = weights(state.params)
    assert 0 < (ours == 0).mean() < 1

    split = jax.tree.map(jnp.asarray, trainer.prepared.data.train)
    own = jax.jit(make_advance(experiment.structure, trainer.network, experiment.task, split.x.shape[0]))
    first = jax.tree.map(jnp.asarray, init_of(experiment))
    by_own = own(first, split, knob_dict(jnp.asarray(trainer.knobs())), trainer.seed, jnp.int32(STEPS))
    names: dict[str, Any] = {"__name__": "script"}
    with jax.numpy_rank_promotion("allow"):
        exec(compile(export("jax", experiment), "script.py", "exec"), names)
        by_script, *_ = names["train"](STEPS)
    for params in (by_own.params, by_script):
        theirs = weights(params)
        np.testing.assert_array_equal(ours == 0, theirs == 0)
        np.testing.assert_allclose(ours, theirs, atol=2e-4)

    many = SeedEnsemble(experiment, networks=2, steps=STEPS, grouped=True)
    for _ in many.work():
        pass
    scores = trainer.scores(state)
    assert many.outcome.curves[-1, 0, 0] == pytest.approx(scores.train_loss, rel=1e-3)


def init_of(experiment: Experiment) -> Any:
    """The first state of a program made for the network."""
    from playground.nn import network as nn
    from playground.training.train_loop import init_state
    from playground.training.trainer import network_of

    network = network_of(experiment)
    drawn = jax.tree.map(jnp.asarray, nn.draw_params(network, experiment.problem.init_seed))
    knobs = knob_dict(jnp.asarray(Trainer(experiment).knobs()))
    return init_state(experiment.structure, drawn, nn.init_stats(network), knobs)


@pytest.mark.parametrize("given", [{"optimizer": "adam", "learning_rate": 0.03}, {"optimizer": "yogi"}, {}], ids=str)
def test_the_step_that_makes_a_weight_0_is_spelled_out_as_it_is(given: dict[str, Any]) -> None:
    """By its rule, by Optax where it has none here, and for a weight that is 0 already."""
    trainer = Trainer(Experiment.of(**SMALL | given))
    state, found = trainer.init(), 0
    explain = StepExplainer(trainer)
    for _ in range(STEPS):
        after = trainer.advance(state, 1)
        if ((weights(after.params) == 0) & (weights(state.params) != 0)).any():
            explanation = explain(state)
            np.testing.assert_allclose(explanation.update, explanation.real, atol=1e-5)
            found += 1
        if found == 2:
            break
        state = after
    assert found == 2
