"""The house: imports run one way, headless stays headless, and the settings that the design rests on are set."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import streamlit.testing.v1  # noqa: F401  (what is loaded is told apart from what is public)

ROOT = Path(__file__).resolve().parents[1]
LAYERS = (
    {"language"},
    {"errors"},
    {"registry", "number_format", "palette", "symbols", "programs", "analysis/intervals"},
    {"datasets", "nn", "objectives"},
    {"experiment"},
    {"presets", "training", "glossary"},
    {"term_links"},
    {"live", "export"},
    {"figures", "lessons"},
    {"web"},
    {
        *("stage", "workspace", "classroom"),
        *(
            f"analysis/{question}"
            for question in ("depth", "gradient_flow", "hypergradient", "landscape", "race", "seeds", "step")
        ),
    },
    {"cli", "server"},
)
"""From the innermost to the outermost; a module imports from layers before its own, or from its own package."""
BETWEEN = {
    # Regularizers know a network's parameters only by shape.
    ("objectives", "nn"),
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


def module_name(path: Path) -> str:
    """The dotted name of a module; a package's is that of its folder."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported_modules(path: Path, modules: set[str]) -> set[str]:
    """Those of ``modules`` that a module imports anywhere, for its types too; a name imported from a package counts as
    the module that it is, else as the package."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names} & modules
        elif isinstance(node, ast.ImportFrom) and node.module:
            of_package = {f"{node.module}.{alias.name}" for alias in node.names} & modules
            names |= of_package or {node.module} & modules
    return names - {module_name(path)}


def test_no_module_imports_itself_through_others() -> None:
    modules = {module_name(path) for path in MODULES}
    remaining = {module_name(path): imported_modules(path, modules) for path in MODULES}
    while ends := {name for name, targets in remaining.items() if not targets & remaining.keys()}:
        remaining = {name: targets for name, targets in remaining.items() if name not in ends}
    while ends := remaining.keys() - {target for targets in remaining.values() for target in targets}:
        remaining = {name: targets for name, targets in remaining.items() if name not in ends}
    assert not remaining, "these modules import each other in a circle"


IRREGULAR = {
    *("told", "heard", "seen", "drawn", "held", "made", "found", "known", "written", "shown", "taken", "kept", "begun"),
    *("given", "said", "done", "gone", "left", "lost", "sent", "brought", "chosen", "bound", "built"),
}
REGULAR = re.compile(r"(?!(?:need|feed|seed|speed|embed|exceed|proceed)$)[a-z]{2,}ed")
PARTICIPLES = {"early_stopping"}
"""Functions that are named like one and are none: a list that only shrinks."""
PLACEHOLDERS = {"one", "made", "found", "held", "told", "said", "given", "more", "way", "thing"}
"""Names that say nothing of what they hold."""


def is_participle(name: str) -> bool:
    """Whether a function's name is a past participle alone, such as ``told`` or ``rounded``."""
    return name in IRREGULAR or REGULAR.fullmatch(name) is not None


