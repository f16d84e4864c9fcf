"""The article that this playground grew out of."""

from __future__ import annotations

ARTICLE_TITLE = "Deep learning: from concept to insight"
ARTICLE = f"{ARTICLE_TITLE} (the article that this playground grew out of)"
