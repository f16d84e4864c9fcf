"""The environment of processes that tests start and that have no cache of their own."""

from __future__ import annotations

import os
from pathlib import Path

COMPILED_ONCE = {
    "JAX_COMPILATION_CACHE_DIR": str(Path(os.environ["PLAYGROUND_CACHE_DIR"]) / "processes"),
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
}
"""What JAX compiles in such a process is on disk for the next run of the tests, and for other processes."""
