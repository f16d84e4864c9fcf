"""A long table's sample for every run of the tests; what is left is ``long`` (see ``make test-long``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def mark_long_except(values: Iterable[Any], *sample: Any) -> list[Any]:
    """The parameters of a test: all ``values``, those that are not in ``sample`` marked as long.

    Raises AssertionError for a sample that is not among the values: it would stand for nothing.
    """
    values = list(values)
    assert all(entry in values for entry in sample), [entry for entry in sample if entry not in values]
    return [value if value in sample else long_param(value) for value in values]


def long_param(value: Any) -> Any:
    """A parameter, or a tuple of several, that is marked as long."""
    return pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.long)
