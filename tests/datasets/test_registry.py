"""What holds for every dataset and every feature, whatever its shape."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.datasets import DATASETS, FEATURES, Dataset
from playground.errors import PlaygroundError

SYNTHETIC = [dataset for dataset in DATASETS.values() if dataset.synthetic]
ENTRIES = [*DATASETS.values(), *FEATURES.values()]
BALANCED = set(DATASETS) - {"circle", "xor", "iris", "wine", "breast_cancer", "diabetes"}


def named(entry: Dataset) -> str:
    return entry.name


def test_datasets_are_offered_in_the_order_of_difficulty() -> None:
    assert list(DATASETS) == [
        *("circle", "xor", "gauss", "spiral", "moons", "blobs", "spiral_arms", "checkerboard", "rings"),
        *("above_sine", "above_cubic", "above_abs"),
        *("plane", "six_bumps", "saddle", "ripples", "ridge"),
        *("iris", "wine", "breast_cancer", "diabetes"),
    ]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_entry_explains_itself(entry: Dataset) -> None:
    assert entry.label
    assert entry.explanation.endswith(".")
    assert entry.formula
    assert "$" not in entry.formula
    assert entry.formula.count("{") == entry.formula.count("}")
    assert any(character.isdigit() for character in entry.source), "a source names its year"


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=named)
def test_fields_of_a_dataset_agree(dataset: Dataset) -> None:
    default, least, most = dataset.classes
    assert least <= default <= most
    assert (dataset.task == "regression") == (dataset.classes == (1, 1, 1))
    assert dataset.samples <= dataset.max_samples
    assert dataset.synthetic == (dataset.domain is not None) == (not dataset.standardize)
    assert dataset.explanation.startswith("Synthetic") == dataset.synthetic
    assert len(dataset.class_names) in (0, most)


@pytest.mark.parametrize("dataset", SYNTHETIC, ids=named)
@settings(max_examples=12, deadline=None)
@given(data=st.data(), n=st.integers(2, 400), noise=st.floats(0, 0.5), seed=st.integers(0, 2**32))
def test_samples_have_shape_range_and_balance(
    dataset: Dataset, data: st.DataObject, n: int, noise: float, seed: int
) -> None:
    _, least, most = dataset.classes
    classes = data.draw(st.integers(least, most))
    points = dataset.sample(np.random.default_rng(seed), n, noise, classes)
    assert points.x.shape == (n, 2)
    assert points.y.shape == (n,)
    assert points.x.dtype == np.float64
    assert np.isfinite(points.x).all()
    if dataset.task == "regression":
        assert points.y.dtype == np.float64
        assert np.abs(points.x).max() <= 6
        # Up to twice (1.5 squared for the saddle) the range without noise, which measures up to 3 beyond the edge.
        assert np.abs(points.y).max() <= 2.25
        return
    assert points.y.dtype == np.int64
    sizes = np.bincount(points.y, minlength=classes)
    assert len(sizes) == classes
    if dataset.name in BALANCED:
        assert np.ptp(sizes) <= 1
    if dataset.name not in ("gauss", "moons", "blobs"):
        assert np.abs(points.x).max() <= 6


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=named)
def test_the_seed_decides_the_samples(dataset: Dataset) -> None:
    first, same, other = (
        dataset.sample(np.random.default_rng(seed), 100, 0.25, dataset.classes[0]) for seed in (7, 7, 8)
    )
    assert np.array_equal(first.x, same.x)
    assert np.array_equal(first.y, same.y)
    assert not np.array_equal(first.x, other.x)


def test_an_unknown_name_meets_its_neighbour() -> None:
    with pytest.raises(PlaygroundError, match="did you mean 'spiral'"):
        DATASETS["spirl"]


def test_scikit_learn_waits_until_measured_data_are_drawn() -> None:
    program = (
        "import sys, numpy; from playground.datasets import DATASETS; rng = numpy.random.default_rng(0);"
        "[d.sample(rng, 9, 0.1, d.classes[0]) for d in DATASETS.values() if d.synthetic];"
        "assert 'sklearn' not in sys.modules; DATASETS['iris'].sample(rng, 9, 0, 3); assert 'sklearn' in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=120)
