"""A control that was turned while what it stood for went away."""

from __future__ import annotations

import pytest

from playground import Experiment
from playground.live import Run
from playground.stage import controls
from playground.web.session import Session


@pytest.mark.parametrize("hidden", [[], [3]])
def test_activations_of_layers_that_are_gone_change_nothing(hidden: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = Experiment.of(hidden=hidden, activation="tanh", samples=50)
    run = Run("r", experiment, wait=False)
    session = Session(experiment, run, branches={run.name: run})
    monkeypatch.setattr(controls.st, "session_state", {"each_activation": False, "activation_1": "relu"})
    controls._each_activation(session)
    controls._layer_activation(session, 1)
    assert session.experiment == experiment
    assert session.notes == []
