"""Depth, as Streamlit runs it and in a browser: it plays, pauses, looks back, takes layers out, has an address."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from playground.analysis.depth.degradation import TITLES, find_degradation
from playground.analysis.depth.page import study_csv
from playground.analysis.depth.presets import DEPTH_PRESETS
from playground.analysis.depth.settings import DepthSettings, settings_text
from playground.analysis.depth.study import DepthStudy
from playground.analysis.depth.surgery import LayerSurgery
from playground.language import use_language
from playground.live.scheduling.job import Job
from tests.test_pages import APP

DEPTH = "pages/further/depth.py"
SMALL = DepthSettings(networks=8, steps=60, depths=(2, 8), learning_rate=0.003)


def opened(settings: DepthSettings = SMALL, **query: str) -> AppTest:
    """The page by a link, before its first run; its programs are there."""
    for recipe in DepthStudy(settings).programs.recipes:
        recipe.program()
    app = AppTest.from_file(APP, default_timeout=60)
    if text := settings_text(settings):
        app.query_params["depth"] = text
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(DEPTH)
    return app.run()


def study_of(app: AppTest) -> tuple[Job, DepthStudy]:
    assert not app.exception
    return app.session_state["job_depth"]


def until_ended(app: AppTest) -> AppTest:
    """The page once its study and its surgery are done."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        jobs = [app.session_state[name] for name in ("job_depth", "job_surgery") if name in app.session_state]
        if len(jobs) == 2 and not any(job[0].going for job in jobs):
            break
        app.run()
    return app.run()


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


def test_it_trains_by_itself_look_by_look_and_says_what_was_found() -> None:
    app = opened()
    looks = [study_of(app)[1].looks]
    while study_of(app)[0].going:
        app.run()
        looks.append(study_of(app)[1].looks)
        if study_of(app)[0].going and looks[-1]:
            assert any(title.value.startswith("After ") for title in app.subheader)
    assert len(set(looks)) >= 10, "a look is drawn each time"
    app = until_ended(app)
    study = study_of(app)[1]
    found = find_degradation((2, 8), study.score("train_loss"))
    assert TITLES[found.kind] in [title.value for title in app.subheader]
    assert len(app.get("plotly_chart")) == 8
    assert any("starts" in text.value for text in app.markdown)
    assert dict(app.query_params)["depth"] == settings_text(SMALL)
    assert not app.info


def test_it_is_paused_goes_on_a_look_and_is_stopped() -> None:
    app = opened()
    while not study_of(app)[1].looks:
        app.run()
    app.button(key="depth_pause").click().run()
    job, study = study_of(app)
    looks = study.looks
    app.run()
    app.run()
    assert (job.going, study.looks) == (True, looks), "paused"
    assert "Look back" in [slider.label for slider in app.select_slider] or looks < 2
    app.button(key="depth_next").click().run()
    assert study.looks == looks + 1
    app.button(key="depth_play").click().run()
    assert study.looks == looks + 2
    app.button(key="stop_depth").click().run()
    assert job.state == "cancelled"
    share = job.share
    app = until_ended(app)
    assert job.share == share
    assert "Stopped" in " ".join(caption.value for caption in app.caption)
    assert {"depth_play", "depth_pause", "stop_depth"}.isdisjoint(keys(app))
    app.button(key="again_depth").click().run()
    assert study_of(app)[1] is not study


def test_who_looks_back_sees_the_losses_of_then() -> None:
    app = until_ended(opened())
    study = study_of(app)[1]
    slider = next(slider for slider in app.select_slider if slider.label == "Look back")
    first = int(study.marks[0])
    slider.set_value(first).run()
    assert not app.exception
    assert "After 0 steps" in [title.value for title in app.subheader]
    slider = next(slider for slider in app.select_slider if slider.label == "Look back")
    slider.set_value(int(study.marks[4])).run()
    assert any(text.value.startswith(f"After {study.marks[4]} steps:") for text in app.markdown)


def test_layers_are_taken_out_and_exchanged() -> None:
    app = until_ended(opened())
    _job, surgery = app.session_state["job_surgery"]
    assert isinstance(surgery, LayerSurgery)
    row = next(group for group in app.button_group if group.key == "depth_layers_8")
    row.set_value([2, 3]).run()
    expected = surgery.route_scores((2, 3, 4, 5, 6))
    metrics = [metric.value for metric in app.metric]
    for kind, value in enumerate(metrics):
        before, after = np.median(surgery.intact[1, kind]), np.median(expected[1, kind])
        assert value == f"{100 * before:.0f} % → {100 * after:.0f} % right"
    next(group for group in app.button_group if group.key == "depth_mode").set_value("reverse").run()
    exchanged = surgery.route_scores((1, 0, 2, 3, 4, 5, 6))
    assert app.metric[0].value.endswith(f"{100 * np.median(exchanged[1, 0]):.0f} % right")
    next(group for group in app.button_group if str(group.key).startswith("depth_depth_")).set_value(2).run()
    until_ended(app)
    assert app.session_state["job_surgery"][1].depth == 2
    assert not app.exception


