"""What deep networks learn: points of the app's own datasets, or scikit-learn's digits, standardised."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from playground.datasets import DATASETS, Points, split, standardization
from playground.datasets.bundled import rows
from playground.language import Translatable, mark

POINTS, NOISE = 512, 0.1
"""How many points are drawn, and how noisy they are."""
TRAIN_SHARE = {"digits": 0.8}
SAMPLE_SEED = 0


@dataclass(frozen=True)
class Samples:
    """``x (n, inputs)`` float32, the ``train_count`` rows to learn from first, and classes ``y (n,)`` int32."""

    x: np.ndarray
    y: np.ndarray
    train_count: int
    classes: int


@lru_cache(maxsize=8)
def draw_samples(dataset: str) -> Samples:
    """The samples of ``dataset``, the same ones each time: over the train set each input has mean 0, and each
    coordinate by itself, or all pixels together, deviation 1."""
    rng = np.random.default_rng(SAMPLE_SEED)
    points: Points = rows("digits") if dataset == "digits" else DATASETS[dataset].sample(rng, POINTS, NOISE, 2)
    train, test = split(rng, points.y, TRAIN_SHARE.get(dataset, 0.5), stratify=True)
    mean, scale = standardization(points.x[train])
    if dataset == "digits":
        # All pixels alike: one that is nearly always blank stays small.
        scale = np.full_like(mean, (points.x[train] - mean).std())
    order = np.concatenate([train, test])
    x = ((points.x[order] - mean) / scale).astype(np.float32)
    y = points.y[order].astype(np.int32)
    x.flags.writeable = y.flags.writeable = False
    return Samples(x, y, len(train), int(y.max()) + 1)


def dataset_label(dataset: str) -> str | Translatable:
    """What the dataset is called in a control."""
    return mark("Digits") if dataset == "digits" else DATASETS[dataset].label
