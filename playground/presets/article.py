"""The article that this playground grew out of."""

from __future__ import annotations

from playground.language import mark

ARTICLE_TITLE = "Deep learning: from concept to insight"
SECTION = mark("{title} (the article that this playground grew out of), section {number}")
"""A source: the section ``number`` of the article with this ``title``."""
