"""The first element of a process is drawn without a look through all loaded modules.

Streamlit looks whether it runs in a Python prompt when the first element is drawn, by ``inspect.stack``, which goes
through all modules that are loaded: 0.1 to 0.5 s of the first visitor's. Seen in Streamlit 1.67
(``delta_generator._maybe_print_use_warning``, ``env_util.is_repl``). Upstream: no issue found;
streamlit/streamlit#13530 is about another such look through the modules.
"""

from __future__ import annotations

from streamlit import delta_generator


def skip_use_warning() -> None:
    """Have Streamlit take its warning about how it was started for printed."""
    if hasattr(delta_generator, "_use_warning_has_been_displayed"):
        delta_generator._use_warning_has_been_displayed = True
