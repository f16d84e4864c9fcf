"""The language of conditions: text such as ``test_accuracy >= 95 % and hidden_layers == 1`` becomes a tree.

It is parsed here, sign by sign, and never evaluated as code. ``docs/lessons.md`` describes it.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from playground.errors import PlaygroundError, unknown_choice
from playground.experiment.fields import format_value
from playground.language import mark
from playground.lessons.expression import (
    Arithmetic,
    Comparison,
    Connective,
    Constant,
    Different,
    Evaluation,
    Extreme,
    Measured,
    Memory,
    Negation,
    Node,
    Once,
    Reading,
    Stays,
    Temporal,
    Then,
)
from playground.lessons.observation import Observation
from playground.lessons.quantities import OUTPUT, QUANTITIES, Argument, Kind, Quantity, Value

MAX_CONDITION_CHARS = 400
MAX_DEPTH = 12
MAX_TEMPORAL = 8
"""Temporal parts in one condition."""
MAX_THEN = 6
"""Truths that ``then`` puts in order."""
MAX_NUMBER = 1e12
MAX_INDEX = 64
MAX_READINGS = 8

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?P<percent>\s*%)?"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'"
    r"|(?P<sign><=|>=|==|!=|[<>+\-*/(),]))"
)
TYPOGRAPHIC = str.maketrans({"≤": "<=", "≥": ">=", "≠": "!=", "−": "-", "×": "*", "“": '"', "”": '"'})
"""Signs that text programs put in the place of the language's own."""
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
WORDS = ("and", "or", "not")
FUNCTIONS = {
    "once": "once(truth)",
    "then": "then(truth, truth, ...)",
    "stays": "stays(truth, steps)",
    "different": "different(field, truth)",
    "lowest": "lowest(number, truth)",
    "highest": "highest(number, truth)",
    "abs": "abs(number)",
}
"""Functions of the language, and how they are written."""
KIND_WORDS: dict[Kind, str] = {"number": mark("a number"), "truth": mark("true or false"), "name": mark("a name")}
CURES: dict[Kind, str] = {
    "truth": mark("compare it, as in train_loss < 0.1"),
    "number": mark("write a number or a quantity there"),
    "name": mark("write a name in quotation marks there"),
}
"""What to write where something of another kind stands."""
STRAY_SIGNS = {
    "=": mark("write == to compare"),
    "&": mark("write and"),
    "|": mark("write or"),
    "!": mark("write not, or !="),
    "%": mark("it stands behind a number alone, as in 95 %"),
    '"': mark("close the quotation marks"),
    "'": mark("close the quotation marks"),
}
"""Signs that somebody may write in the place of the language's own, and what to write instead."""


@dataclass(frozen=True)
class Token:
    """A sign of the language: its ``kind`` (number, name, text, sign, end), value, and the character it begins at."""

    kind: str
    value: Any
    start: int
    end: int


@dataclass(frozen=True)
class Expression:
    """An expression as it was written, and its tree; ``slots``: temporal parts in it."""

    text: str
    tree: Node
    slots: int

    @property
    def of_run(self) -> bool:
        """Whether it asks for what is measured; else the experiment alone decides it."""
        return any(isinstance(node, Temporal) or is_measured(node) for node in self.tree.walk())

    def start(self) -> Memory:
        """The memory before anything was seen."""
        return (None,) * self.slots

    def value(self, observation: Observation, memory: Memory | None = None) -> Value:
        """Its value at ``observation``."""
        return self.observe(observation, self.start() if memory is None else memory)[0]

    def observe(self, observation: Observation, memory: Memory) -> tuple[Value, Memory]:
        """Its value at ``observation``, and what is remembered from there on."""
        evaluation = Evaluation(observation, memory, list(memory))
        value = self.tree.value(evaluation)
        return value, tuple(evaluation.after)

    def readings(self, observation: Observation, memory: Memory) -> tuple[Reading, ...]:
        """How far each part of it is, at most ``MAX_READINGS``; nothing is remembered."""
        return tuple(self.tree.readings(Evaluation(observation, memory, list(memory)))[:MAX_READINGS])


def is_measured(node: Node) -> bool:
    """Whether ``node`` is a quantity that is unknown before the first frame."""
    return isinstance(node, Measured) and node.quantity.of_run


@lru_cache(maxsize=512)
def parse_condition(text: str) -> Expression:
    """The condition that ``text`` writes; raises ``PlaygroundError`` for one that is not true or false, or none."""
    return parse_expression(text, "truth")


