"""One training step on its page, as Streamlit runs it: whose step, its numbers, taking it, and states that have no next
step."""

from __future__ import annotations

import json

import jax
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.analysis.step import StepExplainer
from playground.analysis.step.page import ARTICLE, KEY, OWN, begin_step, open_rows, take_step
from playground.analysis.step.payload import BRIEF_EXTENT, OPENED_EXTENT, Extent, step_payload
from playground.datasets import read_csv
from playground.experiment import Experiment
from playground.live import Run
from playground.presets import PRESETS
from playground.training.trainer import Trainer
from playground.web.session import Session
from tests.test_pages import APP, opened

PAGE = "pages/understand/step.py"


def visit(**query: str) -> AppTest:
    """The page once its step is there."""
    app = AppTest.from_file(APP, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    return settled(app.switch_page(PAGE).run())


def settled(app: AppTest) -> AppTest:
    """Wait for compilation where the page would come back by itself, then run once more."""
    if "job_step" in app.session_state:
        app.session_state["job_step"][0].finish()
    app.run()
    assert not app.exception
    return app


class State(dict):
    """Streamlit's state, and a component's in it."""


def told(app: AppTest) -> dict:
    """What the browser was told of the step."""
    found = [one.proto.bytes for one in app.get("bidi_component") if one.proto.component_name.endswith("steps")]
    return json.loads(found[0])


@pytest.mark.parametrize(("query", "widths"), [({}, [2, 4, 2, 1]), ({"hidden": "3"}, [2, 3, 1])])
def test_the_page_opens_with_ones_own_step_and_says_so(query: dict[str, str], widths: list[int]) -> None:
    app = visit(**query)
    assert app.segmented_control(key="step_whose").value == OWN
    assert told(app)["widths"] == widths
    assert [
        one.value.replace("\\", "") for one in app.caption if "xperiment" in one.value or "article" in one.value
    ] == [f"Your experiment: Circle · {'-'.join(map(str, widths[1:-1]))} tanh · SGD"]


def test_the_articles_case_is_chosen_by_name_and_says_which_article() -> None:
    app = visit()
    app.segmented_control(key="step_whose").set_value(ARTICLE).run()
    settled(app)
    found = told(app)
    assert (found["step"], found["samples"], found["widths"]) == (0, 50, [2, 2, 1, 1])
    said = [one.value for one in app.caption]
    assert any(line.startswith("The article's case, “Deep learning: from concept to insight”: ") for line in said)
    assert any("without an activation" in line for line in said)
    assert not any("Your experiment" in line for line in said), "nothing of one's own is named over another's numbers"


def told_of(experiment: Experiment, steps: int = 0, extent: Extent = BRIEF_EXTENT) -> dict:
    trainer = Trainer(experiment)
    return step_payload(
        StepExplainer(trainer)(trainer.advance(trainer.init(), steps)), trainer, trainer.knobs(), extent
    )


def test_the_numbers_that_are_told_fit_together() -> None:
    """The sums, the shares of a weight's derivative and the new parameters, made again from what the browser gets."""
    experiment = PRESETS["the_articles_case"].experiment
    found = told_of(experiment, 2)
    x = np.array(found["x"]).T
    for layer in found["layers"]:
        own, seen = layer["own"], layer["training"]
        z = np.array(own["w"]) @ x + np.array(own["b"])[:, None]
        np.testing.assert_allclose(np.array(seen["z"]).T, z, rtol=1e-3, atol=1e-4)
        x = np.array(seen["h"]).T
        back = np.array(layer["back"]["sums"]).T
        np.testing.assert_allclose(back @ np.array(seen["x"]), layer["gradient"]["w"], rtol=1e-3, atol=1e-6)
    p = found["parameters"]
    trainer = Trainer(experiment)
    after = trainer.advance(trainer.init(), 3)
    weights = [np.asarray(layer["w"]) for layer in after.params]
    for (i, name, unit, source), theta, update in zip(p["names"], p["theta"], p["update"], strict=True):
        if name == "w":
            assert theta + update == pytest.approx(weights[i][source, unit], rel=1e-3, abs=1e-5)
    assert len(p["names"]) == p["all"] == 11
    assert found["agree"] < 1e-4
    assert all(
        one["jax"] < 1e-4 and one["differences"] < 1e-6 and one["compared"] == one["all"] for one in found["checks"]
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"dataset": "blobs", "classes": 5, "hidden": []},
        {"dataset": "breast_cancer", "hidden": [7], "normalization": "batch", "dropout": 0.3},
        {"dataset": "plane", "hidden": [2], "features": ["x1", "x1*x2"]},
        {"painted": [[1, 1, 0], [2, 1, 0]], "only_painted": True, "hidden": [2]},
    ],
    ids=["five classes, no hidden layer", "thirty columns, normalised", "regression, own feature", "one class"],
)
def test_every_kind_of_experiment_is_told_in_bounds(fields: dict) -> None:
    found = told_of(Experiment.of(**{"samples": 50, **fields}))
    assert found["agree"] < 1e-3
    assert len(json.dumps(found, allow_nan=False)) < 200_000
    for layer in found["layers"]:
        assert len(layer["own"]["w"]) <= BRIEF_EXTENT.side
        assert len(layer["own"]["w"][0]) <= BRIEF_EXTENT.side


