"""The training loss over planes and lines through the space of all weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree

from playground.analysis.curvature import objective_of
from playground.nn.masks import Masks, all_on
from playground.nn.network import Network
from playground.objectives.losses import LOSSES
from playground.training.advance import TrainState
from playground.training.objective import score
from playground.training.programs import Program, Recipe, compiled
from playground.training.trainer import Trainer, knob_dict

SIDE = 51
ALONG = 61
BETWEEN = (-0.25, 1.25)


@dataclass(frozen=True)
class Plane:
    """A plane through ``centre (parameters,)`` along two ``directions (2, parameters)``; ``span``: how far it reaches, in their lengths."""

    centre: np.ndarray
    directions: np.ndarray
    span: tuple[tuple[float, float], tuple[float, float]]

    def axes(self, side: int = SIDE) -> tuple[np.ndarray, np.ndarray]:
        """The coordinates of the points along both directions: (side,) each."""
        return tuple(np.linspace(low, high, side) for low, high in self.span)  # pyright: ignore[reportReturnType]

    def coordinates(self, thetas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The nearest points of the plane to ``thetas (n, parameters)``: (n, 2), and the squared distances from it (n,)."""
        moved = np.asarray(thetas, np.float64) - self.centre
        basis = np.asarray(self.directions, np.float64)
        found = np.linalg.lstsq(basis.T, moved.T, rcond=None)[0].T
        return found, np.square(moved - found @ basis).sum(axis=1)

    def off(self, thetas: np.ndarray) -> float:
        """How much of the way from the centre to ``thetas`` lies off the plane: 0 (none) to 1, as a share of the squared distances."""
        _, distances = self.coordinates(thetas)
        whole = np.square(np.asarray(thetas, np.float64) - self.centre).sum()
        return float(distances.sum() / whole) if whole > 0 else 0.0


def flat(state: TrainState) -> np.ndarray:
    """All parameters of a state in one vector, as the planes have them."""
    return np.asarray(ravel_pytree(state.params)[0])


def random_directions(params: Any, rng: np.random.Generator) -> np.ndarray:
    """Two random directions ``(2, parameters)``, filter-normalised: each unit's weights as long as they are in ``params``; biases stay.

    Li, Xu, Taylor, Studer & Goldstein 2018: otherwise the scale of the weights, which means nothing, would look like sharpness.
    """
    found = []
    for _ in range(2):
        layers = []
        for layer in params:
            w = np.asarray(layer["w"])
            d = rng.standard_normal(w.shape)
            d *= np.linalg.norm(w, axis=0, keepdims=True) / np.maximum(np.linalg.norm(d, axis=0, keepdims=True), 1e-12)
            layers.append({name: d if name == "w" else np.zeros(np.shape(value)) for name, value in layer.items()})
        found.append(np.concatenate([np.ravel(leaf) for leaf in jax.tree.leaves(tuple(layers))]))
    return np.stack(found)


def principal_directions(path: np.ndarray) -> np.ndarray | None:
    """The two directions ``(2, parameters)`` of unit length in which ``path (n, parameters)`` is most spread, seen from its end; None for a path that goes nowhere."""
    moved = np.asarray(path, np.float64) - path[-1]
    _, strength, directions = np.linalg.svd(moved, full_matrices=False)
    if len(directions) < 2 or strength[0] < 1e-9:
        return None
    if strength[1] < 1e-9 * strength[0]:
        directions[1] = other_than(directions[0])
    return directions[:2]


def other_than(direction: np.ndarray) -> np.ndarray:
    """A direction of unit length at right angles to ``direction``."""
    rest = np.eye(1, len(direction), int(np.abs(direction).argmin()))[0]
    rest = rest - direction * (rest @ direction)
    return rest / np.linalg.norm(rest)


def plane_around(centre: np.ndarray, directions: np.ndarray, path: np.ndarray, least: float = 1.0) -> Plane:
    """The plane whose picture holds the ``path``, and reaches at least ``least`` to every side of the centre."""
    at, _ = Plane(centre, directions, ((-1, 1), (-1, 1))).coordinates(path)
    span = []
    for column in at.T:
        low, high = min(float(column.min()), 0.0), max(float(column.max()), 0.0)
        margin = 0.15 * (high - low)
        span.append((min(low - margin, -least), max(high + margin, least)))
    return Plane(np.asarray(centre), np.asarray(directions), (span[0], span[1]))


