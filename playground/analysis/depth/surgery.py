"""Layers taken out of trained networks, or exchanged (Veit, Wilber & Belongie 2016): what becomes of the loss."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from playground.analysis.depth.study import DepthStudy
from playground.programs.cache import ProgramSpec

RANDOM_SETS = 6
"""Random choices of layers for each number of them that is taken out."""
MOST_COUNTS = 8
"""Numbers of layers that are taken out together, at most."""
SET_SEED = 0


def remove_layers(depth: int, removed: Collection[int]) -> tuple[int, ...]:
    """The route of a network of ``depth`` layers without those behind the first that are ``removed``, numbered from
    0."""
    return tuple(layer for layer in range(depth - 1) if layer not in removed)


def reverse_layers(depth: int, chosen: Collection[int]) -> tuple[int, ...]:
    """The route on which the ``chosen`` layers stand in reverse order in their places: two change places."""
    places = sorted(chosen)
    moved = dict(zip(places, reversed(places), strict=True))
    return tuple(moved.get(layer, layer) for layer in range(depth - 1))


def removed_counts(depth: int) -> tuple[int, ...]:
    """How many layers are taken out together: from 1 to all but one, evenly on a logarithmic scale."""
    last = max(1, depth - 2)
    return tuple(sorted({round(n) for n in np.geomspace(1, last, MOST_COUNTS)}))


class LayerSurgery:
    """Of the newest networks of ``depth`` layers in ``study``: the loss when each layer by itself is taken out, when
    neighbours are exchanged, and when random sets of layers are taken out.

    ``intact (2, 2, networks)``: loss and accuracy by kind as trained; ``without (layers, 2, 2, networks)``;
    ``exchanged (layers - 1, 2, 2, networks)``; ``several (counts, 2, 2, networks)``: means over ``RANDOM_SETS`` sets,
    the same ones for all networks; NaN where it is to come.
    """

    def __init__(self, study: DepthStudy, depth: int) -> None:
        self.study, self.depth = study, depth
        layers, shape = depth - 1, (2, 2, study.settings.networks)
        self.counts = removed_counts(depth)
        self.intact = np.full(shape, np.nan)
        self.without = np.full((layers, *shape), np.nan)
        self.exchanged = np.full((max(0, layers - 1), *shape), np.nan)
        self.several = np.full((len(self.counts), *shape), np.nan)

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How its program is compiled."""
        return self.study.programs.recipes[2:]

    @property
    def is_finished(self) -> bool:
        """Whether all of it is there."""
        return not np.isnan(self.several).any()

    def work(self) -> Iterator[float]:
        """Yields the share that is done."""
        depth, layers = self.depth, self.depth - 1
        rng = np.random.default_rng(SET_SEED)
        total = 2 * layers + RANDOM_SETS * len(self.counts)
        self.intact = self.study.reroute(depth, [tuple(range(layers))])[0]
        done = 1
        yield done / total
        for target, routes in (
            (self.without, [remove_layers(depth, {layer}) for layer in range(layers)]),
            (self.exchanged, [reverse_layers(depth, {layer, layer + 1}) for layer in range(layers - 1)]),
        ):
            for first in range(0, len(routes), 8):
                group = routes[first : first + 8]
                target[first : first + len(group)] = self.study.reroute(depth, group)
                done += len(group)
                yield done / total
        for place, count in enumerate(self.counts):
            sets = [
                remove_layers(depth, set(rng.choice(layers, min(count, layers), replace=False).tolist()))
                for _ in range(RANDOM_SETS)
            ]
            self.several[place] = self.study.reroute(depth, sets).mean(axis=0)
            done += RANDOM_SETS
            yield min(1.0, done / total)
        yield 1.0

    def route_scores(self, route: tuple[int, ...]) -> np.ndarray:
        """Loss and accuracy by kind (2, 2, networks) along one route."""
        return self.study.reroute(self.depth, [route])[0]
