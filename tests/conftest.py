"""What all tests share: JAX that refuses silent rank promotion, compiled programs on disk, and the browser."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("PLAYGROUND_CACHE_DIR", str(Path(tempfile.gettempdir()) / "neural-playground-tests"))
os.environ.setdefault("PLAYGROUND_PREWARM", "0")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import pytest

from playground.programs.cache import PROGRAMS
from playground.programs.compiler import use_persistent_cache
from tests.browser import browser, page, server

__all__ = ["browser", "page", "server"]  # fixtures of all tests in a browser

jax.config.update("jax_numpy_rank_promotion", "raise")
# Apart from that of the servers and commands which the tests start, and without a bound: JAX reads a bounded folder
# through at each new program, 2 minutes for the thousands of a first run.
use_persistent_cache(Path(os.environ["PLAYGROUND_CACHE_DIR"]) / "tests")
jax.config.update("jax_compilation_cache_max_size", -1)


@pytest.fixture(scope="session", autouse=True)
def no_eviction() -> Iterator[None]:
    """Programs stay for the next test, within the bounds of all: once a test has drawn a page, the housekeeping of this
    process drops those that nobody has used for a few seconds, and the tests would make half of them again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PROGRAMS, "evict_unused", lambda: 0)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests first: theirs are the longest files, and processes that share the others end together."""
    items.sort(key=lambda item: "server" not in getattr(item, "fixturenames", ()))
