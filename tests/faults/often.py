"""How often a property is tried: as often as its test says, and in the profile ``long`` at least as often as that."""

from __future__ import annotations

from hypothesis import settings


def often(times: int) -> int:
    """``times``, or what the profile that is loaded asks for where that is more."""
    return max(times, settings.default.max_examples) if settings.default else times
