"""Hidden layers as somebody types them: every usual spelling, and nothing that is not understood becomes a number."""

from __future__ import annotations

import pytest

from playground.errors import PlaygroundError
from playground.experiment import Experiment, replace_field
from playground.experiment.links.hidden_text import parse_hidden


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("4, 2", [4, 2]),
        ("4 2 3", [4, 2, 3]),
        ("4-2", [4, 2]),
        ("8 x 8", [8, 8]),
        ("8*8\u00d74", [8, 8, 4]),
        ("[6; 5]", [6, 5]),
        ("", []),
        ("  ", []),
        ("0", []),
    ],
)
def test_usual_spellings(text: str, units: list[int]) -> None:
    assert parse_hidden(text) == units


@pytest.mark.parametrize("text", ["-3", "4, -3", "8 x", "3.5", "1e3", "\u0664", "9" * 40])
def test_what_is_no_size_is_refused_and_never_guessed(text: str) -> None:
    with pytest.raises(PlaygroundError, match="hidden"):
        replace_field(Experiment(), "hidden", parse_hidden(text))
