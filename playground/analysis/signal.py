"""How large a signal and its gradient are in each layer at the start, measured over many draws of the weights, beside the theory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.analysis.mean_field import predicted
from playground.nn import network as nn
from playground.nn.network import train_signals
from playground.objectives.losses import LOSSES
from playground.training.objective import weights_of
from playground.training.programs import Program, Recipe, compiled
from playground.training.trainer import Trainer, knob_dict

DRAWS = 32
ROWS = 256
"""Train samples that are taken at most."""


@dataclass(frozen=True)
class Start:
    """Of each draw of the weights, the experiment's own first: ``forward (draws, depth)``, the variance of what each layer's activation receives, and
    ``backward (draws, depth)``, the mean square of the gradient of a sample's loss there. ``theory (2, depth)``: both as predicted, NaN where it is silent.
    """

    forward: np.ndarray
    backward: np.ndarray
    theory: np.ndarray


class Starts:
    """The first weights of one trainer's network, drawn ``draws`` times: from ``init_seed`` on."""

    def __init__(self, trainer: Trainer, draws: int = DRAWS) -> None:
        self.trainer = trainer
        self.draws = draws

    def __call__(self) -> Start:
        """Measure and predict."""
        forward, backward, theory = (np.asarray(part) for part in self.recipe.program()(*self._arguments()))
        return Start(forward, backward, theory)

    @property
    def recipe(self) -> Recipe:
        """How the program is compiled."""
        trainer = self.trainer
        rows = trainer.prepared.data.train.x.shape
        key = ("starts", trainer.network, trainer.experiment.structure.loss, trainer.experiment.task, rows, self.draws)
        return Recipe(key, self._compile)

    def _arguments(self) -> tuple[Any, ...]:
        network, first = self.trainer.network, self.trainer.experiment.problem.init_seed
        drawn = [nn.drawn(network, (first + k) % 2**31) for k in range(self.draws)]
        params = jax.tree.map(lambda *each: np.stack(each), *drawn)
        return params, nn.init_stats(network), self.trainer.data.train, self.trainer.knobs()

    def _compile(self) -> Program:
        network, task = self.trainer.network, self.trainer.experiment.task
        loss = LOSSES[self.trainer.experiment.structure.loss]
        biases = [
            0.0 if network.normalization != "none" and i < network.depth - 1 else 1.0 for i in range(network.depth)
        ]

        def starts(params: Any, stats: Any, split: Any, vector: Array) -> tuple[Array, Array, Array]:
            knobs = knob_dict(vector)
            x, y, weight = split.x[:ROWS], split.y[:ROWS], weights_of(split)[:ROWS]
            share = weight / weight.sum()
            target = loss.smooth(y, knobs["label_smoothing"], task)
            zeros = [jnp.zeros((x.shape[0], units)) for units in network.widths[1:]]

            def one(p: Any) -> tuple[Array, Array, Array]:
                def total(nudges: Any) -> Any:
                    layers, _ = train_signals(network, p, stats, x, share, None, None, nudges)
                    each = jax.vmap(lambda out, t: loss.fn(out, t, knobs))(layers[-1].h, target)
                    return (each * weight).sum(), layers

                slopes, layers = jax.grad(total, has_aux=True)(zeros)
                sums = [signal.z - p[i]["b"][None] * biases[i] for i, signal in enumerate(layers)]
                forward, backward = (
                    jnp.stack([(jnp.square(part).mean(axis=1) * share).sum() for part in parts])
                    for parts in (sums, slopes)
                )
                return forward, backward, jnp.square(slopes[-1]).mean(axis=1)

            forward, backward, ends = jax.vmap(one)(params)
            return forward, backward, jnp.stack(predicted(network, x, weight, ends.mean(axis=0)))

        return compiled(starts, *self._arguments())
