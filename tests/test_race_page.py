"""The page of the race: contestants, surfaces and many starts as Streamlit runs them, and what cannot race."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.analysis.race.entrants import USUAL_RATES, label_of, usual_rate
from playground.analysis.race.simulation import SCORES
from playground.web.components import decode
from tests.test_pages import current, opened

RACE = "pages/understand/race.py"
SWEEP = "job_race_rates"
KNOWN: dict[str, Any] = {}
"""The latest search for learning rates, under ``SWEEP``: what other tests have trained for one comes from there."""


def page(**query: str) -> AppTest:
    """The race page, with two small contestants."""
    app = opened(**{"hidden": "2", "samples": "50"} | query)
    app.session_state["race_Contestants"] = ["sgd", "adam"]
    app.session_state["race_steps"] = 200
    if SWEEP in KNOWN:
        app.session_state[SWEEP] = KNOWN[SWEEP]
    return at_best_rates(app.switch_page(RACE).run())


def at_best_rates(app: AppTest) -> AppTest:
    """The page once the contestants' learning rates are found."""
    assert not app.exception
    KNOWN[SWEEP] = app.session_state[SWEEP]
    KNOWN[SWEEP][0].finish()
    return app.run()


def heading(app: AppTest) -> str:
    """The page's first sentences, without the links of their words."""
    return re.sub(r"\[([^\]]*)\]\(#term-\w+\)", r"\1", app.markdown[0].value)


def held(app: AppTest, place: str = "race") -> Any:
    assert not app.exception
    return app.session_state["lanes"][place]


def raced(app: AppTest, pace: int = 20) -> Any:
    """The race when it is over."""
    mine = held(app)
    for recipe in mine.course.recipes:
        recipe.program()
    mine.lanes.mount()
    while not mine.lanes.stop_reason():
        mine.answer({"run": mine.lanes.name, "epoch": 0, "from": mine.lanes.last + 1, "pace": pace, "head": 0})
    return mine


def test_a_race_is_watched_counted_and_a_contestant_opened() -> None:
    app = page()
    mine = raced(app)
    header, _ = decode(mine.message)
    assert header["state"] == "stopped"
    app.select_slider(key="race_goal").set_value(0.5).run()
    at_best_rates(app)
    mine = raced(app)
    past = mine.lanes.history()
    loss = past["series"].reshape(len(past["step"]), 2, len(SCORES))[:, :, 0]
    told = decode(held(app).message)[0]
    reached = [int(past["step"][np.argmax(column <= 0.5)]) for column in loss.T if (column <= 0.5).any()]
    app.run()
    table = next(one.value for one in app.dataframe if "Goal at step" in one.value)
    assert set(table["Contestant"]) == {"SGD", "Adam"}
    assert sorted(int(one) for one in table["Goal at step"] if one != "–") == sorted(reached)
    assert told["run"] == mine.lanes.name
    app.button(key="race_open_Adam").click().run()
    assert current(app).experiment.structure.optimizer == "adam"
    assert current(app).experiment == mine.course.contestants[1].experiment


def test_a_press_that_was_on_its_way_while_contestants_changed_opens_whom_it_named() -> None:
    app = page()
    app.session_state["race_Contestants"] = ["sgd", "adam", "rmsprop"]
    at_best_rates(app.run())
    raced(app)
    app.run()
    press = next(button for button in app.button if button.label == "Adam")
    held(app).paused = True
    app.session_state["race_Contestants"] = ["adam", "rmsprop"]
    app.run()
    held(app).lanes.mount()
    app.run()
    press.click().run()
    assert current(app).experiment.structure.optimizer == "adam"


def test_learning_rates_and_schedules_race_too_and_nobody_is_answered() -> None:
    app = page()
    for kind, expected in (("rates", "0.03"), ("schedules", "Cosine")):
        app.session_state["race_kind"] = kind
        at_best_rates(app.run())
        assert expected in [one.name for one in held(app).course.contestants]
    app.session_state["race_kind"] = "optimizers"
    app.session_state["race_Contestants"] = []
    app.run()
    assert "Nobody races" in app.info[0].value


