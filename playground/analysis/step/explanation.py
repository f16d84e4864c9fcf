"""The next training step of a run in all its numbers, checked against jax.grad, Optax and finite differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array
from jax.flatten_util import ravel_pytree

from playground.analysis.step.functions import LOSS_ROWS, Functions, smooth_targets
from playground.analysis.step.general_step import NextStep, general_next_step
from playground.analysis.step.optimizer_rules import RULES, UPDATE, Values
from playground.analysis.step.passes import Backward, Forward, StepBatch, backward, forward
from playground.nn.masks import Masks, apply_masks, full_masks, trainable_mask
from playground.nn.parameters import flatten_params, unflatten_params
from playground.objectives.clipping import clip_factor
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import penalty, penalty_gradient, without_l1
from playground.objectives.schedules import SCHEDULES
from playground.programs.cache import ProgramSpec
from playground.training.compiled_analysis import CompiledAnalysis
from playground.training.general import example_state
from playground.training.knobs import KNOB_NAMES, knob_dict
from playground.training.objective import Batch, training_loss
from playground.training.train_loop import TrainState, epoch_rows, steps_per_epoch
from playground.training.trainer import Trainer

CHECKED_PARAMETERS = 64
"""Parameters that are checked by finite differences at most."""
NUDGE = 1e-5
"""Half the distance of a central difference, in float64: its errors (NUDGE^2, and 1e-16 / NUDGE) are then both about
1e-10."""

MAX_NUMBERS_AT_ONCE = 1 << 16
"""Of a layer's signal, while finite differences are computed for several networks side by side."""


@dataclass(frozen=True)
class Explanation:
    """One step at a state: NumPy arrays, float64 where they are ours.

    ``batch``: the rows that the step sees, padding left out. ``training``, ``evaluation``: each layer's forward pass.
    ``each (rows,)``: the rows' losses, ``loss`` their mean, ``output`` its derivative by the network's output.
    ``backward``: each layer's derivatives. Vectors over all parameters, in the order of ``ravel_pytree``: ``gradient``
    of the data's loss, ``used`` with penalties and clipping, ``state`` the optimizer's numbers by symbol, ``update``.
    ``rate``: the learning rate after its schedule; ``norm``: of the gradient before clipping. Checks: ``by_jax`` is
    ``jax.grad``'s gradient in float32, ``by_differences`` central differences at the places ``checked``, ``real`` the
    compiled step's update.
    """

    step: int
    batch: StepBatch
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


