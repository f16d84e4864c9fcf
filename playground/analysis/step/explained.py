"""The next step of a run, spelled out and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array
from jax.flatten_util import ravel_pytree

from playground.analysis.step.passes import Backward, Forward, backward, forward
from playground.analysis.step.rules import RULES, UPDATE, Values
from playground.nn.masks import Masks, all_on, cut, movable
from playground.nn.parameters import flatten_params
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import penalty, penalty_gradient
from playground.objectives.schedules import SCHEDULES
from playground.training.advance import TrainState, epoch_rows, steps_per_epoch
from playground.training.knobs import KNOB_NAMES, knob_dict
from playground.training.objective import Batch, training_loss
from playground.training.programs import Program, Recipe, compiled
from playground.training.trainer import Trainer

CHECKED = 64
"""Parameters that are checked by finite differences at most."""
NUDGE = 1e-5
"""Half the distance of a central difference, in float64: its errors (NUDGE^2, and 1e-16 / NUDGE) are then both about 1e-10."""


@dataclass(frozen=True)
class Explanation:
    """One step at a state: NumPy arrays, float64 where they are ours.

    ``batch``: the rows that the step sees, padding left out. ``training``, ``evaluation``: each layer's forward pass. ``each (rows,)``: the rows'
    losses, ``loss`` their mean, ``output`` its derivative by the network's output. ``backward``: each layer's derivatives. Vectors over all
    parameters, in the order of ``ravel_pytree``: ``gradient`` of the data's loss, ``used`` with penalties and clipping, ``state`` the
    optimizer's numbers by symbol, ``update``. ``rate``: the learning rate after its schedule; ``norm``: of the gradient before clipping.
    Checks: ``by_jax`` is ``jax.grad``'s gradient in float32, ``by_differences`` central differences at the places ``checked``, ``real`` the
    compiled step's update.
    """

    step: int
    batch: Batch
    training: list[Forward]
    evaluation: list[Forward]
    each: np.ndarray
    loss: float
    output: np.ndarray
    backward: list[Backward]
    parameters: np.ndarray
    gradient: np.ndarray
    used: np.ndarray
    norm: float
    rate: float
    state: Values
    update: np.ndarray
    by_jax: np.ndarray
    checked: np.ndarray
    by_differences: np.ndarray
    real: np.ndarray


class Explained:
    """Explanations of one trainer's next steps."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self._on = jax.device_put(all_on(trainer.network))
        self.size = flatten_params(trainer.init().params).size
        rows, structure = trainer.prepared.data.train.x.shape[0], trainer.experiment.structure
        self.rows = rows if OPTIMIZERS[structure.optimizer].full_batch else min(structure.batch_size, rows)
        # The first and the last parameters, and between them evenly.
        self.checked = np.unique(np.linspace(0, self.size - 1, min(CHECKED, self.size)).astype(np.int32))

    def recipes(self, masked: bool = False) -> tuple[Recipe, ...]:
        """How its programs are compiled, the real step's among them."""
        trainer = self.trainer
        loss, task = trainer.experiment.structure.loss, trainer.experiment.task
        shape = (self.rows, trainer.prepared.data.train.y.shape[1])
        return (
            Recipe(("next batch", *trainer.key), self._compile_following),
            Recipe(("explained", trainer.network, loss, task, shape, *trainer.where), self._compile_spelled),
            self.trainer.recipe(masked),
        )

    def __call__(self, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None) -> Explanation:
        """The step after ``state`` under ``knobs`` and ``masks``."""
        trainer, vector = self.trainer, self.trainer.knobs() if knobs is None else knobs
        following, spelled, _ = (recipe.program() for recipe in self.recipes(masks is not None))
        after = trainer.advance_under(state, 1, vector, masks)
        batch, by_jax, rate, optax_update, new_state = following(*self._arguments(state, vector, masks))
        with jax.enable_x64(True):
            arguments = self._wide(state, batch, vector, masks)
            found: Any = jax.tree.map(np.asarray, spelled(*arguments))
        training, evaluation, each, output, back, gradient, used, norm, differences = found
        rows = np.asarray(batch.share) > 0
        k = dict(zip(KNOB_NAMES, vector.astype(float), strict=True)) | {"rate": float(rate)}
        parameters = wide_vector(state.params)
        numbers, update = self._moved(state, parameters, used, k, optax_update, new_state, masks)
        return Explanation(
            step=int(state.step),
            batch=jax.tree.map(lambda part: np.asarray(part)[rows], batch),
            training=[Forward(*(part[rows] for part in one)) for one in training],
            evaluation=[Forward(*(part[rows] for part in one)) for one in evaluation],
            each=each[rows],
            loss=float((each * np.asarray(batch.share, float)).sum()),
            output=output[rows],
            backward=[Backward(one.h[rows], one.a[rows], one.z[rows], one.sums[rows], one.gradient) for one in back],
            parameters=parameters,
            gradient=gradient,
            used=used,
            norm=float(norm),
            rate=float(rate),
            state=numbers,
            update=update,
            by_jax=wide_vector(by_jax),
            checked=self.checked,
            by_differences=differences,
            real=wide_vector(after.update),
        )

    def _moved(
        self, state: TrainState, p: np.ndarray, g: np.ndarray, k: dict[str, float], by_optax: Any, new: Any, masks: Any
    ) -> tuple[Values, np.ndarray]:
        """The optimizer's numbers and its update: by its rule where it is spelled out, else Optax's own."""
        name = self.trainer.experiment.structure.optimizer
        if name not in RULES:
            before, after = named(state.opt_state), named(new)
            numbers = {}
            for key in before:
                numbers |= {f"{key} before": before[key], key: after[key]}
            update = wide_vector(by_optax)
        else:
            old = {key.rsplit(".", 1)[-1]: value.astype(float) for key, value in named(state.opt_state).items()}
            numbers = RULES[name](p, g, old, int(state.step) + 1, k)
            update = numbers.pop(UPDATE)
        if "weight_decay" not in OPTIMIZERS[name].knobs:
            update = update - k["rate"] * k["weight_decay"] * p
        if masks is not None:
            update = update * wide_vector(movable(state.params, masks))
        return numbers, update

    def _arguments(self, state: TrainState, vector: np.ndarray, masks: Masks | None) -> tuple[Any, ...]:
        return state, self.trainer.data.train, vector, self.trainer.seed, masks or self._on

    def _wide(self, state: TrainState, batch: Batch, vector: np.ndarray, masks: Masks | None) -> tuple[Any, ...]:
        narrow = (state.params, state.stats, batch, vector, masks or self._on)
        return (*jax.tree.map(lambda part: np.asarray(part, np.float64), narrow), self.checked)

    def _compile_following(self) -> Program:
        """The rows that the next step sees, ``jax.grad`` of their loss, and what Optax makes of it: in float32, as the step does it."""
        trainer, structure = self.trainer, self.trainer.experiment.structure
        network, task, size = trainer.network, trainer.experiment.task, self.rows
        loss, optimizer = LOSSES[structure.loss], OPTIMIZERS[structure.optimizer]

        def following(state: TrainState, split: Any, vector: Array, seed: Array, masks: Masks) -> tuple[Any, ...]:
            knobs = knob_dict(vector)
            each = steps_per_epoch(split.n, size)
            epoch = epoch_rows(structure, network, split, size, knobs, seed, state.step // each)
            start = state.step % each * size
            batch: Batch = jax.tree.map(lambda part: jax.lax.dynamic_slice_in_dim(part, start, size), epoch)

            def objective(params: Any) -> Array:
                return training_loss(network, loss, task, params, state.stats, batch, knobs, masks)[0]

            def whole(params: Any) -> Array:
                return objective(params) + penalty(cut(params, masks), knobs)

            by_jax = jax.grad(objective)(state.params)
            used = jax.tree.map(jnp.add, by_jax, penalty_gradient(cut(state.params, masks), knobs))
            norm = optax.tree.norm(used)
            used = jax.tree.map(lambda g: g * shrink(norm, knobs["clip_norm"]), used)
            rate = knobs["learning_rate"] * SCHEDULES[structure.schedule].factor(state.step, knobs)
            transform = optax.with_extra_args_support(optimizer.transform(rate, knobs))
            work = (used, state.params)
            if optimizer.elementwise:
                work = tuple(ravel_pytree(part)[0] for part in work)
            extra = {}
            if optimizer.line_search:
                extra = {"value": whole(state.params), "grad": work[0], "value_fn": whole}
            update, after = transform.update(work[0], state.opt_state, work[1], **extra)  # pyright: ignore[reportArgumentType]
            return batch, by_jax, rate, update, after

        return compiled(following, *self._arguments(trainer.init(), trainer.knobs(), None))

    def _compile_spelled(self) -> Program:
        """Forward, backward and finite differences, in float64."""
        trainer = self.trainer
        network, task = trainer.network, trainer.experiment.task
        loss = LOSSES[trainer.experiment.structure.loss]

        def spelled(params: Any, stats: Any, batch: Batch, vector: Array, masks: Masks, checked: Array) -> Any:
            knobs = knob_dict(vector)
            target = loss.smooth(batch.y, knobs["label_smoothing"], task)

            def losses(output: Array) -> Array:
                return jax.vmap(lambda o, t: loss.fn(o, t, knobs))(output, target)

            training = forward(network, params, stats, batch, masks, training=True)
            slopes = jax.vmap(jax.grad(lambda o, t: loss.fn(o, t, knobs)))(training[-1].h, target)
            output = slopes * batch.share[:, None]
            back = backward(network, params, stats, batch, masks, training, output)
            gradient = ravel_pytree(tuple(one.gradient for one in back))[0]
            used = gradient + ravel_pytree(penalty_gradient(cut(params, masks), knobs))[0]
            norm = jnp.linalg.norm(used)
            vectorised, unravel = ravel_pytree(params)

            def value(numbers: Array) -> Array:
                ahead = forward(network, unravel(numbers), stats, batch, masks, training=True)
                return (losses(ahead[-1].h) * batch.share).sum()

            def difference(place: Array) -> Array:
                up, down = vectorised.at[place].add(NUDGE), vectorised.at[place].add(-NUDGE)
                return (value(up) - value(down)) / (2 * NUDGE)

            evaluation = forward(network, params, stats, batch, masks, training=False)
            used = used * shrink(norm, knobs["clip_norm"])
            differences = jax.lax.map(difference, checked)
            return training, evaluation, losses(training[-1].h), output, back, gradient, used, norm, differences

        state, vector, size = trainer.init(), trainer.knobs(), self.rows
        split = trainer.prepared.data.train
        shapes: Any = [(size, split.x.shape[1]), (size, split.y.shape[1]), (size,)]
        x, y, share = (np.zeros(shape) for shape in shapes)
        dropped: Any = tuple(np.zeros((size, units)) for units in trainer.network.widths[1:-1])
        batch = Batch(x, y, share, dropped)  # pyright: ignore[reportArgumentType]  # NumPy stands in for JAX arrays
        with jax.enable_x64(True):
            return compiled(spelled, *self._wide(state, batch, vector, None))


def shrink(norm: Array, clip: Array) -> Array:
    """By what clipping multiplies a gradient of this norm; a ``clip`` of 0 lets all through."""
    return jnp.where((clip > 0) & (norm > clip), clip / norm, 1.0)


def wide_vector(tree: Any) -> np.ndarray:
    """All numbers of ``tree`` in one float64 vector."""
    return flatten_params(tree, np.float64)


def named(state: Any) -> dict[str, np.ndarray]:
    """An optimizer's state by the names of its parts."""
    found = jax.tree_util.tree_flatten_with_path(state)[0]
    return {jax.tree_util.keystr(path): np.asarray(leaf) for path, leaf in found}
