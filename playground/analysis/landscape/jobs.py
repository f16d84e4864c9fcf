"""Jobs of the landscape page: the loss on a plane, the sharpness along the path, the line to another network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, get_args

import numpy as np

from playground.analysis.landscape.curvature import Curvature, Sharpness
from playground.analysis.landscape.loss_surface import LossLine, LossSurface, affordable_side
from playground.analysis.landscape.mode_connectivity import match_units
from playground.analysis.landscape.plane import (
    Plane,
    complete_basis,
    plane_around,
    principal_directions,
    random_directions,
)
from playground.analysis.landscape.weight_path import WeightPath
from playground.errors import PlaygroundError
from playground.language import mark
from playground.nn.masks import trainable_mask
from playground.nn.parameters import flatten_params
from playground.programs.cache import ProgramSpec
from playground.training.train_loop import TrainState
from playground.training.trainer import Trainer

PlaneKind = Literal["random", "path", "hessian"]
KINDS: tuple[PlaneKind, ...] = get_args(PlaneKind)
REACH = 0.25
"""How far the plane of a way reaches to every side at least, as a share of the weights' length: a shorter piece of a
landscape is a slope and no more."""
DIVERGED_TEXT = mark(
    "the weights are no longer numbers that can be computed with: start again in the Playground with a "
    "lower learning rate."
)


class PlaneJob:
    """The loss on a plane through the present weights: ``random`` directions (of ``seed``), that of the ``path``, or
    the two sharpest (``hessian``).

    When done: the ``plane``, ``heights (side, side)``, ``at (n, 2)`` the way on it, ``off``, the share of the way that
    lies off it, and how many of the plane's directions are ``sharpest`` ones: those that a way which is straight, or
    goes nowhere, does not have.
    """

    def __init__(self, descent: WeightPath, kind: PlaneKind, seed: int = 0) -> None:
        self.descent, self.kind, self.seed = descent, kind, seed
        self.landscape = LossSurface(descent.trainer, affordable_side(descent.trainer))
        self._sharpness = Sharpness(descent.trainer)
        self.plane: Plane | None = None
        self.heights = np.zeros((0, 0))
        self.at, self.off, self.sharpest = np.zeros((0, 2)), 0.0, 2 if kind == "hessian" else 0

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """What it needs compiled."""
        curved = (self._sharpness.recipe,) if self.kind == "hessian" else ()
        return (*self.descent.recipes, self.landscape.recipe, *curved)

    def work(self) -> Iterator[float | ProgramSpec]:
        """Find the plane, then its heights row by row; raises ``PlaygroundError`` where there is none."""
        for share in self.descent.fetch_all():
            yield 0.4 * share
        descent = self.descent
        if not np.isfinite(descent.path).all():
            raise PlaygroundError(DIVERGED_TEXT)
        own = principal_directions(descent.path)
        if self.kind == "path" and len(own) < 2:
            self.sharpest = 2 - len(own)
            yield self._sharpness.recipe
        plane = self._plane(own)
        at, _ = plane.coordinates(descent.path)
        yield 0.5
        rows: list[np.ndarray] = []
        for strip in self.landscape.strips(plane, descent.end, descent.knobs, descent.masks):
            rows.append(strip)
            yield 0.5 + 0.5 * len(rows) * len(strip) / self.landscape.side
        self.at, self.off, self.heights = at, plane.off(descent.path), np.concatenate(rows)
        self.plane = plane

    def _plane(self, own: np.ndarray) -> Plane:
        """The plane; ``own (0 to 2, parameters)``: the way's directions."""
        descent, end = self.descent, self.descent.end
        centre = descent.path[-1]
        least = 1.0
        if self.kind == "path":
            directions = complete_basis(own, self._curvature().vectors) if self.sharpest else own
            extent = np.abs((descent.path - centre) @ directions.T).max()
            least = float(max(0.45 * extent, REACH * np.linalg.norm(centre)))
        elif self.kind == "hessian":
            curvature = self._curvature()
            directions = curvature.vectors
            # As far as a parabola of this sharpness rises by 1: what a loss of about 1 is worth.
            least = float(np.clip(np.sqrt(2 / max(float(curvature.values[0]), 1e-6)), 0.2, 3.0))
        else:
            directions = random_directions(end.params, np.random.default_rng(self.seed))
            if descent.masks is not None:
                directions = directions * flatten_params(trainable_mask(end.params, descent.masks))
        return plane_around(centre, directions, descent.path, least)

    def _curvature(self) -> Curvature:
        """That of the loss at the way's end; raises ``PlaygroundError`` where it is no number."""
        descent = self.descent
        sharpness = self._sharpness(descent.end, descent.knobs, descent.masks)
        if not np.isfinite(sharpness.vectors).all():
            raise PlaygroundError(DIVERGED_TEXT)
        return sharpness