@lru_cache(maxsize=512)
def parse_number(text: str) -> Expression:
    """The number that ``text`` writes; raises ``PlaygroundError`` for what is none."""
    return parse_expression(text, "number")


def parse_expression(text: str, kind: Kind) -> Expression:
    """The expression of that ``kind`` that ``text`` writes; raises ``PlaygroundError``."""
    if not isinstance(text, str):
        raise PlaygroundError(
            mark("a condition is a text such as 'test_accuracy >= 95 %', not {value}.", value=format_value(text))
        )
    if len(text) > MAX_CONDITION_CHARS:
        raise PlaygroundError(
            mark(
                "the condition has {count:,} characters; {limit} are allowed, so split the step.",
                count=len(text),
                limit=MAX_CONDITION_CHARS,
            )
        )
    parser = Parser(text.translate(TYPOGRAPHIC))
    tree = parser.parse(kind)
    return Expression(text, tree, parser.slots)


def tokenize(text: str) -> list[Token]:
    """The signs of ``text``, the last one "end"; raises ``PlaygroundError`` for one that is not of the language."""
    tokens, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            sign = text[start]
            cure = STRAY_SIGNS.get(sign, mark("use numbers, names, + - * / and comparisons"))
            raise PlaygroundError(
                mark(
                    "{sign} at character {place} makes no sense there; {cure}.",
                    sign=repr(sign),
                    place=start + 1,
                    cure=cure,
                )
            )
        kind = match.lastgroup if match.lastgroup != "percent" else "number"
        value: Any = match.group(kind or "")
        start, at = match.start(kind or ""), match.end()
        if kind == "number":
            value = float(value) / (100 if match.group("percent") else 1)
            if value > MAX_NUMBER:
                raise PlaygroundError(
                    mark("the number at character {place} is too large; use one up to 1e12.", place=start + 1)
                )
        tokens.append(Token("text" if kind in ("double", "single") else str(kind), value, start, at))
    return [*tokens, Token("end", "", len(text), len(text))]


