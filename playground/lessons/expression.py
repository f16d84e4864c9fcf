"""The tree of a condition: numbers, truths and names over what an observation holds.

A value that is not known (``None``) stays unknown in arithmetic and comparisons; ``and``, ``or`` and ``not`` follow
Kleene's logic of three values (Kleene 1952, section 64). A condition is met only where it is true.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from playground.language import join_items, mark
from playground.lessons.observation import Observation
from playground.lessons.quantities import OUTPUT, Kind, Quantity, Value
from playground.number_format import format_percent, format_precise

TOLERANCE = 1e-6
"""Relative difference below which two numbers count as equal: a knob passes through float32."""
MAX_DIFFERENT = 64
"""Different values that ``different`` counts."""

Memory = tuple[Any, ...]
"""What the temporal parts of a condition have seen: a plain JSON value for each."""
Unit = Literal["", "share", "count"]


@dataclass
class Evaluation:
    """An observation, what was seen ``before`` it, and what has been seen ``after`` it."""

    observation: Observation
    before: Memory
    after: list[Any]


@dataclass(frozen=True)
class Reading:
    """How far a part of a condition is: ``value`` (as the screen writes it) beside what it is compared with by
    ``sign``; both "" for what is only true or false."""

    label: str
    value: str
    sign: str
    target: str
    is_met: bool


@dataclass(frozen=True)
class Node(ABC):
    """A part of an expression: its ``kind``, and the ``source`` text that it was read from."""

    kind: Kind
    source: str = field(repr=False)

    @abstractmethod
    def value(self, evaluation: Evaluation) -> Value:
        """The value at an observation; every temporal part below it takes note of the observation."""

    @property
    def children(self) -> tuple[Node, ...]:
        """The parts of which it is made."""
        return ()

    @property
    def label(self) -> str:
        """What it is in words."""
        return self.source

    @property
    def unit(self) -> Unit:
        """How its number is written."""
        return ""

    def walk(self) -> Iterator[Node]:
        """This part and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def readings(self, evaluation: Evaluation) -> list[Reading]:
        """How far it is, a line for each part that can be read."""
        if self.kind != "truth":
            return []
        value = self.value(evaluation)
        return [Reading(self.label, "", "", "", value is True)]


@dataclass(frozen=True)
class Constant(Node):
    """A number or a name as it was written."""

    constant: float | str

    def value(self, evaluation: Evaluation) -> Value:
        return self.constant


@dataclass(frozen=True)
class Measured(Node):
    """A quantity, of constant arguments."""

    quantity: Quantity
    arguments: tuple[float | str, ...] = ()

    def value(self, evaluation: Evaluation) -> Value:
        return self.quantity.read(evaluation.observation, *self.arguments)

    @property
    def label(self) -> str:
        parts = []
        for argument, value in zip(self.quantity.arguments, self.arguments, strict=True):
            if argument.kind == "layer":
                parts.append(mark("output layer") if value == OUTPUT else mark("layer {number}", number=value))
            else:
                parts.append(value if argument.kind == "text" else mark(argument.label, number=value))
        label = self.quantity.label
        return mark("{label} ({arguments})", label=label, arguments=join_items(parts)) if parts else label

    @property
    def unit(self) -> Unit:
        return self.quantity.unit


@dataclass(frozen=True)
class Arithmetic(Node):
    """A sum, difference, product, quotient or magnitude; unknown where it is not finite."""

    operation: Callable[..., Any]
    operands: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.operands

    def value(self, evaluation: Evaluation) -> Value:
        values = [operand.value(evaluation) for operand in self.operands]
        if None in values:
            return None
        try:
            result = self.operation(*values)
        except (ZeroDivisionError, OverflowError):
            return None
        return result if math.isfinite(result) else None


@dataclass(frozen=True)
class Comparison(Node):
    """``left`` compared with ``right`` by ``sign``."""

    left: Node
    sign: str
    right: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return self.left, self.right

    def value(self, evaluation: Evaluation) -> Value:
        return compare(self.left.value(evaluation), self.sign, self.right.value(evaluation))

    @property
    def label(self) -> str:
        unit = self.left.unit or self.right.unit
        left, right = (
            format_value(self.name_choice(side.constant), unit) if isinstance(side, Constant) else side.label
            for side in (self.left, self.right)
        )
        return mark("{left} {sign} {right}", left=left, sign=SIGNS[self.sign], right=right)

    def name_choice(self, value: Value) -> Value:
        """``value`` as the screen calls it, if it is a name that one of both sides can be."""
        for side in (self.left, self.right):
            if isinstance(value, str) and isinstance(side, Measured):
                return side.quantity.choice_label(value)
        return value

    def readings(self, evaluation: Evaluation) -> list[Reading]:
        left, sign, right = self.left, self.sign, self.right
        if isinstance(left, Constant) and not isinstance(right, Constant):
            left, sign, right = right, MIRRORED[sign], left
        unit = left.unit or right.unit
        values = left.value(evaluation), right.value(evaluation)
        value, target = (format_value(self.name_choice(number), unit) for number in values)
        return [Reading(left.label, value, SIGNS[sign], target, compare(values[0], sign, values[1]) is True)]


