"""Text that somebody else may have written, shown as it is wherever Streamlit reads Markdown."""

from __future__ import annotations

import re

SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
SHORT = re.compile(r"(:|@|www)(?=\S)")
"""Where icons, emoji and bare addresses begin, which are looked for after Markdown has been read."""
JOINER = "\u2060"
"""Word joiner: it has no width, and breaks no line."""


def plain(text: str) -> str:
    """``text`` in one paragraph of Markdown that shows every sign: no HTML, link, picture, formula, colour or icon."""
    return SIGNS.sub(r"\\\1", SHORT.sub(rf"\1{JOINER}", " ".join(text.split())))
