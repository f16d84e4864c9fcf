"""What a handout can hide or lock in a few decisions: the areas of the page, and sets of rules over them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Literal

from playground.experiment.experiment import PARTS
from playground.experiment.handout_controls import CONTROLS
from playground.language import mark

State = Literal["free", "lock", "hide", "mixed"]
NEXT: dict[State, State] = {"free": "lock", "lock": "hide", "hide": "free", "mixed": "free"}
"""What a press makes of an area."""
SIGN = "~"
"""What stands before an area's name in a link."""

ELSEWHERE = {
    "network": ("hidden", "features", "diagram"),
    "activation": ("init_seed",),
    "optimizer": ("loss", "optimizer", "schedule", "batch_size", "shuffle"),
    "rate": ("learning_rate", "which_way"),
    "regularization": ("l1", "l2", "weight_decay", "dropout", "patience"),
    "data": ("new_samples",),
    "time": ("time_line", "branches", "pictures", "history"),
    "output": ("axes", "painted", "only_painted", "paint", "test_points", "pulls"),
    "charts": ("curves", "gradients", "notices"),
}
"""Controls that stand in another area than their part of the experiment's."""
HOME = {"problem": "data", "structure": "activation", "knobs": "optimizer"}
"""The area of all other fields, by the part of the experiment that they belong to; all other controls belong to the
transport."""


def area_of(control: str) -> str:
    """The name of the area in which ``control`` stands."""
    for name, controls in ELSEWHERE.items():
        if control in controls:
            return name
    return next(
        (HOME[part] for part, kind in PARTS.items() if control in {field.name for field in fields(kind)}), "play"
    )


@dataclass(frozen=True)
class Area:
    """A part of the page."""

    name: str
    label: str
    explanation: str

    @property
    def controls(self) -> tuple[str, ...]:
        """All that stands in it, in the order of ``CONTROLS``."""
        return tuple(control for control in CONTROLS if area_of(control) == self.name)


AREAS = {
    area.name: area
    for area in (
        Area("data", mark("Data"), mark("Which samples, how many, how noisy, and how they are split.")),
        Area("network", mark("Layers, units, features"), mark("The network's shape, by number and in its diagram.")),
        Area(
            "activation",
            mark("Activation, first weights"),
            mark("What a unit makes of its sum, normalisation, and the start."),
        ),
        Area("optimizer", mark("Loss, optimizer, batch"), mark("What is made small, and by what kind of steps.")),
        Area("rate", mark("Learning rate"), mark("How large a step is, and which way to turn it.")),
        Area("regularization", mark("Regularization"), mark("Penalties, dropout and stopping early.")),
        Area("play", mark("Play, steps, new start"), mark("The transport and its speed.")),
        Area("time", mark("Time line, branches, pictures"), mark("Going back, comparing, and saving what is seen.")),
        Area("output", mark("Output: painting, test points"), mark("What can be done in the picture of the answers.")),
        Area("charts", mark("Curves, gradients, notices"), mark("What is told about training.")),
    )
}


@dataclass(frozen=True)
class RuleSet:
    """What becomes of each area that is not free, by its name."""

    name: str
    label: str
    explanation: str
    states: Mapping[str, State] = field(default_factory=dict)


def _all_but(state: State, *free: str) -> dict[str, State]:
    return {name: state for name in AREAS if name not in free}


RULE_SETS = {
    rules.name: rules
    for rules in (
        RuleSet("free", mark("Everything is free"), mark("Nothing is locked or hidden.")),
        RuleSet(
            "rate",
            mark("Only learning rate and play"),
            mark("One knob, and all that shows what it does."),
            states=_all_but("lock", "rate", "play", "time", "charts"),
        ),
        RuleSet(
            "watch",
            mark("Only watch"),
            mark("Play, and go back in time."),
            states=_all_but("lock", "play", "time", "charts"),
        ),
        RuleSet(
            "network",
            mark("Build the network"),
            mark("Layers, units, features and activations; data and training are given."),
            states=_all_but("lock", "network", "activation", "play", "time", "charts"),
        ),
        RuleSet(
            "overfitting",
            mark("Fight overfitting"),
            mark("Regularization alone, on given data and a given network."),
            states=_all_but("lock", "regularization", "play", "time", "charts"),
        ),
        RuleSet(
            "least",
            mark("As little as can be"),
            mark("Learning rate and play; what is not needed is not there."),
            states=_all_but("hide", "rate", "play", "charts"),
        ),
    )
}


def state_of(area: Area, hide: Collection[str], lock: Collection[str]) -> State:
    """What a handout that hides and locks these controls makes of ``area``."""
    states: set[State] = {
        "hide" if control in hide else "lock" if control in lock else "free" for control in area.controls
    }
    return states.pop() if len(states) == 1 else "mixed"


def with_state(
    area: Area, state: State, hide: Collection[str], lock: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The controls that are hidden and those that are locked once all of ``area`` is ``state``, in the order of
    ``CONTROLS``."""
    chosen = set(area.controls)
    hidden = (set(hide) - chosen) | (chosen if state == "hide" else set())
    locked = (set(lock) - chosen) | (chosen if state == "lock" else set())
    return tuple(control for control in CONTROLS if control in hidden), tuple(
        control for control in CONTROLS if control in locked
    )


def controls_of(rules: RuleSet) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The controls that a set of rules hides, and those that it locks."""
    hide: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    for name, state in rules.states.items():
        hide, lock = with_state(AREAS[name], state, hide, lock)
    return hide, lock


def areas_named(controls: Sequence[str]) -> tuple[str, ...]:
    """``controls`` as a link lists them: an area that is there as a whole by its name, and the rest one by one."""
    whole = [area for area in AREAS.values() if set(area.controls) <= set(controls)]
    named = {control for area in whole for control in area.controls}
    return (*(SIGN + area.name for area in whole), *(control for control in controls if control not in named))


def controls_named(names: Sequence[str]) -> list[str]:
    """The controls of a link's list, those of its areas among them; a name that is none stays as it is."""
    controls: list[str] = []
    for name in names:
        area = AREAS.get(name.removeprefix(SIGN)) if name.startswith(SIGN) else None
        controls += area.controls if area else (name,)
    return controls
