"""The numbers from which a preset's picture in the gallery is drawn: results of its own training."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from playground.language import Translatable
from playground.presets.preset import PRESETS, Preset

FILE = Path(__file__).with_name("pictures.json")
"""Written by ``make gallery``."""
DIGEST_DIGITS = 16


@dataclass(frozen=True)
class PresetPicture:
    """A trained preset.

    ``digest``: of the experiment and its steps. ``map (planes, side, side)`` uint8: the output, as ``boundary`` has it.
    ``points (n, 3)``: places from 0 to 1 (from the left, from below) and what they are (class index, or a regression's
    target from -1 to 1), of some train samples. ``losses (2, looks)``: train and test loss on the way, at equal
    distances. ``units (n, side, side)`` uint8: maps of the last hidden layer's units that the diagram draws.
    ``gradients (layers,)``: norms at the end, from the first layer to the last. ``classes``: how many, 0 for a
    regression. ``words``: what it came to.
    """

    digest: str
    map: np.ndarray
    points: np.ndarray
    losses: np.ndarray
    units: np.ndarray
    gradients: np.ndarray
    classes: int
    words: Translatable

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "digest": self.digest,
            "map": _pack(self.map),
            "points": [[round(float(x), 3), round(float(y), 3), round(float(k), 2)] for x, y, k in self.points],
            "losses": [[float(f"{loss:.4g}") for loss in row] for row in self.losses],
            "units": _pack(self.units),
            "gradients": [float(f"{norm:.3g}") for norm in self.gradients],
            "classes": self.classes,
            "words": {"template": self.words.template, "values": dict(self.words.values)},
        }

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> PresetPicture:
        """What ``to_dict`` has made."""
        return PresetPicture(
            values["digest"],
            _unpack(values["map"]),
            np.array(values["points"], float).reshape(-1, 3),
            np.array(values["losses"], float),
            _unpack(values["units"]),
            np.array(values["gradients"], float),
            int(values["classes"]),
            Translatable(values["words"]["template"], values["words"]["values"]),
        )


def preset_digest(preset: Preset) -> str:
    """What a picture of ``preset`` belongs to: its experiment, and after how many steps."""
    text = json.dumps([preset.experiment.to_dict(), preset.steps], sort_keys=True)
    return sha256(text.encode()).hexdigest()[:DIGEST_DIGITS]


@lru_cache(maxsize=1)
def preset_pictures() -> dict[str, PresetPicture]:
    """The pictures by preset; without those whose preset has become another since they were made."""
    values = json.loads(FILE.read_text(encoding="utf-8"))
    pictures = {name: PresetPicture.from_dict(entry) for name, entry in values.items() if name in PRESETS}
    return {name: picture for name, picture in pictures.items() if picture.digest == preset_digest(PRESETS[name])}


def _pack(shades: np.ndarray) -> dict[str, Any]:
    return {"shape": list(shades.shape), "zlib": b64encode(zlib.compress(shades.tobytes(), 9)).decode()}


def _unpack(packed: Mapping[str, Any]) -> np.ndarray:
    return np.frombuffer(zlib.decompress(b64decode(packed["zlib"])), np.uint8).reshape(packed["shape"])
