"""The house: imports run one way, headless stays headless, and the settings that the design rests on are set."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = (
    {"errors"},
    {"registry", "number_format", "symbols", "programs", "analysis/intervals"},
    {"datasets", "nn", "objectives"},
    {"experiment"},
    {"presets", "training", "glossary"},
    {"live", "export"},
    {"figures"},
    {"web"},
    {
        *("stage", "workspace"),
        *(
            f"analysis/{question}"
            for question in ("gradient_flow", "hypergradient", "landscape", "race", "seeds", "step")
        ),
    },
    {"cli", "server"},
)
"""From the innermost to the outermost; a module imports from layers before its own, or from its own package."""
BETWEEN = {
    # Regularizers know a network's parameters only by shape.
    ("objectives", "nn"),
    # What is compiled ahead is listed in one place.
    *(
        ("web", f"analysis/{question}")
        for question in ("gradient_flow", "hypergradient", "landscape", "race", "seeds", "step")
    ),
    # The step's picture has the network's labels, the stage has a panel that asks which way, a race repeated is many
    # runs.
    ("analysis/step", "stage"),
    ("stage", "analysis/hypergradient"),
    ("analysis/race", "analysis/seeds"),
}
"""Imports against the order, or within a layer: a list that only shrinks."""
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
PAGES = {"web", "stage", "workspace", "server"}

MODULES = sorted((ROOT / "playground").rglob("*.py"))


def package(path: Path) -> str:
    """The part of the house that a module belongs to: a folder, and of ``analysis`` a question's folder."""
    return part(path.relative_to(ROOT / "playground").with_suffix("").parts)


def part(names: tuple[str, ...]) -> str:
    """As ``package``, of a dotted name's parts below ``playground``."""
    return "/".join(names[:2]) if names[0] == "analysis" else names[0]


def imported(path: Path, *, top_level_only: bool = False) -> set[str]:
    """Dotted names that a module imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level_only else ast.walk(tree)
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    own = package(path)
    if own in ("__init__", "__main__", "analysis/__init__"):
        return
    assert own in RANK, f"{own} belongs to no layer: add it to LAYERS, where it fits"
    for name in imported(path):
        root, *names = name.split(".")
        if root != "playground" or not names or part(tuple(names)) == own:
            continue
        other = part(tuple(names))
        assert RANK[other] < RANK[own] or (own, other) in BETWEEN, f"{own} must not import {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_libraries_stay_in_their_rooms(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    if package(path) not in PAGES and not re.fullmatch(r"page|view|\w+_view", path.stem):
        assert "streamlit" not in roots
    if "figures" not in f"{path.parent.name} {path.stem}":
        assert "plotly" not in roots
    assert "sklearn" not in {name.split(".")[0] for name in imported(path, top_level_only=True)}
    assert not roots & {"pickle", "dill", "cloudpickle", "joblib"}, "nothing is ever unpickled"


def test_headless_use_loads_no_page_library() -> None:
    script = (
        "import playground.live, sys; print([m for m in ('streamlit', 'plotly', 'sklearn', 'pandas') if m in "
        "sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_page_does_not_load_sklearn() -> None:
    script = "import playground.stage.page, playground.stage.controls, sys; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_no_page_lies_directly_in_pages() -> None:
    assert list((ROOT / "pages").glob("*.py")) == []


@pytest.mark.parametrize("path", sorted((ROOT / "pages").rglob("*.py")), ids=lambda path: path.name)
def test_pages_are_thin(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 40
    assert not {name.split(".")[0] for name in imported(path)} & {"jax", "plotly", "optax"}


def test_settings_that_the_design_rests_on() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["postScriptGC"] is False
    assert config["server"]["enableStaticServing"] is True
    assert config["server"]["maxUploadSize"] == 5
    assert config["server"]["disconnectedSessionTTL"] <= 60
    assert config["server"]["fileWatcherType"] == "none"
    assert config["client"]["showSidebarNavigation"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["client"]["disableDataExport"] is True
    assert config["server"]["enableXsrfProtection"] is True
    assert config["server"]["enableCORS"] is True
    assert config["server"]["maxMessageSize"] <= 20
    assert config["server"]["maxWidgetStateSize"] <= 8
    assert not config["server"].get("enableAgentApi")
    assert {"light", "dark"} <= config["theme"].keys()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and line[0] not in "#-"]
    assert lines
    assert all(re.fullmatch(r"[A-Za-z0-9_.\[\]-]+==[\w.]+", line) for line in lines)


def test_readme_names_the_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in ("make run", "make test", "pip install -r requirements.txt", "streamlit run app.py"):
        assert command in text


def test_the_stages_modules_write_no_html() -> None:
    for path in (ROOT / "static" / "stage").glob("*.js"):
        assert not re.search(
            r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval)\b", path.read_text(encoding="utf-8")
        ), path.name
