"""The training loss as a function of all weights in one vector: its Hessian's leading eigenvalues, and the learning rate that they allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree

from playground.nn.masks import Masks, all_on, cut, movable
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import penalty
from playground.objectives.schedules import SCHEDULES
from playground.spec import Experiment
from playground.training.advance import TrainState
from playground.training.knobs import knob_dict, knob_vector
from playground.training.objective import Batch, training_loss, weights_of
from playground.training.programs import Program, Recipe, compiled
from playground.training.trainer import Trainer

Objective = Callable[[Array], Array]
KRYLOV = 48
"""Hessian-vector products that the leading eigenvalues take; with as few parameters the Hessian is made whole."""
LEADING = 2


@dataclass(frozen=True)
class Curvature:
    """``values (2,)``: the largest and second largest eigenvalue of the Hessian; ``vectors (2, parameters)``: their directions."""

    values: np.ndarray
    vectors: np.ndarray


def objective_of(trainer: Trainer, stats: Any, split: Any, vector: Array, masks: Masks, unravel: Any) -> Objective:
    """What a full-batch step makes small, as a function of all parameters ``(parameters,)``: mean loss of the train set, and penalty.

    No dropout; batch normalisation by the whole set's moments.
    """
    loss, task = LOSSES[trainer.experiment.structure.loss], trainer.experiment.task
    knobs = knob_dict(vector)
    weight = weights_of(split)
    whole = Batch(split.x, split.y, weight / weight.sum())

    def objective(theta: Array) -> Array:
        params = unravel(theta)
        value, _ = training_loss(trainer.network, loss, task, params, stats, whole, knobs, masks)
        return value + penalty(cut(params, masks), knobs)

    return objective


def leading(product: Callable[[Array], Array], start: Array, size: int) -> tuple[Array, Array]:
    """The largest eigenvalues ``(2,)`` and eigenvectors ``(2, size)`` of the symmetric matrix that ``product`` multiplies by.

    Lanczos 1950 with full reorthogonalisation: power iteration's Krylov space, used whole, so that 48 products give what
    power iteration needs hundreds for. ``start (size,)`` must not be 0.
    """
    if size <= KRYLOV:
        matrix = jax.vmap(product)(jnp.eye(size, dtype=start.dtype))
        values, vectors = jnp.linalg.eigh((matrix + matrix.T) / 2)
        values, vectors = values[::-1], vectors[:, ::-1].T
        pad = max(0, LEADING - size)
        return jnp.pad(values, (0, pad))[:LEADING], jnp.pad(vectors, ((0, pad), (0, 0)))[:LEADING]

    def grow(i: Array, carried: tuple[Array, Array]) -> tuple[Array, Array]:
        basis, images = carried
        image = product(basis[i])
        images = images.at[i].set(image)
        rest = image
        for _ in range(2):  # twice is enough (Parlett 1998)
            rest = rest - basis.T @ (basis @ rest)
        norm = jnp.linalg.norm(rest)
        fresh = jnp.where(norm > 1e-6 * (jnp.linalg.norm(image) + 1e-30), rest / jnp.maximum(norm, 1e-30), 0.0)
        return basis.at[i + 1].set(fresh), images

    basis = jnp.zeros((KRYLOV + 1, size), start.dtype).at[0].set(start / jnp.linalg.norm(start))
    basis, images = jax.lax.fori_loop(0, KRYLOV, grow, (basis, jnp.zeros((KRYLOV, size), start.dtype)))
    small = basis[:KRYLOV] @ images.T
    values, vectors = jnp.linalg.eigh((small + small.T) / 2)
    # A basis vector of 0, where the space ended early, would count as an eigenvalue of 0: below all others it does no harm.
    empty = (jnp.abs(basis[:KRYLOV]).sum(axis=1) == 0).astype(start.dtype)
    values, vectors = jnp.linalg.eigh((small + small.T) / 2 - jnp.diag(empty * 1e6 * (1 + jnp.abs(values).max())))
    return values[::-1][:LEADING], (vectors[:, ::-1].T @ basis[:KRYLOV])[:LEADING]


class Sharpness:
    """Curvature of the training loss at one trainer's states."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self._all_on = jax.device_put(all_on(trainer.network))

    @property
    def recipe(self) -> Recipe:
        """How the program is compiled."""
        return Recipe(("curvature", *self.trainer.key), self._compile)

    def __call__(self, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None) -> Curvature:
        """The leading eigenvalues at ``state`` under ``knobs`` and ``masks``."""
        vector = self.trainer.knobs() if knobs is None else knobs
        values, vectors = self.recipe.program()(
            state.params, state.stats, self.trainer.data.train, vector, masks or self._all_on
        )
        return Curvature(np.asarray(values), np.asarray(vectors))

    def _compile(self) -> Program:
        trainer = self.trainer

        def curvature(params: Any, stats: Any, split: Any, vector: Array, masks: Masks) -> tuple[Array, Array]:
            theta, unravel = ravel_pytree(params)
            objective = objective_of(trainer, stats, split, vector, masks, unravel)
            free = ravel_pytree(movable(params, masks))[0]
            slope = jax.grad(objective)

            def product(v: Array) -> Array:
                return free * jax.jvp(slope, (theta,), (free * v,))[1]

            # A fixed start that is not orthogonal to anything in particular.
            start = jnp.sin(jnp.arange(1, theta.size + 1, dtype=theta.dtype) * 12.9898) + 0.01
            return leading(product, start, theta.size)

        state = trainer.init()
        return compiled(curvature, state.params, state.stats, trainer.data.train, trainer.knobs(), self._all_on)