@pytest.mark.parametrize(
    ("view", "kind"),
    [*product(("one", "many"), ("optimizers", "rates", "schedules")), *product(("surface",), ("optimizers", "rates"))],
)
def test_the_heading_says_what_its_view_compares(view: str, kind: str) -> None:
    """Read back from what is there: whose learning rates a sweep has found, who differs in what, and what they
    share."""
    app = page()
    app.session_state["race_races"] = 8
    app.session_state["race_view"] = view
    app.session_state["surface_kind" if view == "surface" else "race_kind"] = kind
    app.run()
    if view != "surface" and kind != "rates":
        at_best_rates(app)
    words = heading(app)
    if view == "surface":
        entered = held(app, "surfaces").course.ways
        assert "surface" in words
        assert "no batches" in words
        assert "your network" not in words
        optimizers, rates = {way.optimizer for way in entered}, {way.knobs.learning_rate for way in entered}
        schedules = {way.schedule for way in entered}
    else:
        found = held(app).course.contestants if view == "one" else app.session_state["job_repeats"][1].race.contestants
        structures = [one.experiment.structure for one in found]
        optimizers, rates = {one.optimizer for one in structures}, {one.experiment.knobs.learning_rate for one in found}
        schedules = {one.schedule for one in structures}
        assert "your network" in words
        assert "same batches" in words
        swept = app.session_state[SWEEP][1].contestants if kind != "rates" else []
        assert ("sweep" in words) == bool(swept)
        assert ("another start" in words) == (view == "many")
    assert ("several optimizers" in words) == (len(optimizers) > 1)
    assert ("one optimizer" in words) == (len(optimizers) == 1)
    assert ("at several learning rates" in words) == (kind == "rates" and len(rates) > 1)
    assert ("several schedules" in words) == (len(schedules) > 1)


def test_a_search_for_rates_that_was_stopped_is_not_claimed_in_the_heading() -> None:
    app = opened(hidden="2", samples="50")
    app.session_state["race_Contestants"] = ["sgd", "adam"]
    app.switch_page(RACE).run()
    app.session_state[SWEEP][0].cancel()
    app.run()
    assert "sweep" not in heading(app)
    assert "usual learning rate" in heading(app)


@pytest.mark.parametrize(
    "query",
    [
        {"optimizer": "lbfgs"},
        {"dataset": "plane", "hidden": ""},
        {"dataset": "blobs", "classes": "5", "normalization": "batch", "dropout": "0.2"},
    ],
    ids=lambda query: next(iter(query.values())),
)
def test_unusual_experiments_race_or_say_calmly_why_not(query: dict[str, str]) -> None:
    app = page(**query)
    assert len(held(app).course.contestants) == 2
    said = [one.value for one in app.info]
    assert len(said) == (query.get("optimizer") == "lbfgs")
    assert all("sees all samples at once" in one for one in said)


def test_surfaces_descend_and_an_own_formula_is_one_or_a_sentence() -> None:
    app = page()
    app.session_state["race_view"] = "surface"
    app.session_state["surface_Contestants"] = ["sgd", "adam"]
    app.run()
    assert held(app, "surfaces").course.surface.name == "rosenbrock"
    scene = held(app, "surfaces").scene
    assert len(scene["lanes"]) == 2
    assert scene["backdrop"]
    app.selectbox(key="surface").set_value("own").run()
    app.text_input(key="surface_formula").set_value("x1**2+x2**2").run()
    assert held(app, "surfaces").course.surface.text == "x1**2+x2**2"
    app.text_input(key="surface_formula").set_value("__import__('os')").run()
    assert not app.exception
    assert len(app.info) == 1


