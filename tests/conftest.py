"""What all tests share: JAX that refuses silent rank promotion, and a compilation cache of the tests' own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("PLAYGROUND_CACHE_DIR", str(Path(tempfile.gettempdir()) / "neural-playground-tests"))
os.environ.setdefault("PLAYGROUND_PREWARM", "0")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax

from playground.programs.compiler import use_persistent_cache
from tests.browser import browser, page, server

__all__ = ["browser", "page", "server"]  # fixtures of all tests in a browser

jax.config.update("jax_numpy_rank_promotion", "raise")
use_persistent_cache()
