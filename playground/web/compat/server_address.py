"""Where Streamlit's browser side looks for its server: where its scripts came from.

Opened at the address of a page it would ask that page first, and log what is not there. Seen in Streamlit 1.67
(``window.__streamlit`` in ``static/index.html``'s scripts). Upstream: streamlit/streamlit#7074, open; #11537 says that
the page would have to be written by the server for it.
"""

from __future__ import annotations

BACKEND = '<script>(window.__streamlit ??= {}).BACKEND_BASE_URL ??= new URL("./", location.href).href;</script>'
"""For the page's head, before Streamlit's own scripts."""
