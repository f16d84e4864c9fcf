"""Hessian of the training loss over all weights: leading eigenvalues (sharpness), and the learning rate that they
allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree

from playground.experiment import Experiment
from playground.language import mark
from playground.nn.masks import Masks, apply_masks, trainable_mask
from playground.number_format import format_percent
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import penalty
from playground.objectives.schedules import SCHEDULES
from playground.programs.cache import PROGRAMS
from playground.programs.compiler import Program, aot_compile
from playground.training.compiled_analysis import CompiledAnalysis
from playground.training.data import Data
from playground.training.general import Bucket, Plan, objective_gradient
from playground.training.general.train_loop import schedule_factor
from playground.training.knobs import KNOB_NAMES, knob_dict, knob_vector
from playground.training.objective import Batch, training_loss, weights_of
from playground.training.train_loop import TrainState
from playground.training.trainer import Trainer

Objective = Callable[[Array], Array]
KRYLOV = 48
"""Hessian-vector products that the leading eigenvalues take."""
LEADING = 2


@dataclass(frozen=True)
class Curvature:
    """``values (2,)``: the largest and second largest eigenvalue of the Hessian; ``vectors (2, parameters)``: their
    directions."""

    values: np.ndarray
    vectors: np.ndarray


def objective_of(trainer: Trainer, stats: Any, split: Any, vector: Array, masks: Masks, unravel: Any) -> Objective:
    """What a full-batch step makes small, as a function of all parameters ``(parameters,)``: mean loss of the train
    set, and penalty.

    No dropout; batch normalisation by the whole set's moments.
    """
    loss, task = LOSSES[trainer.experiment.structure.loss], trainer.experiment.task
    knobs = knob_dict(vector)
    weight = weights_of(split)
    whole = Batch(split.x, split.y, weight / weight.sum())

    def objective(theta: Array) -> Array:
        params = unravel(theta)
        value, _ = training_loss(trainer.network, loss, task, params, stats, whole, knobs, masks)
        return value + penalty(apply_masks(params, masks), knobs)

    return objective


def leading(product: Callable[[Array], Array], start: Array) -> tuple[Array, Array]:
    """The largest eigenvalues ``(2,)`` and eigenvectors ``(2, size)`` of the symmetric matrix that ``product``
    multiplies by, where ``start (size,)`` is not 0; beside it ``product`` must keep to the places where it is not.

    Lanczos 1950 with full reorthogonalisation: power iteration's Krylov space, used whole, so that 48 products give
    what power iteration needs hundreds for. Where the space ends early, another vector goes on, so that equal
    eigenvalues count as often as they are there; of a smaller matrix than 2 x 2, 0 stands for what is missing.
    """
    size = start.size

    def remainder(vector: Array, basis: Array) -> Array:
        for _ in range(2):  # twice is enough (Parlett 1998)
            vector = vector - basis.T @ (basis @ vector)
        return vector

    def other_start(i: Array, basis: Array) -> Array:
        candidate = start * jnp.sin((i + 2.0) * jnp.arange(1, size + 1, dtype=start.dtype))
        rest = remainder(candidate / jnp.maximum(jnp.linalg.norm(candidate), 1e-30), basis)
        return unit_vector(rest, 1e-3)

    def grow(i: Array, carried: tuple[Array, Array]) -> tuple[Array, Array]:
        basis, images = carried
        image = product(basis[i])
        rest = unit_vector(remainder(image, basis), 1e-6 * jnp.linalg.norm(image))
        ended = jnp.all(rest == 0)
        following = jax.lax.cond(ended, lambda: other_start(i, basis), lambda: rest)
        return basis.at[i + 1].set(following), images.at[i].set(image)

    basis = jnp.zeros((KRYLOV + 1, size), start.dtype).at[0].set(unit_vector(start, 0.0))
    basis, images = jax.lax.fori_loop(0, KRYLOV, grow, (basis, jnp.zeros((KRYLOV, size), start.dtype)))
    small = basis[:KRYLOV] @ images.T
    small = (small + small.T) / 2
    # A basis vector of 0, where there were no more, would count as an eigenvalue of 0: below all others it is harmless.
    empty = (jnp.abs(basis[:KRYLOV]).sum(axis=1) == 0).astype(start.dtype)
    values, vectors = jnp.linalg.eigh(small - jnp.diag(empty * 1e6 * (1 + jnp.abs(small).max())))
    leading_values, directions = values[::-1][:LEADING], (vectors[:, ::-1].T @ basis[:KRYLOV])[:LEADING]
    return jnp.where(jnp.abs(directions).sum(axis=1) > 0, leading_values, 0.0), directions


def unit_vector(vector: Array, least: Array | float) -> Array:
    """``vector`` at length 1; 0 where it is not longer than ``least``."""
    norm = jnp.linalg.norm(vector)
    return jnp.where(norm > least, vector / jnp.maximum(norm, 1e-30), 0.0)


class Sharpness(CompiledAnalysis):
    """Curvature of the training loss at one trainer's states."""

    def __init__(self, trainer: Trainer) -> None:
        super().__init__(trainer, "curvature", general_curvature, train_only=True)

    def __call__(self, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None) -> Curvature:
        """The leading eigenvalues at ``state`` under ``knobs`` and ``masks``."""
        values, vectors = self.run_program(state.params, state.stats, knobs, masks, self._start)
        vectors, padded = np.asarray(vectors), self.trainer.padded
        return Curvature(np.asarray(values), vectors[:, padded.places] if padded else vectors)

    def extra_arguments(self) -> tuple[Any, ...]:
        """The vector that the Krylov space begins with."""
        return (self._start,)

    @cached_property
    def _start(self) -> np.ndarray:
        """A fixed vector that is not orthogonal to anything in particular, in the order of all parameters."""
        size = sum(leaf.size for leaf in jax.tree.leaves(self.trainer.init().params))
        start = np.sin(np.arange(1, size + 1, dtype=np.float32) * np.float32(12.9898)) + np.float32(0.01)
        return self.trainer.padded.pack_params(start) if self.trainer.padded else start

    def make_function(self) -> Callable[..., tuple[Array, Array]]:
        """As ``general_curvature``, of the network's own parameters."""
        trainer = self.trainer

        def curvature(
            params: Any, stats: Any, split: Any, vector: Array, masks: Masks, start: Array
        ) -> tuple[Array, Array]:
            theta, unravel = ravel_pytree(params)
            objective = objective_of(trainer, stats, split, vector, masks, unravel)
            return leading_curvature(jax.grad(objective), theta, ravel_pytree(trainable_mask(params, masks))[0], start)

        return curvature


