"""The input features as expressions that can be written in another language: traced from the functions that compute
them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground.datasets import feature_of

SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "true_divide": "/", "less": "<", "greater": ">"}
SIGNS |= {"less_equal": "<=", "greater_equal": ">="}


@dataclass(frozen=True, eq=False)
class Expression:
    """An operation on expressions and numbers by its NumPy name, or a coordinate (no arguments)."""

    name: str
    arguments: tuple[Any, ...] = ()

    def __add__(self, other: Any) -> Expression:
        return self if other is ZERO else Expression("add", (self, other))

    def __radd__(self, other: Any) -> Any:
        return Expression("add", (other, self))

    def __sub__(self, other: Any) -> Expression:
        return Expression("subtract", (self, other))

    def __rsub__(self, other: Any) -> Expression:
        return Expression("subtract", (other, self))

    def __mul__(self, other: Any) -> Expression:
        return Expression("multiply", (self, other))

    def __rmul__(self, other: Any) -> Expression:
        # A formula adds 0 * x1, so that a number alone gets the coordinates' shape.
        return ZERO if other == 0 and self.name == "x1" else Expression("multiply", (other, self))

    def __neg__(self) -> Expression:
        return Expression("subtract", (0.0, self))

    def __lt__(self, other: Any) -> Expression:
        return Expression("less", (self, other))

    def __gt__(self, other: Any) -> Expression:
        return Expression("greater", (self, other))

    def __le__(self, other: Any) -> Expression:
        return Expression("less_equal", (self, other))

    def __ge__(self, other: Any) -> Expression:
        return Expression("greater_equal", (self, other))


ZERO = Expression("multiply", (0.0, Expression("x1")))


class ExpressionModule:
    """An array module whose functions make expressions."""

    def __getattr__(self, name: str) -> Callable[..., Expression]:
        return lambda *arguments: Expression(name, arguments)


def feature_expression(name: str) -> Any:
    """The feature ``name`` of the plane as an expression of ``x1`` and ``x2``, or a number."""
    return feature_of(name).fn(ExpressionModule(), Expression("x1"), Expression("x2"))


def numpy_text(expression: Any) -> str:
    """An expression as Python of arrays ``x1`` and ``x2``, with NumPy as ``np``."""
    if not isinstance(expression, Expression):
        return repr(float(expression))
    name, inner = expression.name, [numpy_text(argument) for argument in expression.arguments]
    if not inner:
        return name
    return f"({inner[0]} {SIGNS[name]} {inner[1]})" if name in SIGNS else f"np.{name}({', '.join(inner)})"


def nested_lists(expression: Any) -> Any:
    """An expression as JSON has it: a number, or a list of the operation's name and its arguments."""
    if not isinstance(expression, Expression):
        return float(expression)
    return [expression.name, *map(nested_lists, expression.arguments)]
