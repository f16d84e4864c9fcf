"""The sections of the navigation, in their order."""

from __future__ import annotations

from playground.language import Translatable, mark, mark_in_context

SECTIONS: dict[str, Translatable] = {
    "play": mark_in_context("section", "Play"),
    "learn": mark("Learn"),
    "understand": mark("Understand"),
    "further": mark("Go further"),
    "class": mark_in_context("section", "Class"),
    "keep": mark("Keep"),
}
"""By their folder below ``pages/``."""
