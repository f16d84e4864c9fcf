"""One's own features: formulas of the coordinates, parsed into a tree and evaluated by walking it, never as code."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from playground.errors import PlaygroundError, unknown_choice
from playground.language import mark

MAX_CHARS = 80
MAX_DEPTH = 20
MAX_POWER = 20.0

NAMES = ("x1", "x2", "r", "theta", "pi", "e")
FUNCTIONS = {
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "tanh": "tanh",
    "exp": "exp",
    "log": "log",
    "sqrt": "sqrt",
    "abs": "abs",
    "sign": "sign",
    "floor": "floor",
    "round": "round",
    "relu": "relu",
}
"""What can be applied, by the array module's name of it; ``relu`` is ours."""
OPERATORS: dict[type[ast.AST], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.Pow: ("**", operator.pow),
}
COMPARISONS: dict[type[ast.AST], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Lt: ("<", operator.lt),
    ast.Gt: (">", operator.gt),
    ast.LtE: ("<=", operator.le),
    ast.GtE: (">=", operator.ge),
}


@dataclass(frozen=True)
class Formula:
    """A formula of ``x1`` and ``x2``: ``text`` as it is written everywhere, equal for equal trees."""

    text: str
    tree: ast.expr = field(compare=False, repr=False)

    def __call__(self, xp: Any, x1: Any, x2: Any) -> Any:
        """Its values for coordinates of any shape; ``xp`` is the array module, NumPy or JAX's."""
        return _value(self.tree, xp, x1, x2) + 0.0 * x1

    def tex(self) -> str:
        """The formula in TeX."""
        return _tex(self.tree)


@lru_cache(maxsize=512)
def parse_formula(text: str) -> Formula:
    """The formula of a text such as ``x1**3 - x2``, ``sin(2*x1)`` or ``exp(-r**2)``; ``^`` is a power.

    Names: x1, x2, r (distance from the origin), theta (angle), pi, e; numbers; + - * / **; < > <= >= (1 or 0);
    functions of one argument. Raises ``PlaygroundError``, naming what is wrong and what would be right, for anything
    else."""
    if not isinstance(text, str) or not text.strip():
        raise PlaygroundError(mark("a formula must not be empty; try x1**2 - x2."))
    if len(text) > MAX_CHARS:
        raise PlaygroundError(
            mark("the formula is {chars} characters long; at most {limit} are read.", chars=len(text), limit=MAX_CHARS)
        )
    if not text.isascii() or not text.isprintable():
        raise PlaygroundError(mark("a formula may hold plain letters, digits and signs only, such as sin(2*x1)."))
    try:
        tree = ast.parse(text.replace("^", "**").strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise PlaygroundError(
            mark("the formula {text!r} is not complete or has a sign out of place; try x1**2 - x2.", text=text[:40])
        ) from None
    _check(tree, 0)
    return Formula(ast.unparse(tree).replace(" ", ""), tree)


def is_formula(name: str) -> bool:
    """Whether a feature's name is meant as a formula rather than as the name of one."""
    return any(not (character.isalnum() or character == "_") for character in name) or name in ("r", "theta")


def _check(node: ast.AST, depth: int) -> None:
    """Raise ``PlaygroundError`` for anything in the tree that is not on the lists above."""
    if depth > MAX_DEPTH:
        raise PlaygroundError(
            mark("the formula is nested more than {limit} deep; write it more simply.", limit=MAX_DEPTH)
        )
    match node:
        case ast.Constant(value=bool() | str() | bytes() | complex() | None):
            raise PlaygroundError(mark("a formula holds numbers, not {text}.", text=ast.unparse(node)[:40]))
        case ast.Constant(value=int() | float() as value):
            if not abs(value) <= 1e6:
                raise PlaygroundError(mark("a number in a formula must be at most 1000000."))
        case ast.Name(id=name):
            if name not in NAMES:
                raise unknown_choice(mark("name in the formula"), name, (*NAMES, *FUNCTIONS))
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=inner):
            _check(inner, depth + 1)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            _check(left, depth + 1)
            _check(right, depth + 1)
            if isinstance(op, ast.Pow):
                _check_power(right)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
            _check(left, depth + 1)
            _check(right, depth + 1)
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]):
            if name not in FUNCTIONS:
                raise unknown_choice(mark("function in the formula"), name, FUNCTIONS)
            if isinstance(inner, ast.Starred):
                raise PlaygroundError(mark("a function in a formula takes one argument, such as sin(x1)."))
            _check(inner, depth + 1)
        case ast.Call(func=ast.Name(id=name)):
            raise PlaygroundError(mark("{name} in a formula takes one argument, such as sin(x1).", name=name[:20]))
        case _:
            raise PlaygroundError(
                mark(
                    "{text!r} cannot stand in a formula; it holds x1, x2, r, theta, numbers, + - * / **, < >, and "
                    "functions such as sin(x1).",
                    text=ast.unparse(node)[:40],
                )
            )


