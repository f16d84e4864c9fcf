"""Sessions whose time to come back is over are dropped."""

from __future__ import annotations

import types
from typing import Any

import pytest
from streamlit import runtime
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from playground.web.compat.expired_sessions import drop_expired_sessions

TTL_SECONDS = 45


class Server:
    """Streamlit's own storage of disconnected sessions, with a clock that is set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        storage = MemorySessionStorage(ttl_seconds=TTL_SECONDS)
        manager = WebsocketSessionManager(storage, None, None, None)  # pyright: ignore[reportArgumentType]
        self.now = 0.0
        self.cache: Any = storage._cache
        self.cache._timer = lambda: self.now
        monkeypatch.setattr(runtime, "exists", lambda: True)
        monkeypatch.setattr(runtime, "get_instance", lambda: types.SimpleNamespace(_session_mgr=manager))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    return Server(monkeypatch)


def test_outside_of_a_server_there_are_none() -> None:
    assert drop_expired_sessions() == 0


def test_sessions_whose_time_is_over_are_dropped(server: Server) -> None:
    server.cache["a"] = "session"
    server.now = TTL_SECONDS - 1.0
    assert drop_expired_sessions() == 0
    server.now = TTL_SECONDS + 1.0
    assert (drop_expired_sessions(), len(server.cache._data)) == (1, 0)
    assert drop_expired_sessions() == 0


def test_streamlit_still_keeps_them(server: Server) -> None:
    """Once this fails, ``expired_sessions.py`` is not needed any more."""
    assert type(server.cache) is TTLCache, "no cache with a timer of its own"
    server.cache["a"] = "session"
    server.now = TTL_SECONDS + 1.0
    assert server.cache.get("a") is None
    assert len(server.cache._data) == 1