def test_controls_and_presets_make_another_study_and_a_wrong_one_is_said() -> None:
    app = opened(depth="dataset:spirl;steps:60;networks:4;depths:2")
    assert "did you mean" in app.info[0].value
    app.selectbox(key="depth_dataset").set_value("circle").run()
    assert study_of(app)[1].settings.dataset == "circle"
    assert dict(app.query_params)["depth"] == "dataset:circle;networks:4;steps:60;depths:2"
    assert not app.info
    app.toggle(key="depth_batch_norm").set_value(True).run()
    assert study_of(app)[1].settings.batch_norm
    next(group for group in app.button_group if group.key == "depth_depths").set_value([]).run()
    assert "must list 1 to 6 values" in app.info[0].value
    assert study_of(app)[1].settings.depths == (2,)
    next(group for group in app.button_group if group.key == "depth_preset").set_value("shallow").run()
    assert study_of(app)[1].settings == DEPTH_PRESETS["shallow"].settings
    assert app.selectbox(key="depth_activation").value == "relu"


def test_the_numbers_are_a_table() -> None:
    study = DepthStudy(DepthSettings(networks=2, steps=20, depths=(2, 4)))
    for _ in study.work():
        pass
    with use_language("zh_CN"):
        header, *lines = study_csv(study).splitlines()
    assert header == "step,layers,kind,seed,train_loss,test_loss,train_accuracy,test_accuracy"
    assert len(lines) == study.looks * 2 * 2 * 2
    last = lines[-1].split(",")
    assert last[:4] == ["20", "4", "residual", "1"]
    assert float(last[4]) == pytest.approx(study.scores[-1, 1, 0, 1, 1])


def test_in_a_browser_it_plays_is_paused_and_a_layer_is_taken_out(page: Page, server: str) -> None:
    page.goto(f"{server}/depth?depth={settings_text(replace(SMALL, networks=4))}")
    expect(page.get_by_role("heading", name="Why do residuals help?")).to_be_visible()
    expect(page.get_by_role("heading", name="After")).to_be_visible()
    # Before its charts: a browser that draws its first one loads Plotly for them.
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Next look")).to_be_visible()
    step = page.get_by_role("heading", name="After").inner_text()
    page.get_by_role("button", name="Next look").click()
    expect(page.get_by_role("heading", name=step)).to_have_count(0)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    step = page.get_by_role("heading", name="After").inner_text()
    page.locator(".st-key-depth_play button").click()
    expect(page.get_by_role("heading", name=step)).to_have_count(0)
    page.locator(".st-key-stop_depth button").click()
    expect(page.get_by_role("button", name="Train again")).to_be_visible()
    chosen = page.get_by_role("button", name="5", exact=True)
    expect(chosen).to_be_visible()
    before = page.get_by_test_id("stMetricValue").first.inner_text()
    chosen.click()
    expect(page.get_by_test_id("stMetricValue").first).not_to_have_text(before)
    with page.expect_download() as download:
        page.get_by_role("button", name="Numbers (CSV)").click()
    assert download.value.suggested_filename == "depth.csv"
    page.get_by_text("Where depth helps by itself").click()
    page.wait_for_url("**depth=activation*")


def test_in_a_browser_the_navigation_leads_there(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_text("Go further", exact=True).first.click()
    page.get_by_role("menuitem", name="Depth").click()
    expect(page.get_by_role("heading", name="Why do residuals help?")).to_be_visible()
    expect(page.get_by_text("80 networks of 16 units")).to_be_visible()


@pytest.mark.parametrize("text", ["steps:60;networks:4;depths:2,4", "<script>alert(1)</script>"])
def test_in_a_browser_a_link_opens_the_study_that_it_holds(page: Page, server: str, text: str) -> None:
    page.goto(f"{server}/depth?depth={text}")
    expect(page.get_by_role("heading", name="Why do residuals help?")).to_be_visible()
    if text.startswith("steps"):
        expect(page.get_by_text("16 networks of 16 units")).to_be_visible()
    else:
        expect(page.get_by_text("is no setting of this page")).to_be_visible()
        expect(page.get_by_text("80 networks of 16 units")).to_be_visible()
