"""The engine: the same run however it is cut, no recompilation, gradients and steps as by hand, divergence frozen."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground import Experiment, Trainer, TrainState
from playground.experiment.fields import Number
from playground.experiment.links.query import RULES
from playground.nn.layers import dropout_mask
from playground.nn.network import forward
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import penalty, penalty_gradient
from playground.programs.cache import PROGRAMS, ProgramCache
from playground.training.data import bucket
from playground.training.knobs import knob_dict
from playground.training.objective import Batch, training_loss
from playground.training.shuffle import shuffle_index
from playground.training.train_loop import epoch_rows

SMALL: dict[str, object] = {"samples": 100, "noise": 0.1, "hidden": [4, 2]}


def same(a: TrainState, b: TrainState) -> bool:
    """Whether two states are bitwise the same."""
    return all(
        np.array_equal(x, y, equal_nan=True) for x, y in zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True)
    )


CHUNKED = {
    "sgd": {"optimizer": "sgd"},
    "adam with dropout": {"optimizer": "adam", "dropout": 0.3, "hidden": [6, 6]},
    "batch norm, odd batch": {"normalization": "batch", "batch_size": 7},
    "l-bfgs": {"optimizer": "lbfgs"},
    "cosine, clipped": {"schedule": "cosine", "schedule_steps": 50, "clip_norm": 0.5, "optimizer": "rmsprop"},
}


@pytest.mark.parametrize("given", CHUNKED.values(), ids=CHUNKED.keys())
def test_any_chunking_gives_bitwise_the_same_run(given: dict[str, object]) -> None:
    trainer = Trainer(Experiment.of(**(SMALL | given)))
    whole = trainer.advance(trainer.init(), 40)
    state = trainer.init()
    for steps in (1, 2, 17, 20):
        state = trainer.advance(state, steps)
    assert int(state.step) == 40
    assert same(whole, state)


def test_the_same_experiment_gives_the_same_run_and_another_seed_another() -> None:
    runs = [
        Trainer(experiment).advance(Trainer(experiment).init(), 30)
        for experiment in (
            Experiment.of(**SMALL),
            Experiment.of(**SMALL),
            Experiment.of(**SMALL, init_seed=1),
            Experiment.of(**SMALL, seed=1),
        )
    ]
    assert same(runs[0], runs[1])
    assert not same(runs[0], runs[2])
    assert not same(runs[0], runs[3])


def test_no_knob_and_no_second_call_recompiles() -> None:
    experiment = Experiment.of(**SMALL, optimizer="adamw", schedule="warmup_cosine", loss="focal")
    trainer = Trainer(experiment)
    state = trainer.advance(trainer.init(), 5)
    trainer.scores(state)
    before = PROGRAMS.compilations
    for name, rule in RULES.items():
        if not isinstance(rule, Number) or name in ("noise", "train_fraction"):
            continue
        turned = Trainer(
            Experiment.of(
                **SMALL, optimizer="adamw", schedule="warmup_cosine", loss="focal", **{name: (rule.low + rule.high) / 2}
            )
        )
        turned.scores(turned.advance(turned.init(), 5))
    assert PROGRAMS.compilations == before


def test_a_few_samples_more_need_no_new_program() -> None:
    assert [bucket(n) for n in (1, 64, 65, 96, 97, 250, 5000)] == [64, 64, 96, 96, 128, 256, 6144]
    first = Trainer(Experiment.of(**SMALL | {"samples": 200}))
    first.advance(first.init(), 3)
    before = PROGRAMS.compilations
    second = Trainer(Experiment.of(**SMALL | {"samples": 220}))
    second.advance(second.init(), 3)
    assert PROGRAMS.compilations == before


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 64), st.integers(0, 2**32 - 1))
def test_an_order_visits_every_sample_once(n: int, seed: int) -> None:
    order = np.asarray(ORDER(jnp.int32(n), jnp.uint32(seed)))
    assert sorted(order[:n]) == list(range(n))
    assert list(order[n:]) == list(range(n, 64))


ORDER = jax.jit(lambda n, seed: shuffle_index(64, n, seed))


def test_orders_are_uniform_in_every_place_and_pair() -> None:
    n, draws = 50, 5000
    orders = np.asarray(
        jax.vmap(lambda seed: shuffle_index(64, jnp.int32(n), seed))(jnp.arange(draws, dtype=jnp.uint32))
    )[:, :n]
    # chi-square over n cells: mean n - 1, standard deviation sqrt(2 (n - 1))
    for place in (0, 1, 17, 49):
        counts = np.bincount(orders[:, place], minlength=n)
        chi = np.square(counts - draws / n).sum() / (draws / n)
        assert abs(chi - (n - 1)) < 5 * np.sqrt(2 * (n - 1))
    following = np.bincount((orders[:, 1].astype(int) - orders[:, 0]) % n, minlength=n)[1:]
    chi = np.square(following - draws / (n - 1)).sum() / (draws / (n - 1))
    assert abs(chi - (n - 2)) < 5 * np.sqrt(2 * (n - 2))


def test_every_epoch_has_its_own_order() -> None:
    experiment = Experiment.of(**SMALL)
    trainer = Trainer(experiment)
    rows = [epoch_of(trainer, epoch) for epoch in range(3)]
    n = int(trainer.prepared.data.train.n)
    for one in rows:
        assert sorted(map(tuple, np.asarray(one.x[:n]))) == sorted(map(tuple, trainer.prepared.data.train.x[:n]))
    assert not np.array_equal(rows[0].x, rows[1].x)
    assert np.array_equal(rows[0].x, epoch_of(trainer, 0).x)


@pytest.mark.parametrize("batch_size", [10, 7, 50, 200])
def test_shares_of_a_batch_sum_to_one(batch_size: int) -> None:
    trainer = Trainer(Experiment.of(**SMALL, batch_size=batch_size))
    batch, n = min(batch_size, 64), int(trainer.prepared.data.train.n)
    share = np.asarray(epoch_of(trainer, 0).share)
    for start in range(0, n, batch):
        assert share[start : start + batch].sum() == pytest.approx(1, rel=1e-5)
    assert (share[n:] == 0).all()


def test_without_shuffling_rows_come_in_file_order() -> None:
    trainer = Trainer(Experiment.of(**SMALL, shuffle=False))
    n = int(trainer.prepared.data.train.n)
    assert np.array_equal(epoch_of(trainer, 3).x[:n], trainer.prepared.data.train.x[:n])


def epoch_of(trainer: Trainer, epoch: int) -> Batch:
    """All batches of an epoch, as the engine makes them."""
    split = trainer.prepared.data.train
    batch = min(trainer.experiment.structure.batch_size, len(split.x))
    knobs = knob_dict(jnp.asarray(trainer.knobs()))
    return epoch_rows(
        trainer.experiment.structure, trainer.network, split, batch, knobs, jnp.uint32(trainer.seed), jnp.int32(epoch)
    )


def by_hand(trainer: Trainer, steps: int, rate: float, l2: float) -> list[tuple[np.ndarray, np.ndarray]]:
    """SGD on half squared error with tanh everywhere, in float64 NumPy, backpropagation written out."""
    layers = [(np.asarray(layer["w"], float), np.asarray(layer["b"], float)) for layer in trainer.init().params]
    n, batch = int(trainer.prepared.data.train.n), trainer.batch_size
    for step in range(steps):
        epoch, at = divmod(step, -(-n // batch))
        rows = epoch_of(trainer, epoch)
        chosen = slice(at * batch, min((at + 1) * batch, n))
        y = np.asarray(rows.y[chosen], float)
        h = [np.asarray(rows.x[chosen], float)]
        for w, b in layers:
            h.append(np.tanh(h[-1] @ w + b))
        delta = (h[-1] - y) * (1 - h[-1] ** 2) / len(y)
        for i in reversed(range(len(layers))):
            w, b = layers[i]
            gradient_w, gradient_b = h[i].T @ delta + l2 * w, delta.sum(0)
            delta = (delta @ w.T) * (1 - h[i] ** 2)
            layers[i] = (w - rate * gradient_w, b - rate * gradient_b)
    return layers


@pytest.mark.parametrize("batch_size", [10, 7])
def test_steps_are_what_backpropagation_by_hand_gives(batch_size: int) -> None:
    trainer = Trainer(Experiment.of(**SMALL, batch_size=batch_size, learning_rate=0.1, l2=0.01))
    state = trainer.advance(trainer.init(), 60)
    for layer, (w, b) in zip(state.params, by_hand(trainer, 60, 0.1, 0.01), strict=True):
        np.testing.assert_allclose(layer["w"], w, rtol=2e-3, atol=2e-4)
        np.testing.assert_allclose(layer["b"], b, rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name not in ("adafactor",)])
def test_every_optimizer_learns_a_circle(name: str) -> None:
    trainer = Trainer(
        Experiment.of(
            **SMALL | {"hidden": [8], "noise": 0.0, "samples": 200},
            optimizer=name,
            features=["x1_squared", "x2_squared"],
        )
    )
    state = trainer.init()
    before, after = trainer.scores(state), trainer.scores(trainer.advance(state, 800))
    assert after.train_loss < 0.9 * before.train_loss
    assert after.step == 800 or name == "lbfgs"


def test_scores_are_the_datas_alone_in_evaluation_mode() -> None:
    trainer = Trainer(Experiment.of(**SMALL, dropout=0.5, l1=0.1, l2=0.2, label_smoothing=0.3))
    state = trainer.advance(trainer.init(), 20)
    scores = trainer.scores(state)
    split = trainer.prepared.data.train
    n = int(split.n)
    output = np.asarray(forward(trainer.network, state.params, state.stats, jnp.asarray(split.x[:n]))[-1].h)
    np.testing.assert_allclose(scores.train_loss, 0.5 * np.square(output - split.y[:n]).sum(1).mean(), rtol=1e-5)
    np.testing.assert_allclose(scores.train_metric, ((output > 0) == (split.y[:n] > 0)).mean(), rtol=1e-5)
    weights = [np.asarray(layer["w"]) for layer in state.params]
    expected = sum(0.1 * np.abs(w).sum() + 0.1 * np.square(w).sum() for w in weights)
    np.testing.assert_allclose(scores.penalty, expected, rtol=1e-5)


def test_an_empty_test_set_has_no_loss() -> None:
    trainer = Trainer(Experiment.of(**SMALL, train_fraction=1.0))
    scores = trainer.scores(trainer.init())
    assert np.isnan(scores.test_loss)
    assert np.isfinite(scores.train_loss)


def test_divergence_is_caught_and_the_state_before_it_frozen() -> None:
    trainer = Trainer(Experiment.of(dataset="plane", samples=200, hidden=[8], activation="relu", learning_rate=10.0))
    state = trainer.advance(trainer.init(), 500)
    bad = int(state.bad_step)
    assert 0 <= bad == int(state.step) < 500
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(state.params))
    assert same(state, trainer.advance(state, 100))
    assert same(
        state._replace(bad_step=jnp.int32(-1)), trainer.advance(trainer.init(), bad)._replace(bad_step=jnp.int32(-1))
    )


def test_the_gradient_of_the_training_loss_is_that_of_finite_differences() -> None:
    experiment = Experiment.of(
        samples=100,
        hidden=[3, 3],
        normalization="batch",
        residual=True,
        dropout=0.2,
        l2=0.1,
        loss="binary_cross_entropy",
    )
    trainer = Trainer(experiment)
    state, split = trainer.init(), trainer.prepared.data.train
    masks = tuple(dropout_mask((20, 3), jnp.float32(0.2), jnp.uint32(i)) for i in range(2))
    batch = Batch(jnp.asarray(split.x[:20]), jnp.asarray(split.y[:20]), jnp.full(20, 0.05), masks)
    knobs = knob_dict(jnp.asarray(trainer.knobs()))

    @jax.jit
    def value(params: Any) -> jax.Array:
        loss = training_loss(
            trainer.network, LOSSES["binary_cross_entropy"], "binary", params, state.stats, batch, knobs
        )[0]  # pyright: ignore[reportArgumentType]
        return loss + penalty(params, knobs)  # pyright: ignore[reportArgumentType]

    gradient = jax.grad(value)(state.params)
    by_hand = penalty_gradient(state.params, knobs)
    traced = jax.grad(penalty)(state.params, knobs)
    for exact, written in zip(jax.tree.leaves(traced), jax.tree.leaves(by_hand), strict=True):
        np.testing.assert_allclose(written, exact, rtol=1e-6)
    rng, h = np.random.default_rng(0), 1e-2
    for _ in range(5):
        direction = jax.tree.map(lambda leaf: jnp.asarray(rng.normal(size=leaf.shape), jnp.float32), state.params)
        moved = [jax.tree.map(lambda p, d, s=sign: p + s * h * d, state.params, direction) for sign in (1, -1)]
        numeric = (float(value(moved[0])) - float(value(moved[1]))) / (2 * h)
        exact = sum(
            float((g * d).sum()) for g, d in zip(jax.tree.leaves(gradient), jax.tree.leaves(direction), strict=True)
        )
        assert numeric == pytest.approx(exact, rel=2e-2, abs=2e-3)


def test_the_cache_is_bounded_compiles_once_and_purges() -> None:
    programs = ProgramCache(capacity=2)
    made: list[int] = []
    for key in (1, 2, 1, 3, 1):
        assert programs.get(key, lambda key=key: made.append(key) or (lambda: key))() == key
    assert made == [1, 2, 3]
    assert len(programs) == 2
    programs.purge()
    assert len(programs) == 0


def test_whoever_asks_meanwhile_gets_the_same_program() -> None:
    import threading

    programs, made, gate = ProgramCache(), [], threading.Event()

    def build() -> object:
        gate.wait(5)
        made.append(1)
        return lambda: len(made)

    programs.prefetch("key", build)  # pyright: ignore[reportArgumentType]
    assert not programs.ready("key")
    gate.set()
    assert programs.get("key", build)() == 1  # pyright: ignore[reportArgumentType]
    assert made == [1]