def stable_limit(sharpness: float, momentum: float = 0.0, nesterov: bool = False) -> float:
    """The learning rate above which full-batch descent on a quadratic of this ``sharpness`` grows: ``(2 + 2 momentum) / sharpness``.

    Plain: 2 / sharpness; heavy-ball momentum: Polyak 1964; Nesterov's: that over ``1 + 2 momentum`` (Cohen et al. 2021). Infinite where nothing
    curves upwards.
    """
    if sharpness <= 0:
        return float("inf")
    return (2 + 2 * momentum) / sharpness / ((1 + 2 * momentum) if nesterov else 1)


PLAIN = ("sgd", "nesterov")
"""Optimizers for which the limit holds as it is; others scale each direction by themselves."""


def steps_plainly(experiment: Experiment) -> bool:
    """Whether the limit holds as it is: SGD, with or without momentum."""
    return experiment.structure.optimizer in PLAIN


def momentum_of(experiment: Experiment) -> float:
    """The momentum that counts for the stable limit: SGD's own, else 0."""
    return experiment.knobs.momentum if steps_plainly(experiment) else 0.0


def limit_of(experiment: Experiment, sharpness: float) -> float:
    """The stable limit of the experiment's own full-batch SGD; of plain SGD where it learns by something else."""
    return stable_limit(sharpness, momentum_of(experiment), experiment.structure.optimizer == "nesterov")


def rate_at(experiment: Experiment, step: int) -> float:
    """The learning rate that the schedule leaves at ``step``."""
    factor = SCHEDULES[experiment.structure.schedule].factor(
        jnp.int32(step), knob_dict(jnp.asarray(knob_vector(experiment.knobs)))
    )
    return experiment.knobs.learning_rate * float(factor)


def allowed(experiment: Experiment, step: int) -> float:
    """The sharpness above which the learning rate at ``step`` is beyond the stable limit; infinite at a rate of 0."""
    rate = rate_at(experiment, step)
    return limit_of(experiment, 1.0) / rate if rate > 0 else float("inf")


def stability_sentence(experiment: Experiment, sharpness: float, full_batch: bool, step: int | None = None) -> str:
    """What the sharpness says of the learning rate, in a sentence or two: of that at ``step``, else of the highest that is set."""
    if not np.isfinite(sharpness):
        return "The weights are no longer numbers that can be computed with: there is no slope to speak of."
    limit = limit_of(experiment, sharpness)
    if not np.isfinite(limit):
        return "The loss does not curve upwards anywhere here: no learning rate is too large for it yet."
    if not steps_plainly(experiment):
        label = OPTIMIZERS[experiment.structure.optimizer].label
        return f"Plain full-batch SGD would be stable here up to a learning rate of {limit:.2g}; {label} is not plain SGD, and has another limit."
    how = "with this momentum is" if momentum_of(experiment) else "is"
    said = f"Full-batch SGD {how} stable here up to a learning rate of {limit:.2g}"
    rate = experiment.knobs.learning_rate if step is None else rate_at(experiment, step)
    if rate > limit:
        near = (
            " It bounces from wall to wall, and may diverge."
            if rate > 1.3 * limit
            else " It is at the edge of stability."
        )
        return f"{said}, and {rate:.3g} is above it.{near}"
    often = "" if full_batch else " Batches add noise, so that it may shake a little earlier."
    return f"{said}; {rate:.3g} is {100 * rate / limit:.0f} % of that.{often}"
