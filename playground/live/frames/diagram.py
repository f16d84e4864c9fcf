"""What a diagram of the network shows: which units are drawn, their maps, numbers, weights and gradients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.live.frames.boundary import signed_bytes
from playground.nn.network import LayerSignal, Network, Params

SHOWN = 8
"""Units of a hidden layer that are drawn; wider layers are drawn in part."""
SHOWN_ENDS = 10
"""Inputs, and outputs, that are drawn."""
SMALL = 16
"""Cells of a unit's map along one side."""
LEVELS = 8
"""A unit's map is told in steps of so many shades: finer is not seen, and doubles what travels."""

UNIT_SCALARS = ("mean", "deviation", "peak", "shut")


@dataclass(frozen=True)
class Diagram:
    """The drawn part of ``network``: ``widths`` drawn from input to output, and how many numbers that makes."""

    network: Network

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Drawn units of each layer, the inputs first."""
        first, *hidden, last = self.network.widths
        return (min(first, SHOWN_ENDS), *(min(width, SHOWN) for width in hidden), min(last, SHOWN_ENDS))

    @property
    def units(self) -> int:
        """Drawn units behind the inputs."""
        return sum(self.widths[1:])

    @property
    def maps(self) -> int:
        """Units with a map of their own: hidden ones, and the outputs where there are several."""
        return self.units - (self.widths[-1] == 1)

    @property
    def numbers(self) -> int:
        """Weights and biases between drawn units: a layer's ``w`` by rows, then its ``b``."""
        return sum((self.widths[i] + 1) * self.widths[i + 1] for i in range(self.network.depth))

    def parameters(self, params: Params) -> Array:
        """The drawn weights and biases (numbers,): of parameters, or of their gradient."""
        parts = []
        for i, layer in enumerate(params):
            fan_in, fan_out = self.widths[i], self.widths[i + 1]
            parts += [layer["w"][:fan_in, :fan_out].ravel(), layer["b"][:fan_out]]
        return jnp.concatenate(parts)

    def host_parameters(self, params: Params) -> np.ndarray:
        """As ``parameters``, of NumPy arrays: nothing is compiled."""
        parts = []
        for i, layer in enumerate(params):
            fan_in, fan_out = self.widths[i], self.widths[i + 1]
            parts += [np.asarray(layer["w"])[:fan_in, :fan_out].ravel(), np.asarray(layer["b"])[:fan_out]]
        return np.concatenate(parts)

    def unit_numbers(
        self, layers: list[LayerSignal], grid: list[LayerSignal], weight: Array, mean: Array, shut: Array
    ) -> Array:
        """``UNIT_SCALARS`` of each drawn unit (units, 4), over the train set; ``peak`` over the picture, at least 1.

        ``weight (rows,)`` is 1 for real rows; ``mean`` and ``shut (all units,)``: what ``unit_statistics`` gives.
        """
        h, places = (
            jnp.concatenate(self._select_units([layer.h for layer in part]), axis=1) for part in (layers, grid)
        )
        ends = np.cumsum(self.network.widths[1:])[:-1].tolist()
        mean, shut = (jnp.concatenate(self._select_units(jnp.split(values, ends))) for values in (mean, shut))
        variance = (jnp.square(h - mean[None]) * weight[:, None]).sum(axis=0) / weight.sum()
        return jnp.stack([mean, jnp.sqrt(variance), peak(places), shut], axis=1)

    def _select_units(self, parts: Sequence[Array]) -> list[Array]:
        """Of each layer behind the inputs, the drawn units: the first on the last axis."""
        return [part[..., :many] for part, many in zip(parts, self.widths[1:], strict=False)]

    def unit_maps(self, grid: list[LayerSignal]) -> Array:
        """The maps of all units that have one: uint8 (maps, cells), each over its ``peak``, in few shades."""
        drawn = grid if self.widths[-1] > 1 else grid[:-1]
        if not drawn:
            return jnp.zeros((0, grid[0].h.shape[0]), jnp.uint8)
        h = jnp.concatenate(self._select_units([signal.h for signal in drawn]), axis=1)
        return coarse_bytes(h).T


def coarse_bytes(h: Array) -> Array:
    """Maps of ``h (cells, units)``, each over its ``peak``, as uint8 in few shades."""
    shades = signed_bytes(h / peak(h)[None]).astype(jnp.int32)
    coarse = jnp.round((shades - 128) / LEVELS) * LEVELS + 128
    return jnp.clip(coarse, 0, 255).astype(jnp.uint8)


def peak(h: Array) -> Array:
    """By what a map of ``h (cells, units)`` is divided: its largest magnitude, at least 1: (units,)."""
    return jnp.maximum(jnp.abs(h).max(axis=0), 1.0)
