"""A preset's picture as SVG: the output with its samples; beside it losses, units of the last hidden layer,
gradients."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from io import BytesIO

import numpy as np

from playground.figures.theme import layer_colours
from playground.palette import CLASSES, GROUND, NEGATIVE, POSITIVE, QUIET, RIM
from playground.presets.picture import PresetPicture, preset_pictures

WIDTH, SIDE, GAP = 320, 160, 12
LEFT = SIDE + GAP
ROOM = WIDTH - LEFT
LOSS_TOP, LOSS_HEIGHT = 4, 74
UNITS_TOP, UNITS, UNIT_GAP = 88, 8, 2
BARS_TOP, BARS_HEIGHT = 116, 44
DECADES = 5
"""Powers of ten from a full bar, the largest gradient, to none."""
STRENGTH = {"output": 0.55, "units": 0.8}


@lru_cache(maxsize=128)
def preset_svg(name: str, dark: bool) -> str:
    """The picture of preset ``name`` for one of the themes; empty where it has none."""
    picture = preset_pictures().get(name)
    return "" if picture is None else picture_svg(picture, dark)


def picture_svg(picture: PresetPicture, dark: bool) -> str:
    """``picture`` as an SVG of ``WIDTH`` by ``SIDE``, without words."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {SIDE}" width="{WIDTH}" height="{SIDE}">',
        '<defs><clipPath id="m">' + f'<rect width="{SIDE}" height="{SIDE}" rx="6"/></clipPath></defs>',
        f'<g clip-path="url(#m)">{_map(picture, dark)}{_points(picture, dark)}</g>',
        _frame(0, 0, SIDE, 6, dark),
        _losses(picture, dark),
        _units(picture, dark),
        _gradients(picture, dark),
        "</svg>",
    ]
    return "".join(parts)


def _map(picture: PresetPicture, dark: bool) -> str:
    if len(picture.map) == 2:
        colours = np.concatenate([_shades(GROUND[dark], hue, 0.1, 0.6) for hue in CLASSES[dark][: picture.classes]])
        pixels = colours[picture.map[0].astype(int) * 256 + picture.map[1]]
    else:
        pixels = _diverging_colours(dark, STRENGTH["output"])[picture.map[0]]
    return _image(pixels, 0, 0, SIDE, SIDE)


def _units(picture: PresetPicture, dark: bool) -> str:
    side = (ROOM - (UNITS - 1) * UNIT_GAP) / UNITS
    shades = _diverging_colours(dark, STRENGTH["units"])
    places = [LEFT + i * (side + UNIT_GAP) for i in range(UNITS)]
    return "".join(
        _image(shades[unit], x, UNITS_TOP, side, side) + _frame(x, UNITS_TOP, side, 1.5, dark)
        for x, unit in zip(places, picture.units, strict=False)
    )


def _frame(x: float, y: float, side: float, radius: float, dark: bool) -> str:
    """A thin line round a map: one that shows nothing is seen to be there."""
    return (
        f'<rect x="{x + 0.5:.2f}" y="{y + 0.5}" width="{side - 1:.2f}" height="{side - 1:.2f}" rx="{radius}" '
        f'fill="none" stroke="{QUIET[dark]}"/>'
    )


def _points(picture: PresetPicture, dark: bool) -> str:
    """Class 0 as squares, all others round: a dot is a line of no length, with a rim beneath it."""
    groups: dict[tuple[str, str], list[str]] = {}
    for x, y, value in picture.points:
        if picture.classes:
            look = CLASSES[dark][int(value)], "square" if value == 0 else "round"
        else:
            look = (
                _mix_colours(GROUND[dark], NEGATIVE[dark] if value < 0 else POSITIVE[dark], max(0.25, abs(value))),
                "round",
            )
        groups.setdefault(look, []).append(f"M{SIDE * x:.1f} {SIDE * (1 - y):.1f}h.01")
    return "".join(
        f'<path d="{"".join(dots)}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="{cap}"/>'
        for (hue, cap), dots in groups.items()
        for colour, width in ((RIM[dark], 5.4 if cap == "round" else 4.8), (hue, 4 if cap == "round" else 3.4))
    )


