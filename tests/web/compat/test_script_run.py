"""A script can tell a run of the whole page from a run of a fragment alone."""

from __future__ import annotations

import inspect
import types

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from playground.web.compat import script_run
from playground.web.compat.script_run import runs_fragment


def test_a_run_of_a_fragment_is_told_from_one_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not runs_fragment()
    for ids, expected in ((None, False), ([], False), (["stage"], True)):
        context = types.SimpleNamespace(fragment_ids_this_run=ids)
        monkeypatch.setattr(script_run, "get_script_run_ctx", lambda found=context, **_: found)
        assert runs_fragment() is expected


def test_streamlit_still_says_it_only_inside() -> None:
    """Once this fails, ``script_run.py`` is not needed any more, or has to read another attribute."""
    assert "fragment_ids_this_run" in ScriptRunContext.__dataclass_fields__
    public = {name for name, _ in inspect.getmembers(ContextProxy) if name[0] != "_"} | set(vars(st))
    assert [name for name in public if name != "fragment" and "fragment" in name and name[0] != "_"] == []