def is_property(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a method is read like an attribute: then it is named like one."""
    return any("property" in ast.unparse(decorator) for decorator in function.decorator_list)


def bound_names(tree: ast.AST) -> list[tuple[str, int]]:
    """Every name that a module binds, with its line: variables, parameters, attributes, functions, classes."""
    names: list[tuple[str, int]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append((node.id, node.lineno))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.append((node.attr, node.lineno))
        elif isinstance(node, ast.arg):
            names.append((node.arg, node.lineno))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append((node.name, node.lineno))
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_say_what_they_stand_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    participles = {node.name for node in functions if is_participle(node.name.strip("_")) and not is_property(node)}
    assert participles <= PARTICIPLES, "a function is called by a verb and its object"
    placeholders = [f"{line}: {name}" for name, line in bound_names(tree) if name.strip("_") in PLACEHOLDERS]
    assert not placeholders, "a variable is called by what it holds"


PAGE_OF_SLICE = {"gradient_flow": "flow", "seeds": "luck"}
"""Pages with another name than their slice, since links have held it: a list that only shrinks."""


@pytest.mark.parametrize("page", sorted((ROOT / "playground" / "analysis").glob("*/page.py")), ids=str)
def test_a_page_its_slice_and_its_tests_share_one_word(page: Path) -> None:
    question = page.parent.name
    assert list((ROOT / "pages").glob(f"*/{PAGE_OF_SLICE.get(question, question)}.py"))
    assert (ROOT / "tests" / "analysis" / question).is_dir()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_libraries_stay_in_their_rooms(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    if package(path) not in PAGES and not re.fullmatch(r"page|view|\w+_view", path.stem):
        assert "streamlit" not in roots
    if "figures" not in f"{path.parent.name} {path.stem}":
        assert "plotly" not in roots
    assert "sklearn" not in {name.split(".")[0] for name in imported(path, top_level_only=True)}
    assert not roots & {"pickle", "dill", "cloudpickle", "joblib"}, "nothing is ever unpickled"


STREAMLIT = {"streamlit", "streamlit.components.v2", "streamlit.errors", "streamlit.typing"}
"""What Streamlit documents for apps; all else of it is private."""
STREAMLIT_FOR_TESTS = STREAMLIT | {"streamlit.testing.v1", "streamlit.testing.v1.element_tree"}
STREAMLIT_IN_THE_BROWSER = re.compile(r"stActiveTheme|__streamlit\b|\./static/(?:js|media)|get_static_dir")
"""Files, storage and globals of Streamlit's browser side."""
COMPAT = (ROOT / "playground" / "web" / "compat", ROOT / "tests" / "web" / "compat")
COMPAT_EXCEPTIONS = {
    # The load test is a browser: it reads and writes the messages of Streamlit's protocol.
    *(
        "benchmarks/crowd/page.py",
        "benchmarks/crowd/wire.py",
        "benchmarks/crowd/forging.py",
        "benchmarks/knob_traffic.py",
    ),
    "tests/web/test_initial_values.py",
    # How it reads a server's log is held against how Streamlit writes one.
    "tests/benchmarks/test_crowd.py",
    # Made-up files of Streamlit's browser side.
    "tests/web/test_preloads.py",
}
"""Files outside of ``compat`` that touch private parts of Streamlit: a list that only shrinks."""
NAMEDTUPLE = {"_replace", "_fields", "_asdict", "_make"}


def private_streamlit(path: Path) -> list[str]:
    """The private parts of Streamlit that a module touches, as ``line: name``."""
    public = STREAMLIT_FOR_TESTS if path.is_relative_to(ROOT / "tests") else STREAMLIT
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # A test may look into objects of our own; into Streamlit's it comes only by a private module.
    looks_inside = public is STREAMLIT and "streamlit" in {name.split(".")[0] for name in imported(path)}
    touched: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Import):
            touched += [(line, alias.name) for alias in node.names if is_private(alias.name, public)]
        elif isinstance(node, ast.ImportFrom) and node.module:
            touched += [
                (line, name)
                for name in (f"{node.module}.{alias.name}" for alias in node.names)
                if is_private(name, public)
            ]
        elif isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            of_streamlit = owner in ("st", "streamlit") and is_private(f"streamlit.{node.attr}", public)
            of_an_object = re.match(r"_[a-z]", node.attr) and owner not in ("self", "cls") and looks_inside
            if of_streamlit or (of_an_object and node.attr not in NAMEDTUPLE):
                touched.append((line, f"{owner}.{node.attr}"))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            dotted = re.fullmatch(r"streamlit(\.\w+)+", node.value) and is_private(node.value, public)
            if dotted or STREAMLIT_IN_THE_BROWSER.search(node.value):
                touched.append((line, node.value[:60]))
        if isinstance(node, ast.Call) and looks_inside:
            names = [argument.value for argument in node.args[1:2] if isinstance(argument, ast.Constant)]
            function = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if function in ("getattr", "setattr", "hasattr") and any(
                re.match("_[a-zA-Z]", str(name)) for name in names
            ):
                touched.append((line, str(names[0])))
    return [f"{line}: {name}" for line, name in touched]


def is_private(name: str, public: set[str]) -> bool:
    """Whether a dotted name is neither a public module of Streamlit nor a public name in one."""
    root, *_ = name.split(".")
    module, _, last = name.rpartition(".")
    if root != "streamlit" or name in public:
        return False
    hidden = last.startswith("_") or isinstance(getattr(sys.modules.get(module), last, None), ModuleType)
    return module not in public or hidden


@pytest.mark.parametrize(
    "path",
    [
        ROOT / "app.py",
        *(path for folder in ("playground", "pages", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")),
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_private_parts_of_streamlit_are_touched_in_compat_alone(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    if any(path.is_relative_to(folder) for folder in COMPAT) or name == "tests/test_house.py":
        return
    touched = private_streamlit(path)
    if name in COMPAT_EXCEPTIONS:
        assert touched, f"{name} touches nothing private: take it from COMPAT_EXCEPTIONS"
    else:
        assert not touched, "web/compat is the place for it"


@pytest.mark.parametrize(
    "code",
    [
        "import streamlit.runtime",
        "from streamlit import config",
        "st._config",
        "st.runtime.x",
        "x._cache",
        "getattr(x, '_cache')",
        "'streamlit.config.get_option'",
    ],
)
def test_what_is_private_in_streamlit_is_seen(code: str, tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text(f"import streamlit as st\n{code}\nst.write, st.Page\n", encoding="utf-8")
    assert len(private_streamlit(tmp_path / "page.py")) == 1


@pytest.mark.parametrize("path", sorted(COMPAT[0].glob("[a-z]*.py")), ids=lambda path: path.name)
def test_each_file_of_compat_says_where_it_comes_from_and_has_a_test(path: Path) -> None:
    words = " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split())
    assert re.search(r"Streamlit 1\.\d+", words), "the version it was seen in"
    assert re.search(r"Upstream: (?:streamlit/streamlit#\d+|no issue found)", words), "the issue upstream"
    assert (COMPAT[1] / f"test_{path.name}").is_file()


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
    for path in (ROOT / "static").rglob("*.js"):
        assert not re.search(
            r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval)\b", path.read_text(encoding="utf-8")
        ), path.name
