"""Experiments worth a minute, with a word each on what to watch and why."""

from playground.presets import inputs, shape, signals, descent, overfitting  # noqa: F401, I001  in the gallery's order
from playground.presets.preset import PRESETS, Preset

__all__ = ["PRESETS", "Preset"]
