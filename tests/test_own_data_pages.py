"""Every page works on one's own rows, whatever is chosen on it, and a chosen segment stays chosen."""

from __future__ import annotations

import ast
from itertools import product
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup

from playground.analysis.landscape import descent_view as descending
from playground.analysis.landscape import page as landscape
from playground.analysis.race import entrants_view as contenders
from playground.analysis.race import page as race
from playground.analysis.step import page as step
from playground.export import EXPORTS
from playground.stage import details_view as closer
from tests.sampling import mark_long_except

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "pages").rglob("*.py"))
ROWS = {
    "classes": ("size\tweight\tkind", ["1\t2\tapple", "3\t4\tpear", "5\t7\tapple", "2\t9\tpear"]),
    "numbers": ("area\tage\trent", ["50\t10\t700", "71\t3\t990.5", "33\t40\t405", "90\t22\t1100"]),
}

CHOICES = {
    "race_view": race.VIEWS,
    "race_kind": contenders.KINDS,
    "plane": landscape.KINDS,
    "live_from": descending.STARTS,
    "closer": closer.VIEWS,
    "export_target": EXPORTS,
    step.CHOICE: (step.ARTICLE, step.OWN),
}
"""What can be chosen in the rows of segments, by their key."""


def learning(kind: str) -> AppTest:
    """The app with a table of one's own, learned."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    app.switch_page("pages/play/your_data.py").run()
    head, rows = ROWS[kind]
    app.text_area(key="own_paste").set_value("\n".join([head, *rows * 6])).run()
    app.button(key="own_go").click().run()
    assert not app.exception
    return app


def pairs(group: ButtonGroup) -> list[tuple[str, str]]:
    """What can be pressed in a row of segments: its key, and each value; those of the comparisons are their labels."""
    key = str(group.key)
    return [(key, value) for value in CHOICES.get(key, group.options)]


@pytest.mark.parametrize(
    ("page", "kind"),
    mark_long_except(
        product(PAGES, ROWS),
        *((page, "classes") for page in PAGES),
        ("pages/play/playground.py", "numbers"),
        ("pages/understand/step.py", "numbers"),
    ),
)
def test_a_page_works_with_ones_own_rows(page: str, kind: str) -> None:
    app = learning(kind)
    app.switch_page(page).run()
    assert not app.exception
    assert app.session_state["session"].experiment.problem.dataset == "table"
    tried: set[tuple[str, str]] = set()
    while untried := [one for group in app.button_group for one in pairs(group) if one not in tried]:
        key, value = untried[0]
        tried.add(untried[0])
        app.button_group(key=key).set_value(value).run()
        assert not app.exception, (key, value)


def choices(path: Path) -> list[ast.Call]:
    """Calls of controls of which one segment is chosen."""
    return [
        node
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("segmented_control", "pills")
    ]


@pytest.mark.parametrize("path", sorted((ROOT / "playground").rglob("*.py")), ids=lambda path: path.name)
def test_what_begins_chosen_is_never_left_without_a_choice(path: Path) -> None:
    for call in choices(path):
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        mode = given.get("selection_mode")
        if isinstance(mode, ast.Constant) and mode.value == "multi":
            continue  # nothing chosen of several is a choice, and Streamlit takes no ``required`` there
        assert "required" in given or "default" not in given, (
            f"line {call.lineno}: a second click takes the choice away"
        )
