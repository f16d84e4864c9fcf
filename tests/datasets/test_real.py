"""Measured data: scikit-learn's own rows, columns and classes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from sklearn import datasets as published

from playground.datasets import DATASETS

NAMES = ("iris", "wine", "breast_cancer", "diabetes")


def loaded(name: str) -> Any:
    return published.load_diabetes(scaled=False) if name == "diabetes" else getattr(published, f"load_{name}")()


@pytest.mark.parametrize("name", NAMES)
def test_all_rows_without_noise_are_the_published_ones(name: str) -> None:
    dataset, original = DATASETS[name], loaded(name)
    points = dataset.sample(np.random.default_rng(0), dataset.samples, 0.0, dataset.classes[0])
    assert np.array_equal(points.x, original.data)
    assert np.array_equal(points.y, original.target)
    assert points.y.dtype == (np.float64 if dataset.task == "regression" else np.int64)
    assert points.x.shape == (dataset.max_samples, len(dataset.columns))
    assert str(dataset.samples) in dataset.explanation


@pytest.mark.parametrize("name", NAMES[:3])
def test_columns_are_named_as_published(name: str) -> None:
    names = [re.sub(r"[^a-z0-9]+", "_", str(column).lower()).strip("_") for column in loaded(name).feature_names]
    # "radius error" stands between "mean radius" and "worst radius": the kind comes first in all of ours.
    names = [re.sub(r"^(.*)_error$", r"error_\1", column) for column in names]
    assert list(DATASETS[name].columns) == names


def test_columns_of_diabetes_keep_their_order() -> None:
    assert DATASETS["diabetes"].columns[:2] == ("age", "sex")
    data = loaded("diabetes").data
    column = dict(zip(DATASETS["diabetes"].columns, data.T, strict=True))
    # The ratio of total to HDL cholesterol, published mostly as a whole number, ties three names to their columns.
    error = np.abs(column["cholesterol_ratio"] - column["total_cholesterol"] / column["hdl"])
    assert np.mean(error <= 0.5) > 0.95


def test_classes_are_named_as_published() -> None:
    for name in ("iris", "breast_cancer"):
        assert list(DATASETS[name].class_names) == [str(label) for label in loaded(name).target_names]
    assert "diagnosis" in DATASETS["breast_cancer"].label


@pytest.mark.parametrize("name", NAMES)
def test_fewer_samples_are_distinct_rows_at_random(name: str) -> None:
    dataset, original = DATASETS[name], loaded(name)
    points = dataset.sample(np.random.default_rng(0), 60, 0.0, dataset.classes[0])
    rows = [(*row, target) for row, target in zip(original.data, original.target, strict=True)]
    drawn = [(*row, target) for row, target in zip(points.x, points.y, strict=True)]
    assert len(drawn) == 60
    assert all(rows.count(row) >= drawn.count(row) >= 1 for row in drawn)
    assert drawn != rows[:60]


def test_more_samples_than_rows_give_all_rows() -> None:
    assert len(DATASETS["iris"].sample(np.random.default_rng(0), 5000, 0.0, 3).y) == 150


@pytest.mark.parametrize("name", NAMES)
def test_noise_is_normal_in_deviations_of_each_column(name: str) -> None:
    dataset, original = DATASETS[name], loaded(name)
    points = dataset.sample(np.random.default_rng(0), dataset.samples, 0.5, dataset.classes[0])
    moved = (points.x - original.data) / original.data.std(axis=0)
    # Five standard errors of a standard deviation over the rows.
    assert np.allclose(moved.std(axis=0), 0.5, rtol=5 / np.sqrt(2 * dataset.samples))
    assert np.array_equal(points.y, original.target)


def test_changing_a_sample_leaves_the_published_rows_alone() -> None:
    first = DATASETS["iris"].sample(np.random.default_rng(0), 150, 0.0, 3)
    first.x[:] = 0
    first.y[:] = 0
    assert np.array_equal(DATASETS["iris"].sample(np.random.default_rng(0), 150, 0.0, 3).x, loaded("iris").data)