class Landscape:
    """The training loss of one trainer's problem anywhere in the space of weights."""

    def __init__(self, trainer: Trainer, side: int = SIDE) -> None:
        self.trainer = trainer
        self.side = side
        self._all_on = jax.device_put(all_on(trainer.network))

    @property
    def recipe(self) -> Recipe:
        """How the program for planes is compiled."""
        return Recipe(("landscape", self.side, *self.trainer.key), self._compile_plane)

    @property
    def line_recipe(self) -> Recipe:
        """How the program for lines is compiled."""
        return Recipe(("line between", *self.trainer.key), self._compile_line)

    def over(
        self, plane: Plane, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None
    ) -> np.ndarray:
        """The loss on the plane: ``(side, side)``, rows along the second direction from below; ``state`` gives running statistics."""
        vector = self.trainer.knobs() if knobs is None else knobs
        first, second = plane.axes(self.side)
        arrays = [np.asarray(part, np.float32) for part in (plane.centre, plane.directions, first, second)]
        program = self.recipe.program()
        return np.asarray(program(*arrays, state.stats, self.trainer.data.train, vector, masks or self._all_on))

    def between(self, one: TrainState, other: TrainState) -> tuple[np.ndarray, np.ndarray]:
        """Places ``(61,)`` on the line from ``one`` (0) to ``other`` (1) and beyond, and the train and the test loss there ``(61, 2)``."""
        places = np.linspace(*BETWEEN, ALONG, dtype=np.float32)
        program = self.line_recipe.program()
        ends = [(state.params, state.stats) for state in (one, other)]
        return places, np.asarray(program(places, *ends, self.trainer.data, self.trainer.knobs()))

    def _compile_plane(self) -> Program:
        trainer = self.trainer
        state = trainer.init()
        theta, unravel = ravel_pytree(state.params)

        def surface(
            centre: Array,
            directions: Array,
            first: Array,
            second: Array,
            stats: Any,
            split: Any,
            vector: Array,
            masks: Masks,
        ) -> Array:
            objective = objective_of(trainer, stats, split, vector, masks, unravel)

            def row(v: Array) -> Array:
                return jax.vmap(lambda u: objective(centre + u * directions[0] + v * directions[1]))(first)

            return jax.lax.map(row, second)

        shape = jnp.zeros(self.side)
        directions = jnp.zeros((2, theta.size))
        return compiled(
            surface, theta, directions, shape, shape, state.stats, trainer.data.train, trainer.knobs(), self._all_on
        )

    def _compile_line(self) -> Program:
        trainer = self.trainer
        loss, task = LOSSES[trainer.experiment.structure.loss], trainer.experiment.task

        def line(places: Array, one: Any, other: Any, data: Any, vector: Array) -> Array:
            knobs = knob_dict(vector)

            def at(share: Array) -> Array:
                params, stats = jax.tree.map(lambda a, b: (1 - share) * a + share * b, one, other)
                return jnp.stack([score(trainer.network, loss, task, params, stats, part, knobs).loss for part in data])

            return jax.lax.map(at, places)

        state = trainer.init()
        end = (state.params, state.stats)
        return compiled(line, jnp.zeros(ALONG), end, end, trainer.data, trainer.knobs())


def barrier(places: np.ndarray, loss: np.ndarray) -> float:
    """How far the loss ``(n,)`` rises between 0 and 1 above the straight line between its ends; 0 where it does not.

    Frankle et al. 2020; Garipov et al. 2018.
    """
    inside = (places >= -1e-6) & (places <= 1 + 1e-6)
    at, height = places[inside], loss[inside]
    chord = height[0] + (height[-1] - height[0]) * (at - at[0]) / (at[-1] - at[0])
    return float(max(0.0, (height - chord).max()))


def matched(one: Sequence[Any], other: Sequence[Any], network: Network) -> tuple[Any, Callable[[Any], Any]]:
    """``other``'s parameters with its hidden units in the order that fits ``one``'s best: the same function, other names for its units.

    Layer by layer, units are paired so that their incoming weights agree most (Ainsworth, Hayase & Srinivasa 2023, in one pass); around a
    residual connection the order is its input's. Also gives the function that does the same to running statistics.
    """
    from scipy.optimize import linear_sum_assignment

    layers = [{name: np.asarray(value) for name, value in layer.items()} for layer in other]
    orders = [np.arange(network.widths[0])]
    for i in range(network.depth - 1):
        mine = np.concatenate([np.asarray(one[i]["w"]), np.asarray(one[i]["b"])[None]])
        theirs = np.concatenate([layers[i]["w"], layers[i]["b"][None]])
        order = orders[-1] if network.skips(i) else linear_sum_assignment(-(mine.T @ theirs))[1]
        layers[i] = {name: value[..., order] for name, value in layers[i].items()}
        layers[i + 1]["w"] = layers[i + 1]["w"][order]
        orders.append(order)

    def same(stats: Any) -> Any:
        return tuple({n: v[o] for n, v in layer.items()} for layer, o in zip(stats, orders[1:], strict=True))

    return tuple(layers), same