@dataclass(frozen=True)
class Connective(Node):
    """``and`` or ``or`` of several truths."""

    word: Literal["and", "or"]
    operands: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.operands

    def value(self, evaluation: Evaluation) -> Value:
        values = [operand.value(evaluation) for operand in self.operands]
        decisive = self.word == "or"
        return decisive if decisive in values else None if None in values else not decisive

    @property
    def label(self) -> str:
        return join_items([operand.label for operand in self.operands], self.word)

    def readings(self, evaluation: Evaluation) -> list[Reading]:
        return [reading for operand in self.operands for reading in operand.readings(evaluation)]


@dataclass(frozen=True)
class Negation(Node):
    """``not`` of a truth."""

    operand: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def value(self, evaluation: Evaluation) -> Value:
        value = self.operand.value(evaluation)
        return None if value is None else not value

    @property
    def label(self) -> str:
        return mark("not {label}", label=self.operand.label)


@dataclass(frozen=True)
class Temporal(Node):
    """What looks at more than one observation since its step began; ``slot``: its place in the memory."""

    slot: int
    operands: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.operands

    def value(self, evaluation: Evaluation) -> Value:
        values = tuple(operand.value(evaluation) for operand in self.operands)
        state = self.update(evaluation.before[self.slot], values, evaluation.observation)
        evaluation.after[self.slot] = state
        return self.result(state)

    @abstractmethod
    def update(self, state: Any, values: tuple[Value, ...], observation: Observation) -> Any:
        """What is remembered once the operands have these ``values``; ``state`` None: nothing was seen yet."""

    @abstractmethod
    def result(self, state: Any) -> Value:
        """The value of what is remembered."""


@dataclass(frozen=True)
class Once(Temporal):
    """``once(truth)``: it was true at some moment."""

    def update(self, state: Any, values: tuple[Value, ...], observation: Observation) -> Any:
        return True if state or values[0] is True else None

    def result(self, state: Any) -> Value:
        return state is True


@dataclass(frozen=True)
class Then(Temporal):
    """``then(truth, truth, ...)``: each was true at some moment after that of the one before it."""

    def update(self, state: Any, values: tuple[Value, ...], observation: Observation) -> Any:
        seen = state or 0
        return seen + 1 if seen < len(values) and values[seen] is True else seen

    def result(self, state: Any) -> Value:
        return state == len(self.operands)

    def readings(self, evaluation: Evaluation) -> list[Reading]:
        seen = evaluation.before[self.slot] or 0
        past = [Reading(operand.label, "", "", "", True) for operand in self.operands[:seen]]
        rest = [Reading(operand.label, "", "", "", False) for operand in self.operands[seen + 1 :]]
        present = self.operands[seen].readings(evaluation) if seen < len(self.operands) else []
        return [*past, *present, *rest]


@dataclass(frozen=True)
class Stays(Temporal):
    """``stays(truth, steps)``: it was true at every frame over so many optimizer steps of one run."""

    def update(self, state: Any, values: tuple[Value, ...], observation: Observation) -> Any:
        is_true, steps = values
        if state is True:
            return True
        if is_true is not True or not observation.has_frame or not isinstance(steps, float):
            return None
        step = observation.scalars.get("step", 0.0)
        if state is None or state[0] != observation.run or state[1] > step:
            state = [observation.run, step]
        return True if step - state[1] >= steps else state

    def result(self, state: Any) -> Value:
        return state is True


@dataclass(frozen=True)
class Different(Temporal):
    """``different(field, truth)``: how many values the field has had at moments at which the truth held."""

    def update(self, state: Any, values: tuple[Value, ...], observation: Observation) -> Any:
        value, is_true = values
        seen: list[Any] = state or []
        is_new = is_true is True and value is not None and value not in seen
        return [*seen, value] if is_new and len(seen) < MAX_DIFFERENT else seen

    def result(self, state: Any) -> Value:
        return float(len(state))

    @property
    def label(self) -> str:
        return mark("different values of {label}", label=self.operands[0].label)

    @property
    def unit(self) -> Unit:
        return "count"


@dataclass(frozen=True)
class Extreme(Temporal):
    """``lowest(number, truth)``, ``highest(number, truth)``: of the number over all moments at which the truth
    held."""

    word: Literal["lowest", "highest"]

    def update(self, state: Any, values: tuple[Value, ...], observation: Observation) -> Any:
        number, is_true = values
        if is_true is not True or number is None:
            return state
        return number if state is None else (min if self.word == "lowest" else max)(state, number)

    def result(self, state: Any) -> Value:
        return state

    @property
    def label(self) -> str:
        label = self.operands[0].label
        return mark("lowest {label}", label=label) if self.word == "lowest" else mark("highest {label}", label=label)

    @property
    def unit(self) -> Unit:
        return self.operands[0].unit


SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}
"""Comparisons as people read them."""
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def compare(left: Value, sign: str, right: Value) -> Value:
    """Whether ``left sign right``; numbers that differ by less than ``TOLERANCE`` of themselves are equal."""
    if left is None or right is None:
        return None
    if isinstance(left, str) or isinstance(right, str):
        return (left == right) == (sign == "==")
    is_equal = math.isclose(left, right, rel_tol=TOLERANCE)
    if sign in ("==", "!="):
        return is_equal == (sign == "==")
    if is_equal:
        return sign in ("<=", ">=")
    return left < right if sign in ("<", "<=") else left > right


def format_value(value: Value, unit: Unit) -> str:
    """``value`` as the screen writes it; "–" for what is not known."""
    if isinstance(value, str):
        return value
    if value is not None and unit == "share":
        return format_percent(float(value), 1)
    if value is not None and unit == "count" and float(value).is_integer():
        return f"{int(value):,}"
    return format_precise(value)
