"""The words of the studies worth a look, held to what their networks do: from the starts that the page shows, and from
many others."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from playground.analysis.depth.degradation import find_degradation
from playground.analysis.depth.presets import DEPTH_PRESETS
from playground.analysis.depth.study import DepthStudy
from playground.analysis.depth.surgery import LayerSurgery
from playground.analysis.depth.surgery_view import lost_shares, surgery_title
from tests.sampling import mark_long_except

KINDS = {
    "spiral": "cured",
    "digits": "eased",
    "growing": "harmed",
    "batch_norm": "eased",
    "zero": "eased",
    "shallow": "deeper",
}
"""Of what is found at the end."""
OTHER_SEEDS = 1000


@cache
def trained(name: str, seed: int = 0, networks: int = 8) -> DepthStudy:
    study = DepthStudy(replace(DEPTH_PRESETS[name].settings, seed=seed, networks=networks))
    for _ in study.work():
        pass
    return study


def medians(study: DepthStudy, score: str = "train_loss", row: int = -1) -> dict[int, np.ndarray]:
    """By depth: of plain networks and of residual ones (2,)."""
    return dict(zip(study.settings.depths, np.median(study.score(score, row), axis=2), strict=True))


@pytest.mark.parametrize("name", mark_long_except(DEPTH_PRESETS, "spiral", "shallow"))
def test_the_answer_is_what_the_words_say(name: str) -> None:
    study = trained(name)
    assert find_degradation(study.settings.depths, study.score("train_loss")).kind == KINDS[name]


@pytest.mark.long
@pytest.mark.parametrize("name", DEPTH_PRESETS)
def test_other_starts_say_the_same(name: str) -> None:
    study = trained(name, OTHER_SEEDS, 16)
    assert find_degradation(study.settings.depths, study.score("train_loss")).kind == KINDS[name]


def test_on_the_spiral_eight_plain_layers_beat_two_and_32_are_worse() -> None:
    loss = medians(trained("spiral"))
    assert loss[8][0] < loss[2][0]
    assert loss[32][0] > 1.2 * loss[8][0]
    assert loss[32][1] < loss[8][0] / 5


def test_where_depth_helps_by_itself_each_deeper_plain_network_is_better() -> None:
    loss = medians(trained("shallow"))
    assert loss[8][0] < loss[4][0] < loss[2][0]


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, OTHER_SEEDS])
def test_on_digits_a_plain_network_breaks_and_a_residual_one_bends(seed: int) -> None:
    study = trained("digits", seed)
    loss = medians(study)
    assert loss[32][0] > 5 * loss[4][0]
    assert loss[32][1] < 5 * loss[4][0]
    surgery = LayerSurgery(study, 8)
    for _ in surgery.work():
        pass
    assert surgery_title(surgery) == "The plain networks break, the residual ones bend"
    plain, residual = lost_shares(surgery)
    assert plain.min() > 0.8
    assert residual.max() < 0.2
    # Veit et al.: the more layers are taken out the more is lost of a residual network, little by little.
    several = np.median(surgery.several[:, 0, 1], axis=1)
    assert (np.diff(several) > 0).all()


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, OTHER_SEEDS])
def test_full_branches_double_the_variance_and_batch_norm_does_not_mind(seed: int) -> None:
    study = trained("growing", seed)
    signal = np.median(study.measure("signal", 32, 0), axis=2)
    growth = (signal[-1, 1] / signal[0, 1]) ** (2 / 31)
    assert 1.8 < growth < 2.2
    loss = medians(study)
    assert loss[32][1] > loss[32][0]
    normalised = medians(trained("batch_norm", seed))
    assert max(normalised[depth][1] for depth in (2, 4, 8, 16, 32)) < 0.15
    assert normalised[32][0] > loss[32][0], "worse still"


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, OTHER_SEEDS])
def test_branches_of_zero_begin_as_the_identity_and_learn_at_once(seed: int) -> None:
    study = trained("zero", seed)
    assert np.nanmax(study.measure("change", 32, 0)[:, 1]) < 1e-6
    first, begun = medians(study, row=0), medians(study, row=5)
    assert begun[32][1] < first[32][1] / 3
    assert begun[32][0] > first[32][0] / 2


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, OTHER_SEEDS])
def test_residual_layers_are_nearer_to_the_identity_the_more_there_are(seed: int) -> None:
    study = trained("digits", seed)
    changes = [np.median(study.measure("change", depth).mean(axis=0), axis=1) for depth in (4, 8, 16, 32)]
    assert all(residual < plain for plain, residual in changes)
    assert [residual for _, residual in changes] == sorted((residual for _, residual in changes), reverse=True)
