"""Methods that learn the landscape's curvature."""

from __future__ import annotations

import optax
from jax import Array

from playground.objectives.optimizers.optimizer import Knob, optimizer


def lbfgs(rate: Array, knobs: Knob) -> optax.GradientTransformation:
    """L-BFGS with a memory of 10 steps and a zoom line search that chooses the step's length itself."""
    # A quasi-Newton step has the right length by itself (Nocedal & Wright 2006, 3.5): the search must try 1 first.
    # Optax's search starts from the last step's length instead unless told, which takes twice as many steps on
    # Rosenbrock's valley.
    search = optax.scale_by_zoom_linesearch(max_linesearch_steps=20, initial_guess_strategy="one")
    return optax.lbfgs(learning_rate=None, memory_size=10, linesearch=search)


SECOND_ORDER = (
    optimizer(
        lbfgs,
        {},
        name="lbfgs",
        label="L-BFGS",
        formula=r"\theta \leftarrow \theta - \alpha H g, \quad \alpha \text{ by line search}",
        source="Nocedal 1980; Liu & Nocedal 1989",
        explanation="Learns the landscape's curvature from its last ten steps, on all samples at once, "
        "and searches along each direction.",
        elementwise=False,
        line_search=True,
        full_batch=True,
    ),
)
