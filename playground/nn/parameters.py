"""A network's parameters on the host: flattened to one vector and back, and their shapes checked."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

from playground.errors import PlaygroundError
from playground.language import mark


def flatten_params(params: Any, dtype: Any = np.float32) -> np.ndarray:
    """All numbers of ``params`` in one vector, in the order of JAX's ``ravel_pytree``: layer by layer, by name."""
    leaves = [np.asarray(leaf, dtype).ravel() for leaf in jax.tree.leaves(params)]
    return np.concatenate(leaves) if leaves else np.zeros(0, dtype)


def unflatten_params(vector: np.ndarray, like: Any) -> Any:
    """The inverse of ``flatten_params``: arrays of the shapes of ``like``; of several vectors ``(n, parameters)`` all
    arrays have n as their first axis."""
    leaves, tree = jax.tree.flatten(like)
    ends = np.cumsum([np.size(leaf) for leaf in leaves])
    parts = np.split(vector, ends[:-1], axis=-1)
    shapes = [(*vector.shape[:-1], *np.shape(leaf)) for leaf in leaves]
    return jax.tree.unflatten(tree, [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)])


def check_shapes(expected: Any, actual: Any) -> None:
    """Raise ``PlaygroundError`` unless ``actual`` has the layers, names and shapes of ``expected``."""
    if len(actual) != len(expected):
        raise PlaygroundError(
            mark(
                "the weights have {actual} layers, but this network has {expected}; change hidden, or the file.",
                actual=len(actual),
                expected=len(expected),
            )
        )
    for i, (layer, other) in enumerate(zip(expected, actual, strict=True)):
        for name in sorted(layer.keys() | other.keys(), reverse=True):  # w first, always
            have, want, tensor = other.get(name), layer.get(name), f"layers.{i}.{name}"
            if have is None:
                raise PlaygroundError(
                    mark("{tensor} is missing; the weights belong to another structure.", tensor=tensor)
                )
            if want is None:
                raise PlaygroundError(
                    mark(
                        "{tensor} is not part of this network; the weights belong to another structure.", tensor=tensor
                    )
                )
            if have.shape != want.shape:
                raise PlaygroundError(
                    mark(
                        "{tensor} has shape {actual}, but this network needs {expected}.",
                        tensor=tensor,
                        actual=str(tuple(have.shape)),
                        expected=str(tuple(want.shape)),
                    )
                )
            if not bool(np.isfinite(np.asarray(have)).all()):
                raise PlaygroundError(
                    mark("{tensor} holds values that are not finite; weights must be ordinary numbers.", tensor=tensor)
                )
