"""Knobs as the programs take them: one vector of numbers."""

from __future__ import annotations

from dataclasses import fields

import jax
import numpy as np

from playground.experiment import Knobs
from playground.training.objective import Knob

KNOB_NAMES = tuple(field.name for field in fields(Knobs))


def knob_vector(knobs: Knobs) -> np.ndarray:
    """The knobs as one float32 vector, in the order of their fields: one argument instead of many."""
    return np.array([getattr(knobs, name) for name in KNOB_NAMES], np.float32)


def knobs_of(vector: np.ndarray) -> Knobs:
    """The knobs that ``knob_vector`` gave as a vector, to six digits."""
    return Knobs(**{name: float(f"{value:.6g}") for name, value in zip(KNOB_NAMES, vector, strict=True)})


def knob_dict(vector: jax.Array) -> Knob:
    """The traced knobs by name."""
    return {name: vector[i] for i, name in enumerate(KNOB_NAMES)}
