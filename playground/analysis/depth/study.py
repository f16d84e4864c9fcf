"""A study of depth: plain and residual networks of several depths, trained side by side and looked at on the way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from playground.analysis.depth.network import DepthParams, cut_layers, pad_layers
from playground.analysis.depth.programs import DepthPrograms, DepthState
from playground.analysis.depth.samples import draw_samples
from playground.analysis.depth.settings import MAX_DEPTH, DepthSettings
from playground.programs.cache import ProgramSpec

KINDS = ("plain", "residual")
SCORES = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
MEASURES = ("gradient", "signal", "change")
"""Of each layer: norm of its matrix's gradient, size of the sums that reach it, how far it is from the identity."""
UPDATES = 25
"""Looks at the networks on the way."""
STEPS_PER_PIECE = 40
"""Nobody can stop a training of so many steps: about 0.1 CPU s at the largest depth."""


class DepthStudy:
    """What ``settings`` ask for, depth by depth and look by look.

    ``marks (T,)``: the steps at which the networks are looked at, from 0 on. ``scores (T, depths, 4, 2, networks)``:
    the ``SCORES`` of plain (0) and residual (1) networks, NaN where they are to come; a loss that is no number is
    infinite. ``layers (T, depths, 3, MAX_DEPTH, 2, networks)``: the ``MEASURES``, NaN where there is no such layer;
    place 0 is the first layer, whose ``change`` is that of the layer behind it. ``looks``: finished rows of both.
    """

    def __init__(self, settings: DepthSettings) -> None:
        self.settings = settings
        self.samples = draw_samples(settings.dataset)
        self.programs = DepthPrograms(settings, self.samples)
        self.marks = np.unique(np.round(np.linspace(0, settings.steps, UPDATES + 1)).astype(int))
        shape = len(self.marks), len(settings.depths)
        self.scores = np.full((*shape, len(SCORES), len(KINDS), settings.networks), np.nan)
        self.layers = np.full((*shape, len(MEASURES), MAX_DEPTH, len(KINDS), settings.networks), np.nan, np.float32)
        self.looks = 0
        self._states: list[DepthState | None] = [None] * len(settings.depths)
        self._moments: list[np.ndarray | None] = [None] * len(settings.depths)

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How the programs of training and looking are compiled."""
        return self.programs.recipes[:2]

    def work(self) -> Iterator[float]:
        """Train and look, all depths up to one mark before the next; yields the share that is done."""
        depths, steps = self.settings.depths, self.settings.steps
        costs = np.array(depths, float) + 8.0  # about, of a step: part of it is the same at every depth
        for row, mark_step in enumerate(self.marks):
            for place, depth in enumerate(depths):
                state = self._states[place]
                state = self.programs.begin(depth) if state is None else restore_state(state)
                while (missing := int(mark_step) - int(state.step)) > 0:
                    state = self.programs.train(state, depth, min(missing, STEPS_PER_PIECE))
                    np.asarray(state.step)  # done, not only begun
                    done = (int(state.step) * costs[place] + mark_step * costs[:place].sum()) / costs.sum()
                    before = (self.marks[row - 1] if row else 0) * costs[place + 1 :].sum() / costs.sum()
                    yield float((done + before) / steps)
                self._look(row, place, depth, state)
            self.looks = row + 1
            yield float(mark_step / steps)
        nothing = np.zeros(0, np.float32)
        for place, state in enumerate(self._states):
            if state is not None:  # nobody trains on: Adam's means are let go
                empty = DepthParams(*(nothing for _ in DepthParams._fields))
                self._states[place] = DepthState(state.params, empty, empty, state.step)
        yield 1.0

    def _look(self, row: int, place: int, depth: int, state: DepthState) -> None:
        look = self.programs.look(state.params, depth)
        networks = self.settings.networks
        self.scores[row, place] = np.asarray(look.scores).reshape(len(SCORES), len(KINDS), networks)
        for k, (name, missing) in enumerate(zip(MEASURES, (0, 0, 1), strict=True)):
            values = np.asarray(getattr(look, name))[: depth - missing]
            self.layers[row, place, k, : depth - missing] = values.reshape(-1, len(KINDS), networks)
        params, mean, square = (cut_layers(part, depth) for part in (state.params, state.mean, state.square))
        self._states[place] = DepthState(params, mean, square, np.array(np.asarray(state.step)))
        self._moments[place] = np.array(np.asarray(look.moments)[:, :depth])

    def reroute(self, depth: int, routes: list[tuple[int, ...]]) -> np.ndarray:
        """Loss and share of right answers ``(routes, 2, 2, networks)`` of the newest networks of ``depth`` layers along
        routes through the layers behind the first (``DepthPrograms.reroute``), plain ones first."""
        place = self.settings.depths.index(depth)
        state, moments = self._states[place], self._moments[place]
        if state is None or moments is None:
            raise ValueError("nothing was trained yet")
        room = np.zeros((2, MAX_DEPTH - depth, *moments.shape[2:]), np.float32)
        padded = np.concatenate([moments, room], axis=1)
        scores = self.programs.reroute(pad_layers(state.params), padded, depth, routes)
        return scores.reshape(len(routes), 2, len(KINDS), self.settings.networks)

    def score(self, name: str, row: int = -1) -> np.ndarray:
        """One of ``SCORES`` at a look, the newest one unless told: (depths, 2, networks)."""
        row = self.looks - 1 if row < 0 else row
        return self.scores[row, :, SCORES.index(name)]

    def measure(self, name: str, depth: int, row: int = -1) -> np.ndarray:
        """One of ``MEASURES`` of the networks of ``depth`` at a look: (layers, 2, networks)."""
        row = self.looks - 1 if row < 0 else row
        values = self.layers[row, self.settings.depths.index(depth), MEASURES.index(name)]
        return values[: depth - 1 if name == "change" else depth]


def restore_state(state: DepthState) -> DepthState:
    """``state`` with room for every depth, as the programs take it."""
    return DepthState(pad_layers(state.params), pad_layers(state.mean), pad_layers(state.square), state.step)
