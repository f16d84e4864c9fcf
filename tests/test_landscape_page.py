"""The page on what is descended, as Streamlit runs it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from playground.analysis.landscape.page import off_words
from tests.test_pages import current, page

JOBS = ("job_terrain", "job_steepness", "job_crossing")


def landscape(**query: str) -> AppTest:
    return page("understand/landscape", samples="50", **query)


def finished(app: AppTest, *jobs: str) -> AppTest:
    """The page once its work is done."""
    for job in jobs:
        app.session_state[job][0].finish()
        app.run()
        assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(one.value for one in [*app.markdown, *app.caption])


def test_it_answers_by_itself_and_the_run_is_left_alone() -> None:
    app = finished(landscape(hidden="2"), *JOBS)
    assert len(app.get("plotly_chart")) == 4
    words = said(app)
    assert "1,000 steps ahead" in words
    assert "of the way lies" in words
    assert "stable here up to a learning rate of" in words
    assert "wall" in words
    assert current(app).run.last == 0
    app.segmented_control(key="plane").set_value("random").run()
    finished(app, "job_terrain")
    before = app.session_state["job_terrain"][1].heights
    app.button(key="other_directions").click().run()
    finished(app, "job_terrain")
    assert (app.session_state["job_terrain"][1].heights != before).any()
    lanes = app.session_state["lanes"]["landscape"]
    app.select_slider(key="live_rate_0.03").set_value(0.5).run()
    assert app.session_state["lanes"]["landscape"] is lanes
    assert lanes.course.experiment.knobs.learning_rate == 0.5
    assert current(app).experiment.knobs.learning_rate == 0.03


def test_a_network_that_does_not_move_is_shown_on_its_sharpest_plane_and_that_is_said() -> None:
    app = finished(landscape(hidden="2", learning_rate="0"), "job_terrain")
    assert "do not move" in said(app)
    assert len(app.get("plotly_chart")) >= 2


@pytest.mark.parametrize(
    ("off", "words"),
    [
        (0.0, "All of the way lies on this plane."),
        (2e-4, "More than 99.9 % of the way lies on this plane."),
        (0.0031, "99.7 % of the way lies on this plane, 0.3 % off it."),
        (0.25, "25 % of the way lies off this plane."),
    ],
)
def test_what_is_off_the_plane_is_not_rounded_to_nothing(off: float, words: str) -> None:
    assert off_words(off) == words
