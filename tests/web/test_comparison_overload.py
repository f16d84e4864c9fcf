"""Lanes say, as the Playground does, that a class is larger than the machine."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from playground.web import comparison_player as lanes


def page() -> None:
    from playground.web.comparison_player import warn_overload

    warn_overload()


@pytest.mark.parametrize(("many", "said"), [(0, []), (31, ["About 30 people are training here at once"])])
def test_a_crowd_is_told_below_the_lanes(many: int, said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(lanes.SCHEDULER), "overload_count", lambda self: many)
    app = AppTest.from_function(page, default_timeout=60).run()
    assert [one.value.split(":")[0] for one in app.caption] == said
