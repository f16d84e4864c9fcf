"""Words in the visitor's language: text is marked where it is written and translated where it is shown."""

from playground.language.catalogue import LANGUAGES, SOURCE_LANGUAGE, language_name, match_language
from playground.language.current import current_language, follow_visitor, use_language
from playground.language.translatable import (
    NumberText,
    Translatable,
    join_items,
    join_sentences,
    mark,
    mark_in_context,
    mark_plural,
)
from playground.language.translate import t, t_plural, translate, translate_tree

__all__ = [
    "LANGUAGES",
    "SOURCE_LANGUAGE",
    "NumberText",
    "Translatable",
    "current_language",
    "follow_visitor",
    "join_items",
    "join_sentences",
    "language_name",
    "mark",
    "mark_in_context",
    "mark_plural",
    "match_language",
    "t",
    "t_plural",
    "translate",
    "translate_tree",
    "use_language",
]
