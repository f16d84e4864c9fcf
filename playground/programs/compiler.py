"""How a function becomes a program: XLA's options, and the folder in which programs outlive the process."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jax

CACHE_BYTES = 256 * 2**20
Program = Callable[..., Any]

LIGHT: dict[str, Any] = {"xla_cpu_use_fusion_emitters": False}
"""Compiler options under which a program of many small kernels takes 220 MB less and a quarter less time to compile.
Where a loop is one kernel anyway (up to 16 units) its steps are as fast; larger ones, and programs made for one
network, are slower by a quarter and more."""


WIDE_VECTORS: dict[str, Any] = {"xla_cpu_prefer_vector_width": "512"}
"""Compiler options under which a processor that has them uses vectors of 512 bits, where XLA by itself prefers 256: a
group of networks is trained a fifth faster."""


UNKNOWN_OPTIONS: set[str] = set()
"""Compiler options that the installed XLA turned out not to have: they come and go with its releases, and only save
time and memory."""


@cache
def vector_options() -> dict[str, Any] | None:
    """``WIDE_VECTORS`` where this machine's processor has them (Linux tells), else None."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    return WIDE_VECTORS if "avx512f" in flags else None


def aot_compile(
    function: Callable[..., Any], *examples: Any, lie: Any = None, options: dict[str, Any] | None = None
) -> Program:
    """``function`` compiled for arguments like ``examples``: it can then never recompile, only refuse other shapes.

    It runs where the examples lie; ``lie``: how its results shall lie on several devices (shardings); ``options``: of
    the compiler.
    """
    lowered = jax.jit(function, out_shardings=lie).lower(*examples)
    known = {name: value for name, value in (options or {}).items() if name not in UNKNOWN_OPTIONS}
    try:
        return lowered.compile(compiler_options=known or None)
    except jax.errors.JaxRuntimeError as error:
        unknown = {name for name in known if f"No such compile option: '{name}'" in str(error)}
        if not unknown:
            raise
        UNKNOWN_OPTIONS.update(unknown)
        return aot_compile(function, *examples, lie=lie, options=options)


def cache_folder() -> Path:
    """What the process keeps on disk: ``PLAYGROUND_CACHE_DIR``, else ``~/.cache/neural-playground``."""
    return Path(os.environ.get("PLAYGROUND_CACHE_DIR") or Path.home() / ".cache" / "neural-playground")


def use_persistent_cache(folder: Path | None = None) -> None:
    """Keep compiled programs on disk, so that one seen before is loaded and not compiled: 2.2 -> 0.17 CPU s.

    ``folder``: where; else ``cache_folder()``. A folder that cannot be written only costs the time.
    """
    jax.config.update("jax_compilation_cache_dir", str(folder or cache_folder()))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    jax.config.update("jax_compilation_cache_max_size", CACHE_BYTES)
