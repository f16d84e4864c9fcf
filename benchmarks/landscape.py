"""CPU seconds of a landscape of 51 x 51 points on 500 samples and of a sharpness, beside the loss called point by
point.

``python -m benchmarks.landscape``. After compilation, the faster of two; the naive way is timed on one row of 51
points, and 51 times that is said."""

from __future__ import annotations

import time
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from benchmarks.rows import record
from playground import Experiment, Trainer
from playground.analysis.landscape.curvature import Sharpness, objective_of
from playground.analysis.landscape.loss_surface import LossSurface
from playground.analysis.landscape.plane import SIDE, Plane, flat, random_directions
from playground.nn.masks import full_masks

SIZES = ([4, 2], [8, 8], [64, 64, 64])


def cpu_seconds(work: Callable[[], object]) -> float:
    """Process time of ``work``, the faster of two, once it is compiled."""
    work()
    times = []
    for _ in range(2):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def main() -> None:
    """Print a line for each size."""
    for hidden in SIZES:
        trainer = Trainer(Experiment.of(samples=1000, hidden=hidden))
        state = trainer.advance(trainer.init(), 50)
        plane = Plane(
            flat(state), random_directions(state.params, np.random.default_rng(0)), ((-1.0, 1.0), (-1.0, 1.0))
        )
        landscape, sharpness = LossSurface(trainer), Sharpness(trainer)
        _, unravel = ravel_pytree(state.params)
        knobs = jnp.asarray(trainer.knobs())
        objective = jax.jit(
            objective_of(trainer, state.stats, trainer.data.train, knobs, full_masks(trainer.network), unravel)
        )
        row = [np.asarray(plane.centre + u * plane.directions[0], np.float32) for u in plane.axes()[0]]
        surface = cpu_seconds(lambda of=landscape, plane=plane, state=state: of.loss_on_plane(plane, state))
        naive = SIDE * cpu_seconds(lambda of=objective, row=row: [float(of(theta)) for theta in row])
        curvature = cpu_seconds(lambda of=sharpness, state=state: of(state))
        network = "-".join(map(str, hidden))
        for what, seconds in (("landscape", surface), ("the same point by point", naive), ("sharpness", curvature)):
            record(f"CPU of {what}, hidden {network}, {SIDE} x {SIDE} points", f"{seconds:.3f} s")
        print(
            f"hidden {hidden}, {int(trainer.data.train.n)} samples: landscape {surface:.3f} CPU s, "
            f"point by point {naive:.3f} CPU s, sharpness {curvature:.4f} CPU s",
            flush=True,
        )


if __name__ == "__main__":
    main()
