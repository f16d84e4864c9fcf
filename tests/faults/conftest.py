"""The profile for a long night: ``python -m pytest tests/faults --hypothesis-profile=long``."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("long", max_examples=5000, deadline=None)
