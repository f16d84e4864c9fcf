"""L-BFGS against the two-loop recursion in NumPy, the strong Wolfe conditions, and minima that are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from playground.objectives.optimizers import OPTIMIZERS

MEMORY = 10
CURVATURES = np.geomspace(1, 200, 14)


class Path(NamedTuple):
    """Where a run was, what it saw there, and the update it made: (steps, n), and the objective's value (steps,)."""

    p: np.ndarray
    gradient: np.ndarray
    update: np.ndarray
    value: np.ndarray


def path(fn: Callable[[jax.Array], jax.Array], start: jax.Array, steps: int) -> Path:
    # The line search chooses the step, so that a rate of NaN must not matter.
    transform = OPTIMIZERS["lbfgs"].transform(jnp.asarray(jnp.nan, start.dtype), {})

    @jax.jit
    def run(start: jax.Array) -> Path:
        def step(carry: tuple, _: None) -> tuple:
            p, state = carry
            value, gradient = jax.value_and_grad(fn)(p)
            update, state = transform.update(gradient, state, p, value=value, grad=gradient, value_fn=fn)  # pyright: ignore[reportCallIssue]
            return (p + update, state), Path(p, gradient, update, value)

        return jax.lax.scan(step, (start, transform.init(start)), None, length=steps)[1]

    return Path(*map(np.asarray, run(start)))


def valley(p: jax.Array) -> jax.Array:
    """A quadratic of many curvatures, with a quartic part so that no two steps see the same Hessian."""
    return 0.5 * (jnp.asarray(CURVATURES) * p**2).sum() + 0.1 * ((p - 1) ** 4).sum()


def rosenbrock(p: jax.Array) -> jax.Array:
    return 100 * (p[1] - p[0] ** 2) ** 2 + (1 - p[0]) ** 2


def two_loop(gradient: np.ndarray, moves: np.ndarray, changes: np.ndarray) -> np.ndarray:
    """The descent direction of Nocedal 1980: algorithm 7.4 of Nocedal & Wright 2006."""
    q, alphas = gradient.copy(), []
    for s, y in zip(moves[::-1], changes[::-1], strict=True):
        alphas.append(s @ q / (y @ s))
        q -= alphas[-1] * y
    r = q * (moves[-1] @ changes[-1]) / (changes[-1] @ changes[-1])
    for s, y, alpha in zip(moves, changes, alphas[::-1], strict=True):
        r += s * (alpha - y @ r / (y @ s))
    return -r


@pytest.fixture(scope="module")
def descent() -> Path:
    with jax.enable_x64(True):
        return path(valley, jnp.asarray(np.random.default_rng(4).normal(size=14)), 20)


def test_directions_are_those_of_the_two_loop_recursion(descent: Path) -> None:
    assert descent.p.dtype == np.float64
    moves, changes = np.diff(descent.p, axis=0), np.diff(descent.gradient, axis=0)
    for t in range(1, len(descent.p)):
        kept = slice(max(0, t - MEMORY), t)
        direction = two_loop(descent.gradient[t], moves[kept], changes[kept])
        update = descent.update[t]
        cosine = direction @ update / np.linalg.norm(direction) / np.linalg.norm(update)
        assert cosine == pytest.approx(1, abs=1e-6), t


def test_steps_meet_the_strong_wolfe_conditions(descent: Path) -> None:
    slope = (descent.gradient * descent.update).sum(axis=1)[:-1]
    after = (descent.gradient[1:] * descent.update[:-1]).sum(axis=1)
    assert (slope < 0).all()
    assert (descent.value[1:] <= descent.value[:-1] + 1e-4 * slope + 1e-12).all()
    assert (np.abs(after) <= 0.9 * np.abs(slope) + 1e-12).all()


def test_finds_the_bottom_of_rosenbrocks_valley_in_single_precision() -> None:
    found = path(rosenbrock, jnp.array([-1.2, 1.0], jnp.float32), 45)
    assert found.p.dtype == np.float32
    np.testing.assert_allclose(found.p[-1], [1, 1], atol=1e-3)


def test_is_marked_as_what_it_is() -> None:
    assert [one.name for one in OPTIMIZERS.values() if one.line_search or one.full_batch] == ["lbfgs"]
    assert not OPTIMIZERS["lbfgs"].elementwise
    assert OPTIMIZERS["lbfgs"].knobs == ()
