"""The palette, the same as on the stage, and the look that all figures share."""

from __future__ import annotations

from typing import Any

NEGATIVE = {False: "#D55E00", True: "#E8742A"}
POSITIVE = {False: "#0072B2", True: "#3AA0E0"}
INK = {False: "#1b1f24", True: "#f2f4f6"}
QUIET = {False: "#d9dce0", True: "#31363d"}
OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#999999")
"""Okabe & Ito 2008: told apart by colour-blind eyes."""
LANES = {
    False: ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B8860B", "#56B4E9", "#7A6F00", "#777777"),
    True: ("#3AA0E0", "#E8742A", "#20B98E", "#DE96BE", "#E6AE30", "#7CC7F2", "#EFE35C", "#A5A5A5"),
}
"""Those of trainings side by side, in their order on the stage."""


def plain(text: str) -> str:
    """``text`` that somebody else may have written, so that Plotly shows it as it is: no tag, no entity, no ``%{...}``."""
    for sign, shown in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("%{", "%&#123;"), ("$", "&#36;")):
        text = text.replace(sign, shown)
    return text


def layer_colours(depth: int, dark: bool) -> list[str]:
    """A colour a layer, pale (first) over blue to ink (last): a sequence, since layers are in order."""
    pale, ink = ("#80b9d9", "#1b1f24") if not dark else ("#265878", "#f2f4f6")
    shares = [i / max(1, depth - 1) for i in range(depth)] if depth > 1 else [1.0]
    return [
        _between(pale, POSITIVE[dark], 2 * s) if s < 0.5 else _between(POSITIVE[dark], ink, 2 * s - 1) for s in shares
    ]


def _between(start: str, end: str, share: float) -> str:
    pairs = [(int(start[i : i + 2], 16), int(end[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in pairs)


def layout(dark: bool, **more: Any) -> dict[str, Any]:
    """Plotly's layout options of every figure: transparent ground, thin lines, one face; True is dark."""
    axis = {"gridcolor": QUIET[dark], "zeroline": False, "linecolor": QUIET[dark], "exponentformat": "power"}
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "Source Sans, Source Sans Pro, sans-serif", "size": 13, "color": INK[dark]},
        "margin": {"l": 56, "r": 36, "t": 32, "b": 40},
        # Beside the charts, not over their titles.
        "modebar": {"orientation": "v", "bgcolor": "rgba(0,0,0,0)", "color": QUIET[dark], "activecolor": INK[dark]},
        "xaxis": axis,
        "yaxis": axis,
        "legend": {"orientation": "h", "y": 1.12, "x": 0},
        "hovermode": "x unified",
        **more,
    }
