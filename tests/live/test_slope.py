"""The slope of gradients over layers against hand-made geometric series."""

from __future__ import annotations

import numpy as np
import pytest

from playground.live.diagnostics.slope import effective_depth, line, slope


@pytest.mark.parametrize("ratio", [0.25, 1.0, 3.0])
def test_a_geometric_series_has_its_ratio_as_slope(ratio: float) -> None:
    norms = 5 * ratio ** np.arange(8, -1, -1.0)  # the last layer is 5, each layer before it ``ratio`` times as large
    decades, height = line(norms)
    assert decades == pytest.approx(np.log10(ratio), abs=1e-12)
    assert height == pytest.approx(np.log10(5))


def test_noise_is_fitted_as_numpy_fits_it_and_zeros_are_left_out() -> None:
    norms = 10 ** np.random.default_rng(0).normal(size=7)
    assert slope(norms) == pytest.approx(-np.polyfit(np.arange(7), np.log10(norms), 1)[0])
    norms[2] = 0
    kept = np.delete(np.arange(7), 2)
    assert slope(norms) == pytest.approx(-np.polyfit(kept, np.log10(norms[kept]), 1)[0])
    assert np.isnan(slope(np.array([0.0, 1.0])))


def test_layers_that_learn_are_counted() -> None:
    assert effective_depth(np.array([0.009, 0.2, 0.1, 1.0])) == 3
    assert effective_depth(np.zeros(4)) == 0
