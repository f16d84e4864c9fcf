"""Sessions of visitors who left are dropped when their time to come back is over.

Streamlit's storage of disconnected sessions drops expired ones only when another session disconnects. Seen in
Streamlit 1.67 (``runtime/memory_session_storage.py``, ``runtime/caching/ttl_cache.py``). Upstream:
streamlit/streamlit#12506; #12521, which was to mend it, was closed without being merged.
"""

from __future__ import annotations

from typing import Any

from streamlit import runtime


def drop_expired_sessions() -> int:
    """Drop them, and return how many there were; 0 outside of a server."""
    if not runtime.exists():
        return 0
    manager: Any = getattr(runtime.get_instance(), "_session_mgr", None)
    try:
        with manager._storage_lock:
            expired = manager._session_storage._cache.expire()
    except AttributeError:
        return 0
    return len(expired)
