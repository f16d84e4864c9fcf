"""All losses as one function, chosen by an argument, over outputs of which some are padding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import jax
import jax.numpy as jnp
from jax import Array

from playground.objectives.losses import LOSSES, Loss


@dataclass(frozen=True)
class LossForm:
    """A loss of outputs beside padding, or of a ``single`` output where that is not the same."""

    loss: Loss
    single: bool

    def of_rows(self, output: Array, target: Array, real: Array, knobs: Mapping[str, Array]) -> Array:
        """The loss of each row of ``output`` and ``target (rows, units)``; ``real (units,)``: 1 for what is an
        output."""
        if self.single:
            output, target = output[:, :1], target[:, :1]
        else:
            fill_output, fill_target = self.loss.padding
            output = jnp.where(real[None] > 0, output, fill_output)
            target = jnp.where(real[None] > 0, target, fill_target)
        return jax.vmap(lambda out, t: self.loss.fn(out, t, knobs))(output, target)


@cache
def loss_forms() -> tuple[LossForm, ...]:
    """Every loss in every form, in the order of their numbers."""
    forms = [LossForm(loss, single) for loss in LOSSES.values() for single in (False, True)]
    return tuple(form for form in forms if form.loss.special_single or not form.single)


def loss_number(name: str, outputs: int) -> int:
    """The number of a loss of so many outputs."""
    loss = LOSSES[name]
    return loss_forms().index(LossForm(loss, loss.special_single and outputs == 1))


def loss_and_slope(
    choice: Array, output: Array, target: Array, share: Array, real: Array, knobs: Mapping[str, Array]
) -> tuple[Array, Array]:
    """The sum of each row's loss times its ``share (rows,)``, and its gradient with respect to ``output (rows,
    units)``."""

    def branch(form: LossForm) -> Callable[[Array], tuple[Array, Array]]:
        return jax.value_and_grad(lambda values: (form.of_rows(values, target, real, knobs) * share).sum())

    return jax.lax.switch(choice, [branch(form) for form in loss_forms()], output)


def row_losses(choice: Array, output: Array, target: Array, real: Array, knobs: Mapping[str, Array]) -> Array:
    """The loss of each row: (rows,)."""
    branches = [lambda o, form=form: form.of_rows(o, target, real, knobs) for form in loss_forms()]
    return jax.lax.switch(choice, branches, output)


def smooth_targets(smoothing: Array, target: Array, knobs: Mapping[str, Array]) -> Array:
    """Targets under label smoothing; ``smoothing (2,)``: by which it shrinks a target, and what it adds."""
    (shrink, add), amount = smoothing, knobs["label_smoothing"]
    return target * (1 - amount * shrink) + amount * add
