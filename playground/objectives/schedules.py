"""How the learning rate changes over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array

from playground.language import mark
from playground.registry import Entry, Registry

Knob = Mapping[str, Array]


@dataclass(frozen=True, kw_only=True)
class Schedule(Entry):
    """A schedule; ``factor(step () int32, knobs) -> () float32`` multiplies the learning rate, from 0 to 1."""

    factor: Callable[[Array, Knob], Array]


SCHEDULES: Registry[Schedule] = Registry("schedule")


def progress(step: Array, knobs: Knob) -> Array:
    """How much of the schedule's length has passed: 0 to 1, then 1."""
    return jnp.clip(step / knobs["schedule_steps"], 0.0, 1.0)


def constant(step: Array, knobs: Knob) -> Array:
    """Always 1."""
    return jnp.ones((), jnp.float32)


def step_decay(step: Array, knobs: Knob) -> Array:
    """``decay_rate`` to the number of whole lengths that have passed."""
    return knobs["decay_rate"] ** jnp.floor(step / knobs["schedule_steps"])


def exponential(step: Array, knobs: Knob) -> Array:
    """``decay_rate`` to the number of lengths that have passed, fractions included."""
    return knobs["decay_rate"] ** (step / knobs["schedule_steps"])


def cosine(step: Array, knobs: Knob) -> Array:
    """Half a cosine from 1 to 0 over the length."""
    return 0.5 * (1 + jnp.cos(jnp.pi * progress(step, knobs)))


RISE = 0.3
FLOOR = 1 / 25
END = 1e-4 / 25


def one_cycle(step: Array, knobs: Knob) -> Array:
    """Half a cosine from 1/25 up to 1 over the first 30 % of the length, another down to 1/250000 over the rest."""
    at = progress(step, knobs)
    up = FLOOR + (1 - FLOOR) * 0.5 * (1 - jnp.cos(jnp.pi * at / RISE))
    down = END + (1 - END) * 0.5 * (1 + jnp.cos(jnp.pi * (at - RISE) / (1 - RISE)))
    return jnp.where(at < RISE, up, down)


def warmup_cosine(step: Array, knobs: Knob) -> Array:
    """A straight line from 0 to 1 over ``warmup_steps``, then half a cosine down to 0 at the end of the length."""
    warm = knobs["warmup_steps"]
    rest = jnp.clip((step - warm) / jnp.maximum(knobs["schedule_steps"] - warm, 1.0), 0.0, 1.0)
    return jnp.where(step < warm, step / jnp.maximum(warm, 1.0), 0.5 * (1 + jnp.cos(jnp.pi * rest)))


def _add(
    name: str,
    label: str,
    factor: Callable[[Array, Knob], Array],
    knobs: tuple[str, ...],
    formula: str,
    source: str,
    explanation: str,
) -> None:
    SCHEDULES.register(
        Schedule(
            name=name, label=label, factor=factor, knobs=knobs, formula=formula, source=source, explanation=explanation
        )
    )


_add(
    "constant", "Constant", constant, (), r"\eta_t = \eta", mark("no schedule"), "The learning rate stays as it is set."
)
_add(
    "step",
    "Step decay",
    step_decay,
    ("schedule_steps", "decay_rate"),
    r"\eta_t = \eta\, r^{\lfloor t / T \rfloor}",
    "He et al. 2015",
    "The learning rate drops by a factor each time the schedule's length has passed.",
)
_add(
    "exponential",
    "Exponential",
    exponential,
    ("schedule_steps", "decay_rate"),
    r"\eta_t = \eta\, r^{t / T}",
    "Darken & Moody 1990",
    "The learning rate shrinks by the same share at every step.",
)
_add(
    "cosine",
    "Cosine",
    cosine,
    ("schedule_steps",),
    r"\eta_t = \tfrac{\eta}{2} (1 + \cos \pi t / T)",
    "Loshchilov & Hutter 2016",
    "The learning rate falls along half a cosine: gently at first, then fast, then gently to 0.",
)
_add(
    "one_cycle",
    "One cycle",
    one_cycle,
    ("schedule_steps",),
    r"\eta_t: \tfrac{\eta}{25} \nearrow \eta \text{ over } 0.3\,T, \searrow \tfrac{\eta}{250000} \text{ over the rest}",
    "Smith & Topin 2017",
    "The learning rate rises to its height and falls far below where it began, once.",
)
_add(
    "warmup_cosine",
    "Warm-up, then cosine",
    warmup_cosine,
    ("warmup_steps", "schedule_steps"),
    r"\eta_t = \eta\, \tfrac{t}{w} \text{ up to } w, \text{ then } \tfrac{\eta}{2} (1 + \cos \pi \tfrac{t - w}{T - w})",
    "Goyal et al. 2017; Loshchilov & Hutter 2016",
    "The learning rate rises from 0 in a straight line, then falls along half a cosine.",
)