class SharpnessJob:
    """The sharpness ``values (n,)`` at the places of the way, NaN where it is not known yet: ends first, then ever
    finer."""

    def __init__(self, descent: WeightPath) -> None:
        self.descent = descent
        self.sharpness = Sharpness(descent.trainer)
        self.values = np.zeros(0)

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """What it needs compiled."""
        return (*self.descent.recipes, self.sharpness.recipe)

    def work(self) -> Iterator[float]:
        """Go the way, then measure."""
        for share in self.descent.fetch_all():
            yield 0.3 * share
        descent = self.descent
        self.values = np.full(len(descent.path), np.nan)
        for done, place in enumerate(coarse_to_fine(len(descent.path)), 1):
            sharpness = self.sharpness(descent.at(place), descent.knobs, descent.masks)
            self.values[place] = sharpness.values[0]
            yield 0.3 + 0.7 * done / len(descent.path)


def coarse_to_fine(n: int) -> list[int]:
    """0 to n - 1 in an order in which every beginning is spread evenly: the last, the first, the middle ..."""
    order = [n - 1] if n else []
    stride = 1 << max(n - 1, 1).bit_length()
    while stride:
        order += [i for i in range(0, n, stride) if i not in order]
        stride //= 2
    return order


class InterpolationJob:
    """The losses ``(61, 2)`` (train, test) on the line from the present weights to those of another start, trained as
    long.

    ``match_units``: with the other's units named as the present ones are; None where links or units are switched off,
    since they have then no names to change. ``other_step``: how far the other came; ``diverged`` tells that it came no
    further."""

    def __init__(self, descent: WeightPath, seed: int) -> None:
        self.descent, self.seed = descent, seed
        problem = replace(descent.experiment.problem, init_seed=seed)
        self.other = Trainer(replace(descent.experiment, problem=problem), descent.run.table, descent.trainer.chosen)
        self._line = LossLine(descent.trainer)
        self.places = np.zeros(0)
        self.losses: np.ndarray | None = None
        self.matched: np.ndarray | None = None
        self.other_step, self.diverged = 0, False

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """What it needs compiled."""
        return (*self.descent.recipes, self._line.recipe)

    def work(self) -> Iterator[float]:
        """Go the way, train the other, then look at the line."""
        for share in self.descent.fetch_all():
            yield 0.2 * share
        descent, end = self.descent, self.descent.end
        goal = int(end.step)
        state, steps = self.other.init(), 32
        while int(state.step) < goal and int(state.bad_step) < 0 and not self._has_stopped(state):
            state = self._advance(state, min(steps, goal - int(state.step)))
            steps = min(2 * steps, 512)
            yield 0.2 + 0.7 * int(state.step) / goal
        self.other_step, self.diverged = int(state.step), int(state.bad_step) >= 0
        if descent.masks is None:
            params, same = match_units(end.params, state.params, descent.trainer.network)
            renamed = state._replace(params=params, stats=same(state.stats))
            self.places, self.matched = self._line(end, renamed, descent.knobs)
            yield 0.95
        self.places, self.losses = self._line(end, state, descent.knobs, descent.masks)

    def _has_stopped(self, state: TrainState) -> bool:
        return self.other.has_stopped(state, self.other.knobs(self.descent.experiment.knobs))

    def _advance(self, state: TrainState, steps: int) -> TrainState:
        return self.other.advance(state, steps, self.descent.experiment.knobs, self.descent.masks)
