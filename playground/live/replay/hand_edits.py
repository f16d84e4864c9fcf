"""What was changed by hand in a run, in so few words that a message or a link can carry it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np

from playground.errors import PlaygroundError
from playground.language import mark
from playground.live.history.segment import Edit, Segment, check_edit
from playground.nn.masks import Masks, full_masks
from playground.nn.network import Network

MAX_EDITS = 256
MAX_SWITCHES = 512
"""Weights that are set, and units, links and layers that are off, of one turn at most."""


@dataclass(frozen=True)
class HandEdits:
    """From a step on: ``units`` (layer, unit) and ``links`` (layer, source, unit) that are off, ``frozen`` layers, and
    the weights that were set at that step."""

    units: tuple[tuple[int, int], ...] = ()
    links: tuple[tuple[int, int, int], ...] = ()
    frozen: tuple[int, ...] = ()
    edits: tuple[Edit, ...] = ()

    @property
    def switches(self) -> int:
        """How many parts are off or held still."""
        return len(self.units) + len(self.links) + len(self.frozen)

    @property
    def off(self) -> HandEdits:
        """What is off or held still alone."""
        return replace(self, edits=())

    def masks(self, network: Network) -> Masks | None:
        """Its masks, as a run has them; None: nothing is off."""
        if not self.switches:
            return None
        masks = full_masks(network)
        for layer, unit in self.units:
            masks.units[layer][unit] = 0
        for layer, source, unit in self.links:
            masks.links[layer][source, unit] = 0
        for layer in self.frozen:
            masks.learning[layer] = 0
        return jax.device_put(masks)

    def check(self, network: Network) -> None:
        """Raise ``PlaygroundError`` unless ``network`` has all parts that it names, and it names no more than a visitor
        would."""
        if len(self.edits) > MAX_EDITS or self.switches > MAX_SWITCHES:
            raise PlaygroundError(mark("more was changed by hand at one step than can be made again."))
        for edit in self.edits:
            check_edit(network, edit)
        widths = network.widths
        are_known = (
            *(0 <= layer < network.depth and 0 <= unit < widths[layer] for layer, unit in self.units),
            *(
                0 <= layer < network.depth and 0 <= source < widths[layer] and 0 <= unit < widths[layer + 1]
                for layer, source, unit in self.links
            ),
            *(0 <= layer < network.depth for layer in self.frozen),
        )
        if not all(are_known):
            raise PlaygroundError(mark("the network has no such unit, link or layer."))


NO_HAND_EDITS = HandEdits()


def hand_edits_of(segments: list[Segment]) -> HandEdits:
    """What holds after ``segments``, all from the same step on."""
    edits = tuple(edit for segment in segments for edit in segment.edits)
    masks = segments[-1].masks
    if masks is None:
        return HandEdits(edits=edits)
    units, links = (
        [(layer, *map(int, at)) for layer, part in enumerate(parts) for at in np.argwhere(np.asarray(part) == 0)]
        for parts in (masks.units, masks.links)
    )
    frozen = tuple(int(at) for at in np.flatnonzero(np.asarray(masks.learning) == 0))
    return HandEdits(tuple(units), tuple(links), frozen, edits)  # pyright: ignore[reportArgumentType]


def encode_hand_edits(by_hand: HandEdits) -> dict[str, Any]:
    """``by_hand`` as plain JSON values, without what is empty."""
    edits = [[edit.layer, -1 if edit.source is None else edit.source, edit.unit, edit.value] for edit in by_hand.edits]
    parts = {"units": by_hand.units, "links": by_hand.links, "frozen": by_hand.frozen, "edits": edits}
    return {name: [list(at) if isinstance(at, tuple) else at for at in part] for name, part in parts.items() if part}


def decode_hand_edits(data: Any, network: Network) -> HandEdits:
    """What ``encode_hand_edits`` gave; raises ``PlaygroundError``, ``TypeError`` or ``ValueError`` for anything
    else."""
    if not isinstance(data, Mapping) or not set(data) <= {"units", "links", "frozen", "edits"}:
        raise PlaygroundError(mark("what was changed by hand is an object of lists."))
    edits = []
    for layer, source, unit, value in data.get("edits", ()):
        _, place, _ = parse_ints((layer, source, unit))
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise PlaygroundError(mark("a weight must be a number."))
        edits.append(Edit(layer, None if place == -1 else place, unit, float(value)))
    decoded = HandEdits(
        tuple(parse_ints(at, 2) for at in data.get("units", ())),  # pyright: ignore[reportArgumentType]
        tuple(parse_ints(at, 3) for at in data.get("links", ())),  # pyright: ignore[reportArgumentType]
        parse_ints(data.get("frozen", ())),
        tuple(edits),
    )
    decoded.check(network)
    return decoded


def parse_ints(values: Any, count: int | None = None) -> tuple[int, ...]:
    """``values`` as whole numbers, ``count`` of them; raises ``ValueError``."""
    numbers = tuple(values)
    if any(type(number) is not int for number in numbers) or count not in (None, len(numbers)):
        raise ValueError("whole numbers are wanted")
    return numbers
