"""The address of this playground, as the visitor's browser knows it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st


def address(query: Mapping[str, str]) -> str:
    """The whole link to the playground with ``query``."""
    here = urlsplit(st.context.url or "http://localhost:8501/")
    return urlunsplit((here.scheme, here.netloc, here.path.rpartition("/")[0] + "/", urlencode(query), ""))


def page_address(path: str, query: Mapping[str, str]) -> str:
    """The whole link to the page at ``path`` with ``query``."""
    base, _, rest = address(query).partition("?")
    return f"{base}{path}?{rest}"
