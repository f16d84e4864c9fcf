"""Gradient flow as Streamlit runs it: variants are compared, changed and cured, and what cannot be shown is said
calmly."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.test_pages import APP, current


def flow_page(**query: str) -> AppTest:
    """The page, opened by a link."""
    app = AppTest.from_file(APP, default_timeout=60)
    for name, value in ({"samples": "50"} | query).items():
        app.query_params[name] = value
    app.switch_page("pages/understand/flow.py").run()
    assert not app.exception
    return app


def finished(app: AppTest) -> AppTest:
    """The same, all of it found."""
    app.session_state["job_flow"][0].finish()
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, beginning: str) -> None:
    """Press the first button whose key begins so."""
    next(button for button in app.button if (button.key or "").startswith(beginning)).click().run()


def titles(app: AppTest) -> list[str]:
    """What is found of each variant."""
    return [one.value.split(": ", 1)[1] for one in app.markdown if one.value.startswith("#### ")]


def test_variants_are_compared_cured_changed_and_opened() -> None:
    app = finished(flow_page(hidden="4"))
    assert titles(app) == ["No depth to look at", "Vanishing gradients", "Dead units"]
    assert len(app.get("plotly_chart")) == 4
    press(app, "flow_cure_1_")
    assert (
        titles(finished(app))[1] == "Dead units"
    )  # half of what narrow ReLU layers hold, which the Playground notices too
    app.select_slider(key="flow_hidden_0_1").set_value(3).run()
    assert app.session_state["flow"].variants[0].name == "3 x 4 Tanh"
    press(finished(app), "flow_open_0_")
    assert current(app).experiment.structure.hidden == (4, 4, 4)


def test_no_hidden_layer_is_said_calmly_and_eight_are_a_click_away() -> None:
    app = finished(flow_page(hidden=""))
    assert any("With no hidden layer" in one.value for one in app.markdown)
    press(app, "flow_cure_0_")
    assert app.session_state["flow"].variants[0].name == "8 x 8 Tanh"


@pytest.mark.parametrize("query", [{"dataset": "blobs", "classes": "5"}, {"dataset": "breast_cancer"}])
def test_other_data_can_be_compared_as_well(query: dict[str, str]) -> None:
    app = flow_page(hidden="2", **query)
    starts = app.session_state["job_flow"][1]
    assert all(one.problem == current(app).experiment.problem for one in starts.experiments)
    starts.flows[0].recipe.program()
    assert len(starts.flows[0].measure_params(starts.flows[0].trainer.init().params).numbers) == 2
