"""A control that the browser draws for the first time shows the experiment, also where the message that says so was
lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from benchmarks.crowd.page import SAID

APP = str(Path(__file__).resolve().parents[2] / "app.py")
LINK = {
    "activation": "relu",
    "batch_size": "20",
    "dataset": "spiral",
    "dropout": "0.2",
    "features": "x1,sin_x2",
    "hidden": "5,3",
    "initializer": "orthogonal",
    "learning_rate": "0.1",
    "loss": "hinge",
    "noise": "0.2",
    "optimizer": "momentum",
    "shuffle": "false",
}


def said(widget: Any, *, told: bool) -> WidgetState:
    """What the browser takes for the value of a new ``widget``, and whether it was told the value of now."""
    proto = type(widget.proto)()
    proto.CopyFrom(widget.proto)
    proto.set_value = told
    state = WidgetState()
    SAID[KINDS.get(str(widget.type), str(widget.type))](proto, state)
    return state


KINDS = {"select_slider": "slider", "toggle": "checkbox"}


@pytest.mark.parametrize("activation", ["relu", "tanh,relu"])
def test_every_control_begins_at_the_experiment(activation: str) -> None:
    app = AppTest.from_file(APP, default_timeout=120)
    app.query_params.update(LINK | {"activation": activation})
    app.run()
    widgets = [
        one
        for kind in (*SAID, *KINDS)
        for one in app.get(kind)
        if (one.key or "").startswith(("field_", "activation_"))
    ]
    assert len(widgets) > 20
    assert [one.key for one in widgets if not one.proto.set_value] == []
    assert [one.key for one in widgets if said(one, told=False) != said(one, told=True)] == []