def test_what_was_left_out_is_all_there_once_it_is_asked_for_and_in_bounds() -> None:
    experiment = Experiment.of(hidden=[9, 7], samples=50, batch_size=20)
    found = told_of(experiment, extent=OPENED_EXTENT)
    widths, layers = found["widths"], found["layers"]
    assert [(len(one["own"]["w"]), len(one["own"]["w"][0])) for one in layers] == [(9, 2), (7, 9), (1, 7)]
    assert [len(one["training"]["h"][0]) for one in layers] == widths[1:]
    assert len(found["x"]) == found["samples"] == 20
    assert len(found["parameters"]["names"]) == found["parameters"]["all"] == 9 * 3 + 7 * 10 + 8
    assert [len(check["rows"]) for check in found["checks"]] == [check["all"] for check in found["checks"]]
    largest = told_of(Experiment.of(hidden=[64] * 8, samples=50), extent=OPENED_EXTENT)
    assert len(json.dumps(largest, allow_nan=False)) < 1_500_000


def test_rows_are_opened_and_closed_from_the_browser_and_nonsense_is_passed_over() -> None:
    app = visit(hidden="9")
    assert (told(app)["opened"], len(told(app)["layers"][0]["own"]["b"])) == (False, 6)
    for asked, opened_now in (({"all": True}, True), ({"all": "no"}, True), (None, True), ({"all": False}, False)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("playground.analysis.step.page.st.session_state", app.session_state)
            app.session_state[KEY] = type("Pressed", (), {"rows": asked})()
            open_rows()
            del app.session_state[KEY]
        settled(app.run())
        assert (told(app)["opened"], len(told(app)["layers"][0]["own"]["b"])) == (opened_now, 9 if opened_now else 6)


def test_taking_the_step_moves_the_run_by_one_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run("mine", Experiment.of(hidden=[2], samples=50))
    run.compile()
    current = Session(run.experiment, run)
    asked = {"take": {"run": "mine", "frame": 0}}

    class Steps:
        take = asked["take"]

    monkeypatch.setattr("playground.analysis.step.page.session", lambda: current)
    monkeypatch.setattr(
        "playground.analysis.step.page.st", type("Streamlit", (), {"session_state": State(steps=Steps())})
    )
    job, found = begin_step(run, 0, "key")
    job.finish()
    take_step()
    take_step()  # the same press, said twice
    assert (run.last, int(run.state(1).step), current.shown_index) == (1, 1, 1)
    update = dict(zip(map(str, found["parameters"]["names"]), found["parameters"]["update"], strict=True))
    before, after = (jax.device_get(run.state(i).params) for i in (0, 1))
    moved = after[0]["w"][0, 1] - before[0]["w"][0, 1]
    assert update["[0, 'w', 1, 0]"] == pytest.approx(moved, rel=1e-3)


def test_a_run_that_has_diverged_is_explained_and_not_taken_further() -> None:
    app = opened(dataset="plane", hidden="2", activation="relu", learning_rate="10")
    run = app.session_state["session"].run
    run.compile()
    run.answer(run_want(run, 400))
    assert int(run.state(run.last).bad_step) >= 0
    settled(app.switch_page(PAGE).run())
    assert "has diverged" in app.info[0].value
    assert told(app)["broken"]


def test_a_run_that_has_stopped_early_says_so_when_a_step_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run("rests", Experiment.of(hidden=[2], samples=50, patience=1, learning_rate=0))
    run.compile()
    for _ in range(4):
        run.answer(run_want(run, 50))
    current, last = Session(run.experiment, run), run.last
    state = State(steps=type("Steps", (), {"take": {"run": "rests", "frame": last}})())
    monkeypatch.setattr("playground.analysis.step.page.session", lambda: current)
    monkeypatch.setattr("playground.analysis.step.page.st", type("Streamlit", (), {"session_state": state}))
    take_step()
    assert run.last == last
    assert state["step_refused"].startswith("Stopped early")


def run_want(run: Run, steps: int):
    from playground.live import parse_request

    want = parse_request({"run": run.name, "epoch": run.epoch, "from": run.last + 1, "steps": steps, "frames": 1})
    assert want is not None
    return want


def test_own_rows_and_own_classes() -> None:
    table = read_csv("a,b,kind\n" + "\n".join(f"{i},{i % 3},{'up' if i % 2 else '<b>down</b>'}" for i in range(20)))
    experiment = Experiment.from_dict({"problem": {"dataset": "table", "features": ["a", "b"]}}, table)
    trainer = Trainer(experiment, table)
    found = step_payload(StepExplainer(trainer)(trainer.init()), trainer, trainer.knobs())
    assert set(found["classes"]) == {"up", "<b>down</b>"}
