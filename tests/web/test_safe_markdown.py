"""A handout's words: what is Markdown in them, and what is not."""

from __future__ import annotations

import pytest

from playground.web.markdown import JOINER, safe_markdown


@pytest.mark.parametrize(
    "text", ["**bold** and *less*\n\n- one\n- two", "1. first\n2. second", "`code(x)` and $x_1^2 + 1$"]
)
def test_what_is_harmless_stays(text: str) -> None:
    assert safe_markdown(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "[here](https://example.org)",
        "![x](https://example.org/x.png)",
        "[here][1]\n\n[1]: https://example.org",
        "<https://example.org>",
        "<img src=x onerror=alert(1)>",
        "see https://example.org or www.example.org",
        "mail me@example.org",
        ":material/warning: :red[x]",
    ],
)
def test_links_pictures_and_tags_are_broken_and_read_the_same(text: str) -> None:
    shown = safe_markdown(text)
    assert shown.replace(JOINER, "") == text
    for opening in ("](", "]:", "][", "<h", "<i", "https://", "www.", "@e", ":m", ":r"):
        assert opening not in shown


def test_a_heading_is_no_larger_than_the_page_s() -> None:
    assert safe_markdown("# Task\ntext # 1") == "##### Task\ntext # 1"
