"""What no page ever sends: triggers and widget values that make no sense, in the protocol's own messages."""

from __future__ import annotations

from random import Random
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.crowd.wire import Wire
from playground.stage.commands import COMMANDS

HUGE = 10**400
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    3,
    HUGE,
    -HUGE,
    1e308,
    float("nan"),
    "",
    "x" * 3000,
    "../../etc",
    "<script>",
    [],
    [[1]] * 9,
    {},
    {"a": [1]},
)
KEYS = (
    "layer",
    "source",
    "unit",
    "value",
    "on",
    "head",
    "by",
    "name_of",
    "mark",
    "branch",
    "changes",
    "add",
    "erase",
    "from",
    "epoch",
    "steps",
)
TEXTS = ("", "nan", "-1", "9" * 400, "4, 2, x", "64, " * 40, "<img src=x onerror=1>", "x1**9**9", "\u202e", "tanh")


def forged_trigger(random: Random, run: str) -> tuple[str, dict[str, Any]]:
    """A command or a question of the stage, each part of it odd."""
    odd = {key: random.choice(ODD) for key in random.sample(KEYS, random.randrange(6))}
    if random.random() < 0.5:
        return "want", {
            "run": random.choice([run, "", "x"]),
            **odd,
            "mount": random.choice(ODD),
            "story": random.choice(ODD),
        }
    # Those that compile another network are a visitor's right, and slow.
    names = [one for one in COMMANDS if one not in ("resize", "activate", "feature", "change")]
    return "command", {
        **odd,
        "name": random.choice([*names, "nonsense"]),
        "talk": random.choice(ODD),
        "nonce": random.choice(ODD),
    }


async def say(wire: Wire, odd: WidgetState) -> None:
    """Have one widget say ``odd``, once."""
    states = wire.page.states
    kept = states[odd.id]
    states[odd.id] = odd
    try:
        await wire.ask()
    finally:
        states[odd.id] = kept


def forged_value(random: Random, wire: Wire) -> WidgetState:
    """A value of the right kind that its widget does not offer. Other hidden layers would compile: that is a visitor's
    right, and slow."""
    states = wire.page.states
    name = random.choice([one for one in states if "field_hidden" not in one])
    odd, kind = WidgetState(id=name), states[name].WhichOneof("value")
    if kind == "string_value":
        odd.string_value = random.choice(TEXTS)
    elif kind == "double_value":
        odd.double_value = random.choice([1e308, -1e308, -1.0, 0.5])
    elif kind == "string_array_value":
        odd.string_array_value.data.extend(random.sample(TEXTS, random.randrange(4)))
    elif kind == "double_array_value":
        odd.double_array_value.data.extend(
            [random.choice([-1.0, 1e9, 1e308])] * len(states[name].double_array_value.data)
        )
    else:
        odd.bool_value = bool(random.randrange(2))
    return odd


def unreadable_value(random: Random, wire: Wire) -> WidgetState:
    """A value of a kind that its widget never has, or no number where there must be one: Streamlit itself stumbles over
    it."""
    states = wire.page.states
    name = next(one for one in states if one.endswith("-field_seed"))
    kind = random.randrange(3)
    if kind == 0:
        return WidgetState(id=name, double_value=float("nan"))
    if kind == 1:
        return WidgetState(id=name, json_value="[" * 500)
    return WidgetState(id=name, string_value=random.choice(TEXTS))
