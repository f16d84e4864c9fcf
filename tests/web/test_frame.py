"""What surrounds a page, as Streamlit is told of it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from playground.web.layout import NO_SIDEBAR
from tests.test_pages import opened, page


def style(app: AppTest) -> str:
    assert not app.exception
    return " ".join(one.proto.body for one in app.get("html"))


def test_the_playground_has_a_sidebar() -> None:
    app = opened()
    assert app.sidebar.children
    assert NO_SIDEBAR not in style(app)


@pytest.mark.parametrize("name", ["keep/share", "play/your_data"])
def test_a_page_without_controls_has_no_empty_sidebar(name: str) -> None:
    app = page(name)
    assert not app.sidebar.children
    assert NO_SIDEBAR in style(app)
