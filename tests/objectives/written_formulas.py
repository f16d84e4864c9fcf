"""Formulas as they are shown, in TeX or in plain signs, read and computed in float64: an implementation of their
own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import special

FUNCTIONS = {
    r"\ln": np.log,
    r"\tanh": np.tanh,
    r"\sin": np.sin,
    r"\cosh": np.cosh,
    r"\sigma": special.expit,
    r"\Phi": special.ndtr,
    r"\max": np.maximum,
    r"\min": np.minimum,
    r"\sqrt": np.sqrt,
    r"\text{sign}": np.sign,
}
TOKEN = re.compile(r"\\text\{[^}]*\}|\\[a-zA-Z]+|\d+(?:\.\d+)?|[a-zA-Z]|\S")
SIGNS = (
    r"− - · \cdot ½ \frac{1}{2} ² ^{2} ⁻ᶻ ^{-z} ᶻ ^{z} ← \leftarrow θ \theta η \eta λ \lambda ε \epsilon μ \mu γ "
    r"\gamma Σ \sum Φ \Phi"
)
PLAIN = dict(zip(SIGNS.split()[::2], (f" {tex} " for tex in SIGNS.split()[1::2]), strict=True)) | {
    "m\u0302": r"\hat m",
    "v\u0302": r"\hat v",
    " if ": r"\text{ if }",
    " else ": r"\text{ else }",
}


def tex_of_plain(text: str) -> str:
    """Plain signs as TeX."""
    for sign, tex in PLAIN.items():
        text = text.replace(sign, tex)
    text = re.sub(r"\b(max|min|ln|tanh|sin|cosh)\b", r"\\\1", text)
    text = re.sub(r"√(\\hat v|\([^()]*(?:\^\{2\}[^()]*)?\))", r"\\sqrt{\1}", text)
    return re.sub(r"\^\(([^)]*)\)", r"^{\1}", text)


def value_of(tex: str, known: Mapping[str, Any]) -> Any:
    """What the expression ``tex`` comes to, its letters being ``known``."""
    reader = Reader(tex, known)
    value = reader.expression()
    assert reader.next == "", f"{reader.next} is left over in {tex}"
    return value


def after_assignments(tex: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """The letters' values after the assignments ``a \\leftarrow ..., \\quad b = ...`` have been made, one after
    another."""
    values = dict(known)
    for part in re.split(r",?\s*\\quad\s*", tex):
        name, _, expression = re.split(r"(\\leftarrow|(?<!\\l)=)", part, maxsplit=1)
        values[name.replace(" ", "")] = value_of(expression, values)
    return values


class Reader:
    """Recursive descent: sums of products of powers; a product needs no sign."""

    def __init__(self, tex: str, known: Mapping[str, Any]) -> None:
        tex = tex.replace(r"\tfrac12", r"\frac{1}{2}").replace(r"\tfrac", r"\frac")
        tex = re.sub(r"\\left|\\right|\\,", " ", tex)
        self.tokens = [*(token.replace("{ ", "{").replace(" }", "}") for token in TOKEN.findall(tex)), ""]
        self.known = known
        self.in_bars = False

    @property
    def next(self) -> str:
        return self.tokens[0]

    def take(self, *expected: str) -> str:
        token = self.tokens.pop(0)
        assert not expected or token in expected, f"{token} instead of {expected}"
        return token

    def expression(self) -> Any:
        value = self.sum()
        if self.next == r"\text{if}":
            self.take()
            left, sign, right = self.sum(), self.take(">", r"\le"), self.sum()
            self.take(r"\text{else}")
            holds = left > right if sign == ">" else left <= right
            value = np.where(holds, value, self.expression())
        return value

    def sum(self) -> Any:
        negative = self.next == "-" and self.take()
        value = -self.product() if negative else self.product()
        while self.next in ("+", "-"):
            value = value + self.product() if self.take() == "+" else value - self.product()
        return value

    def product(self) -> Any:
        value = self.power()
        while self.begins_factor() or self.next in (r"\cdot", "/"):
            sign = self.take() if self.next in (r"\cdot", "/") else ""
            value = value / self.power() if sign == "/" else value * self.power()
        return value

    def begins_factor(self) -> bool:
        if self.next == "|":
            return not self.in_bars
        stops = ("", ")", "}", "+", "-", ",", ">", "=", "^", r"\le", r"\text{if}", r"\text{else}", r"\leftarrow")
        return self.next not in stops and self.next not in (r"\cdot", "/")

    def power(self) -> Any:
        if self.next == r"\sum":
            self.take()
            self.subscript()
            return np.sum(self.product())
        if self.next in FUNCTIONS:
            return self.function()
        return self.raised(self.atom())

    def raised(self, value: Any) -> Any:
        return value ** self.argument() if self.next == "^" and self.take() else value

    def function(self) -> Any:
        function = FUNCTIONS[self.take()]
        if self.next == "(":
            self.take()
            arguments = [self.expression()]
            while self.tokens[0] == ",":
                self.take()
                arguments.append(self.expression())
            self.take(")")
            return self.raised(function(*arguments))
        return function(self.power()) if self.next != "{" else self.raised(function(self.argument()))

    def argument(self) -> Any:
        """What stands in braces, or one sign."""
        if self.next != "{":
            return self.atom()
        self.take()
        value = self.expression()
        self.take("}")
        return value

    def subscript(self) -> str:
        if self.next != "_":
            return ""
        self.take()
        return "_" + self.take()

    def atom(self) -> Any:
        token = self.take()
        if re.fullmatch(r"[\d.]+", token):
            return float(token)
        if token in ("(", "|"):
            outer, self.in_bars = self.in_bars, token == "|"
            value = self.expression()
            self.take(")" if token == "(" else "|")
            self.in_bars = outer
            return value if token == "(" else np.abs(value)
        if token == r"\frac":
            above = self.argument()
            return above / self.argument()
        if token in (r"\hat", r"\bar"):
            return self.known[token + self.take()]
        if token == "e":
            return np.e
        name = token + self.subscript()
        return self.known[name if name in self.known else token]
