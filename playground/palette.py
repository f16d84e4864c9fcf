"""Every colour of the app, the one source; of a pair the key says whether the ground is dark.

Figures, pages and exported pages read it. What a browser or Streamlit reads as it is repeats some of it
(``.streamlit/config.toml``, the stage's ``theme.js``, style sheets, logos): ``tests/test_palette.py`` holds them equal.
"""

from __future__ import annotations

LANES = {
    False: ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#4B2A9B", "#56B4E9", "#6B2A00", "#777777"),
    True: ("#3AA0E0", "#E8742A", "#20B98E", "#DE96BE", "#E6AE30", "#7CC7F2", "#EFE35C", "#A5A5A5"),
}
"""Those of trainings side by side, in their order on the stage."""
POSITIVE = {dark: hues[0] for dark, hues in LANES.items()}
"""Of positive values and of the second class; the app's accent as well."""
NEGATIVE = {dark: hues[1] for dark, hues in LANES.items()}
CLASSES = {dark: (NEGATIVE[dark], POSITIVE[dark], *hues[2:]) for dark, hues in LANES.items()}
OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#999999")
"""Okabe & Ito 2008: told apart by colour-blind eyes."""

GROUND = {False: "#ffffff", True: "#12151a"}
SIDEBAR = {False: "#f6f6f2", True: "#191d24"}
TEXT = {False: "#1b1f24", True: "#eef1f4"}
"""Of pages; figures and the stage write in ``INK``."""
INK = {False: "#1b1f24", True: "#f2f4f6"}
QUIET = {False: "#d9dce0", True: "#31363d"}
"""Of lines that lie behind what is drawn."""
FRAME = {False: "#d5d6d2", True: "#353b45"}
"""Of the frames of controls."""
ON_ACCENT = {False: "#ffffff", True: "#0d1116"}
"""Of what stands on the accent; on the dark ground's light one it is dark."""
ACCENT_POINTED_AT = "#63b4e8"
"""The dark ground's accent under the pointer."""
ACCENT_ON_TINT = "#005a8f"
"""The light ground's accent as text on a tint of itself."""
LOGO_MIDDLE = "#f7f7f5"

FIRST_LAYER = {False: "#80b9d9", True: "#265878"}
"""Of the first of many layers; the last one's is ``INK``."""
RIM = {False: "#ffffff", True: "#dfe3e8"}
"""Around a sample in a preset's picture."""
LOW_LOSS = {False: "#f4f6f8", True: "#171b21"}
HIGH_LOSS = {False: "#003c66", True: "#bfe3ff"}
"""The ends of a loss landscape's shades; ``POSITIVE`` is between them."""

EXPORTED_PAGE = {
    False: {"ink": "#31333f", "quiet": "#6b6e7b", "ground": "#fff", "line": "#d9dbe1"},
    True: {"ink": "#fafafa", "quiet": "#a3a8b4", "ground": "#0e1117", "line": "#333846"},
}
"""What is not drawn by a network in a network saved as a web page."""


def css_variables(colours: dict[str, str]) -> str:
    """CSS declarations of the variables that ``colours`` names."""
    return " ".join(f"--{name}: {colour.lower()};" for name, colour in colours.items())
