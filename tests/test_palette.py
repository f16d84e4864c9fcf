"""One palette: what cannot read ``playground/palette.py`` repeats it exactly, and nothing has a colour of its own."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from playground import palette
from playground.palette import CLASSES, GROUND, INK, ON_ACCENT, POSITIVE, SIDEBAR, TEXT

ROOT = Path(__file__).resolve().parents[1]
[THEME] = (ROOT / "static").rglob("theme.js")
HEX = re.compile(r"(?<![&\w])#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})(?![0-9a-zA-Z_-])")
SCHEMES = {"light": False, "dark": True}
WITHOUT_SCHEME = {
    # Black on white, whatever the theme: it is read by machines.
    "playground/web/qr_code.py": {"#000", "#fff"},
    # Seen on both grounds.
    "playground/workspace/handout_editor.py": {"#888"},
}
"""Files with colours that belong to no theme."""


def six_digits(colour: str) -> str:
    """``colour`` as all compare it: six digits, in small letters."""
    digits = colour.lower().lstrip("#")
    return "#" + ("".join(2 * digit for digit in digits) if len(digits) == 3 else digits)


def colours_in(value: Any) -> set[str]:
    """All colours in a nest of containers."""
    if isinstance(value, str):
        return {six_digits(match) for match in HEX.findall(value)}
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
    return {colour for part in parts for colour in colours_in(part)}


PALETTE = {colour for name, value in vars(palette).items() if name.isupper() for colour in colours_in(value)}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_stage_has_the_classes_colours_in_their_order(scheme: str) -> None:
    block = re.search(rf"\b{scheme}: \[(.*?)\]", THEME.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    assert HEX.findall(block[1]) == list(CLASSES[SCHEMES[scheme]])


def test_the_stage_falls_back_on_the_palettes_ground_and_ink() -> None:
    text = THEME.read_text(encoding="utf-8")
    assert f'"--st-background-color", "{GROUND[False]}"' in text
    assert f'"--st-text-color", dark ? "{INK[True]}" : "{INK[False]}"' in text
    assert f'rgb("{INK[False]}"), "{POSITIVE[False]}"' in text, "of what is put on white paper"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_stage_writes_on_the_accent_as_the_pages_do(scheme: str) -> None:
    sheets = "".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "static").rglob("*.css")))
    pattern = r"--on-accent: (#\w+)" if SCHEMES[scheme] else r"var\(--on-accent, (#\w+)\)"
    assert {six_digits(colour) for colour in re.findall(pattern, sheets)} == {ON_ACCENT[SCHEMES[scheme]]}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_streamlit_s_themes_are_the_palette_s(scheme: str) -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"][scheme]
    dark = SCHEMES[scheme]
    assert theme == {
        "primaryColor": POSITIVE[dark],
        "backgroundColor": GROUND[dark],
        "secondaryBackgroundColor": SIDEBAR[dark],
        "textColor": TEXT[dark],
        "sidebar": {"backgroundColor": SIDEBAR[dark], "secondaryBackgroundColor": GROUND[dark]},
    }


def test_no_script_sheet_or_logo_has_a_colour_of_its_own() -> None:
    files = [
        *(ROOT / "static").rglob("*.*"),
        *(ROOT / "playground").rglob("*.css"),
        *(ROOT / "playground").rglob("*.html"),
    ]
    assert THEME in files
    others = {
        str(file.relative_to(ROOT)): strange
        for file in files
        if (strange := colours_in(file.read_text(encoding="utf-8")) - PALETTE)
    }
    assert others == {}


def test_no_module_writes_a_colour_but_the_palette() -> None:
    files = [ROOT / "app.py", *(path for part in ("playground", "pages") for path in (ROOT / part).rglob("*.py"))]
    written = {
        str(file.relative_to(ROOT)): set(HEX.findall(file.read_text(encoding="utf-8")))
        for file in files
        if HEX.search(file.read_text(encoding="utf-8")) and file != ROOT / "playground" / "palette.py"
    }
    assert written == WITHOUT_SCHEME
