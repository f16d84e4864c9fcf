"""A network: its description, its parameters as a pytree, and its forward passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import numpy as np
from jax import Array

from playground.nn.activations import ACTIVATIONS
from playground.nn.initializers import INITIALIZERS
from playground.nn.layers import dense
from playground.nn.normalization import NORMALIZATIONS, RUNNING, batch_moments, layer_moments, normalize

Layer = dict[str, Array]
Params = tuple[Layer, ...]
"""One ``{"w": (fan_in, fan_out), "b": (fan_out,)}`` a layer, with normalisation's ``scale`` and ``offset (fan_out,)``
in hidden ones."""
Stats = tuple[Layer, ...]
"""One ``{"mean": (units,), "variance": (units,)}`` a hidden layer under batch normalisation, else ``{}``."""


@dataclass(frozen=True, kw_only=True)
class Network:
    """What a network is before it has weights: ``widths`` from input to output, ``activations`` one a layer, the
    output's included."""

    widths: tuple[int, ...]
    activations: tuple[str, ...]
    initializer: str = "glorot_uniform"
    normalization: str = "none"
    residual: bool = False

    @property
    def depth(self) -> int:
        """Number of layers with weights."""
        return len(self.widths) - 1

    def skips(self, layer: int) -> bool:
        """Whether ``layer`` (from 0) has a residual connection around it: hidden, and as wide as its input."""
        return self.residual and layer < self.depth - 1 and self.widths[layer] == self.widths[layer + 1]


class LayerSignal(NamedTuple):
    """What one layer did to a batch: ``z`` what its activation received, ``h`` what came out, both (batch, units)."""

    z: Array
    h: Array


def init(network: Network, seed: int) -> Params:
    """Fresh float32 parameters, drawn from ``seed``."""
    return jax.device_put(draw_params(network, seed))


def draw_params(network: Network, seed: int) -> Params:
    """As ``init``, but NumPy arrays on the host."""
    initializer = INITIALIZERS[network.initializer]
    rng = np.random.default_rng(seed)
    layers: list[dict[str, np.ndarray]] = []
    for i in range(network.depth):
        shape = (network.widths[i], network.widths[i + 1])
        layer = {"w": initializer.weights(rng, shape), "b": np.full(shape[1:], initializer.bias, np.float32)}
        if network.normalization != "none" and i < network.depth - 1:
            layer |= {"scale": np.ones(shape[1:], np.float32), "offset": np.zeros(shape[1:], np.float32)}
        layers.append(layer)
    return tuple(layers)  # pyright: ignore[reportReturnType]  # NumPy stands in for JAX arrays


def init_stats(network: Network) -> Stats:
    """Running statistics before the first batch: mean 0, variance 1."""
    running = NORMALIZATIONS[network.normalization].running
    zeros_ones = [(np.zeros(units, np.float32), np.ones(units, np.float32)) for units in network.widths[1:-1]]
    return jax.device_put(tuple({"mean": zero, "variance": ones} if running else {} for zero, ones in zeros_ones))


def forward(
    network: Network, params: Params, stats: Stats, x: Array, units: Sequence[Array] | None = None
) -> list[LayerSignal]:
    """What each layer makes of ``x (batch, features)`` in evaluation: running statistics, no dropout.

    ``units``: factors (width,) for the inputs and the outputs of each hidden layer, 0 for a unit that is off; None: all
    are on."""
    h, out = apply_unit_mask(x, 0, units), []
    for i, layer in enumerate(params):
        z = h @ layer["w"] + layer["b"][None]
        if "scale" in layer:
            mean, variance = (stats[i]["mean"][None], stats[i]["variance"][None]) if stats[i] else layer_moments(z)
            z = normalize(z, mean, variance, layer["scale"][None], layer["offset"][None])
        new = ACTIVATIONS[network.activations[i]].fn(z)
        h = apply_unit_mask(h + new if network.skips(i) else new, i + 1, units)
        out.append(LayerSignal(z, h))
    return out


def apply_unit_mask(h: Array, layer: int, units: Sequence[Array] | None) -> Array:
    """``h (batch, width)`` with what is off at 0; the output layer has nothing to switch."""
    return h if units is None or layer >= len(units) else h * units[layer][None]


def apply(network: Network, params: Params, stats: Stats, x: Array) -> Array:
    """The network's output ``(outputs,)`` for one sample ``x (features,)`` in evaluation."""
    return forward(network, params, stats, x[None])[-1].h[0]


def forward_train(
    network: Network,
    params: Params,
    stats: Stats,
    x: Array,
    share: Array,
    masks: Sequence[Array] | None = None,
    units: Sequence[Array] | None = None,
    nudges: Sequence[Array] | None = None,
) -> tuple[list[LayerSignal], Stats]:
    """What each layer makes of a batch ``x (batch, features)`` in training, and the new running statistics.

    Batch normalisation uses the batch's own moments, each row counting by its ``share (batch,)`` (they sum to 1).
    ``masks``: dropout's factors (batch, units) for the outputs of each hidden layer; None lets all through. ``units``:
    as in ``forward``. ``nudges``: what is added to what each layer's activation receives (batch, units); at zeros, the
    loss's gradient with respect to them is dL/dz."""
    h, out, new_stats = apply_unit_mask(x, 0, units), [], []
    for i, layer in enumerate(params):
        z = dense(h, layer["w"], layer["b"])
        if "scale" in layer:
            mean, variance = batch_moments(z, share) if stats[i] else layer_moments(z)
            if stats[i]:
                kept = {"mean": mean[0], "variance": variance[0]}
                new_stats.append(
                    {name: RUNNING * stats[i][name] + (1 - RUNNING) * value for name, value in kept.items()}
                )
            z = normalize(z, mean, variance, layer["scale"][None], layer["offset"][None])
        if nudges is not None:
            z = z + nudges[i]
        new = ACTIVATIONS[network.activations[i]].fn(z)
        if masks is not None and i < network.depth - 1:
            new = new * masks[i]
        h = apply_unit_mask(h + new if network.skips(i) else new, i + 1, units)
        out.append(LayerSignal(z, h))
    return out, tuple(new_stats) if new_stats else stats
