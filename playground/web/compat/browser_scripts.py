"""Names of the scripts of Streamlit's browser side, so that a page can ask for them before they are missed.

Streamlit loads the script of an element when the first element of its kind is drawn. Seen in Streamlit 1.67
(``static/static/js``: ``<Element>.<hash>.js``). Upstream: streamlit/streamlit#6609, open, asks for the larger thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from streamlit import file_util

SCRIPTS_ADDRESS = "./static/js"
"""Where the browser finds them, from the app's root."""
ELEMENTS = (
    *("BidiComponent", "Html", "Selectbox", "Multiselect", "TextInput", "Slider"),
    *("Button", "Checkbox", "NumberInput"),
)
"""The parts of Streamlit's browser side that the Playground's page is made of: a script each, with what it imports."""
STATIC_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*["']\./([\w.-]+\.js)["']""")
FONT = re.compile(rb'<link\b(?=[^>]*\brel="preload")(?=[^>]*\bas="font")[^>]*>')
"""The text's font, which Streamlit's page names first: nothing is written before the scripts have run."""


def streamlit_scripts() -> Path:
    """The folder of the scripts of Streamlit's browser side."""
    return Path(file_util.get_static_dir()) / "static" / "js"


def element_scripts(folder: Path, names: Iterable[str] = ELEMENTS) -> list[str]:
    """The scripts in ``folder`` of the elements ``names``, and those that they import; none for an unknown name."""
    scripts: list[str] = []

    def visit(name: str) -> None:
        if name not in scripts and (folder / name).is_file():
            scripts.append(name)
            for imported in STATIC_IMPORT.findall((folder / name).read_text(encoding="utf-8")):
                visit(imported)

    for name in names:
        for file in sorted(folder.glob(f"{name}.*.js")):
            visit(file.name)
    return scripts
