"""All parameters of a network in one vector of NumPy's, and back: nothing is compiled for it."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np


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
