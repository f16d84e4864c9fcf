"""Which language texts are shown in now: set for a piece of work, else the visitor's, else English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from playground.language.catalogue import SOURCE_LANGUAGE

_chosen: ContextVar[str] = ContextVar("language", default="")
_visitor_language: Callable[[], str] = lambda: SOURCE_LANGUAGE  # noqa: E731


def current_language() -> str:
    """The language of this thread's work, one of ``LANGUAGES``."""
    return _chosen.get() or _visitor_language()


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Texts are shown in ``language`` within this block."""
    token = _chosen.set(language)
    try:
        yield
    finally:
        _chosen.reset(token)


def follow_visitor(language_of_visitor: Callable[[], str]) -> None:
    """Ask ``language_of_visitor`` for the language wherever none is set: the pages know whom they are drawn for."""
    global _visitor_language
    _visitor_language = language_of_visitor
