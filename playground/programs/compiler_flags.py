"""How XLA is to compile on a processor: set when this is imported, before JAX has started, and of no consequence where
XLA does not know it."""

from __future__ import annotations

import os

SMALL_LOOPS = "--xla_backend_extra_options=xla_cpu_small_while_loop_byte_threshold=10000000"
"""A loop over so few bytes becomes one kernel instead of a call for each of its parts: a training step of a small
network takes a third of the time.

The option is undocumented; ``python -m benchmarks.engine`` measures what it brings.
"""


FLAGS = os.environ.get("XLA_FLAGS", "")
if "xla_backend_extra_options" not in FLAGS:  # whoever sets it by hand is left alone
    os.environ["XLA_FLAGS"] = f"{FLAGS} {SMALL_LOOPS}".strip()
