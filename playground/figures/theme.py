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


def layout(dark: bool, **more: Any) -> dict[str, Any]:
    """Plotly's layout options of every figure: transparent ground, thin lines, one face; True is dark."""
    axis = {"gridcolor": QUIET[dark], "zeroline": False, "linecolor": QUIET[dark], "exponentformat": "power"}
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "Source Sans, Source Sans Pro, sans-serif", "size": 13, "color": INK[dark]},
        "margin": {"l": 56, "r": 16, "t": 32, "b": 40},
        "xaxis": axis,
        "yaxis": axis,
        "legend": {"orientation": "h", "y": 1.12, "x": 0},
        "hovermode": "x unified",
        **more,
    }
