"""Early stopping: training ends with the first epoch at whose end the test loss has not become better for so many
epochs.

The test loss is looked at where training begins, and at the end of each epoch, whatever calls and frames the steps are
cut into. The weights stay those of the last step; Prechelt 1998 calls this criterion UP with strips of one epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

Knob = Mapping[str, Array]


class BestLoss(NamedTuple):
    """The best test ``loss ()`` so far, the ``step`` at which it was (-1 before any was looked at), and the step that
    was ``tested`` last."""

    loss: Any
    step: Any
    tested: Any


NOTHING_TESTED = BestLoss(np.float32(0), np.int32(-1), np.int32(-1))
"""Before training begins."""


def is_due(best: BestLoss, step: Array, each: Array, knobs: Knob) -> Array:
    """Whether the test loss is to be looked at: ``each`` is the steps of an epoch."""
    return (knobs["patience"] > 0) & (best.tested != step) & ((step % each == 0) | (best.step < 0))


def has_stopped(best: BestLoss, step: Any, each: Any, patience: Any) -> Any:
    """Whether training ends at ``step``, where the test loss was looked at last; without a test set it never does."""
    waited = (step - best.step) >= patience * each
    return (patience > 0) & (best.tested == step) & waited & (abs(best.loss) < np.inf)


def record_test(best: BestLoss, step: Array, loss: Array) -> BestLoss:
    """What is known once the test loss at ``step`` is."""
    better = (loss < best.loss) | (best.step < 0)
    return BestLoss(jnp.where(better, loss, best.loss), jnp.where(better, step, best.step), jnp.asarray(step))


def test_if_due(state: Any, each: Array, knobs: Knob, test_loss: Callable[[Any], Array]) -> Any:
    """``state`` with its ``best``, after its test loss was looked at if that is due."""

    def look(state: Any) -> BestLoss:
        due = is_due(state.best, state.step, each, knobs)
        return jax.lax.cond(
            due,
            lambda s: record_test(s.best, s.step, test_loss(s)),
            lambda s: BestLoss(*map(jnp.asarray, s.best)),
            state,
        )

    # The outer condition holds for all networks of a group alike, which therefore pay nothing where it does not hold.
    best = jax.lax.cond(knobs["patience"] > 0, look, lambda s: BestLoss(*map(jnp.asarray, s.best)), state)
    return state._replace(best=best)
