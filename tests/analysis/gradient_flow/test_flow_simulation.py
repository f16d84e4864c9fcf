"""Variants side by side: each is its own training, cut anywhere; a frame is what the layers of each say."""

from __future__ import annotations

import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.analysis.gradient_flow.layer_flow import LayerFlowAnalysis
from playground.analysis.gradient_flow.simulation import MEASURES, VARIANT_GAP, FlowSimulation
from playground.live.diagnostics.layer_health import KINDS
from playground.live.frames.layer_statistics import BINS


@pytest.fixture(scope="module")
def course() -> FlowSimulation:
    return FlowSimulation(
        [LayerFlowAnalysis(Trainer(Experiment.of(hidden=hidden, samples=100, noise=0.1))) for hidden in ([3], [])]
    )


def test_each_is_its_own_training_and_cutting_changes_nothing(course: FlowSimulation) -> None:
    at = course.advance(course.advance(course.first_state(), 3), 4)
    assert int(at.step) == 7
    for flow, state in zip(course.flows, at.states, strict=True):
        alone = flow.trainer.advance(flow.trainer.init(), 7)
        for mine, other in zip(state.params, alone.params, strict=True):
            np.testing.assert_array_equal(mine["w"], other["w"])


def test_a_frame_holds_each_variants_measures_and_both_histograms(course: FlowSimulation) -> None:
    at = course.advance(course.first_state(), 5)
    frame, layers = course.frame(at), course.layers(at)
    rows = frame.part(course.blocks, "series").reshape(2, -1)
    first = dict(zip(MEASURES, rows[0], strict=True))
    norms = layers[0].of("gradient_norm")
    assert (first["loss"], first["first"], first["last"]) == pytest.approx((layers[0].loss, norms[0], norms[-1]))
    assert first["slope"] == pytest.approx(np.log10(norms[0] / norms[1]), rel=1e-4)
    assert KINDS[int(first["kind"])] == "shallow"
    pictures = frame.part(course.blocks, "map")
    np.testing.assert_array_equal(pictures[0, :, :BINS], np.minimum(2 * layers[0].gradients.astype(int), 255))
    np.testing.assert_array_equal(
        pictures[0, :, BINS + VARIANT_GAP :], np.minimum(2 * layers[0].outputs.astype(int), 255)
    )
    assert pictures[1, 0].any()
    assert not pictures[1, 1].any()


def test_who_diverged_stays_where_it_was_and_has_no_numbers(course: FlowSimulation) -> None:
    at = course.first_state()
    broken = at._replace(states=(at.states[0]._replace(bad_step=np.int32(3)), at.states[1]))  # pyright: ignore[reportArgumentType]
    after = course.advance(broken, 5)
    assert after.states[0] is broken.states[0]
    rows = course.frame(after).part(course.blocks, "series").reshape(2, -1)
    assert np.isnan(rows[0, :-1]).all()
    assert KINDS[int(rows[0, -1])] == "broken"
    assert np.isfinite(rows[1, 0])
    assert course.stop_reason(after) is None
    both = broken._replace(states=(broken.states[0], broken.states[0]))
    assert course.stop_reason(both)[0] == "diverged"  # pyright: ignore[reportOptionalSubscript]
    assert course.advance(both, 5) is both
