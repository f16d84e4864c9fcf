"""A thumbnail shows what the dataset is."""

from __future__ import annotations

import numpy as np
import pytest

from playground.datasets import DATASETS
from playground.datasets.thumbnails import thumbnail


@pytest.mark.parametrize("name", list(DATASETS))
def test_a_thumbnail_holds_every_class_within_its_square(name: str) -> None:
    points = np.array(thumbnail(name))
    if not DATASETS[name].synthetic:
        assert points.size == 0
        return
    assert points[:, :2].min() >= 0
    assert points[:, :2].max() <= 1
    if DATASETS[name].task == "classification":
        assert set(points[:, 2]) == set(range(DATASETS[name].classes[0]))
    else:
        assert np.abs(points[:, 2]).max() == 1


def test_its_orientation_is_that_of_the_output() -> None:
    places = np.array(thumbnail("plane"))
    up_right = places[(places[:, 0] > 0.6) & (places[:, 1] > 0.6)]
    assert (up_right[:, 2] > 0).all()
