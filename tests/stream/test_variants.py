"""Variants, what is found of them, and that a cure cures."""

from __future__ import annotations

import pytest

from playground import Experiment, Trainer
from playground.analysis.flow import Flow
from playground.nn import network as nn
from playground.stream.variants import Variant, Verdict, cures, presets, turned, verdict

OWN = Experiment.of(hidden=[4], samples=50, loss="binary_cross_entropy")


def found(experiment: Experiment) -> Verdict:
    trainer = Trainer(experiment)
    layers = Flow(trainer).of(nn.drawn(trainer.network, 0))
    return verdict(layers.of("gradient_norm"), layers.signal)


def test_eight_sigmoid_layers_vanish_and_every_cure_that_is_offered_cures() -> None:
    deep = presets(OWN)["Three cures"][0]
    said = found(deep.of(OWN))
    assert said.kind == "vanishing"
    assert "on its way back" in said.sentence
    offered = cures(said.kind, deep.of(OWN))
    assert len(offered) == 3
    for cure in offered:
        assert found(turned(deep, OWN, cure.changes).of(OWN)).kind == "healthy", cure.label


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
    assert turned(Variant("x"), own, cure.changes).of(own).structure.hidden == (8,) * 8
