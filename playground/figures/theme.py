"""The look that all figures share."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from playground.language import current_language, t
from playground.language.catalogue import number_signs
from playground.number_format import format_brief
from playground.palette import FIRST_LAYER, INK, POSITIVE, QUIET

HOVER_FORMAT = ".4~g"
"""Of numbers that are pointed at, set on axes: Plotly writes minus signs there, but hyphens by formats in templates."""
MAX_DECADES = 6
"""Powers of ten that a logarithmic axis names at most, but for one."""
MIN_MARKS = 3
"""Numbers on a colour bar or axis at least."""
FEW_DECADES = 2.2
"""Decades of a logarithmic axis below which 2 and 5 are named too."""


def escape_markup(text: str) -> str:
    """``text`` that somebody else may have written, so that Plotly shows it as it is: no tag, no entity, no
    ``%{...}``."""
    for sign, shown in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("%{", "%&#123;"), ("$", "&#36;")):
        text = text.replace(sign, shown)
    return text


def hover(text: str) -> str:
    """``text``, with Plotly's places in it, as a template of what is pointed at, without the trace's name beside it."""
    return f"{text}<extra></extra>"


def layer_name(number: int) -> str:
    """What hidden layer ``number``, from 1 on, is called."""
    return t("layer {number}", number=number)


def layer_colours(depth: int, dark: bool) -> list[str]:
    """A colour a layer, pale (first) over blue to ink (last): a sequence, since layers are in order."""
    pale, ink = FIRST_LAYER[dark], INK[dark]
    shares = [i / max(1, depth - 1) for i in range(depth)] if depth > 1 else [1.0]
    return [
        _between(pale, POSITIVE[dark], 2 * s) if s < 0.5 else _between(POSITIVE[dark], ink, 2 * s - 1) for s in shares
    ]


def _between(start: str, end: str, share: float) -> str:
    pairs = [(int(start[i : i + 2], 16), int(end[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in pairs)


def layout(dark: bool, **options: Any) -> dict[str, Any]:
    """Plotly's layout options of every figure: transparent ground, thin lines, one face; True is dark.

    Steps along x are pointed at as they are, what stands over them in ``HOVER_FORMAT``.
    """
    axis = {"gridcolor": QUIET[dark], "zeroline": False, "linecolor": QUIET[dark], "exponentformat": "power"}
    signs = number_signs(current_language())
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "Source Sans, Source Sans Pro, sans-serif", "size": 13, "color": INK[dark]},
        "margin": {"l": 56, "r": 36, "t": 32, "b": 40},
        # Beside the charts, not over their titles.
        "modebar": {"orientation": "v", "bgcolor": "rgba(0,0,0,0)", "color": QUIET[dark], "activecolor": INK[dark]},
        "xaxis": axis,
        "yaxis": axis | {"hoverformat": HOVER_FORMAT},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "hovermode": "x unified",
        "separators": signs[ord(".")] + signs[ord(",")],
        **options,
    }


def log_axis(*parts: np.ndarray) -> dict[str, Any]:
    """Plotly's options of a logarithmic axis over all numbers of ``parts`` above 0, each label a number in full:
    Plotly's own are bare digits, whose power of ten stands elsewhere."""
    drawn = np.concatenate([np.ravel(np.asarray(part, float)) for part in parts])
    drawn = drawn[np.isfinite(drawn) & (drawn > 0)]
    if not len(drawn):
        return {"type": "log"}
    low, high = float(drawn.min()), float(drawn.max())
    few = even_marks(low, high)
    return {"type": "log"} | (
        log_ticks(low, high) or {"tickvals": few, "ticktext": [t(format_brief(number)) for number in few]}
    )


def even_marks(low: float, high: float) -> list[float]:
    """``MIN_MARKS`` or more round numbers in even steps of 1, 2 or 5 times a power of ten from ``low`` to ``high``; the
    one number where both are alike."""
    if high - low <= 1e-5 * abs(high):
        return [high]
    decade = 10.0 ** np.floor(np.log10((high - low) / MIN_MARKS))
    step = max(
        m * decade for m in (1, 2, 5) if np.floor(high / (m * decade)) - np.ceil(low / (m * decade)) + 1 >= MIN_MARKS
    )
    return [float(k * step) for k in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]


def log_ticks(low: float, high: float) -> dict[str, list]:
    """Labels of a logarithmic axis from ``low`` to ``high`` (both above 0): powers of ten, or 1, 2 and 5 times those
    where there are few, and none between them; nothing where that gives less than two."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    every = max(1, math.ceil((last - first) / MAX_DECADES))
    steps = (1, 2, 5) if high / low < 10**FEW_DECADES else (1,)
    marks = [(step, power) for power in range(first, last + 1, every) for step in steps]
    shown = [(step, power) for step, power in marks if 0.999 * low <= step * 10.0**power <= 1.001 * high]
    if len(shown) < 2:
        return {}
    return {
        "tickvals": [step * 10.0**power for step, power in shown],
        "ticktext": [power_words(step, power) for step, power in shown],
    }


def power_words(step: int, power: int) -> str:
    """``step`` times ten to the ``power``, as an axis names it."""
    if -4 <= power <= 5:
        return t(format_brief(step * 10.0**power))
    return f"{'' if step == 1 else f'{step}·'}10<sup>{format_brief(power)}</sup>"
