"""Which way should I turn it? As Streamlit runs it: asked once, answered for each knob, forgotten when it does not hold
any more."""

from __future__ import annotations

import time

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.analysis.hypergradient.hypergradient import HypergradientReport, Slope
from playground.analysis.hypergradient.view import NOT_YET, evidence, percent, verdict_words
from playground.web.markdown import escape_markdown
from tests.test_pages import current, opened

PLAIN = {"hidden": "3", "samples": "60", "batch_size": "20", "output_activation": "identity"}


def wait_for_frame(app: AppTest) -> None:
    """The page comes before the first frame where its program is still being made."""
    end = time.monotonic() + 60
    while not current(app).run.has_begun and time.monotonic() < end:
        current(app).run.mount()


def asked(app: AppTest) -> list[str]:
    """The captions once the answer is there."""
    wait_for_frame(app)
    app.button(key="which_way").click().run()
    end = time.monotonic() + 60
    while not any("over the next" in one.value for one in app.caption) and time.monotonic() < end:
        job = app.session_state["job_which_way"][0]
        if job.state in ("cancelled", "failed") or (
            job.state == "done" and job.share == 1 and app.session_state["job_which_way"][1].text
        ):
            break
        time.sleep(0.05)
        app.run()
    assert not app.exception
    return [one.value for one in app.caption]


def test_each_knob_is_told_and_a_turned_one_forgets_the_answer() -> None:
    app = opened(**PLAIN)
    captions = asked(app)
    assert any(one.startswith("From step 0, over the next 100 steps") for one in captions)
    assert sum("would change the test loss by" in one or "hardly matters" in one for one in captions) >= 3
    assert any("**Learning rate** **▲** raising it by 10 % would change the test loss by −" in one for one in captions)
    assert "**Dropout** **–** no slope to go by: what it does jumps" in captions
    app.select_slider(key="field_learning_rate").set_value(0.1).run()
    assert not any("would change" in one.value for one in app.caption)
    assert not app.exception


def test_a_run_that_diverges_is_told_so_calmly() -> None:
    app = opened(**PLAIN, learning_rate="10")
    asked(app)
    assert any("diverge" in one.value for one in app.caption)
    session = current(app)
    assert not session.notes


def test_it_can_be_asked_as_soon_as_the_network_is_there_though_the_page_was_drawn_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as compiling:
        compiling.setattr("playground.live.playback.compile_within", lambda *_: False)
        app = opened(**PLAIN)
        assert not current(app).run.has_begun
        assert not app.button(key="which_way").disabled
        app.button(key="which_way").click().run()
        assert [one.value for one in app.info] == [escape_markdown(NOT_YET)]
    wait_for_frame(app)
    app.button(key="which_way").click().run()
    assert "job_which_way" in app.session_state


def test_it_is_absent_where_a_handout_hides_it() -> None:
    app = opened(**PLAIN, hide="which_way")
    assert "which_way" not in {one.key for one in app.button}


def test_words() -> None:
    found = HypergradientReport(window=100, growth=2e6)
    up = Slope("up", -1.0, 0.003, 0.1, -0.021, -0.02, -0.019, 0.02)
    assert verdict_words(up, found) == "**▲** raising it by 10 % would change the test loss by −2.1 %"
    assert evidence(up, found) == "Tried by training: raised: −1.9 %, lowered: +2.0 %. The slope says −2.1 %."
    least = Slope("down", 1.0, 0.001, np.nan, 0.021, 0.02, 0.02)
    assert (
        verdict_words(least, found)
        == "**■** as far as it goes: raising it by 0.001 would change the test loss by +2.1 %"
    )
    assert "2e+06-fold within 100 steps" in evidence(Slope("chaotic", derivative=40.0, tried=-0.01), found)
    assert percent(np.inf) == "divergence"
