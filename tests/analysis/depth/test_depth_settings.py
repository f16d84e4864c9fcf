"""Settings of a study: what a link holds of them, and what is said of one that is damaged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.analysis.depth.presets import DEPTH_PRESETS
from playground.analysis.depth.samples import draw_samples
from playground.analysis.depth.settings import (
    ACTIVATIONS,
    BRANCH_STARTS,
    DATA,
    INITIALIZERS,
    MAX_LAYERS,
    MAX_LINK_CHARS,
    DepthSettings,
    read_settings,
    settings_text,
)
from playground.errors import PlaygroundError
from playground.experiment.links.parse import open_address


def allowed_settings(networks: int, depths: tuple[int, ...], **fields: Any) -> DepthSettings:
    """With as many networks as the depths leave room for."""
    return DepthSettings(networks=min(networks, MAX_LAYERS // sum(depths)), depths=depths, **fields)


SETTINGS = st.builds(
    allowed_settings,
    dataset=st.sampled_from(DATA),
    activation=st.sampled_from(ACTIVATIONS),
    initializer=st.sampled_from(INITIALIZERS),
    branches=st.sampled_from(list(BRANCH_STARTS)),
    batch_norm=st.booleans(),
    networks=st.integers(2, 16),
    steps=st.integers(20, 5000),
    learning_rate=st.sampled_from([1e-5, 0.0003, 0.02, 1.0]),
    depths=st.lists(st.integers(2, 32), min_size=1, max_size=6, unique=True).map(tuple),
    seed=st.integers(0, 2**31 - 1),
)


@given(SETTINGS)
def test_a_link_holds_all_settings(settings: DepthSettings) -> None:
    text = settings_text(settings)
    assert len(text) <= MAX_LINK_CHARS
    assert read_settings(text) == (settings, [])


def test_the_first_study_needs_no_link_and_others_say_what_differs() -> None:
    assert settings_text(DepthSettings()) == ""
    assert settings_text(DEPTH_PRESETS["growing"].settings) == (
        "dataset:digits;activation:relu;initializer:he_normal;learning_rate:0.003"
    )
    assert settings_text(DepthSettings(depths=(16, 2))) == "depths:2,16"


def test_an_experiments_link_passes_a_study_over() -> None:
    opened = open_address([("hidden", "3"), ("depth", "dataset:digits")])
    assert opened.experiment.structure.hidden == (3,)
    assert not opened.notes


@pytest.mark.parametrize(
    ("text", "changes", "words"),
    [
        ("dataset:spirl;steps:200", {"steps": 200}, "did you mean 'spiral'"),
        ("networks:99", {"networks": 16}, "networks is taken as 16"),
        ("depths:2,99", {"depths": (2, 32)}, "depths is taken as"),
        ("batch_norm:maybe", {}, "batch_norm is left out"),
        ("evil:<script>", {}, "is no setting of this page"),
        ("learning_rate:nan", {}, "learning_rate is left out"),
        ("seed:3;networks:16;depths:30,31,32", {"seed": 3}, "have 1,488 hidden layers together, at most 1,000"),
        ("x" * 401, {}, "401 characters long"),
    ],
)
def test_a_damaged_setting_costs_itself_alone_and_is_said(text: str, changes: dict, words: str) -> None:
    settings, notes = read_settings(text)
    assert settings == replace(DepthSettings(), **changes)
    assert len(notes) == 1
    assert words in notes[0]


def test_starts_and_depths_of_a_link_are_taken_together() -> None:
    settings, notes = read_settings("depths:28,29,30,31,32;networks:6")
    assert (settings.networks, sum(settings.depths), notes) == (6, 150, [])


@pytest.mark.parametrize("changes", [{"networks": 1}, {"steps": 10}, {"depths": ()}, {"depths": (1,)}, {"dataset": 3}])
def test_what_makes_no_sense_is_refused(changes: dict) -> None:
    with pytest.raises(PlaygroundError):
        replace(DepthSettings(), **changes)


@pytest.mark.parametrize("dataset", DATA)
def test_samples_are_standardised_by_the_train_set(dataset: str) -> None:
    samples = draw_samples(dataset)
    learned = samples.x[: samples.train_count]
    assert abs(learned.mean(axis=0)).max() < 1e-5
    assert samples.classes == (10 if dataset == "digits" else 2)
    assert samples.x.shape == ((1797, 64) if dataset == "digits" else (512, 2))
    assert learned.std() == pytest.approx(1, abs=0.25)
    assert set(samples.y[: samples.train_count]) == set(range(samples.classes))
