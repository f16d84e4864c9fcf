"""The first element of a process looks through no modules."""

from __future__ import annotations

import inspect

import pytest
from streamlit import delta_generator, env_util

from playground.web.compat.use_warning import skip_use_warning


def test_the_first_element_looks_through_no_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    monkeypatch.setattr(delta_generator, "_use_warning_has_been_displayed", False)
    monkeypatch.setattr(env_util, "is_repl", lambda: looks.append("modules"))
    skip_use_warning()
    delta_generator._maybe_print_use_warning()
    assert looks == []


def test_streamlit_still_looks_through_all_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once this fails, ``use_warning.py`` is not needed any more."""
    looks: list[str] = []
    stack = inspect.stack
    monkeypatch.setattr(inspect, "stack", lambda: looks.append("modules") or stack())
    monkeypatch.setattr(delta_generator, "_use_warning_has_been_displayed", False)
    delta_generator._maybe_print_use_warning()
    assert looks == ["modules"]
