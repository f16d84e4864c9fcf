"""Text that somebody else may have written, shown as it is wherever Streamlit reads Markdown."""

from __future__ import annotations

import re

SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
SHORT = re.compile(r"(:|@|www)(?=\S)")
"""Where icons, emoji and bare addresses begin, which are looked for after Markdown has been read."""
JOINER = "\u2060"
"""Word joiner: it has no width, and breaks no line."""


def escape_markdown(text: str) -> str:
    """``text`` in one paragraph of Markdown that shows every sign: no HTML, link, picture, formula, colour or icon."""
    return SIGNS.sub(r"\\\1", SHORT.sub(rf"\1{JOINER}", " ".join(text.split())))


MAX_HEADING = re.compile(r"^( {0,3})#{1,6}(?=\s)", re.MULTILINE)
REFERENCES = re.compile(r"\](?=[(:\[])|<(?=\S)")
"""Where a link or a picture gets its address, or a tag or an address in angle brackets begins."""


def safe_markdown(text: str) -> str:
    """``text`` as Markdown of which emphasis, lists, small headings, code and formulas are left.

    Links and pictures are shown as they were typed: whoever opens a handout asks nothing of strangers.
    """
    text = REFERENCES.sub(rf"\g<0>{JOINER}", text)
    return MAX_HEADING.sub(r"\1#####", SHORT.sub(rf"\1{JOINER}", text))
