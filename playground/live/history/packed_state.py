"""A state as it is kept: the numbers of all its arrays in one piece of the host's memory, and once for all states alike
how to make it whole again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import jax
import numpy as np

from playground.training.data import ARRAY_BYTES

STATE_OVERHEAD_BYTES = 200
"""What a kept state costs beside its numbers: its place in the list, and two objects."""


@dataclass(frozen=True)
class StateLayout:
    """What states have in common: their ``tree``, and the shape and type of each of its arrays."""

    tree: Any
    arrays: tuple[tuple[tuple[int, ...], np.dtype[Any]], ...]

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The arrays with the widest numbers first, so that each begins where its type may."""
        return tuple(sorted(range(len(self.arrays)), key=lambda i: -self.arrays[i][1].itemsize))

    @property
    def live_bytes(self) -> int:
        """What such a state takes as JAX arrays."""
        return sum(kind.itemsize * prod(shape) + ARRAY_BYTES for shape, kind in self.arrays)

    def pack(self, arrays: list[np.ndarray]) -> bytes:
        """The numbers of ``arrays``, one after another."""
        return b"".join([arrays[i].tobytes() for i in self.order])

    def unpack(self, numbers: bytes) -> Any:
        """The state again, of NumPy arrays that cannot be written to."""
        arrays: list[Any] = [None] * len(self.arrays)
        at = 0
        for i in self.order:
            shape, kind = self.arrays[i]
            arrays[i] = np.ndarray(shape, kind, numbers, at)
            at += arrays[i].nbytes
        return jax.tree.unflatten(self.tree, arrays)


@dataclass(frozen=True, slots=True)
class PackedState:
    """A state of a ``form``: JAX arrays would cost 1.8 kB each beside their numbers."""

    form: StateLayout
    numbers: bytes

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return len(self.numbers) + STATE_OVERHEAD_BYTES

    @property
    def state(self) -> Any:
        """The state, bit for bit, on the host: programs take it as it is, wherever they run."""
        return self.form.unpack(self.numbers)


def pack_state(state: Any, among: Iterable[PackedState] = ()) -> PackedState:
    """``state`` as it is kept; it shares its form with the first of ``among`` when they are alike."""
    leaves, tree = jax.tree.flatten(state)
    arrays = [np.asarray(leaf) for leaf in leaves]
    form = StateLayout(tree, tuple([(array.shape, array.dtype) for array in arrays]))
    for other in among:
        form = other.form if other.form == form else form
        break
    return PackedState(form, form.pack(arrays))
