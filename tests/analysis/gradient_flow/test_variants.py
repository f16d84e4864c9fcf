"""Variants, what is found of them, and that a cure cures."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.analysis.gradient_flow.job import InitialSignalJob
from playground.analysis.gradient_flow.layer_flow import LayerFlow, LayerFlowAnalysis
from playground.analysis.gradient_flow.variants import (
    ALIKE_RATIO,
    Variant,
    Verdict,
    change_variant,
    cures,
    presets,
    verdict,
)
from playground.live.diagnostics.evidence import evidence
from playground.live.diagnostics.notices import notices
from playground.live.frames.layer_statistics import LAYER_SCALARS
from playground.live.frames.observer import Observer
from playground.nn import network as nn

OWN = Experiment.of(hidden=[4], samples=50, loss="binary_cross_entropy")


def found(experiment: Experiment) -> Verdict:
    trainer = Trainer(experiment)
    layers = LayerFlowAnalysis(trainer).measure_params(nn.draw_params(trainer.network, 0))
    return verdict(layers)


def test_eight_sigmoid_layers_vanish_and_every_cure_that_is_offered_cures() -> None:
    deep = presets(OWN)["Three cures"][0]
    said = found(deep.of(OWN))
    assert said.kind == "vanishing"
    assert "Layer 1's weights get a gradient" in said.sentence
    offered = cures(said.kind, deep.of(OWN))
    assert len(offered) == 3
    for cure in offered:
        assert found(change_variant(deep, OWN, cure.changes).of(OWN)).kind in ("healthy", "dead"), cure.label


@pytest.mark.parametrize(
    "own", [OWN, Experiment.of(dataset="wine", hidden=[]), Experiment.of(dataset="plane", batch_size=1)]
)
def test_every_preset_can_be_made_of_any_experiment(own: Experiment) -> None:
    for variants in presets(own).values():
        assert all(one.of(own).problem == own.problem for one in variants)


def test_no_hidden_layer_is_said_calmly_and_eight_are_offered() -> None:
    own = Experiment.of(hidden=[], samples=50)
    said = found(own)
    assert (said.kind, said.sentence.startswith("With no hidden layer")) == ("shallow", True)
    (cure,) = cures(said.kind, own)
    assert change_variant(Variant("x"), own, cure.changes).of(own).structure.hidden == (8,) * 8


def layers_of(norms: np.ndarray, signal: np.ndarray | None = None) -> LayerFlow:
    """Layers with these gradient norms, and nothing else of note."""
    numbers = np.zeros((len(norms), len(LAYER_SCALARS)))
    numbers[:, LAYER_SCALARS.index("gradient_norm")] = norms
    rest = np.ones(len(norms))
    return LayerFlow(numbers, numbers, numbers, rest if signal is None else signal, rest, rest, rest, 0.0)


@pytest.mark.parametrize("seed", range(80))
def test_a_sentence_on_gradients_is_read_back_as_what_the_chart_draws(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(3, 10))
    norms = 10.0 ** (rng.uniform(-1, 1) * np.linspace(0, 4, count) + rng.normal(0, rng.choice([0.02, 0.3]), count))
    said = verdict(layers_of(norms))
    assert said.kind in ("healthy", "vanishing", "exploding")
    found = re.search(r"a gradient about ([\d.,e]+) times (smaller|larger) than the output layer's", said.sentence)
    # By the line through all layers, which the chart draws dashed.
    decades = np.polyfit(np.arange(count), np.log10(norms), 1)[0] * (count - 1)
    if found:
        times = float(found[1].replace(",", ""))
        assert times == pytest.approx(10.0 ** (decades if found[2] == "smaller" else -decades), rel=0.06)
    else:
        assert "about as large a gradient" in said.sentence
        assert abs(decades) < np.log10(ALIKE_RATIO) + 1e-6
    within = re.search(r"within ([\d.]+) times", said.sentence)
    learning = re.search(r"(\d+) of (\d+) layers get a tenth", said.sentence)
    assert bool(within) != bool(learning)
    if within:
        assert float(within[1]) == pytest.approx(norms.max() / norms.min(), rel=0.06)
    if learning:
        assert (int(learning[1]), int(learning[2])) == (int((norms >= norms.max() / 10).sum()), count)


def test_what_is_no_gradient_has_no_factor() -> None:
    said = verdict(layers_of(np.array([0.0, 0.0, 1e-9, 1e-5, 1e-1]))).sentence
    assert said.startswith("No gradient reaches layer 1")
    assert "e26" not in said


SICK = [
    {"hidden": [8] * 8, "activation": "sigmoid", "initializer": "glorot_uniform"},
    {"hidden": [8] * 8, "activation": "relu", "initializer": "he_uniform"},
    {"hidden": [8] * 6, "activation": "relu", "initializer": "glorot_uniform"},
    {"hidden": [8] * 8, "activation": "tanh", "initializer": "he_normal"},
    {"hidden": [32] * 6, "activation": "relu", "initializer": "tf_playground"},
    {"hidden": [3] * 6, "activation": "relu", "initializer": "he_normal"},
]


@pytest.mark.parametrize(
    "fields", SICK, ids=lambda fields: f"{len(fields['hidden'])} {fields['activation']} {fields['initializer']}"
)
def test_a_cure_is_offered_where_it_cures_most_draws_and_never_what_is_there_already(fields: dict) -> None:
    own = Experiment.of(samples=50, loss="binary_cross_entropy", **fields)
    starts = InitialSignalJob((Variant("Yours"),), own)
    for _ in starts.work():
        pass
    for cure in starts.cures[0]:
        changes = cure.remedy.changes
        family = own.structure.initializer.split("_")[0]
        assert not str(changes.get("initializer", "")).startswith(family), changes
        if "He" in cure.remedy.label:
            assert "initializer" in changes
        if "ReLU" in cure.remedy.label:
            assert changes["activation"] != own.structure.activation
        assert cure.cured is not None  # what takes a program of its own is measured as well
        # Counted anew, by each seed's own experiment.
        kinds = []
        for seed in range(5):
            problem = replace(own.problem, init_seed=own.problem.init_seed + seed)
            cured = Variant("", changes).of(replace(own, problem=problem))
            trainer = Trainer(cured)
            kinds.append(LayerFlowAnalysis(trainer)(trainer.init()).kind)
        symptom = starts.verdicts[0]
        assert symptom
        gone = [kind == "healthy" or (kind == "dead" and symptom.kind != "dead") for kind in kinds]
        assert sum(gone) == cure.cured >= 3


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "fields", SICK, ids=lambda fields: f"{len(fields['hidden'])} {fields['activation']} {fields['initializer']}"
)
def test_the_playground_s_notices_its_layers_and_gradient_flow_say_the_same(fields: dict, seed: int) -> None:
    own = Experiment.of(samples=50, loss="binary_cross_entropy", init_seed=seed, **fields)
    trainer = Trainer(own)
    state = trainer.advance(trainer.init(), 20 * seed)
    frame = Observer(trainer)(state)
    curves = {name: np.zeros(1) for name in ("step", "train_loss", "test_loss", "train_metric")}
    names = {notice.name for notice in notices(evidence(own, [frame], curves))}
    layers, depth = LayerFlowAnalysis(trainer)(state), len(own.structure.hidden) + 1
    stage = frame.layers(depth)
    for name in ("gradient_norm", "dead", "saturated"):
        np.testing.assert_allclose(stage[:, LAYER_SCALARS.index(name)], layers.of(name), rtol=2e-3, atol=1e-6)
    found = verdict(layers)
    if found.kind == "vanishing":
        assert "vanishing_gradients" in names or not layers.of("gradient_norm")[-1] > 1e-7
    else:
        assert "vanishing_gradients" not in names
    if "dead_units" in names:
        assert found.kind in ("dead", "vanishing", "blocked", "exploding", "broken")
        assert found.title != "Healthy"
    if found.kind in ("healthy", "dead"):
        assert ("dead_units" in names) == (found.kind == "dead")
