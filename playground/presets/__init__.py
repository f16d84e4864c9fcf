"""Experiments worth a minute, with a word each on what to watch and why."""

from playground.presets import article, first_steps, overfitting, troubles  # noqa: F401  in the gallery's order
from playground.presets.preset import PRESETS, Preset

__all__ = ["PRESETS", "Preset"]
