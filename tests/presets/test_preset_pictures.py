"""Every preset has a picture, and it is its own training's: the present experiment's, and what training it again
gives."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from playground.experiment import replace_field
from playground.figures.preset_picture import preset_svg
from playground.live.preset_run import preset_picture
from playground.presets import PRESETS, Preset, picture
from playground.presets.picture import preset_digest, preset_pictures

SVG = "{http://www.w3.org/2000/svg}"
MAX_BYTES = 600_000
SOLVED = ("linear", "xor_with_a_feature", "wine", "spiral", "vanishing_cured_by_relu", "overfitting")


def test_every_preset_has_the_picture_of_its_present_experiment() -> None:
    assert set(preset_pictures()) == set(PRESETS), "make gallery"


def test_the_picture_of_another_experiment_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = PRESETS["linear"]
    other = replace(entry, experiment=replace_field(entry.experiment, "learning_rate", 0.2))
    assert preset_digest(other) != preset_digest(entry)
    assert preset_digest(replace(entry, steps=401)) != preset_digest(entry)

    class Others(dict[str, Preset]):
        pass

    monkeypatch.setattr(picture, "PRESETS", Others({"linear": other, "spiral": PRESETS["spiral"]}))
    preset_pictures.cache_clear()
    try:
        assert set(preset_pictures()) == {"spiral"}
    finally:
        preset_pictures.cache_clear()


@pytest.mark.parametrize("name", ["xor_with_a_feature", "zero_initialisation", "vanishing_gradients"])
def test_training_it_again_gives_the_same_picture(name: str) -> None:
    kept, again = preset_pictures()[name], preset_picture(PRESETS[name])
    assert again.words.partition(":")[0] == kept.words.partition(":")[0], "as many steps"
    np.testing.assert_allclose(again.map.astype(int), kept.map.astype(int), atol=8)
    np.testing.assert_allclose(again.units.astype(int), kept.units.astype(int), atol=8)
    np.testing.assert_allclose(again.points, kept.points, atol=0.01)
    np.testing.assert_allclose(again.losses, kept.losses, rtol=0.02, atol=1e-4)
    np.testing.assert_allclose(again.gradients, kept.gradients, rtol=0.1, atol=1e-9)


@pytest.mark.parametrize("name", SOLVED)
def test_where_it_is_solved_samples_stand_on_their_own_colour(name: str) -> None:
    kept = preset_pictures()[name]
    side = kept.map.shape[1]
    column, row = (np.minimum(side - 1, side * at).astype(int) for at in (kept.points[:, 0], 1 - kept.points[:, 1]))
    cell = kept.map[0, row, column]
    answered = cell if len(kept.map) == 2 else cell > 128
    assert (answered == kept.points[:, 2]).mean() > 0.9


def test_pictures_are_small_and_drawn_without_words_in_both_themes() -> None:
    total = 0
    for name in PRESETS:
        drawn = {dark: preset_svg(name, dark) for dark in (False, True)}
        total += sum(map(len, drawn.values()))
        assert drawn[False] != drawn[True]
        for svg in drawn.values():
            tags = {element.tag for element in ElementTree.fromstring(svg).iter()}
            assert tags <= {SVG + tag for tag in ("svg", "defs", "clipPath", "g", "rect", "path", "polyline", "image")}
            assert not re.search(r"nan|inf\b|href=\"(?!data:image/png)", svg)
    assert total + picture.FILE.stat().st_size < MAX_BYTES


@pytest.mark.parametrize("dark", [False, True])
def test_the_map_is_a_png_in_the_palette(dark: bool) -> None:
    first = ElementTree.fromstring(preset_svg("linear", dark)).find(f".//{SVG}image")
    assert first is not None
    pixels = np.asarray(Image.open(io.BytesIO(b64decode(first.attrib["href"].partition(",")[2]))).convert("RGB"), int)
    # One cloud is positive, blue, and one negative, orange: in both corners the map is at its strongest.
    corners = pixels[0, -1], pixels[-1, 0]
    assert pixels.shape == (64, 64, 3)
    assert corners[0][2] > corners[0][0] + 40
    assert corners[1][0] > corners[1][2] + 40


def test_a_name_that_is_none_has_no_picture() -> None:
    assert preset_svg("nonsense", False) == ""
