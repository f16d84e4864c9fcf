"""Segments: what held from one frame on, so that every frame can be made again."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import jax.numpy as jnp
import numpy as np

from playground.errors import PlaygroundError
from playground.language import mark
from playground.live.frames.observer import Frame, Observer
from playground.live.frames.rollout import FrameRollout
from playground.nn.masks import Masks
from playground.nn.network import Network
from playground.training import TrainState
from playground.training.early_stopping import NOTHING_TESTED

MAX_WEIGHT = 1e6
"""The largest weight that can be set by hand."""


@dataclass(frozen=True)
class Edit:
    """A weight (``source`` is the unit it comes from) or a bias (``source`` is None) of ``layer``, set to ``value``."""

    layer: int
    source: int | None
    unit: int
    value: float


@dataclass(frozen=True, eq=False)
class BaseSegment(ABC):
    """How the frames from ``start`` on are made: pure functions of states, each with a whole number ``step``."""

    start: int

    @abstractmethod
    def advance(self, state: Any, steps: int) -> Any:
        """``state`` so many steps on."""

    @abstractmethod
    def frame(self, state: Any) -> Frame:
        """What is shown of ``state``."""

    def apply_edits(self, state: Any) -> Any:
        """``state`` as this segment begins with it."""
        return state

    def without_edits(self) -> Self:
        """The same with nothing changed at its first frame."""
        return self


@dataclass(frozen=True)
class Segment(BaseSegment):
    """From frame ``start`` on, training went under these knobs (a vector), masks (None: nothing off) and data (the
    observer's).

    ``edits`` were made at its first frame.
    """

    knobs: np.ndarray
    observer: Observer
    masks: Masks | None = None
    edits: tuple[Edit, ...] = ()

    def apply_edits(self, state: TrainState) -> TrainState:
        """``state`` as this segment begins with it: edited, and free to go on after a divergence or an early stop."""
        params: list[Any] = [dict(layer) for layer in state.params]
        for edit in self.edits:
            name, at = ("b", (edit.unit,)) if edit.source is None else ("w", (edit.source, edit.unit))
            params[edit.layer][name] = jnp.asarray(params[edit.layer][name]).at[at].set(edit.value)
        return state._replace(params=tuple(params), best=NOTHING_TESTED, bad_step=jnp.int32(-1))

    def without_edits(self) -> Self:
        """The same with nothing changed at its first frame."""
        return replace(self, edits=())

    def advance(self, state: TrainState, steps: int) -> TrainState:
        """``state`` so many steps on."""
        if steps == 0:
            return state
        return self.rollout(state, steps, 1)[0]

    def rollout(self, state: TrainState, steps: int, many: int) -> tuple[TrainState, Sequence[Frame]]:
        """The state ``many * steps`` steps on and the frames on the way; perhaps only the first of them."""
        return FrameRollout(self.observer)(state, steps, many, self.knobs, self.masks)

    def frame(self, state: TrainState) -> Frame:
        """What is shown of ``state``."""
        _, (frame,) = self.rollout(state, 0, 1)
        return frame


def check_edit(network: Network, edit: Edit) -> None:
    """Raise ``PlaygroundError`` unless ``edit`` is about a weight of ``network`` and its value is an ordinary
    number."""
    known = 0 <= edit.layer < network.depth and 0 <= edit.unit < network.widths[edit.layer + 1]
    if not known or not (edit.source is None or 0 <= edit.source < network.widths[edit.layer]):
        raise PlaygroundError(mark("this network has no such weight any more; look at the diagram as it is now."))
    if not math.isfinite(edit.value) or abs(edit.value) > MAX_WEIGHT:
        raise PlaygroundError(
            mark(
                "a weight must be a number from {low:g} to {high:g}, not {value:g}.",
                low=-MAX_WEIGHT,
                high=MAX_WEIGHT,
                value=edit.value,
            )
        )