def _check_power(node: ast.expr) -> None:
    value = node.operand if isinstance(node, ast.UnaryOp) else node
    if not isinstance(value, ast.Constant) or not abs(float(value.value)) <= MAX_POWER:  # pyright: ignore[reportArgumentType]
        raise PlaygroundError(
            mark("a power in a formula must be a number of at most {limit:g}, such as x1**3.", limit=MAX_POWER)
        )


def _value(node: ast.AST, xp: Any, x1: Any, x2: Any) -> Any:
    def inner(child: ast.AST) -> Any:
        return _value(child, xp, x1, x2)

    match node:
        case ast.Constant(value=value):
            return float(value)  # pyright: ignore[reportArgumentType]
        case ast.Name(id=name):
            known = {"x1": x1, "x2": x2, "pi": math.pi, "e": math.e}
            if name in known:
                return known[name]
            return xp.sqrt(x1 * x1 + x2 * x2) if name == "r" else xp.arctan2(x2, x1)
        case ast.UnaryOp(op=op, operand=operand):
            return -inner(operand) if isinstance(op, ast.USub) else inner(operand)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return xp.true_divide(inner(left), inner(right))
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return xp.power(inner(left) + 0.0 * x1, inner(right))
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)][1](inner(left), inner(right))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return xp.where(COMPARISONS[type(op)][1](inner(left), inner(right)), 1.0, 0.0)
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            value = inner(argument)
            return xp.maximum(value, 0.0) if name == "relu" else getattr(xp, FUNCTIONS[name])(value)
    raise AssertionError("checked before")


def _tex(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=value):
            return f"{value:g}"  # pyright: ignore[reportReturnType, reportOptionalOperand]
        case ast.Name(id=name):
            return {"x1": "x_1", "x2": "x_2", "theta": r"\theta", "pi": r"\pi"}.get(name, name)
        case ast.UnaryOp(op=op, operand=operand):
            return ("-" if isinstance(op, ast.USub) else "") + _within(operand)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return rf"\frac{{{_tex(left)}}}{{{_tex(right)}}}"
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return f"{_within(left)}^{{{_tex(right)}}}"
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return rf"{_within(left)} \cdot {_within(right)}"
        case ast.BinOp(left=left, op=op, right=right):
            after = _within(right) if isinstance(op, ast.Sub) else _tex(right)
            return f"{_tex(left)} {OPERATORS[type(op)][0]} {after}"
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sign = {"<=": r"\le", ">=": r"\ge"}.get(COMPARISONS[type(op)][0], COMPARISONS[type(op)][0])
            return f"[{_tex(left)} {sign} {_tex(right)}]"
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return rf"\operatorname{{{name}}}\left({_tex(argument)}\right)"
    raise AssertionError("checked before")


def _within(node: ast.AST) -> str:
    """In parentheses where it is a sum, or begins with a sign."""
    loose = isinstance(node, ast.UnaryOp) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub))
    return rf"\left({_tex(node)}\right)" if loose else _tex(node)