class StepExplainer:
    """Explanations of one trainer's next steps."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.size = flatten_params(trainer.init().params).size
        rows, structure = trainer.prepared.data.train.x.shape[0], trainer.experiment.structure
        self.rows = rows if OPTIMIZERS[structure.optimizer].full_batch else min(structure.batch_size, rows)
        fit = min(MAX_NUMBERS_AT_ONCE // max(trainer.network.widths), LOSS_ROWS[0])
        self._together = max(1, fit // self.rows)
        self.functions = Functions(self.rows * self._together, trainer.network.widths[-1])
        self._program = NextStepProgram(trainer, self.rows)
        # The first and the last parameters, and between them evenly.
        self.checked = np.unique(np.linspace(0, self.size - 1, min(CHECKED_PARAMETERS, self.size)).astype(np.int32))

    def recipes(self, masked: bool = False) -> tuple[ProgramSpec, ...]:
        """How its programs are compiled, the real step's among them."""
        return self._program.recipe, *self.functions.recipes, self.trainer.recipe(masked)

    def __call__(self, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None) -> Explanation:
        """The step after ``state`` under ``knobs`` and ``masks``."""
        trainer, vector = self.trainer, self.trainer.knobs() if knobs is None else knobs
        patient = vector.copy()
        patient[KNOB_NAMES.index("patience")] = 0  # the next step is what it would be
        after = trainer.advance_under(state, 1, patient, masks)
        batch, by_jax, rate, *by_optax, new_state = self._next_step(state, vector, masks)
        k = dict(zip(KNOB_NAMES, vector.astype(float), strict=True)) | {"rate": float(rate)}
        on, structure = masks or full_masks(trainer.network), trainer.experiment.structure
        params, stats = (
            jax.tree.map(lambda leaf: np.asarray(leaf, float), part) for part in (state.params, state.stats)
        )
        target = smooth_targets(structure.loss, batch.y, k["label_smoothing"], trainer.experiment.task)

        def pass_forward(params: Any, training: bool = True) -> list[Forward]:
            return forward(trainer.network, params, stats, batch, on, self.functions.activate, training=training)

        def loss_of(output: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            return self.functions.loss(structure.loss, output, target, vector)

        training = pass_forward(params)
        each, slopes = loss_of(training[-1].h)
        output = slopes * batch.share[:, None]
        back = backward(trainer.network, params, stats, batch, on, training, output)
        gradient = wide_vector([layer.gradient for layer in back])
        plain, used = (
            gradient + wide_vector([penalty_slopes(layer, of) for layer in apply_masks(params, on)])
            for of in (k | {"l1": 0.0}, k)
        )
        norm = float(np.linalg.norm(used))
        if 0 < k["clip_norm"] < norm:
            plain, used = (part * (k["clip_norm"] / norm) for part in (plain, used))
        parameters = wide_vector(params)

        def values(vectors: np.ndarray) -> np.ndarray:
            networks = unflatten_params(vectors, params)
            return (loss_of(pass_forward(networks)[-1].h)[0] * batch.share).sum(axis=-1)

        numbers, update = self._apply_optimizer(state, parameters, (plain, used), k, by_optax, new_state, masks)
        return Explanation(
            step=int(state.step),
            batch=batch,
            training=training,
            evaluation=pass_forward(params, training=False),
            each=each,
            loss=float((each * batch.share).sum()),
            output=output,
            backward=back,
            parameters=parameters,
            gradient=gradient,
            used=used,
            norm=norm,
            rate=float(rate),
            state=numbers,
            update=update,
            by_jax=wide_vector(by_jax),
            checked=self.checked,
            by_differences=central_differences(values, parameters, self.checked, self._together),
            real=wide_vector(after.update),
        )

    def _next_step(
        self, state: TrainState, vector: np.ndarray, masks: Masks | None
    ) -> tuple[StepBatch, Any, Any, Any, Any, Any]:
        """The batch, ``jax.grad``'s gradient, the learning rate, Optax's update without L1 and as it is, and its next
        state, padding left out."""
        padded, widths, seed = self.trainer.padded, self.trainer.network.widths, self.trainer.seed
        arguments = state.params, state.stats, vector, masks
        if padded is None:
            batch, *rest = self._program.run_program(*arguments, state, seed)
            return real_rows(batch.x, batch.y, batch.share, batch.masks or ()), *rest
        packed = padded.pack(state)
        next_step = NextStep(*jax.tree.map(np.asarray, self._program.run_program(*arguments, packed, seed)))
        new = padded.unpack(packed._replace(vectors=next_step.vectors, scalars=next_step.scalars))
        batch = next_step.batch
        dropped = tuple(batch.dropout[layer, :, :width] for layer, width in enumerate(widths[1:-1]))
        rows = real_rows(batch.x[:, : widths[0]], batch.y[:, : widths[-1]], batch.share, dropped)
        by_jax, unpenalized, update = (
            part[padded.places] for part in (next_step.by_jax, next_step.unpenalized, next_step.update)
        )
        return rows, by_jax, next_step.rate, unpenalized, update, new.opt_state

    def _apply_optimizer(
        self, state: TrainState, p: np.ndarray, gradients: Any, k: dict[str, float], by_optax: Any, new: Any, masks: Any
    ) -> tuple[Values, np.ndarray]:
        """The optimizer's numbers and its update: by its rule where it is spelled out, else Optax's own;
        ``gradients``, and ``by_optax`` its updates: without L1, and as they are."""
        name = self.trainer.experiment.structure.optimizer
        sparse = k["l1"] > 0 and not OPTIMIZERS[name].line_search
        if name not in RULES:
            before, after = state_by_name(state.opt_state), state_by_name(new)
            numbers = {}
            for key in before:
                numbers |= {f"{key} before": before[key], key: after[key]}
            updates = [wide_vector(part) for part in by_optax]
        else:
            old = {key.rsplit(".", 1)[-1]: value.astype(float) for key, value in state_by_name(state.opt_state).items()}
            plain, numbers = (RULES[name](p, g, old, int(state.step) + 1, k) for g in gradients)
            updates = [plain[UPDATE], numbers.pop(UPDATE)]
        if "weight_decay" not in OPTIMIZERS[name].knobs:
            updates = [update - k["rate"] * k["weight_decay"] * p for update in updates]
        unpenalized, update = updates
        if sparse:
            marks = [
                {part: np.full(value.shape, part == "w") for part, value in layer.items()} for layer in state.params
            ]
            stays = stays_at_zero(p, unpenalized, update, int(state.step))
            update = np.where((wide_vector(marks) > 0) & stays, -p, update)
        if masks is not None:
            update = update * wide_vector(trainable_mask(state.params, masks))
        return numbers, update


class NextStepProgram(CompiledAnalysis):
    """The ``rows`` of samples that a trainer's next step sees, ``jax.grad`` of their loss, and what Optax makes of it:
    in float32, as the step does it."""

    def __init__(self, trainer: Trainer, rows: int) -> None:
        super().__init__(trainer, "next step", general_next_step, train_only=True)
        self._rows = rows

    def extra_arguments(self) -> tuple[Any, ...]:
        """The whole state, and the seed of the batches."""
        padded = self.trainer.padded
        return example_state(padded.bucket) if padded else self.trainer.init(), self.trainer.seed

    def make_function(self) -> Callable[..., tuple[Any, ...]]:
        """``following(params, stats, split, knobs, masks, state, seed)``: the batch, the gradient, the learning rate,
        Optax's update without L1 and as it is, and its next state."""
        trainer, structure = self.trainer, self.trainer.experiment.structure
        network, task, size = trainer.network, trainer.experiment.task, self._rows
        loss, optimizer = LOSSES[structure.loss], OPTIMIZERS[structure.optimizer]

        def following(
            params: Any, stats: Any, split: Any, vector: Array, masks: Masks, state: TrainState, seed: Array
        ) -> tuple[Any, ...]:
            knobs = knob_dict(vector)
            each = steps_per_epoch(split.n, size)
            epoch = epoch_rows(structure, network, split, size, knobs, seed, state.step // each)
            start = state.step % each * size
            batch: Batch = jax.tree.map(lambda part: jax.lax.dynamic_slice_in_dim(part, start, size), epoch)

            def objective(params: Any) -> Array:
                return training_loss(network, loss, task, params, stats, batch, knobs, masks)[0]

            def whole(params: Any) -> Array:
                return objective(params) + penalty(apply_masks(params, masks), knobs)

            by_jax = jax.grad(objective)(params)
            plain, used = (
                jax.tree.map(jnp.add, by_jax, penalty_gradient(apply_masks(params, masks), of))
                for of in (without_l1(knobs), knobs)
            )
            norm = optax.tree.norm(used)
            plain, used = (jax.tree.map(lambda g: g * clip_factor(norm, knobs["clip_norm"]), g) for g in (plain, used))
            rate = knobs["learning_rate"] * SCHEDULES[structure.schedule].factor(state.step, knobs)
            transform = optax.with_extra_args_support(optimizer.transform(rate, knobs))
            work = (used, params, plain)
            if optimizer.elementwise:
                work = tuple(ravel_pytree(part)[0] for part in work)
            extra = {}
            if optimizer.line_search:
                extra = {"value": whole(params), "grad": work[0], "value_fn": whole}
            update, after = transform.update(work[0], state.opt_state, work[1], **extra)  # pyright: ignore[reportArgumentType]
            unpenalized, _ = (
                (update, after) if optimizer.line_search else transform.update(work[2], state.opt_state, work[1])
            )
            return batch, by_jax, rate, unpenalized, update, after

        return following


def real_rows(x: Any, y: Any, share: Any, masks: tuple[Any, ...]) -> StepBatch:
    """A batch in float64 without the rows that do not count."""
    rows = np.asarray(share) > 0
    inputs, targets, shares, *factors = (np.asarray(part, float)[rows] for part in (x, y, share, *masks))
    return StepBatch(inputs, targets, shares, tuple(factors))


def stays_at_zero(w: np.ndarray, unpenalized: np.ndarray, update: np.ndarray, step: int) -> np.ndarray:
    """Which weights are 0 after the step: those that the L1 penalty alone carries over 0, and those that were 0 and
    have been trained before."""
    carried_over = (w * (w + unpenalized) > 0) & (w * (w + update) < 0)
    return carried_over | ((w == 0) & (step > 0))


def penalty_slopes(layer: Any, k: dict[str, float]) -> dict[str, np.ndarray]:
    """The penalty's derivatives by one layer's parameters: ``l1 sign(w) + l2 w`` by its weights, 0 by all others."""
    weights = layer["w"]
    others = {name: np.zeros_like(value) for name, value in layer.items()}
    return others | {"w": k["l1"] * np.sign(weights) + k["l2"] * weights}


def central_differences(
    values: Callable[[np.ndarray], np.ndarray], at: np.ndarray, places: np.ndarray, together: int
) -> np.ndarray:
    """The slopes of a function at the vector ``at`` along some of its ``places``; ``values``: from vectors ``(n,
    parameters)``, ``together`` of them at a time, to its values there ``(n,)``."""
    steps = np.zeros((len(places), len(at)))
    steps[np.arange(len(places)), places] = NUDGE
    ends = np.concatenate([at + steps, at - steps])
    values_of_parts = [values(ends[start : start + together]) for start in range(0, len(ends), together)]
    up, down = np.split(np.concatenate(values_of_parts), 2)
    return (up - down) / (2 * NUDGE)


def wide_vector(tree: Any) -> np.ndarray:
    """All numbers of ``tree`` in one float64 vector."""
    return flatten_params(tree, np.float64)


def state_by_name(state: Any) -> dict[str, np.ndarray]:
    """An optimizer's state by the names of its parts."""
    paths = jax.tree_util.tree_flatten_with_path(state)[0]
    return {jax.tree_util.keystr(path): np.asarray(leaf) for path, leaf in paths}