def test_many_starts_tell_who_wins_and_the_first_one_is_the_race() -> None:
    app = page()
    mine = raced(app, pace=2)
    app.session_state["race_view"] = "many"
    app.session_state["race_races"] = 8
    app.run()
    job, found = app.session_state["job_repeats"]
    job.finish()
    assert found.finished == 8
    watched = mine.lanes.history()["series"].reshape(-1, 2, len(SCORES))[:, :, 0]
    np.testing.assert_array_equal(found.losses[:, 0], watched[:: found.every // 2])
    app.run()
    assert not app.exception
    assert app.subheader[0].value
    assert len(app.dataframe[-1].value) == 2
    assert len(app.get("plotly_chart")) == 1


def test_a_race_counts_among_what_is_held_and_leaves_when_there_is_no_room() -> None:
    app = page()
    lanes = held(app).lanes
    budget = current(app).budget
    before = budget.used_bytes
    raced(app, pace=5)
    assert budget.used_bytes > before
    assert id(lanes) in lanes.memory_by_object()
    budget.most = 1
    app.switch_page("pages/play/playground.py").run()
    app.select_slider(key="field_learning_rate").set_value(0.3).run()
    assert "race" not in app.session_state["lanes"]
    at_best_rates(app.switch_page(RACE).run())
    assert held(app).lanes is not lanes


def rates_of(app: AppTest) -> dict[str, float]:
    return {one.name: one.experiment.knobs.learning_rate for one in held(app).course.contestants}


def test_ones_own_rate_and_start_give_nobody_an_advantage() -> None:
    rates = rates_of(page(optimizer="adam", learning_rate="0.0001"))
    assert rates == rates_of(page(optimizer="sgd", learning_rate="3"))
    assert rates == rates_of(page(optimizer="rmsprop", init_seed="7"))


def test_lanes_and_table_say_the_rate_and_nobody_is_expected_when_the_race_is_over() -> None:
    app = page(optimizer="adam", learning_rate="0.0001")
    app.select_slider(key="race_goal").set_value(1e-5).run()
    mine = raced(at_best_rates(app), pace=5)
    notes = decode(mine.message)[0]["lanes"]
    for contestant, (step, before, after) in zip(mine.course.contestants, notes, strict=True):
        rate = f"rate {contestant.experiment.knobs.learning_rate:g} · "
        assert (step, before, after) == (200, rate + "not there yet", rate + "never at the goal")
    app.run()
    table = next(one for one in app.dataframe if "Goal at step" in one.value)
    assert {
        name: float(rate) for name, rate in zip(table.value["Contestant"], table.value["Learning rate"], strict=True)
    } == rates_of(app)
    assert any("loss" in one.value for one in app.markdown)


def test_another_contestant_joins_without_the_others_being_tried_again() -> None:
    KNOWN.clear()  # this visitor is the first
    app = page()
    before = app.session_state[SWEEP][1]
    app.session_state["race_Contestants"] = ["sgd", "adam", "rmsprop"]
    app.run()
    after = app.session_state[SWEEP][1]
    assert before.curves.keys() <= after.curves.keys()
    at_best_rates(app)
    assert len(after.curves) == 3 * len(before.curves) / 2
    assert all(after.curves[one] is curves for one, curves in before.curves.items())
    app.session_state["race_Contestants"] = ["adam", "sgd"]
    app.run()
    assert [one.name for one in held(app).course.contestants] == ["Adam", "SGD"]


def test_there_is_no_verdict_before_the_last_race() -> None:
    app = page()
    app.session_state["race_view"] = "many"
    app.run()
    job, found = app.session_state["job_repeats"]
    for recipe in found.recipes:
        recipe.program()
    while found.finished < 2:
        job.run_slice(0.01)
    assert job.going
    app.run()
    assert app.subheader[0].value.endswith("of 16 races are run")
    job.cancel()
    found.finished = 2
    app.run()
    assert app.subheader[0].value == "2 of 16 races are run"


def test_whoever_stops_the_search_for_rates_races_at_the_usual_ones() -> None:
    app = opened(hidden="2", samples="50")
    app.switch_page(RACE).run()
    job, sweep = app.session_state[SWEEP]
    assert job.going
    app.button(key="stop_race_rates").click().run()
    assert not sweep.is_finished
    assert rates_of(app) == {label_of(name): usual_rate(name) for name in USUAL_RATES}
    assert any("usual rate" in caption.value for caption in app.caption)
    app.button(key="again_race_rates").click().run()
    assert app.session_state[SWEEP][0].going


def test_while_its_programs_are_compiled_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page()
    lanes = held(app).lanes
    monkeypatch.setattr(lanes, "_begun", False)
    app.run()
    assert "Compiling" in [bar.proto.text for bar in app.get("progress")]
    monkeypatch.setattr(lanes, "_begun", True)
    app.run()
    assert not app.get("progress")
