"""What is said of the line between two networks is what its chart shows: read back from the words, by number."""

from __future__ import annotations

import re

import numpy as np
import pytest

from playground.analysis.landscape.mode_connectivity import line_words, wall_words

PLACES = np.linspace(-0.25, 1.25, 61)
INSIDE = (PLACES >= 0) & (PLACES <= 1)
NUMBER = r"(\d[\d.]*(?:e−?\d+)?)"


def read(pattern: str, words: str) -> list[float]:
    """The numbers that ``pattern`` catches in ``words``."""
    found = re.search(pattern.replace("#", NUMBER), words)
    assert found, words
    return [float(number.replace("−", "-")) for number in found.groups()]


def random_line(rng: np.random.Generator) -> np.ndarray:
    """Losses on a line: sloping, with a bump or a dip of any size, and anything outside."""
    size = 10.0 ** rng.uniform(-4, 2)
    first, last, bump = size, size * rng.uniform(0.5, 2), size * rng.choice([-0.4, 1]) * 10.0 ** rng.uniform(-4, 1)
    bell = np.exp(-(((PLACES - rng.uniform(0.3, 0.7)) / 0.12) ** 2))
    losses = first + (last - first) * PLACES + bump * bell
    losses[~INSIDE] *= rng.uniform(1, 9)
    return np.maximum(losses, size * 1e-3)


@pytest.mark.parametrize("seed", range(60))
def test_every_figure_of_the_sentence_is_one_of_the_chart(seed: int) -> None:
    losses = random_line(np.random.default_rng(seed))
    words = line_words(PLACES, losses)
    drawn = losses[INSIDE]
    first, last = read("from # at this network to # at the other", words)
    np.testing.assert_allclose([first, last], drawn[[0, -1]], rtol=0.006)
    chord = np.interp(PLACES[INSIDE], [0, 1], drawn[[0, -1]])
    above = (drawn - chord).max()
    if words.startswith("No wall"):
        assert above <= 0.021 * chord.mean()
        if above > 1e-9 * chord.mean():
            np.testing.assert_allclose(read("more than # above", words), [above], rtol=0.006)
    else:
        assert above >= 0.019 * chord.mean()
        top, place, rise = read("over # at # % of the way, # above", words)
        np.testing.assert_allclose([top, rise], [drawn[(drawn - chord).argmax()], above], rtol=0.006)
        assert abs(place / 100 - PLACES[INSIDE][(drawn - chord).argmax()]) < 0.006


def test_a_line_from_one_loss_to_another_is_not_said_to_stay_at_its_ends() -> None:
    sloping = line_words(PLACES, 0.720 + 0.035 * PLACES)
    assert "from 0.720 at this network to 0.755 at the other" in sloping
    hump = 0.720 + 0.035 * np.exp(-(((PLACES - 0.5) / 0.15) ** 2))
    assert line_words(PLACES, hump).startswith("A wall")


def test_matching_is_said_to_have_taken_a_wall_away_only_where_none_is_left() -> None:
    bell = np.exp(-(((PLACES - 0.5) / 0.15) ** 2))
    low = 0.01 + 0.5 * bell
    for matched, words in ((0.01 + 0 * bell, "it is gone"), (0.01 + 0.04 * bell, "it is lower: 0.04"),
                           (low, "it is as high: 0.500"), (0.01 + bell, "it is higher: 1.00")):  # fmt: skip
        assert words in wall_words(PLACES, low, matched)
    assert "matched" not in wall_words(PLACES, low, None)
    assert "matched" not in wall_words(PLACES, 0 * bell + 1, low)
    assert wall_words(PLACES, np.where(bell > 0.5, np.inf, 1), low).endswith("beyond all numbers.")
