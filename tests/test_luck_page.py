"""Luck, as Streamlit runs it and in a browser: it answers by itself, follows its controls, and opens one of its
networks."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from playground.analysis.intervals import wilson_interval
from playground.analysis.seeds.page import CLAIMS, MEANINGS, NETWORKS, details, meaning, verdict
from playground.analysis.seeds.seed_ensemble import rank_networks, solved_mask
from tests.browser import visit
from tests.test_pages import current, opened

LUCK = "pages/understand/luck.py"
SMALL = {"hidden": "3", "samples": "60", "noise": "0.2"}


def answered(app: AppTest) -> AppTest:
    """The page once its work is done."""
    end = time.monotonic() + 60
    while ("job_luck" not in app.session_state or app.session_state["job_luck"][0].going) and time.monotonic() < end:
        app.run()
    assert not app.exception
    return app.run()


def few(app: AppTest, networks: int = 16, steps: int = 200) -> AppTest:
    app.switch_page(LUCK).run()
    app.select_slider(key="luck_networks").set_value(networks)
    app.select_slider(key="luck_steps").set_value(steps).run()
    return answered(app)


def test_what_is_said_is_what_was_counted_and_one_is_opened() -> None:
    app = few(opened(**SMALL))
    many = app.session_state["job_luck"][1]
    successes = int(solved_mask(many.outcome, "binary", 0.95).sum())
    low, high = wilson_interval(successes, 16)
    assert f"of 16 (95 % interval {100 * low:.0f} to {100 * high:.0f} %)" in app.subheader[0].value
    charts = [str(chart.proto) for chart in app.get("plotly_chart")]
    assert len(charts) == 4
    assert "class 0" in charts[2]
    assert "class 1" in charts[2]
    assert "evenly split" in charts[3]
    app.slider(key="luck_goal_accuracy").set_value(0.5).run()
    assert f"{100 * solved_mask(many.outcome, 'binary', 0.5).mean():.0f} % of 16" in app.subheader[0].value
    assert app.session_state["job_luck"][1] is many  # another goal trains nothing anew
    worst = rank_networks(many.outcome)["worst"]
    app.button(key="luck_open_worst").click().run()
    session = current(app)
    assert session.experiment == many.member_experiment(worst)
    assert session.paused
    assert "the worst of 16 networks" in session.notes[0]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"dataset": "plane", "hidden": "3", "samples": "60"}, "R²"),
        ({"dataset": "blobs", "classes": "5", "hidden": "", "samples": "60"}, "accuracy"),
    ],
    ids=["a regression", "five classes, no hidden layer"],
)
def test_other_tasks_are_answered_too(query: dict[str, str], word: str) -> None:
    app = few(opened(**query), networks=8)
    assert any(word in one.label for one in app.slider)
    assert "of 8" in app.subheader[0].value
    assert len(app.get("plotly_chart")) == 4
    assert not app.info


def test_the_words_are_no_surer_than_the_count() -> None:
    assert "nearly every start" in verdict(64, 64)
    assert "too few" in verdict(4, 8)
    assert "too few" in verdict(0, 16)
    assert "too few" in verdict(16, 16)
    assert "one run alone tells little" in verdict(32, 64)
    assert "more than half of the starts" in verdict(58, 64)
    assert "hardly any start gets there" in verdict(0, 64)
    assert verdict(45, 64).startswith("Solved in 70 % of 64 (95 % interval 58 to 80 %)")
    said = details(np.array([0.1, 0.2, np.inf]), np.array([-1, -1, 41]), "test loss")
    assert said.startswith("Median test loss 0.200;")
    assert "0.100 and diverged. 1 diverged, the first at step 41" in said
    assert details(np.full(3, np.inf), np.array([5, 3, 9]), "test loss").startswith("All of them diverged")


@pytest.mark.parametrize("trials", NETWORKS)
def test_one_more_success_never_turns_the_words_into_their_opposite(trials: int) -> None:
    order = [name for name in MEANINGS if name != "unclear"]
    places = [meaning(successes, trials) for successes in range(trials + 1)]
    ranks = [order.index(name) for name in places if name != "unclear"]
    assert ranks == sorted(ranks)
    for before, after in pairwise(places):
        assert "unclear" in (before, after) or order.index(after) - order.index(before) <= 1
    if trials >= 64:
        assert ranks[0] == 0
        assert ranks[-1] == len(order) - 1


@pytest.mark.parametrize("trials", [8, 64, 1024])
@pytest.mark.parametrize("share", [0.005, 0.02, 0.03, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.97, 0.98, 0.995])
def test_whatever_is_said_holds_for_nearly_all_other_seeds(share: float, trials: int) -> None:
    """Between 2 and 3 % of failures the words once turned from "the start hardly matters" to "it is luck"."""
    counts = np.random.default_rng(int(1000 * share)).binomial(trials, share, 2000)
    ends = np.array([CLAIMS[meaning(int(successes), trials)] for successes in counts])
    assert ((ends[:, 0] <= share) & (share <= ends[:, 1])).mean() > 0.93
    # Any two of them can be true together: no other seeds lead to the opposite.
    low, high = np.quantile(ends[:, 0], 0.95), np.quantile(ends[:, 1], 0.05)
    assert low <= high


def test_there_is_no_verdict_while_more_networks_are_to_come() -> None:
    app = opened(**SMALL)
    app.switch_page(LUCK).run()
    app.select_slider(key="luck_networks").set_value(1024).run()
    job, many = app.session_state["job_luck"]
    while not many.outcome.finished:
        app.run()
    assert job.going
    assert app.subheader[0].value.endswith("so far")


def test_in_a_browser_it_answers_by_itself_and_opens_the_best(page: Page, server: str) -> None:
    visit(page, server + "/?hidden=3&samples=60&noise=0.2")
    page.get_by_text("Understand", exact=True).first.click()
    page.locator("a[href$='/luck']").first.click()
    page.get_by_role("slider", name="Steps each").press("Home")
    expect(page.get_by_text("Solved in").first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(4)
    expect(page.locator("[data-testid=stProgress]")).to_have_count(0)
    page.get_by_role("button", name="Best").click()
    page.wait_for_selector("[data-testid=stage][data-step]")
    expect(page.get_by_text("the best of 64 networks")).to_be_visible()


def test_stop_acts_before_anything_more_is_trained() -> None:
    app = opened(**SMALL)
    app.switch_page(LUCK).run()
    app.select_slider(key="luck_networks").set_value(1024).run()
    job, many = app.session_state["job_luck"]
    while not many.outcome.finished:
        app.run()
    share, finished = job.share, many.outcome.finished
    assert job.going
    app.button(key="stop_luck").click().run()
    assert (job.state, job.share, many.outcome.finished) == ("cancelled", share, finished)
    assert "Stopped" in app.caption[1].value
    assert not [one for one in app.button if one.key == "stop_luck"]
    assert f"of {finished}" in app.subheader[0].value
