"""The sizes for which there is a general program, and which of them an experiment fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.experiment import Structure
from playground.nn.network import Network
from playground.objectives.optimizers import OPTIMIZERS
from playground.programs.compiler import LIGHT

MAX_WEIGHT_LAYERS = 9
"""Layers with weights: eight hidden ones and the output."""
UNITS = (8, 16, 32)
MAX_LIGHT_UNITS = 16
BATCHES = (10, 32, 128, 512)
ROWS = (256, 1024, 4096)


@dataclass(frozen=True)
class Bucket:
    """The shapes of one general program: the ``units`` of each layer, the rows of a ``batch``, and of the train and of
    the test set (``rows``)."""

    units: int
    batch: int
    rows: int

    @property
    def compiler_options(self) -> dict[str, Any] | None:
        """How its programs are compiled."""
        return LIGHT if self.units <= MAX_LIGHT_UNITS else None

    @property
    def weights(self) -> int:
        """Weights of all layers, padding included."""
        return MAX_WEIGHT_LAYERS * self.units * self.units

    @property
    def parameters(self) -> int:
        """Weights and biases of all layers, padding included."""
        return self.weights + MAX_WEIGHT_LAYERS * self.units


BUCKETS_AHEAD = (Bucket(8, 10, 256), Bucket(8, 32, 256), Bucket(16, 10, 256), Bucket(8, 10, 1024))
"""What most experiments need, likeliest first: made before anybody asks."""


def bucket_of(structure: Structure, network: Network, train_rows: int, test_rows: int) -> Bucket | None:
    """The smallest bucket that holds this training of sets of so many samples; None: it needs programs of its own.

    Normalisation looks across a batch or a layer, and optimizers that are not elementwise across a layer: neither can
    be padded.
    """
    elementwise = OPTIMIZERS[structure.optimizer].elementwise
    if structure.normalization != "none" or not elementwise or network.depth > MAX_WEIGHT_LAYERS:
        return None
    needs = (max(network.widths), min(structure.batch_size, train_rows), max(train_rows, test_rows))
    sizes = [smallest(need, steps) for need, steps in zip(needs, (UNITS, BATCHES, ROWS), strict=True)]
    return None if None in sizes else Bucket(*(size for size in sizes if size is not None))


def smallest(need: int, sizes: tuple[int, ...]) -> int | None:
    """The first of the rising ``sizes`` that is at least ``need``; None when none is."""
    return next((size for size in sizes if size >= need), None)