def general_curvature(bucket: Bucket) -> Callable[..., tuple[Array, Array]]:
    """The function ``curvature(params, plan, data, knobs, start)`` of a bucket: eigenvalues ``(2,)``, and vectors ``(2,
    n)`` of padded parameters."""

    def curvature(params: Array, plan: Plan, data: Data, vector: Array, start: Array) -> tuple[Array, Array]:
        knobs = knob_dict(vector)
        slope = lambda theta: objective_gradient(bucket, plan, theta, data.train, knobs)  # noqa: E731
        return leading_curvature(slope, params, plan.free, start)

    return curvature


def leading_curvature(slope: Objective, theta: Array, free: Array, start: Array) -> tuple[Array, Array]:
    """The leading eigenvalues and eigenvectors of the Hessian at ``theta (n,)``, from its gradient ``slope``, over the
    parameters that are ``free (n,)``."""
    return leading(lambda v: free * jax.jvp(slope, (theta,), (free * v,))[1], free * start)


def stable_limit(sharpness: float, momentum: float = 0.0, nesterov: bool = False) -> float:
    """The learning rate above which full-batch descent on a quadratic of this ``sharpness`` grows:
    ``(2 + 2 momentum) / sharpness``.

    Plain: 2 / sharpness; heavy-ball momentum: Polyak 1964; Nesterov's: that over ``1 + 2 momentum`` (Cohen et al.
    2021). Infinite where nothing curves upwards."""
    if sharpness <= 0:
        return float("inf")
    return (2 + 2 * momentum) / sharpness / ((1 + 2 * momentum) if nesterov else 1)


