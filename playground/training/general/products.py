"""The three products of a layer's step, in the form that is fast at each size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from jax import Array

MAX_CHAIN = 1024
"""Rows times units up to which chains of additions are faster than ``@`` (of up to 16 units): XLA makes one kernel of
the whole step, where a product is a call."""

Product = Callable[[Array, Array], Array]


class Products(NamedTuple):
    """``forward``: (rows, units) x (units, units); ``backward``: the same with the second one transposed;
    ``weight_gradient``: (rows, units) twice -> (units, units)."""

    forward: Product
    backward: Product
    weight_gradient: Product


def products(rows: int, units: int) -> Products:
    """The products for batches of so many rows of so many units."""
    if units <= 16 and rows * units <= MAX_CHAIN:
        return Products(
            lambda h, w: chain([h[:, i : i + 1] * w[i][None] for i in range(units)]),
            lambda d, w: chain([d[:, i : i + 1] * w.T[i][None] for i in range(units)]),
            lambda h, d: chain([h[i][:, None] * d[i][None] for i in range(rows)]),
        )
    return Products(lambda h, w: h @ w, lambda d, w: d @ w.T, lambda h, d: (h[:, :, None] * d[:, None, :]).sum(0))


def chain(terms: Sequence[Array]) -> Array:
    """The sum of ``terms``, one after another."""
    total, *rest = terms
    for term in rest:
        total = total + term
    return total
