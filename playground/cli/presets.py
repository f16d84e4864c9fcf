"""``python -m playground presets``: experiments worth a minute."""

from __future__ import annotations

from playground.language import t
from playground.presets import PRESETS


def presets(name: str | None) -> None:
    """List the presets, name and title, one a line; or print one's experiment as JSON. Raises ``PlaygroundError``."""
    if name is not None:
        print(PRESETS[name].experiment.to_json())
        return
    width = max(len(preset_name) for preset_name in PRESETS)
    for preset in PRESETS.values():
        print(f"{preset.name:<{width}}  {t(preset.label)}")
