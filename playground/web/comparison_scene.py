"""The description of trainings side by side that the stage needs once."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np

from playground.live.protocol.encoding import round_floats
from playground.training.projection import Picture


def lanes_scene(
    lanes: Sequence[dict[str, Any]],
    picture: dict[str, Any],
    charts: Sequence[dict[str, Any]],
    series: Sequence[str],
    *,
    hide: Sequence[str] = (),
    backdrop: np.ndarray | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """The scene of some lanes as plain JSON values.

    ``lanes``: each {name, hint, series: which of the ``series`` stands beside its name}. ``picture``: {kind: diverging,
    categorical or growing, rows, cols, xlim, ylim} and, where they matter, classes, smooth, shared (one map for all),
    ratio (height over width). ``charts``: each {title, lines: [{name, series, lane}]} and, where they matter, log,
    floor, unit. ``series``: names of all lines of the frames' ``series``. ``hide``: controls that have no meaning here,
    by the names that handouts use. ``backdrop`` uint8 (rows, cols): the picture of all lanes for good. ``fields``:
    points, rowNames, path, columns, epochs (False: there are none), pace (steps a frame to begin with)."""
    scene: dict[str, Any] = {
        "lanes": list(lanes),
        "picture": picture,
        "charts": list(charts),
        "layers": list(series),
        "handout": {"hide": list(hide), "lock": [], "show": []},
        **fields,
    }
    if backdrop is not None:
        scene["backdrop"] = base64.b64encode(np.ascontiguousarray(backdrop, np.uint8).tobytes()).decode()
    return scene


def lane_points(picture: Picture, regression: bool, most: int = 300) -> dict[str, Any]:
    """The train samples as lanes show them, at most so many of them."""
    train = np.flatnonzero(picture.train)
    chosen = train[:: max(1, -(-len(train) // most))]
    value = picture.value[chosen]
    return {
        "x": round_floats(picture.x[chosen], 4),
        "y": round_floats(picture.y[chosen], 4),
        "value": round_floats(value, 4) if regression else [int(index) for index in value],
        "regression": regression,
    }