class Parser:
    """A recursive descent over one text; ``slots`` counts the temporal parts that it has met."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.at = 0
        self.depth = 0
        self.slots = 0

    def parse(self, kind: Kind) -> Node:
        """The whole text as an expression of ``kind``."""
        if self.token.kind == "end":
            raise PlaygroundError(
                mark("the condition is empty; write what must be true, such as test_accuracy >= 95 %.")
            )
        node = self.disjunction()
        if self.token.kind != "end":
            self.fail(
                mark(
                    "{token} does not continue what stands before it; join conditions by and, or.",
                    token=self.describe(),
                )
            )
        return self.expect(node, kind)

    @property
    def token(self) -> Token:
        """The next sign."""
        return self.tokens[self.at]

    def describe(self) -> str:
        """The next sign as a sentence names it."""
        if self.token.kind == "end":
            return mark("the end")
        text = self.text[self.token.start : self.token.end].strip()[:40]
        return mark("{text} at character {place}", text=repr(text), place=self.token.start + 1)

    def fail(self, sentence: str) -> NoReturn:
        """Raise ``PlaygroundError``."""
        raise PlaygroundError(sentence)

    def accept(self, *values: str) -> str:
        """The next sign or word if it is one of ``values``, passed over; else ""."""
        token = self.token
        if token.kind in ("sign", "name") and token.value in values:
            self.at += 1
            return token.value
        return ""

    def require(self, value: str) -> None:
        """Pass over ``value``; raises where something else stands."""
        if not self.accept(value):
            self.fail(mark("{value} is missing before {token}.", value=repr(value), token=self.describe()))

    def expect(self, node: Node, kind: Kind) -> Node:
        """``node``, which must be of ``kind``."""
        if node.kind != kind:
            self.fail(
                mark(
                    "{source} is {kind}, where {needed} is needed; {cure}.",
                    source=repr(node.source[:60]),
                    kind=KIND_WORDS[node.kind],
                    needed=KIND_WORDS[kind],
                    cure=CURES[kind],
                )
            )
        return node

    def source(self, start: int) -> str:
        """The text from token ``start`` to before the next one."""
        return self.text[self.tokens[start].start : self.tokens[self.at - 1].end].strip()

    def disjunction(self) -> Node:
        """``truth or truth ...``"""
        return self.connective("or", lambda: self.connective("and", self.negation))

    def connective(self, word: Any, operand: Any) -> Node:
        """Operands joined by ``word``."""
        start = self.at
        nodes = [operand()]
        while self.accept(word):
            nodes.append(operand())
        if len(nodes) == 1:
            return nodes[0]
        return Connective("truth", self.source(start), word, tuple(self.expect(node, "truth") for node in nodes))

    def negation(self) -> Node:
        """``not truth``."""
        start = self.at
        if not self.accept("not"):
            return self.comparison()
        operand = self.nest(self.negation)
        return Negation("truth", self.source(start), self.expect(operand, "truth"))

    def nest(self, parse: Any) -> Node:
        """What ``parse`` finds, a level deeper."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(
                mark(
                    "the condition is nested more than {limit} deep; write it with fewer parentheses.", limit=MAX_DEPTH
                )
            )
        node = parse()
        self.depth -= 1
        return node

    def comparison(self) -> Node:
        """``number < number``, ``name == "name"``."""
        start = self.at
        left = self.sum()
        sign = self.accept(*COMPARISONS)
        if not sign:
            return left
        right = self.sum()
        if self.token.kind == "sign" and self.token.value in COMPARISONS:
            self.fail(mark("{token} is a second comparison; write a < b and b < c.", token=self.describe()))
        if "truth" in (left.kind, right.kind):
            truth = left if left.kind == "truth" else right
            self.fail(
                mark(
                    "{source} is true or false; write it alone, or not {truth}.",
                    source=repr(truth.source[:60]),
                    truth=truth.source[:60],
                )
            )
        if "name" in (left.kind, right.kind):
            self.check_names(left, sign, right)
        return Comparison("truth", self.source(start), left, sign, right)

    def check_names(self, left: Node, sign: str, right: Node) -> None:
        """Names are compared with names that there are."""
        self.expect(left, "name")
        self.expect(right, "name")
        if sign not in ("==", "!="):
            self.fail(mark("names are compared by == and !=, not by {sign}.", sign=sign))
        for quantity, constant in ((left, right), (right, left)):
            if isinstance(quantity, Measured) and isinstance(constant, Constant):
                choices = quantity.quantity.choices
                if constant.constant not in choices:
                    raise unknown_choice(quantity.quantity.name, constant.constant, choices)

    def sum(self) -> Node:
        """``a + b - c``."""
        return self.chain({"+": operator.add, "-": operator.sub}, self.product)

    def product(self) -> Node:
        """``a * b / c``."""
        return self.chain({"*": operator.mul, "/": operator.truediv}, self.sign)

    def chain(self, operations: Any, operand: Any) -> Node:
        """Operands joined by operations from left to right."""
        start = self.at
        node = operand()
        while sign := self.accept(*operations):
            pair = (self.expect(node, "number"), self.expect(operand(), "number"))
            node = Arithmetic("number", self.source(start), operations[sign], pair)
        return node

    def sign(self) -> Node:
        """``-a``."""
        start = self.at
        if not self.accept("-"):
            return self.atom()
        operand = self.expect(self.nest(self.sign), "number")
        if isinstance(operand, Constant):
            return Constant("number", self.source(start), -float(operand.constant))
        return Arithmetic("number", self.source(start), operator.neg, (operand,))

    def atom(self) -> Node:
        """A number, a name in quotation marks, a quantity, a function, or an expression in parentheses."""
        token, start = self.token, self.at
        if token.kind in ("number", "text"):
            self.at += 1
            return Constant("number" if token.kind == "number" else "name", self.source(start), token.value)
        if self.accept("("):
            node = self.nest(self.disjunction)
            self.require(")")
            return node
        if token.kind != "name" or token.value in WORDS:
            self.fail(mark("a quantity or a number is missing before {token}.", token=self.describe()))
        self.at += 1
        if token.value in FUNCTIONS:
            return self.function(token.value, start)
        return self.read_quantity(token.value, start)

    def read_quantity(self, name: str, start: int) -> Node:
        """A quantity with its arguments."""
        if name not in QUANTITIES:
            if any(name in entry.choices for entry in QUANTITIES.values()):
                self.fail(
                    mark(
                        "{name} is a name, not a quantity; write it in quotation marks: {quoted}.",
                        name=name,
                        quoted=repr(name),
                    )
                )
            raise unknown_choice(mark("quantity"), name, (*QUANTITIES, *FUNCTIONS))
        entry = QUANTITIES[name]
        arguments: list[float | str] = []
        if entry.arguments:
            self.require_opening(entry.signature)
            for place, argument in enumerate(entry.arguments):
                if place:
                    self.require_comma(entry.signature)
                arguments.append(self.argument(entry, argument))
            self.require_closing(entry.signature)
        elif self.token.value == "(" and self.token.kind == "sign":
            self.fail(mark("{name} takes nothing in parentheses; write {name} alone.", name=name))
        return Measured(entry.kind, self.source(start), entry, tuple(arguments))

    def require_opening(self, signature: str) -> None:
        """Pass over "("."""
        if not self.accept("("):
            self.fail(mark("write {signature}, with parentheses.", signature=signature))

    def require_comma(self, signature: str) -> None:
        """Pass over ","."""
        if not self.accept(","):
            self.fail(
                mark(
                    "a comma is missing before {token}; write {signature}.", token=self.describe(), signature=signature
                )
            )

    def require_closing(self, signature: str) -> None:
        """Pass over ")"."""
        if not self.accept(")"):
            self.fail(
                mark(
                    "a closing parenthesis is missing before {token}; write {signature}.",
                    token=self.describe(),
                    signature=signature,
                )
            )

    def argument(self, entry: Quantity, argument: Argument) -> float | str:
        """A constant argument of a quantity."""
        token = self.token
        if argument.kind == "text" and token.kind == "text":
            self.at += 1
            return token.value
        if argument.kind == "layer" and self.accept(OUTPUT):
            return OUTPUT
        if argument.kind == "coordinate":
            is_negative = bool(self.accept("-"))
            token = self.token
            if token.kind == "number":
                self.at += 1
                return -token.value if is_negative else token.value
        is_index = token.kind == "number" and token.value in range(1, MAX_INDEX + 1)
        if argument.kind in ("layer", "index") and is_index:
            self.at += 1
            return int(token.value)
        needed = {
            "layer": mark("a layer: 1, 2, ... or {output}", output=OUTPUT),
            "index": mark("a whole number from 1 to {limit}", limit=MAX_INDEX),
            "coordinate": mark("a number such as -2.5"),
            "text": mark('a name in quotation marks such as "x1"'),
        }[argument.kind]
        self.fail(
            mark(
                "{argument} in {signature} is {needed}, not {token}.",
                argument=argument.name,
                signature=entry.signature,
                needed=needed,
                token=self.describe(),
            )
        )

    def function(self, name: str, start: int) -> Node:
        """A function of the language."""
        signature = FUNCTIONS[name]
        self.require_opening(signature)
        operands = [self.nest(self.disjunction)]
        while self.accept(","):
            operands.append(self.nest(self.disjunction))
        self.require_closing(signature)
        source = self.source(start)
        if name == "abs":
            (number,) = self.check_operands(operands, ("number",), signature)
            return Arithmetic("number", source, abs, (number,))
        slot, self.slots = self.slots, self.slots + 1
        if self.slots > MAX_TEMPORAL:
            self.fail(
                mark(
                    "the condition looks back {count} times; {limit} are allowed, so split the step.",
                    count=self.slots,
                    limit=MAX_TEMPORAL,
                )
            )
        if name == "once":
            return Once("truth", source, slot, self.check_operands(operands, ("truth",), signature))
        if name == "then":
            if not 2 <= len(operands) <= MAX_THEN:
                self.fail(
                    mark(
                        "then takes 2 to {limit} truths, not {count}; write {signature}.",
                        limit=MAX_THEN,
                        count=len(operands),
                        signature=signature,
                    )
                )
            return Then("truth", source, slot, self.check_operands(operands, ("truth",) * len(operands), signature))
        if name == "stays":
            parts = self.check_operands(operands, ("truth", "number"), signature)
            if not isinstance(parts[1], Constant):
                self.fail(mark("the steps of {signature} are a number such as 200.", signature=signature))
            return Stays("truth", source, slot, parts)
        if name == "different":
            if not isinstance(operands[0], Measured) or operands[0].quantity.of_run:
                self.fail(
                    mark(
                        "{signature} counts values of a field of the experiment, such as init_seed.",
                        signature=signature,
                    )
                )
            parts = self.check_operands(operands, (operands[0].kind, "truth"), signature)
            return Different("number", source, slot, parts)
        parts = self.check_operands(operands, ("number", "truth"), signature)
        return Extreme("number", source, slot, parts, "lowest" if name == "lowest" else "highest")

    def check_operands(self, operands: list[Node], kinds: tuple[Kind, ...], signature: str) -> tuple[Node, ...]:
        """``operands``, one of each of ``kinds``."""
        if len(operands) != len(kinds):
            self.fail(
                mark(
                    "write {signature}: it takes {limit} in parentheses, not {count}.",
                    signature=signature,
                    limit=len(kinds),
                    count=len(operands),
                )
            )
        return tuple(self.expect(node, kind) for node, kind in zip(operands, kinds, strict=True))
