"""What no page ever sends: triggers and widget values that make no sense, in the protocol's own messages."""

from __future__ import annotations

from random import Random
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.crowd.wire import Wire
from playground.ui.commands import COMMANDS

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


async def forged_values(random: Random, wire: Wire) -> None:
    """One widget of the page says what it cannot say; it is as it was afterwards."""
    states = wire.page.states
    name = random.choice([one for one in states if "field_hidden" not in one])
    kept, odd = states[name], WidgetState(id=name)
    kind = random.randrange(5)
    if kind == 0:
        odd.string_value = random.choice(TEXTS)
    elif kind == 1:
        odd.double_value = random.choice([1e308, -1.0, float("nan"), float("inf")])
    elif kind == 2:
        odd.string_array_value.data.extend(random.sample(TEXTS, 3))
    elif kind == 3:
        odd.json_value = random.choice(["{", "[" * 500, '{"a": 1e999}', "null"])
    else:
        odd.double_array_value.data.extend([random.random() * 1e9] * random.randrange(4))
    states[name] = odd
    try:
        await wire.ask()
    finally:
        states[name] = kept
