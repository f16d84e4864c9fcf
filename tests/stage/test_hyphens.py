"""A feature's long word is parted where it may be read on, not after the letter that fits last."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.stage.scripts import run_module

HYPHENS = Path(__file__).resolve().parents[2] / "static/lib/hyphens.js"


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("proanthocyanins", "proantho|cyanins"),
        ("alcalinity of ash", "alcalinity of ash"),
        ("Bruttoeinkommensverteilung", "Bruttoei|nkommensve|rteilung"),
        ("xyzxyzxyzxyzxyz", "xyzxyzxyzxyzxyz"),
        ("<b>internationalisation</b>", "<b>internatio|nalisation</b>"),
    ],
)
def test_long_words_are_parted_between_a_vowel_and_a_consonant(label: str, shown: str) -> None:
    made = run_module(
        f'const {{ withSoftHyphens }} = await import("{HYPHENS.as_uri()}");'
        f"console.log(JSON.stringify(withSoftHyphens({json.dumps(label)}, 11)));"
    )
    assert made == shown.replace("|", "\u00ad")
