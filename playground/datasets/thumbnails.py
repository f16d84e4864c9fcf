"""A few points of each synthetic dataset, drawn as a sample of it is: what a small picture to choose by needs."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256

import numpy as np

from playground.datasets import DATASETS

SEED = 4
DIGEST_DIGITS = 12
POINTS = {"classification": 90, "regression": 220}


@lru_cache(maxsize=len(DATASETS))
def thumbnail(name: str) -> tuple[tuple[float, float, float], ...]:
    """Points ``(x1, x2, target)`` of dataset ``name``: places from 0 to 1 over its domain, class indices or values
    scaled to -1 ... 1.

    None for a measured dataset: its table has no place in a plane before it is projected.
    """
    dataset = DATASETS[name]
    if dataset.domain is None:
        return ()
    drawn = dataset.sample(np.random.default_rng(SEED), POINTS[dataset.task], 0.0, dataset.classes[0])
    places = (drawn.x + dataset.domain) / (2 * dataset.domain)
    targets = drawn.y / max(1e-9, float(np.abs(drawn.y).max())) if dataset.task == "regression" else drawn.y
    return tuple(
        (round(float(x), 2), round(float(y), 2), round(float(v), 2))
        for (x, y), v in zip(places, targets, strict=True)
        if 0 <= x <= 1 and 0 <= y <= 1
    )


@lru_cache(maxsize=1)
def thumbnails_file() -> tuple[str, bytes]:
    """Every dataset's thumbnail by name as JSON, those of measured datasets apart, and before it a digest of it."""
    body = json.dumps({name: points for name in DATASETS if (points := thumbnail(name))}, separators=(",", ":"))
    return sha256(body.encode()).hexdigest()[:DIGEST_DIGITS], body.encode()
