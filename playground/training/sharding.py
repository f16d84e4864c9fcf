"""Arrays of many networks, laid on one device or cut along the networks' axis over several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from playground.programs.devices import Device, explicit_device

WIDE = 256
"""Networks side by side on an accelerator, which has the room for them."""


class DeviceSharding:
    """Where a group of networks lies; ``size`` networks are trained together, equally many on each device: ``on_cpu``
    on a processor.

    A device works on its own networks as it would alone: the networks know nothing of each other.
    """

    def __init__(self, devices: Sequence[Device], on_cpu: int) -> None:
        self.devices = tuple(devices)
        self.on_processor = self.devices[0].platform == "cpu"
        self.size = len(self.devices) * (on_cpu if self.on_processor else WIDE)
        self._mesh = Mesh(np.array(self.devices), ("networks",))
        self._plain = len(self.devices) == 1 and explicit_device(self.devices[0]) is None

    @property
    def key(self) -> tuple[str, ...]:
        """What a program depends on; nothing where arrays lie by themselves."""
        return () if self._plain else tuple(str(device) for device in self.devices)

    def shard(self, tree: Any, axis: int) -> Any:
        """``tree`` with the networks' ``axis`` (0 or -1) cut over the devices; numbers that all share are on each."""
        return tree if self._plain else jax.device_put(tree, self.shards(tree, axis))

    def replicate(self, tree: Any) -> Any:
        """``tree`` on each device."""
        return tree if self._plain else jax.device_put(tree, self.on_each())

    def on_each(self) -> NamedSharding | None:
        """How an array lies that each device has; None: by itself."""
        return None if self._plain else NamedSharding(self._mesh, PartitionSpec())

    def shards(self, tree: Any, axis: int) -> Any:
        """How each array of ``tree`` lies when it is cut; None: by itself."""
        if self._plain:
            return None

        def sharding_of(leaf: Any) -> NamedSharding:
            before = [] if axis == 0 else [None] * (np.ndim(leaf) - 1)
            return NamedSharding(self._mesh, PartitionSpec(*before, "networks") if np.ndim(leaf) else PartitionSpec())

        return jax.tree.map(sharding_of, tree)
