"""The theme that a visitor chose in Streamlit's menu, before Streamlit's scripts have come.

``st.context.theme`` knows it only once a session is there. Seen in Streamlit 1.67 (``localStorage`` in
``static/static/js/utils.*.js``). Upstream: no issue found.
"""

from __future__ import annotations

STORED_THEME = "localStorage.getItem(`stActiveTheme-${location.pathname}-v2`)"
"""A JavaScript expression: JSON of the theme's name, ``"Light"`` or ``"Dark"``, or null where none was chosen."""