PLAIN_OPTIMIZERS = ("sgd", "nesterov")
"""Optimizers for which the limit holds as it is; others scale each direction by themselves."""


def steps_plainly(experiment: Experiment) -> bool:
    """Whether the limit holds as it is: SGD, with or without momentum."""
    return experiment.structure.optimizer in PLAIN_OPTIMIZERS


def momentum_of(experiment: Experiment) -> float:
    """The momentum that counts for the stable limit: SGD's own, else 0."""
    return experiment.knobs.momentum if steps_plainly(experiment) else 0.0


def limit_of(experiment: Experiment, sharpness: float) -> float:
    """The stable limit of the experiment's own full-batch SGD; of plain SGD where it learns by something else."""
    return stable_limit(sharpness, momentum_of(experiment), experiment.structure.optimizer == "nesterov")


def rate_at(experiment: Experiment, step: int) -> float:
    """The learning rate that the schedule leaves at ``step``."""
    choice = np.int32(list(SCHEDULES).index(experiment.structure.schedule))
    factor = PROGRAMS.get(("schedule",), _compile_schedule, shared=True)
    return experiment.knobs.learning_rate * float(factor(choice, np.int32(step), knob_vector(experiment.knobs)))


def _compile_schedule() -> Program:
    def factor(choice: Array, step: Array, vector: Array) -> Array:
        return schedule_factor(choice, step, knob_dict(vector))

    return aot_compile(factor, np.int32(0), np.int32(0), np.zeros(len(KNOB_NAMES), np.float32))


def max_stable_sharpness(experiment: Experiment, step: int) -> float:
    """The sharpness above which the learning rate at ``step`` is beyond the stable limit; infinite at a rate of 0."""
    rate = rate_at(experiment, step)
    return limit_of(experiment, 1.0) / rate if rate > 0 else float("inf")


def stability_sentence(experiment: Experiment, sharpness: float, full_batch: bool, step: int | None = None) -> str:
    """What the sharpness says of the learning rate, in a sentence or two: of that at ``step``, else of the highest that
    is set."""
    if not np.isfinite(sharpness):
        return mark("The weights are no longer numbers that can be computed with: there is no slope to speak of.")
    limit = limit_of(experiment, sharpness)
    if not np.isfinite(limit):
        return mark("The loss does not curve upwards anywhere here: no learning rate is too large for it yet.")
    if not steps_plainly(experiment):
        label = OPTIMIZERS[experiment.structure.optimizer].label
        return mark(
            "Plain full-batch SGD would be stable here up to a learning rate of {limit:.2g}; {optimizer} is not plain "
            "SGD, and has another limit.",
            limit=limit,
            optimizer=label,
        )
    rate = experiment.knobs.learning_rate if step is None else rate_at(experiment, step)
    values = {"limit": limit, "rate": rate, "share": format_percent(rate / limit)}
    if rate > limit:
        sentence = (
            mark(
                "Full-batch SGD with this momentum is stable here up to a learning rate of {limit:.2g}, and {rate:.3g} "
                "is above it.",
                **values,
            )
            if momentum_of(experiment)
            else mark(
                "Full-batch SGD is stable here up to a learning rate of {limit:.2g}, and {rate:.3g} is above it.",
                **values,
            )
        )
        consequence = (
            mark("It bounces from wall to wall, and may diverge.")
            if rate > 1.3 * limit
            else mark("It is at the edge of stability.")
        )
        return mark("{first} {second}", first=sentence, second=consequence)
    sentence = (
        mark(
            "Full-batch SGD with this momentum is stable here up to a learning rate of {limit:.2g}; {rate:.3g} is "
            "{share} of that.",
            **values,
        )
        if momentum_of(experiment)
        else mark(
            "Full-batch SGD is stable here up to a learning rate of {limit:.2g}; {rate:.3g} is {share} of that.",
            **values,
        )
    )
    if full_batch:
        return sentence
    noise = mark("Batches add noise, so that it may shake a little earlier.")
    return mark("{first} {second}", first=sentence, second=noise)
