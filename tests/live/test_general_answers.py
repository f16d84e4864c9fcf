"""Whatever is asked of a network of a bucket, another network of that bucket has had compiled before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import jax
import numpy as np
import pytest
from jax import monitoring

from playground import Experiment, Trainer
from playground.analysis.gradient_flow.layer_flow import LayerFlowAnalysis
from playground.analysis.hypergradient.hypergradient import Hypergradient
from playground.analysis.landscape.jobs import KINDS, InterpolationJob, PlaneJob, SharpnessJob
from playground.analysis.landscape.weight_path import WeightPath
from playground.analysis.race.simulation import Contestant, RaceSimulation
from playground.analysis.step import StepExplainer
from playground.live import Run
from playground.live.inspection.ablation import Ablation
from playground.live.inspection.per_example_gradients import PerExampleGradients
from playground.live.inspection.sample_losses import SampleLosses
from playground.server.prewarm import likely_recipes

USUAL = {"hidden": [4, 2]}
OTHERS = {
    "deeper, other activation, optimizer and loss": {
        "hidden": [5, 3, 6, 1],
        "activation": "gelu",
        "optimizer": "adam",
        "loss": "hinge",
        "schedule": "cosine",
    },
    "no hidden layer, other samples and penalties": {"hidden": [], "samples": 120, "batch_size": 7, "l1": 0.01},
    "five classes": {"dataset": "blobs", "classes": 5, "hidden": [8], "loss": "softmax_cross_entropy"},
    "a regression with residuals and dropout": {
        "dataset": "plane",
        "samples": 200,
        "hidden": [7, 7],
        "residual": True,
        "dropout": 0.2,
        "optimizer": "lion",
        "learning_rate": 0.001,
    },
}


@pytest.fixture(scope="module")
def compiled() -> Iterator[list[str]]:
    """What XLA compiles, whoever asks; a program that comes from disk counts as well."""
    names: list[str] = []

    def listen(event: str, duration_secs: float, **kwargs: str | int) -> None:
        if "backend_compile" in event:
            names.append(f"{kwargs}, {duration_secs:.2f} s")

    monitoring.register_event_duration_secs_listener(listen)
    ask_everything(USUAL)
    assert names, "the listener hears something"
    yield names
    monitoring.unregister_event_duration_listener(listen)


def ask_everything(fields: Mapping[str, object]) -> None:
    """Every question that a page of the app has for one network."""
    experiment = Experiment.of(**fields)
    trainer = Trainer(experiment)
    state = trainer.advance(trainer.init(), 20)
    run = Run("network", experiment)
    run.mount()
    descent = WeightPath(run, run.last)
    for work in (
        *(PlaneJob(descent, kind).work() for kind in KINDS),
        SharpnessJob(descent).work(),
        InterpolationJob(descent, 7).work(),
        Hypergradient(trainer).work(state, trainer.knobs(), window=10),
    ):
        assert list(work)
    StepExplainer(trainer)(state)
    SampleLosses(trainer)(state)
    Ablation(trainer)(state)
    PerExampleGradients(trainer)(state, point=0)
    LayerFlowAnalysis(trainer)(state)
    trainer.scores(state)
    race = RaceSimulation([Contestant("one", experiment)])
    assert np.isfinite(race.scores(race.advance(race.first_state(), 5))).all()


@pytest.mark.parametrize("name", OTHERS)
def test_a_network_never_seen_compiles_nothing(name: str, compiled: list[str]) -> None:
    jax.clear_caches()  # of what JAX compiles by itself where NumPy would do
    compiled.clear()
    ask_everything(OTHERS[name])
    assert compiled == []


def test_all_of_it_is_compiled_ahead(compiled: list[str]) -> None:
    """A server that has got ready answers everything of its first visitor's own network."""
    for recipe in likely_recipes():
        recipe.program()
    jax.clear_caches()
    compiled.clear()
    ask_everything({"hidden": [3, 7], "activation": "elu"})
    assert compiled == []
