"""Every control on every page says what it is for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PLAYGROUND = Path(__file__).resolve().parents[2] / "playground"
CONTROLS = {
    *("selectbox", "slider", "select_slider", "number_input", "text_input", "text_area", "toggle", "checkbox"),
    *("multiselect", "radio", "segmented_control", "pills", "file_uploader"),
}
SAYS_ITSELF = {("choice_bar.py", "toggle")}
"""The line that folds the choices on a narrow screen is itself what they are."""


def controls_without_help(path: Path) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    missing = []
    for call in calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        shared = [ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg is None]
        has_help = any(keyword.arg == "help" for keyword in call.keywords) or any("_widget(" in text for text in shared)
        if name in CONTROLS and not has_help and (path.name, name) not in SAYS_ITSELF:
            missing.append(f"{path.name}:{call.lineno} {name}")
    return missing


@pytest.mark.parametrize("path", sorted(PLAYGROUND.rglob("*.py")), ids=lambda path: path.name)
def test_every_control_has_a_help(path: Path) -> None:
    assert controls_without_help(path) == []
