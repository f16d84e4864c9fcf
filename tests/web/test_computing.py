"""What it runs on is said quietly, and is asked only where there is a choice."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    from playground.stage.device_select import device_select
    from playground.web.session import session

    device_select(session())


def test_one_device_is_told_and_not_asked() -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert [one.value for one in app.caption] == ["Runs on CPU"]
    assert not app.selectbox
    assert not app.exception
