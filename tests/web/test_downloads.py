"""Files that are made when their button is pressed.

Streamlit gives a file's function another id at each run of the page and drops the former one. A press that also runs
the page may therefore ask for a file that is gone (``MediaFileManager.add_deferred``, 1.67)."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def deferred_downloads() -> dict[str, ast.Call]:
    """Calls of ``download_button`` whose data is a function, by their place."""
    calls = {}
    for path in (ROOT / "playground").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") != "download_button":
                continue
            if len(node.args) > 1 and isinstance(node.args[1], ast.Lambda):
                calls[f"{path.relative_to(ROOT)}:{node.lineno}"] = node
    return calls


def test_a_press_for_a_file_that_is_made_then_does_not_run_the_page() -> None:
    calls = deferred_downloads()
    assert calls
    for place, call in calls.items():
        options = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        assert options.get("on_click") == "'ignore'", place