def _losses(picture: PresetPicture, dark: bool) -> str:
    """Train and test loss over steps, on a logarithmic axis; the test loss is broken."""
    losses = np.where(picture.losses > 0, picture.losses, np.nan)
    logs = np.log10(losses)
    if not np.isfinite(logs).any():
        return ""
    low, high = float(np.nanmin(logs)), float(np.nanmax(logs))
    middle, reach = (low + high) / 2, max(high - low, 0.5) / 2
    lines = [_rule(LOSS_TOP + LOSS_HEIGHT, dark)]
    for row, colour, style in ((logs[1], NEGATIVE[dark], ' stroke-dasharray="4 2.5"'), (logs[0], POSITIVE[dark], "")):
        x = LEFT + ROOM * np.arange(len(row)) / max(1, len(row) - 1)
        y = LOSS_TOP + (LOSS_HEIGHT - 4) * (1 - (row - middle + reach) / (2 * reach)) + 2
        places = [f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True) if np.isfinite(b)]
        if places:
            lines.append(
                f'<polyline points="{",".join(places)}" fill="none" stroke="{colour}" stroke-width="1.6"{style}/>'
            )
    return "".join(lines)


def _gradients(picture: PresetPicture, dark: bool) -> str:
    """A bar a layer, from the first to the last; the largest is full, ``DECADES`` powers of ten below it there is
    none."""
    norms = np.nan_to_num(picture.gradients, nan=0.0, posinf=0.0)
    top = norms.max(initial=0.0)
    shares = np.clip(1 + np.log10(np.maximum(norms, 1e-30) / top) / DECADES, 0, 1) if top > 0 else np.zeros(len(norms))
    wide = min(24.0, ROOM / len(norms) - 3)
    bars = [
        f'<rect x="{LEFT + i * (wide + 3):.1f}" y="{BARS_TOP + (1 - share) * BARS_HEIGHT:.1f}" width="{wide:.1f}" '
        f'height="{share * BARS_HEIGHT:.1f}" rx="1.5" fill="{colour}"/>'
        for i, (share, colour) in enumerate(zip(shares, layer_colours(len(norms), dark), strict=True))
    ]
    return _rule(BARS_TOP + BARS_HEIGHT - 0.5, dark) + "".join(bars)


def _rule(y: float, dark: bool) -> str:
    return f'<path d="M{LEFT} {y}H{WIDTH}" stroke="{QUIET[dark]}" stroke-width="1"/>'


def _image(pixels: np.ndarray, x: float, y: float, width: float, height: float) -> str:
    data = b64encode(_png(pixels)).decode()
    return (
        f'<image x="{x:.2f}" y="{y}" width="{width:.2f}" height="{height:.2f}" preserveAspectRatio="none" '
        f'href="data:image/png;base64,{data}"/>'
    )


def _png(pixels: np.ndarray) -> bytes:
    """``pixels (rows, columns, 3)`` uint8 as a PNG with a palette of the colours that occur, or in full colour."""
    from PIL import Image

    colours, places = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
    picture = Image.fromarray(pixels)
    if len(colours) <= 256:
        picture = Image.fromarray(places.reshape(pixels.shape[:2]).astype(np.uint8)).convert("P")
        picture.putpalette(colours.tobytes())
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _diverging_colours(dark: bool, strength: float) -> np.ndarray:
    """Colours (256, 3) of the shades from negative over zero (128) to positive."""
    share = np.minimum(1, 1.1 * np.abs(np.arange(256) - 128) / 127)[:, None] * strength
    ground, negative, positive = (_rgb(hue) for hue in (GROUND[dark], NEGATIVE[dark], POSITIVE[dark]))
    hues = np.where(np.arange(256)[:, None] < 128, negative, positive)
    return np.round(ground + (hues - ground) * share).astype(np.uint8)


def _shades(ground: str, hue: str, low: float, high: float) -> np.ndarray:
    """Colours (256, 3) from a share ``low`` of ``hue`` to a share ``high``."""
    share = np.linspace(low, high, 256)[:, None]
    return np.round(_rgb(ground) + (_rgb(hue) - _rgb(ground)) * share).astype(np.uint8)


def _mix_colours(ground: str, hue: str, share: float) -> str:
    return "#" + "".join(f"{round(v):02x}" for v in _rgb(ground) + (_rgb(hue) - _rgb(ground)) * share)


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], float)
