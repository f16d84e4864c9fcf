"""Studies of depth worth a minute: each shows one thing, and a test holds it to its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.analysis.depth.settings import DepthSettings
from playground.registry import Entry, Registry


@dataclass(frozen=True, kw_only=True)
class DepthPreset(Entry):
    """A study; ``explanation``: what it shows, as its networks end."""

    settings: DepthSettings


DEPTH_PRESETS: Registry[DepthPreset] = Registry("depth preset")


def study_preset(name: str, label: str, explanation: str, source: str, **settings: Any) -> DepthPreset:
    """Add a preset of these settings."""
    return DEPTH_PRESETS.register(
        DepthPreset(
            name=name,
            label=label,
            explanation=explanation,
            formula="",
            source=source,
            settings=DepthSettings(**settings),
        )
    )


RELU: dict[str, Any] = {"activation": "relu", "initializer": "he_normal", "learning_rate": 0.003}
DIGITS = RELU | {"dataset": "digits"}

study_preset(
    "spiral",
    "Deeper is worse",
    "On the spiral eight plain layers learn better than two, but 32 learn their own train set worse than eight do. "
    "With skip connections 32 layers learn it well.",
    "He et al. 2016",
)
study_preset(
    "digits",
    "Real images",
    "Images of digits, ReLU, He's weights: 32 plain layers end with a train loss more than five times that of four, 32 "
    "residual ones do not. Take a layer out below: the plain network of eight breaks, the residual one bends.",
    "He et al. 2016; Veit, Wilber & Belongie 2016",
    **DIGITS,
    branches="scaled",
)
study_preset(
    "growing",
    "A skip is not enough",
    "Digits again, but residual layers begin at full size: each of them doubles the signal's variance, and the "
    "residual network of 32 layers ends worse than the plain one.",
    "Hanin & Rolnick 2018",
    **DIGITS,
)
study_preset(
    "batch_norm",
    "Batch norm helps one kind",
    "Digits, residual layers at full size and batch normalisation: the residual network learns at every depth, while "
    "the plain one of 32 layers gets worse still.",
    "Ioffe & Szegedy 2015; Yang et al. 2019",
    **DIGITS,
    batch_norm=True,
)
study_preset(
    "zero",
    "Begin as the identity",
    "Each residual layer's matrix begins at zero, so that at first the whole network is as shallow as it can be: 32 "
    "layers begin to learn at once, without any normalisation.",
    "Goyal et al. 2017; Zhang, Dauphin & Ma 2019",
    **DIGITS,
    branches="zero",
)
study_preset(
    "shallow",
    "Where depth helps by itself",
    "Up to eight layers no skip connection is needed: of plain ReLU networks on the spiral the deeper ones learn "
    "better.",
    "He et al. 2016",
    **RELU,
    branches="scaled",
    depths=(2, 4, 8),
)
